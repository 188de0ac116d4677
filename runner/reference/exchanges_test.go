package reference_test

import (
	"os"
	"slices"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// An exchange is a stream that somebody else has found worth a test or a report:
// web-platform-tests (wpt:), the contract tests of LaunchDarkly (ld:), or a bug of
// a real project (SSE-M…). The suite need not repeat it: cases are about its rule.
type exchange struct {
	name  string
	sent  cases.Script
	right string // what is to be dispatched, as its author says
	cases []string
}

// exchanges reads testdata/exchanges.txt: for each its name, the chunks, what is
// right, and the cases on the same rules.
func exchanges() (list []exchange) {
	GinkgoHelper()
	text, err := os.ReadFile("testdata/exchanges.txt")
	Expect(err).NotTo(HaveOccurred())
	_, body, _ := strings.Cut(string(text), "\n\n")
	for block := range strings.SplitSeq(strings.TrimSpace(body), "\n\n") {
		lines := strings.Split(block, "\n")
		Expect(lines).To(HaveLen(4), block)
		var chunks [][]byte
		for quoted := range strings.SplitSeq(lines[1], " | ") {
			chunk, err := strconv.Unquote(quoted)
			Expect(err).NotTo(HaveOccurred(), "%s: %s", lines[0], quoted)
			chunks = append(chunks, []byte(chunk))
		}
		list = append(list, exchange{lines[0], cases.One(chunks...), lines[2], strings.Fields(lines[3])})
	}
	return list
}

// shows returns the mutants that show something else of the exchange.
func (e exchange) shows() (names []string) {
	seen := []spec.Kind{spec.Dispatch, spec.Comment, spec.Retry, spec.Fail}
	right := e.sent.Trace().Only(seen...)
	whole, err := e.sent.Deliver(cases.Whole)
	Expect(err).NotTo(HaveOccurred())
	for _, m := range streamMutants() {
		differs := func(s cases.Script) bool { return !m.Trace(s).Only(seen...).Equal(right) }
		if differs(e.sent) || differs(whole) {
			names = append(names, m.Name)
		}
	}
	return names
}

var _ = Describe("What other suites send, and what reports of bugs hold", Label("computes"), func() {
	It("means to the model what its authors say", func() {
		for _, e := range exchanges() {
			Expect(cases.Brief(e.sent.Trace().Only(spec.Dispatch))).To(Equal(e.right), e.name)
		}
	})

	It("is there once each", func() {
		names := map[string]bool{}
		for _, e := range exchanges() {
			Expect(names).NotTo(HaveKey(e.name))
			names[e.name] = true
		}
	})

	It("has cases, each of which finds a mutant that it would find too", func() {
		m := keptMatrix()
		for _, e := range exchanges() {
			Expect(e.cases).NotTo(BeEmpty(), e.name)
			found := e.shows()
			for _, id := range e.cases {
				Expect(m.ids).To(ContainElement(id), e.name)
				Expect(slices.ContainsFunc(found, func(mutant string) bool { return slices.Contains(m.row(mutant).killers, id) })).
					To(BeTrue(), "%s has nothing in common with %s", id, e.name)
			}
		}
	})

	It("has the cases that have seen it, where it is a bug", func() {
		seen := map[string][]string{}
		for _, c := range parserCases() {
			for _, bug := range c.Seen {
				seen[bug] = append(seen[bug], c.ID)
			}
		}
		for _, e := range exchanges() {
			if strings.HasPrefix(e.name, "SSE-") {
				Expect(e.cases).To(Equal(seen[e.name]), e.name)
			}
		}
	})
})
