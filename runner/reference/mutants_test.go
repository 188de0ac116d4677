package reference_test

import (
	"context"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/spec"
)

// suite returns the embedded cases.
func suite() []cases.Case {
	GinkgoHelper()
	all, err := cases.Load(cases.Files)
	Expect(err).NotTo(HaveOccurred())
	return all
}

// judged puts cases to a target as the command would.
func judged(c runner.Client, list []cases.Case) []runner.Result {
	r := runner.Runner{InProcess: true, Seed: 1}
	results := slices.Collect(r.CheckClient(context.Background(), c, list))
	runner.Settle(results, "parser")
	return results
}

var _ = Describe("The plain client", func() {
	It("passes every case that a parser can be given", func() {
		for _, r := range judged(reference.Plain{}, suite()) {
			Expect(r.Verdict).To(BeElementOf(runner.Pass, runner.Skip), "%s: %s", r.Case.ID, r.Reason)
		}
	})

	It("shows what the model shows, also over several connections", func() {
		for _, c := range suite() {
			if c.Subscribe.LastEventID == "" && c.Subscribe.CloseOn == "" {
				Expect(cases.Brief(reference.Plain{}.Trace(c.Script))).To(Equal(cases.Brief(c.Script.Trace())), c.ID)
			}
		}
	})
})

var _ = Describe("The mutants", func() {
	It("have a name of their own, a clause and a sentence", func() {
		names := map[string]bool{}
		for _, m := range reference.Mutants() {
			Expect(names).NotTo(HaveKey(m.Name))
			names[m.Name] = true
			Expect(m.Name).To(MatchRegexp(`^[a-z0-9]+(-[a-z0-9]+)*$`))
			_, known := spec.ClauseByID(m.Clause)
			Expect(known).To(BeTrue(), "%s: clause %s", m.Name, m.Clause)
			Expect(m.Text).To(MatchRegexp(`^[A-Z].*\.$`), m.Name)
		}
	})
})
