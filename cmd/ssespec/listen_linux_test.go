package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
)

// A far is a network namespace at the other end of a pair of interfaces.
type far struct {
	name        string
	near, other string // two addresses of this end
}

// namespace makes a namespace that is taken down after the spec. Names and addresses
// are those of this process, so that two runs of the tests do not meet.
func namespace() far {
	GinkgoHelper()
	n := os.Getpid() % 65536
	f := far{fmt.Sprintf("ssespec-%d", n), fmt.Sprintf("10.200.%d.%d", n/256, n%256&^7|1), fmt.Sprintf("10.200.%d.%d", n/256, n%256&^7|3)}
	away := fmt.Sprintf("10.200.%d.%d/29", n/256, n%256&^7|2)
	here, there := fmt.Sprintf("sse%dh", n), fmt.Sprintf("sse%dt", n)
	ip("netns", "add", f.name)
	DeferCleanup(ip, "netns", "del", f.name) // its interface goes with it, and so does ours
	ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", f.name)
	ip("addr", "add", f.near+"/29", "dev", here)
	ip("addr", "add", f.other+"/29", "dev", here)
	ip("link", "set", here, "up")
	ip("-n", f.name, "addr", "add", away, "dev", there)
	ip("-n", f.name, "link", "set", there, "up")
	return f
}

func ip(args ...string) {
	GinkgoHelper()
	out, err := exec.Command("ip", args...).CombinedOutput()
	Expect(err).NotTo(HaveOccurred(), "ip %v: %s", args, out)
}

// check runs ssespec with a reader in the namespace and returns it when it has ended.
func (f far) check(args ...string) *gexec.Session {
	GinkgoHelper()
	args = append([]string{"client", "--run", "parsing/lines/*"}, args...)
	session := started(nil, append(args, "--", "ip", "netns", "exec", f.name, "adapter-reader")...)
	Eventually(session, patience).Should(gexec.Exit())
	return session
}

// cuts returns how the boundaries of the cases in a report were seen.
func cuts(file string) (seen map[string]int) {
	GinkgoHelper()
	var doc struct {
		Results []struct{ Verdict, Cuts string }
	}
	text, err := os.ReadFile(file)
	Expect(err).NotTo(HaveOccurred())
	Expect(json.Unmarshal(text, &doc)).To(Succeed())
	seen = map[string]int{}
	for _, r := range doc.Results {
		if r.Verdict == "pass" {
			seen[r.Cuts]++
		}
	}
	return seen
}

// freePort returns a port that nobody listens at.
func freePort() int {
	GinkgoHelper()
	l, err := net.Listen("tcp", "0.0.0.0:0")
	Expect(err).NotTo(HaveOccurred())
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// possible reports whether these specs can be: for root, where the kernel lets
// it, with ip, which CI installs and so may not lack.
func possible() bool {
	if os.Getuid() != 0 {
		return false
	}
	if _, err := exec.LookPath("ip"); err != nil {
		return os.Getenv("CI") == "true"
	}
	probe := fmt.Sprintf("ssespec-probe-%d", os.Getpid())
	if exec.Command("ip", "netns", "add", probe).Run() != nil {
		return false
	}
	return exec.Command("ip", "netns", "del", probe).Run() == nil
}

var _ = possible() && Describe("An adapter in another network namespace", Ordered, func() {
	var f far
	BeforeAll(func() { f = namespace() })

	It("does not reach loopback", func() {
		session := f.check("--quiet", "--timeout", "2s")
		Expect(session).To(gexec.Exit(exitTarget))
		Expect(session).To(gbytes.Say("0 passed"))
	})

	It("is told the address that the origin listens at", func() {
		report := filepath.Join(GinkgoT().TempDir(), "report.json")
		session := f.check("--listen", f.near+":0", "--report", "json="+report)
		Expect(session).To(gexec.Exit(exitOK))
		Expect(session.Err).To(gbytes.Say("the origin listens on %s:0, which is not loopback", f.near))
		Expect(cuts(report)).To(And(HaveLen(1), HaveKeyWithValue("paced", BeNumerically(">", 10))), "another host's queues are not seen")
	})

	It("is told the URL that is advertised", func() {
		port := freePort()
		advertised := fmt.Sprintf("http://%s:%d", f.other, port)
		session := f.check("--debug", "parsing/lines/lf", "--listen", fmt.Sprintf("0.0.0.0:%d", port), "--advertise", advertised)
		Expect(session).To(gexec.Exit(exitOK))
		Expect(session.Err).To(gbytes.Say("url    %s/p/[0-9a-f]{32}/\n", advertised))
	})
})
