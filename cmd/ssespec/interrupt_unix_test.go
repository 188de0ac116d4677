//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"

	"github.com/ssespec/ssespec/cases"
)

// started starts the program itself as a process.
func started(env []string, args ...string) *gexec.Session {
	GinkgoHelper()
	cmd := exec.Command("ssespec", args...)
	cmd.Env = append(append(os.Environ(), "GORACE=atexit_sleep_ms=0"), env...)
	session, err := gexec.Start(cmd, GinkgoWriter, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { session.Kill().Wait(patience) })
	return session
}

// alive reports whether a process is there and not only its entry, which stays
// where nobody waits for orphans.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, state, found := bytes.Cut(stat, []byte(") "))
	return err != nil || !found || state[0] != 'Z'
}

// reported reads a report.
func reported(file string) (doc struct {
	Complete bool
	Notes    []string
	Suite    struct{ Cases int }
	Results  []struct{ Case string }
}) {
	GinkgoHelper()
	text, err := os.ReadFile(file)
	Expect(err).NotTo(HaveOccurred())
	Expect(json.Unmarshal(text, &doc)).To(Succeed())
	return doc
}

var _ = Describe("Ctrl-C", func() {
	const partial = "interrupted: this report is partial"

	// inPhase starts a check of the family and returns it in its phase, with the
	// processes that were seen alive in it.
	inPhase := func(phase string, args ...string) (session *gexec.Session, pids [2]int) {
		GinkgoHelper()
		file := filepath.Join(GinkgoT().TempDir(), "pids")
		session = started([]string{"FAMILY_PHASE=" + phase, "FAMILY_FILE=" + file}, append(args, "--", "adapter-family")...)
		Eventually(func() error {
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			_, err = fmt.Sscan(string(text), &pids[0], &pids[1])
			return err
		}, patience).Should(Succeed())
		for _, pid := range pids {
			Expect(alive(pid)).To(BeTrue(), "the target and its child are there before the signal")
		}
		DeferCleanup(func() {
			for _, pid := range pids {
				if alive(pid) {
					_ = syscall.Kill(pid, syscall.SIGKILL)
				}
			}
		})
		return session, pids
	}

	gone := func(pids [2]int) {
		GinkgoHelper()
		for _, pid := range pids {
			Eventually(alive, patience).WithArguments(pid).Should(BeFalse())
		}
	}

	DescribeTable("ends the target and all that it has started, and leaves a partial report",
		func(phase string) {
			all, err := embedded()
			Expect(err).NotTo(HaveOccurred())
			interpreting := len(cases.Selection{Run: []string{"interpreting/**"}}.Of(all))
			report := filepath.Join(GinkgoT().TempDir(), "report.json")
			session, pids := inPhase(phase, "client", "--run", "interpreting/**", "--report", "json="+report) // whose first close comes at once
			session.Interrupt()
			Eventually(session, patience).Should(gexec.Exit(130))
			doc := reported(report)
			Expect(doc.Complete).To(BeFalse())
			Expect(doc.Notes).To(ContainElement(partial))
			Expect(len(doc.Results)).To(BeNumerically("<", interpreting))
			gone(pids)
		},
		func(phase string) string { return "while " + phase },
		Entry(nil, "before hello"),
		Entry(nil, "runs are open"),
		Entry(nil, "a run is being closed"),
	)

	It("while the target does not leave at the end changes no verdict, and ends it as well", func() {
		report := filepath.Join(GinkgoT().TempDir(), "report.json")
		session, pids := inPhase("all is over", "client", "--run", "interpreting/data/empty", "--delivery", "whole", "--report", "json="+report)
		session.Interrupt()
		Eventually(session, patience).Should(gexec.Exit(1))
		Expect(reported(report).Complete).To(BeTrue())
		gone(pids)
	})

	It("ends a run on the built-in client, which keeps what was complete", func() {
		report := filepath.Join(GinkgoT().TempDir(), "report.json")
		session := started(nil, "client", "--verbose", "--parallel", "1", "--deliveries", "all", "--report", "json="+report)
		Eventually(session.Out, patience).Should(gbytes.Say("PASS"))
		session.Interrupt()
		Eventually(session, patience).Should(gexec.Exit(130))
		doc := reported(report)
		Expect(doc.Complete).To(BeFalse())
		Expect(doc.Notes).To(ContainElement(partial))
		Expect(doc.Results).NotTo(BeEmpty())
		Expect(len(doc.Results)).To(BeNumerically("<", doc.Suite.Cases))
		Expect(string(session.Out.Contents())).To(ContainSubstring("note: " + partial))
	})

	It("ends a search, which keeps what was found and where to go on", func() {
		dir := GinkgoT().TempDir()
		found, corpus := filepath.Join(dir, "found"), filepath.Join(dir, "corpus")
		command := []string{"fuzz", "client", "--for", "1h", "--out", found, "--corpus", corpus, "--", "ssespec", "adapter", "--bug", "crlf-only"}
		session := started(nil, command...)
		Eventually(session.Out, patience).Should(gbytes.Say("again  ssespec client"))
		Eventually(func() ([]string, error) { return filepath.Glob(filepath.Join(corpus, "*.sse")) }, patience).ShouldNot(BeEmpty())
		session.Interrupt()
		Eventually(session, patience).Should(gexec.Exit(130))
		Expect(session.Out).To(gbytes.Say("interrupted: the same command goes on from here"))
		all, err := cases.Load(os.DirFS(found))
		Expect(err).NotTo(HaveOccurred())
		Expect(all).To(HaveLen(1))
		var next struct{ Next int }
		text, err := os.ReadFile(filepath.Join(corpus, "next.json"))
		Expect(err).NotTo(HaveOccurred())
		Expect(json.Unmarshal(text, &next)).To(Succeed())
		Expect(next.Next).To(Or(BeElementOf(8, 24, 56, 120), WithTransform(func(n int) int { return n % 256 }, Equal(248))), "a batch is whole or it was not put")

		command[3] = "2s"
		session = started(nil, command...)
		Eventually(session, patience).Should(gexec.Exit(0), "what was found is not new")
	})

	// waiting starts the program on an input that stays open.
	waiting := func(args ...string) (session *gexec.Session, stdin *os.File) {
		GinkgoHelper()
		in, out, err := os.Pipe()
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { in.Close(); out.Close() })
		cmd := exec.Command("ssespec", args...)
		cmd.Stdin = in
		session, err = gexec.Start(cmd, GinkgoWriter, GinkgoWriter)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { session.Kill().Wait(patience) })
		return session, out
	}

	It("ends a case that is stepped through, and waits for Enter", func() {
		session, stdin := waiting("client", "--debug", "interpreting/data/two-lines", "--", "adapter-right")
		Eventually(session.Err, patience).Should(gbytes.Say("press Enter"))
		_, err := stdin.WriteString("\n")
		Expect(err).NotTo(HaveOccurred())
		Eventually(session.Err, patience).Should(gbytes.Say("press Enter"))
		session.Interrupt()
		Eventually(session, patience).Should(gexec.Exit(130))
		Expect(string(session.Out.Contents())).To(ContainSubstring("note: " + partial))
	})

	It("ends decode, which waits for more", func() {
		session, stdin := waiting("decode")
		_, err := stdin.WriteString("data: a\n\n")
		Expect(err).NotTo(HaveOccurred())
		Eventually(session.Out, patience).Should(gbytes.Say(`"a"`))
		session.Interrupt()
		Eventually(session, patience).Should(gexec.Exit(130))
		Expect(string(session.Err.Contents())).To(BeEmpty())
	})
})

var _ = Describe("output that nobody reads any more", func() {
	// unread runs the program with its standard output closed at the other end.
	unread := func(stdin string, args ...string) (status int, stderr string) {
		GinkgoHelper()
		in, out, err := os.Pipe()
		Expect(err).NotTo(HaveOccurred())
		Expect(in.Close()).To(Succeed())
		defer out.Close()
		var errs strings.Builder
		cmd := exec.Command("ssespec", args...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), out, &errs
		err = cmd.Run()
		if _, exited := err.(*exec.ExitError); err != nil && !exited {
			Fail(err.Error())
		}
		return cmd.ProcessState.ExitCode(), errs.String()
	}

	It("ends decode quietly", func() {
		status, stderr := unread(strings.Repeat("data: a\n\n", 100000), "decode")
		Expect(status).To(Equal(0))
		Expect(stderr).To(BeEmpty())
	})

	It("does not make a failing run green, and does not cost its report", func() {
		report := filepath.Join(GinkgoT().TempDir(), "report.json")
		status, _ := unread("", "client", "--run", "interpreting/data/empty", "--report", "json="+report, "--report", "json=-", "--", "adapter-wrong")
		Expect(status).To(Equal(1))
		Expect(reported(report).Complete).To(BeTrue())
	})
})
