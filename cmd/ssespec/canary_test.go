package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// canaries are secrets by the place that they are put into: each is told apart in
// an output, and none is the same in two notations.
var canaries = map[string]string{ // never written to
	"header":          "c4n4ry-header+/=&<%>~1",
	"other header":    "c4n4ry-other+/=&<%>~2",
	"header in file":  "c4n4ry-file+/=&<%>~3",
	"cookie":          "c4n4ry-cookie+/=&<%>~4",
	"password in URL": "c4n4ry-userinfo+/=&<%>~5",
	"token in query":  "c4n4ry-query+/=&<%>~6",
	"body in file":    "c4n4ry-body+/=&<%>~7",
	"Set-Cookie":      "c4n4ry-set-cookie+/=&<%>~8",
	"Location":        "c4n4ry-location+/=&<%>~9",
}

// notations are the ways in which a text may hide in another.
func notations(secret string) map[string]string {
	quoted, err := json.Marshal(secret)
	if err != nil {
		panic(err)
	}
	hexed := hex.EncodeToString([]byte(secret))
	return map[string]string{
		"raw": secret, "in JSON": strings.Trim(string(quoted), `"`), "in HTML": html.EscapeString(secret),
		"in a query": url.QueryEscape(secret), "in a path": url.PathEscape(secret), "in a query, small": strings.ToLower(url.QueryEscape(secret)),
		"in hex": hexed, "in HEX": strings.ToUpper(hexed), "in hex, spaced": fmt.Sprintf("% x", secret), "in Go": strings.Trim(fmt.Sprintf("%q", secret), `"`),
	}
}

// leaks returns where and how a canary stands in an output.
func leaks(output string) (found []string) {
	texts := append(decoded(output), output)
	for place, secret := range canaries {
		for how, text := range notations(secret) {
			if slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, text) }) {
				found = append(found, place+" "+how)
			}
		}
	}
	slices.Sort(found)
	return found
}

var (
	base64Run = regexp.MustCompile(`[A-Za-z0-9+/_-]{16,}`) // never written to
	inHex     = regexp.MustCompile(`^[0-9a-f]+$`)          // never written to: a digest
)

// decoded returns what the runs of Base64 in a text stand for, at each place where
// one could begin, and all of them in one piece: wire is kept packet by packet.
func decoded(text string) (texts []string) {
	unify := strings.NewReplacer("-", "+", "_", "/")
	var whole strings.Builder
	for _, run := range base64Run.FindAllString(text, -1) {
		run = unify.Replace(run)
		for from := range 4 {
			part := run[from:]
			plain, err := base64.RawStdEncoding.DecodeString(part[:len(part)/4*4])
			if err != nil {
				panic(err) // the expression lets nothing else through
			}
			rest, _ := base64.RawStdEncoding.DecodeString(part[len(part)/4*4:])
			texts = append(texts, string(plain)+string(rest))
			if from == 0 && !inHex.MatchString(run) {
				whole.Write(plain)
				whole.Write(rest)
			}
		}
	}
	return append(texts, whole.String())
}

// echo is a server that tells whoever listens what it was asked and what it knows:
// in its output, in a cookie, in events that are right and in lines that are not.
func echo() {
	fmt.Println(strings.Join(os.Environ(), "\n"))
	if os.Getenv("ECHO") == "and die" {
		os.Exit(1)
	}
	serve := func(w http.ResponseWriter, r *http.Request) {
		said := told(r)
		fmt.Println(said)
		fmt.Fprintln(os.Stderr, said)
		w.Header().Set("Set-Cookie", "session="+canaries["Set-Cookie"]+"; Path=/")
		if os.Getenv("ECHO") == "and refuse" {
			http.Error(w, said, http.StatusUnauthorized)
			return
		}
		if os.Getenv("ECHO") == "and redirect" && r.URL.Path != "/there" {
			http.Redirect(w, r, "/there?access_token="+url.QueryEscape(canaries["Location"]), http.StatusFound)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("X-Echo", strings.ReplaceAll(said, "\n", " "))
		apart := time.NewTicker(3 * time.Millisecond) // so that each piece comes by itself
		defer apart.Stop()
		for piece := range slices.Chunk([]byte("data: "+strings.ReplaceAll(said, "\n", "\ndata: ")+"\n\n"+said+"\n\nid: "+said+"\nevent: "+said+"\n\xff\n"), 50) {
			if _, err := w.Write(piece); err != nil || http.NewResponseController(w).Flush() != nil {
				return
			}
			<-apart.C
		}
	}
	fmt.Println(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), http.HandlerFunc(serve)))
}

// told is a request as text, line by line.
func told(r *http.Request) string {
	user, password, _ := r.BasicAuth()
	lines := []string{r.RequestURI, r.URL.Query().Get("access_token"), user, password, canaries["Set-Cookie"]}
	for name, values := range r.Header {
		lines = append(lines, name+" is "+strings.Join(values, " and "))
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		body = []byte(err.Error())
	}
	return strings.Join(append(lines, string(body)), "\n")
}

