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
	}
	return c.Section != "9.2.6 Interpreting" && c.Section != "Encoding Standard"
}

// withoutMutant are the clauses that have none of their own, why, and what was
// tried. Of streams and of connections five are the most.
var withoutMutant = map[string]string{ // never written to
	"dispatch-non-browser":         "the lines of dispatch-type-reset and dispatch-empty-data-resets-type once more, for clients that dispatch in a way of their own; tried: a mutant that keeps both buffers is named dispatch-type-reset, which it breaks as well",
	"last-event-id-buffer-init":    "by the letter an id is lost after a reconnect, by every engine it is kept (dispute 1); tried: to keep it passes, to lose it is a warning at most",
	"reconnect-recheck-state":      "what an attempt that is not dropped shows is a request after close; tried: close-lets-request-out leaves the look at the state out, and is named close-cancels-reconnect",
	"reconnect-url-after-redirect": "either URL is right (dispute 3); tried: the variant back-where-it-led does as the letter says and passes like the others",
	"response-status-not-200":      "the sum of conn-204-fail, conn-2xx-other-fail, conn-4xx-fail and others; tried: status-ignored takes every status for 200, and is named by the part that the case is about",
}

var _ = Describe("The mutants that cases name", Label("computes"), func() {
	It("are known, and killed by the case", func() {
		m := keptMatrix()
		var known []string
		for _, mutant := range streamMutants() {
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
		for _, m := range streamMutants() {
			Expect(named).To(HaveKey(m.Name), "no case is there for this mutant")
		}
	})

	It("are named by every case, or there is a reason", func() {
		for _, c := range parserCases() {
			Expect(len(c.Kills.Mutants) > 0 || c.Kills.None != "").To(BeTrue(), "%s:%d: %s has no kills", c.File, c.Line, c.ID)
		}
	})
})

// covered are the clauses that a case has whose mutant breaks them.
func covered() map[string]bool {
	GinkgoHelper()
	breaks, covered := map[string]string{}, map[string]bool{}
	for _, m := range reference.Mutants() {
		breaks[m.Name] = m.Clause
	}
	for _, c := range clientCases() {
		for _, name := range c.Kills.Mutants {
			if slices.Contains(c.Clauses, breaks[name]) {
				covered[breaks[name]] = true
			}
		}
	}
	return covered
}

var _ = Describe("Every MUST for clients that the wire shows", func() {
	It("has a case whose mutant breaks that clause", func() {
		var bare []string
		done := covered()
		for c := range spec.Clauses() {
			if c.Level == spec.Must && c.Binds == spec.Client && c.Observe == spec.ByWire && !done[c.ID] && withoutMutant[c.ID] == "" {
				bare = append(bare, c.ID)
			}
		}
		Expect(bare).To(BeEmpty())
	})

	It("is left without a mutant at most five times in streams and in connections, and only where there is none", func() {
		done, streams := covered(), 0
		for id := range withoutMutant {
			clause, known := spec.ClauseByID(id)
			Expect(known).To(BeTrue(), id)
			Expect(done).NotTo(HaveKey(id))
			if !byConnection(clause) {
				streams++
			}
		}
		Expect(streams).To(BeNumerically("<=", 5))
		Expect(len(withoutMutant) - streams).To(BeNumerically("<=", 5))
	})
})
