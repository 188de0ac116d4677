//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

var _ = Describe("Ctrl-C while a server is watched", func() {
	// watched starts a check of a quiet server and returns it once that was asked,
	// with the process of the server.
	watched := func(args ...string) (session *gexec.Session, pid int) {
		GinkgoHelper()
		file := filepath.Join(GinkgoT().TempDir(), "pid")
		session = started([]string{"SERVER_FILE=" + file}, append(append([]string{"server", "--for", "1h"}, args...), "--", "server-mode", "quiet")...)
		Eventually(func() error {
			text, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			pid, err = strconv.Atoi(string(text))
			return err
		}, patience).Should(Succeed())
		return session, pid
	}

	It("ends the server, and tells what was seen until then", func() {
		report := filepath.Join(GinkgoT().TempDir(), "report.json")
		session, pid := watched("--report", "json="+report)
		Expect(alive(pid)).To(BeTrue())
		session.Interrupt()
		Eventually(session, patience).Should(gexec.Exit(exitInterrupted))
		Expect(session.Out.Contents()).To(HavePrefix("interrupted: this is what was seen until then\n"))
		doc := reported(report)
		Expect(doc.Complete).To(BeFalse())
		Expect(doc.Notes).To(ContainElement("interrupted: this report is partial"))
		Expect(doc.Results).NotTo(BeEmpty())
		Eventually(func() bool { return alive(pid) }, patience).Should(BeFalse())
	})

	It("does so for SIGTERM as well", func() {
		session, pid := watched()
		session.Signal(syscall.SIGTERM)
		Eventually(session, patience).Should(gexec.Exit(exitInterrupted))
		Eventually(func() bool { return alive(pid) }, patience).Should(BeFalse())
	})

	It("before it is ready leaves a report without results", func() {
		report := filepath.Join(GinkgoT().TempDir(), "report.json")
		file := filepath.Join(GinkgoT().TempDir(), "pid")
		session := started([]string{"SERVER_FILE=" + file}, "server", "--report", "json="+report, "--", "server-mode", "deaf")
		Eventually(file, patience).Should(BeAnExistingFile())
		session.Interrupt()
		Eventually(session, patience).Should(gexec.Exit(exitInterrupted))
		Expect(session.Err.Contents()).To(ContainSubstring("interrupted before the server was ready"))
		Expect(reported(report).Results).To(BeEmpty())
	})
})
