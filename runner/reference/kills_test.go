package reference_test

import (
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/spec"
)

// byConnection reports whether a clause shows on a connection only, not in one
// stream: it has its cases and mutants with the others of connections.
func byConnection(c spec.Clause) bool {
	switch c.ID {
	case "buffers-init", "last-event-id-buffer-init", "parse-bom-per-connection", "field-retry-persists":
		return true // §9.2.6, but from one stream to the next
	case "close-drops-queued-events", "reconnect-last-event-id-reset":
		return true // §9.2.6, but of a client
	case "response-incremental":
		return false // §9.2.2, but shown by the chunks of a stream
	}
	return c.Section != "9.2.6 Interpreting" && c.Section != "Encoding Standard"
}

// withoutMutant are the clauses that have none of their own, and why. Five are
// the most.
var withoutMutant = map[string]string{ // never written to
	"dispatch-non-browser": "the lines of dispatch-type-reset and dispatch-empty-data-resets-type once more, for clients that dispatch in a way of their own; tried: a mutant that keeps both buffers is named dispatch-type-reset, which it breaks as well",
}

var _ = Describe("The mutants that cases name", func() {
	It("are known, and killed by the case", func() {
		m := keptMatrix()
		var known []string
		for _, mutant := range reference.Mutants() {
			known = append(known, mutant.Name)
		}
		for _, c := range parserCases() {
			for _, name := range c.Kills.Mutants {
				Expect(known).To(ContainElement(name), "%s:%d: %s kills the unknown mutant %q%s", c.File, c.Line, c.ID, name, cases.DidYouMean(name, known))
				Expect(m.row(name).killers).To(ContainElement(c.ID), "%s:%d: %s says that it kills %s", c.File, c.Line, c.ID, name)
			}
		}
	})

	It("are all of them", func() {
		named := map[string]bool{}
		for _, c := range parserCases() {
			for _, name := range c.Kills.Mutants {
				named[name] = true
			}
		}
		for _, m := range reference.Mutants() {
			Expect(named).To(HaveKey(m.Name), "no case is there for this mutant")
		}
	})

	It("are named by every case, or there is a reason", func() {
		for _, c := range parserCases() {
			Expect(len(c.Kills.Mutants) > 0 || c.Kills.None != "").To(BeTrue(), "%s:%d: %s has no kills", c.File, c.Line, c.ID)
		}
	})
})

var _ = Describe("Every MUST for clients that one stream can show", func() {
	It("has a case whose mutant breaks that clause", func() {
		covered := map[string]bool{}
		for _, c := range parserCases() {
			for _, name := range c.Kills.Mutants {
				if m, _ := mutantNamed(name); slices.Contains(c.Clauses, m.Clause) {
					covered[m.Clause] = true
				}
			}
		}
		var bare []string
		for c := range spec.Clauses() {
			if c.Level == spec.Must && c.Binds == spec.Client && !byConnection(c) && !covered[c.ID] && withoutMutant[c.ID] == "" {
				bare = append(bare, c.ID)
			}
		}
		Expect(bare).To(BeEmpty())
	})

	It("is left without a mutant at most five times, and only where there is none", func() {
		Expect(len(withoutMutant)).To(BeNumerically("<=", 5))
		for id := range withoutMutant {
			clause, known := spec.ClauseByID(id)
			Expect(known && !byConnection(clause)).To(BeTrue(), id)
			Expect(slices.ContainsFunc(reference.Mutants(), func(m reference.Mutant) bool { return m.Clause == id })).To(BeFalse(), id)
		}
	})
})
