package runner_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/spec"
)

// connectionSuite returns the cases that take more than one stream, and no wait.
func connectionSuite() []cases.Case {
	GinkgoHelper()
	all, err := cases.Load(cases.Files)
	Expect(err).NotTo(HaveOccurred())
	few := cases.Selection{Sides: []cases.Side{cases.Clients}, Skip: []string{"reconnecting/**", "closing/**", "ending/stream/{first-*,silence}"}}
	return slices.DeleteFunc(few.Of(all), func(c cases.Case) bool { return c.OneStream() || c.Requests.For > 0 })
}

// sampleFor returns the cases that name the bug, and each fourth of the others.
func sampleFor(bug string, suite []cases.Case) (some []cases.Case) {
	for i, c := range suite {
		if i%4 == 0 || slices.Contains(c.Kills.Mutants, bug) {
			some = append(some, c)
		}
	}
	return some
}

// causesOf puts the suite to a client with that bug and returns the diagnosis.
func causesOf(bug string, suite []cases.Case) runner.Diagnosis {
	client := reference.PlainClient{Bugs: []string{bug}}
	r := runner.Runner{Seed: 1}
	results := timed(r, client, suite)
	hello, _ := client.Hello(context.Background()) // the plain client always says hello
	runner.Settle(results, hello.Kind)
	return runner.Diagnose(results, hello, bareSuspects())
}

// bareSuspects are those of a laboratory without its memory: it is for several at once.
func bareSuspects() runner.Suspects {
	var models []runner.Model
	for _, m := range reference.Mutants() {
		models = append(models, runner.Model{Name: m.Name, Clause: m.Clause, Text: m.Text, Trace: m.Trace})
	}
	return runner.Suspects{Models: models, Combine: func(names ...string) func(cases.Script) spec.Trace { return reference.Plain{Bugs: names}.Trace }}
}

// named returns the names and the clauses of the causes that are told, with those
// that cannot be told from them.
func named(d runner.Diagnosis) (names, clauses []string) {
	for _, c := range d.Causes {
		for _, m := range append([]runner.Model{c.Model}, c.Or...) {
			names, clauses = append(names, m.Name), append(clauses, m.Clause)
		}
	}
	return names, clauses
}

// unseen are the mutants of connections that the steps of a client do not tell: they
// go wrong in a request, in time, or in what a subscription asks for. Of these no
// cause may be told, or one of their clause.
var unseen = []string{ // never written to
	"announce-late", "back-three-times", "charset-heeded", "end-at-close", "fails-and-comes-back", "held-to-end", "held-to-next",
	"network-error-fails", "network-errors-three", "redirect-absolute-only", "redirect-four", "redirect-loses-headers",
	"redirect-same-origin", "redirect-without-end", "silence-ends", "type-once",
}

// unseenTopics begin the names of others.
var unseenTopics = []string{"body-", "cache-", "close-", "delay-", "fragment-", "get-", "headers-", "id-", "no-delay", "post", "query-", "redirect-asks", "time-"} // never written to

func tells(m reference.Mutant) bool {
	return !slices.Contains(unseen, m.Name) && !slices.ContainsFunc(unseenTopics, func(t string) bool { return strings.HasPrefix(m.Name, t) })
}

// misnamed says what is wrong with what is told of a client with that defect, "" for nothing.
func misnamed(m reference.Mutant, suite []cases.Case) string {
	names, clauses := named(causesOf(m.Name, sampleFor(m.Name, suite)))
	switch {
	case slices.Contains(names, m.Name), !tells(m) && (names == nil || slices.Contains(clauses, m.Clause)):
		return ""
	}
	return fmt.Sprintf("%s (%s): %v", m.Name, m.Clause, names)
}

var _ = Describe("The diagnosis of a client with one defect on connections", func() {
	It("names that defect where its steps tell it, and never one of another clause alone", func() {
		suite := connectionSuite()
		mutants := reference.ConnectionMutants()
		wrong := make([]string, len(mutants))
		var all sync.WaitGroup
		free := make(chan struct{}, 8)
		for i, m := range mutants {
			all.Go(func() {
				free <- struct{}{}
				defer func() { <-free }()
				wrong[i] = misnamed(m, suite)
			})
		}
		all.Wait()
		Expect(slices.DeleteFunc(wrong, func(w string) bool { return w == "" })).To(BeEmpty())
	})
})
