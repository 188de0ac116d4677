package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/browser"
	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/runner/stdio"
	"github.com/ssespec/ssespec/runner/survey"
)

// The soak is there only when it is asked for: SSESPEC_SOAK says how many runs,
// SSESPEC_SOAK_ADAPTERS has more targets, one command a line.
var _ = soak(os.Getenv("SSESPEC_SOAK"), os.Getenv("SSESPEC_SOAK_ADAPTERS"))

func soak(runs, commands string) bool {
	if runs == "" {
		return false
	}
	return Describe("the same run again and again", Label("soak"), func() {
		n, err := strconv.Atoi(runs)
		agrees := func(ctx context.Context, check func(context.Context) []string) {
			Expect(err).NotTo(HaveOccurred(), "SSESPEC_SOAK is a number")
			Expect(n).To(BeNumerically(">", 0), "SSESPEC_SOAK")
			soaked(ctx, n, check)
		}
		It("has one digest of verdicts at the built-in client", func(ctx SpecContext) {
			agrees(ctx, func(ctx context.Context) []string {
				return verdicts(ctx, runner.Runner{Seed: 1, All: true}, &reference.Client{})
			})
		})
		for _, e := range browser.Engines() {
			if e.Program() != "" {
				It("has one digest of verdicts at "+e.Title+", and nothing is left", func(ctx SpecContext) {
					agrees(ctx, func(ctx context.Context) []string { return ofBrowser(ctx, e.Name) })
				})
			}
		}
		It("has one digest of verdicts at the built-in server", func(ctx SpecContext) {
			agrees(ctx, ofServer)
		})
		for command := range strings.Lines(commands) {
			if words := strings.Fields(command); len(words) > 0 {
				It("has one digest of verdicts at "+strings.Join(words, " "), func(ctx SpecContext) {
					agrees(ctx, func(ctx context.Context) []string { return ofAdapter(ctx, words) })
				})
			}
		}
	})
}

// soaked makes the check n times and compares every one with the first.
func soaked(ctx context.Context, n int, check func(context.Context) []string) {
	GinkgoHelper()
	var first []string
	differ := 0
	for i := range n {
		lines := check(ctx)
		fmt.Fprintf(GinkgoWriter, "run %d of %d: %d cases, digest %s\n", i+1, n, len(lines), digestOf(lines))
		if i == 0 {
			first = lines
		}
		if diff := unlike(first, lines); len(diff) > 0 {
			differ++
			fmt.Fprintln(GinkgoWriter, strings.Join(diff, "\n"))
		}
	}
	Expect(first).NotTo(BeEmpty())
	Expect(differ).To(BeZero(), "runs of %d that differ from the first", n)
}

// ofBrowser starts a browser of its own, and looks for what it leaves behind.
func ofBrowser(ctx context.Context, name string) []string {
	GinkgoHelper()
	temp, err := os.MkdirTemp("/tmp", "soak")
	Expect(err).NotTo(HaveOccurred())
	defer os.RemoveAll(temp)
	GinkgoT().Setenv("TMPDIR", temp)
	f := clientFlags{browser: name, listen: "127.0.0.1:0", given: func(string) bool { return false }}
	it, err := f.chooseBrowser()
	Expect(err).NotTo(HaveOccurred())
	lines := verdicts(ctx, runner.Runner{Seed: 1, Deliveries: []string{cases.AsWritten}, Origin: it.origin}, it.client)
	Expect(it.close()).To(Succeed())
	Expect(os.ReadDir(temp)).To(BeEmpty())
	return lines
}

func ofAdapter(ctx context.Context, command []string) []string {
	GinkgoHelper()
	p := &stdio.Process{Command: command}
	defer func() { Expect(p.Close()).To(Succeed()) }()
	return verdicts(ctx, runner.Runner{Seed: 1}, p)
}

// ofServer checks the built-in server with the cases for servers; again where this
// machine stood still meanwhile, which it says.
func ofServer(ctx context.Context) (lines []string) {
	GinkgoHelper()
	s := httptest.NewServer(new(reference.Server))
	defer s.Close()
	u, err := url.Parse(s.URL)
	Expect(err).NotTo(HaveOccurred())
	all, err := embedded()
	Expect(err).NotTo(HaveOccurred())
	all = cases.Selection{Sides: []cases.Side{cases.Servers}}.Of(all)
	for range 6 {
		lines = nil
		for result := range new(runner.Runner).CheckServer(ctx, survey.Plan{Prober: &probe.Prober{URL: u}}, all) {
			lines = append(lines, fmt.Sprintf("%s %s %q", result.Case.ID, result.Verdict, result.Reason))
		}
		stalled := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(l, `"host stalled: `) })
		if stalled < 0 {
			break
		}
		fmt.Fprintln(GinkgoWriter, "observed once more:", lines[stalled])
	}
	Expect(lines).To(HaveLen(len(all)))
	return lines
}

// verdicts checks the client with the whole suite and returns, sorted, a line
// for each case: what must not depend on the machine.
func verdicts(ctx context.Context, r runner.Runner, c runner.Client) (lines []string) {
	GinkgoHelper()
	all, err := embedded()
	Expect(err).NotTo(HaveOccurred())
	all = cases.Selection{Sides: []cases.Side{cases.Clients}}.Of(all)
	for result := range r.CheckClient(ctx, c, all) {
		failed := slices.Sorted(slices.Values(result.Failed))
		lines = append(lines, fmt.Sprintf("%s %s %q %s", result.Case.ID, result.Verdict, result.Rule, strings.Join(failed, ",")))
	}
	Expect(lines).To(HaveLen(len(all)))
	slices.Sort(lines)
	return lines
}

func digestOf(lines []string) string {
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])
}

// unlike returns the lines that only one of two runs has.
func unlike(a, b []string) (diff []string) {
	only := func(mark string, these, those []string) {
		for _, l := range these {
			if !slices.Contains(those, l) {
				diff = append(diff, mark+l)
			}
		}
	}
	only("- ", a, b)
	only("+ ", b, a)
	return diff
}

var _ = Describe("the digest of verdicts", func() {
	It("tells runs apart, and names what differs", func() {
		a, b := []string{"x pass", "y pass"}, []string{"x pass", "y fail"}
		Expect(digestOf(a)).NotTo(Equal(digestOf(b)))
		Expect(unlike(a, b)).To(Equal([]string{"- y pass", "+ y fail"}))
		Expect(unlike(a, a)).To(BeEmpty())
	})
})