var _ = Describe("A secret", func() {
	var dir string
	BeforeEach(func() { dir = GinkgoT().TempDir() })

	// written puts a text into a file for the program to read.
	written := func(name, text string) string {
		GinkgoHelper()
		file := filepath.Join(dir, name)
		Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
		return file
	}
	// where is the URL with its two secrets.
	where := func(port string) string {
		return fmt.Sprintf("http://user:%s@127.0.0.1:%s/events?access_token=%s&topic=news", url.PathEscape(canaries["password in URL"]), port, url.QueryEscape(canaries["token in query"]))
	}
	// run runs the program with every secret there is in the environment, and returns
	// all that it wrote.
	run := func(status int, env string, args ...string) string {
		GinkgoHelper()
		out := filepath.Join(dir, "out")
		Expect(os.Mkdir(out, 0o700)).To(Succeed())
		cmd := exec.Command("ssespec", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0", "OTHER="+canaries["other header"], "ECHO="+env)
		said, err := cmd.CombinedOutput()
		Expect(err == nil || cmd.ProcessState.Exited()).To(BeTrue(), "%v", err)
		all := string(said)
		Expect(filepath.WalkDir(out, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			all += "\n" + path + "\n" + string(text)
			return err
		})).To(Succeed())
		Expect(cmd.ProcessState.ExitCode()).To(Equal(status), all)
		return all
	}
	// check is `ssespec server` with every secret there is, and with all reports.
	check := func(status int, env string, args ...string) string {
		GinkgoHelper()
		return run(status, env, append([]string{"server", "--for", "1s",
			"--header-env", "X-Other=OTHER", "--header", "@" + written("headers", "X-File: "+canaries["header in file"]+"\n"),
			"--header", "Cookie: session=" + canaries["cookie"], "--body", "@" + written("body", canaries["body in file"]),
			"--report", "json=out/report.json", "--report", "junit=out/report.xml", "--report", "markdown=out/report.md", "--report", "github=out/report.txt", "--report", "badge-svg=out/report.svg", "--report", "badge-json=out/badge.json",
		}, args...)...)
	}

	It("is found by this test in every notation", func() {
		for place, secret := range canaries {
			for how, text := range notations(secret) {
				Expect(leaks("<a>" + text + "</a>")).To(ContainElement(place + " " + how))
			}
			for _, before := range []string{"", "x", "xy", "xyz"} {
				coded := base64.URLEncoding.EncodeToString([]byte(before + secret))
				Expect(leaks("at " + coded)).To(ContainElement(place + " raw"))
			}
			half := len(secret) / 2
			Expect(leaks(base64.StdEncoding.EncodeToString([]byte("data: data: "+secret[:half])) + "\n" + base64.StdEncoding.EncodeToString([]byte(secret[half:]+" data: data: ")))).
				To(ContainElement(place + " raw"))
		}
		Expect(leaks("c4n4ry-header")).To(BeEmpty())
	})

	DescribeTable("is nowhere in what the program writes", func(status int, says, env string, args func() []string) {
		all := check(status, env, args()...)
		Expect(all).To(ContainSubstring(says), "the server was asked, and its answer is told")
		Expect(leaks(all)).To(BeEmpty())
	},
		Entry("of a stream that echoes it", 1, "serving/framing/utf-8", "", func() []string {
			return []string{"--method", "GET", "--requests", "16", "--verbose", where("{port}"), "--", "server-echo"}
		}),
		Entry("of a stream that echoes what was posted", 1, "serving/framing/utf-8", "", func() []string {
			return []string{"--method", "POST", "--verbose", where("{port}"), "--", "server-echo"}
		}),
		Entry("of a stream that echoes the credentials", 1, "serving/framing/utf-8", "", func() []string {
			return []string{"--header", "Authorization: Bearer " + canaries["header"], "--verbose", strings.Replace(where("{port}"), "user:", "", 1), "--", "server-echo"}
		}),
		Entry("of a redirect", 1, "serving/framing/utf-8", "and redirect", func() []string {
			return []string{"--method", "GET", "--requests", "16", "--verbose", where("{port}"), "--", "server-echo"}
		}),
		Entry("of a redirect that is not followed", 1, "the status 302", "and redirect", func() []string {
			return []string{"--method", "POST", "--verbose", where("{port}"), "--", "server-echo"}
		}),
		Entry("of one that is refused", 3, "401", "and refuse", func() []string { return []string{where("{port}"), "--", "server-echo"} }),
		Entry("of a server that does not start", 3, "OTHER=", "and die", func() []string { return []string{where("{port}"), "--", "server-echo"} }),
		Entry("of a plan", 0, "X-File", "", func() []string { return []string{"--dry-run", "--verbose", where("9")} }),
		Entry("of a server that is not there", 3, "connection refused", "", func() []string { return []string{where("1")} }),
		Entry("of a URL that is none", 2, "URL", "", func() []string { return []string{where("9:9")} }),
		Entry("of two URLs", 2, "URL", "", func() []string { return []string{where("9"), where("8")} }),
		Entry("of an unknown flag behind it", 2, "unknown flag", "", func() []string { return []string{where("9"), "--vebose"} }),
	)

	Describe("in a config", func() {
		BeforeEach(func() {
			written(".ssespec.yaml", fmt.Sprintf("targets:\n- name: shop\n  server: %q\n  start: [server-echo]\n  headers: {Authorization: %q, X-Other: %q}\n",
				strings.Replace(where("{port}"), "user:", "", 1), "Bearer "+canaries["header"], canaries["other header"]))
		})

		It("is nowhere in what is said of the config", func() {
			all := run(0, "", "config")
			Expect(all).To(And(ContainSubstring("Authorization"), ContainSubstring("/events?access_token=")))
			Expect(leaks(all)).To(BeEmpty())
		})

		It("is nowhere in the report of the run", func() {
			all := run(1, "", "run", "--verbose", "--report", "json=out/report.json", "--report", "junit=out/report.xml",
				"--report", "markdown=out/report.md", "--report", "github=out/report.txt", "--report", "badge-svg=out/report.svg", "--report", "badge-json=out/badge.json")
			Expect(all).To(ContainSubstring("serving/framing/utf-8"))
			Expect(leaks(all)).To(BeEmpty())
		})
	})
})
