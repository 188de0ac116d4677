package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// A measured process is one whose peak of memory was read until it ended.
type measured struct {
	status, peak int // the peak in KiB
	output       string
	err          error // it could not be started
}

// measure runs a program and reads its peak of memory all the while. (The usage
// that wait4 tells begins with that of the process which has started it.)
func measure(ctx context.Context, program string, args ...string) (m measured) {
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdout, cmd.Stderr = &output, &output
	if m.err = cmd.Start(); m.err != nil {
		return m
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended is in its state
		close(ended)
	}()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		m.peak = max(m.peak, peakOf(cmd.Process.Pid))
		select {
		case <-ended:
			m.status, m.output = cmd.ProcessState.ExitCode(), output.String()
			return m
		case <-tick.C:
		}
	}
}

// peakOf returns the most memory that a process has had, 0 when it has ended.
func peakOf(pid int) (kib int) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, found := bytes.Cut(text, []byte("VmHWM:"))
	if err != nil || !found {
		return 0
	}
	if _, err := fmt.Sscan(string(rest), &kib); err != nil {
		return 0
	}
	return kib
}

var _ = Describe("A hostile server", Ordered, ContinueOnFailure, func() {
	const limit = 2 * patience // far beyond what any check may take
	results := map[string]chan measured{}

	BeforeAll(func() {
		dir := GinkgoT().TempDir()
		program := filepath.Join(dir, "ssespec")
		out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput()
		Expect(err).NotTo(HaveOccurred(), string(out))
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		DeferCleanup(cancel)
		turns := make(chan struct{}, 6)
		for i, h := range hostileServers() {
			args := []string{"server", "--for", "1s", "--verbose", "--report", fmt.Sprintf("json=%s/%d.json", dir, i), h.listen()}
			if h.trusted {
				ca, _ := identity(GinkgoT().TempDir(), h.tls)
				args = append(args, "--ca", ca)
			}
			result := make(chan measured, 1)
			results[h.name] = result
			go func() {
				turns <- struct{}{}
				defer func() { <-turns }()
				result <- measure(ctx, program, args...)
			}()
		}
	})

	for _, h := range hostileServers() {
		It("with "+h.name+" ends in a verdict or a reason, within 64 MiB", func() {
			m := <-results[h.name]
			Expect(m.err).NotTo(HaveOccurred())
			Expect(m.status).To(BeElementOf(h.status), m.output)
			Expect(m.output).To(ContainSubstring(h.says))
			Expect(m.output).NotTo(ContainSubstring("\x1b"))
			Expect(m.peak).To(And(BeNumerically(">", 0), BeNumerically("<", 64<<10)), "KiB")
			GinkgoWriter.Printf("%d KiB\n%s", m.peak, m.output)
		})
	}
})
