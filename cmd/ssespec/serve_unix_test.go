//go:build unix

package main

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"

	"github.com/ssespec/ssespec/browser"
	"github.com/ssespec/ssespec/runner/group"
)

// serving starts `ssespec serve` and returns it with its URL.
func serving(args ...string) (*gexec.Session, string) {
	GinkgoHelper()
	session := started(nil, append([]string{"serve"}, args...)...)
	Eventually(session, patience).Should(gbytes.Say(`open http://.*/ in a browser`))
	return session, regexp.MustCompile(`http://[^/]*/`).FindString(string(session.Out.Contents()))
}

// fetched returns status and body of what is at url.
func fetched(url string) (int, string) {
	GinkgoHelper()
	answer, err := http.Get(url)
	Expect(err).NotTo(HaveOccurred())
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	Expect(err).NotTo(HaveOccurred())
	return answer.StatusCode, string(text)
}

var _ = Describe("ssespec serve", func() {
	It("plays each case at a URL, names the nearest, and ends at Ctrl-C", func() {
		session, url := serving()
		status, text := fetched(url + "case/parsing/lines/cr")
		Expect(status).To(Equal(200))
		Expect(text).To(HavePrefix("data: a\rdata: b\r\r"))
		status, text = fetched(url + "case/parsing/lines/crr")
		Expect(status).To(Equal(404))
		Expect(text).To(ContainSubstring(`did you mean "parsing/lines/cr"?`))
		status, text = fetched(url + "page/of-before/")
		Expect(status).To(Equal(200), "it leads to a new page")
		Expect(text).To(ContainSubstring("<title>ssespec</title>"))
		Eventually(session.Interrupt(), patience).Should(gexec.Exit(exitOK))
	})

	It("says what is wrong with its flags", func() {
		session := started(nil, "serve", "--run", "parsing/nothing/*")
		Eventually(session, patience).Should(gexec.Exit(exitUsage))
		Expect(session.Err).To(gbytes.Say("no case is selected"))
		session = started(nil, "serve", "--listen", "127.0.0.1:99999")
		Eventually(session, patience).Should(gexec.Exit(exitTarget))
	})
})

// Chromium is what CI installs; without it this spec is absent, and .ci/test says so.
var _ = func() bool {
	chromium, _ := browser.Find("chromium")
	if chromium.Program() == "" && os.Getenv("CI") != "true" {
		return false
	}
	return Describe("A browser that opens the page", func() {
		It("runs the suite, and the report lands on the terminal", func() {
			session, url := serving("--run", "parsing/lines/c*", "--run", "interface/events/*")
			visitor := exec.Command(chromium.Program(), "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir="+GinkgoT().TempDir(), url)
			group.Own(visitor)
			Expect(visitor.Start()).To(Succeed())
			DeferCleanup(func() { group.Kill(visitor.Process); visitor.Wait() })
			Eventually(session, patience).Should(gbytes.Say(`\n== Chromium \d+`))
			Eventually(session, patience).Should(gbytes.Say(`\d+ cases: \d+ passed`))
			Eventually(session.Interrupt(), patience).Should(gexec.Exit(exitOK))
		})
	})
}()
