package reference_test

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
)

// killers returns the cases that name each mutant.
func killers() map[string][]cases.Case {
	GinkgoHelper()
	by := map[string][]cases.Case{}
	for _, c := range clientCases() {
		for _, name := range c.Kills.Mutants {
			by[name] = append(by[name], c)
		}
	}
	return by
}

// others returns the mutants that are none of connections.
func others() []reference.Mutant {
	connections := reference.ConnectionMutants()
	return slices.DeleteFunc(reference.Mutants(), func(m reference.Mutant) bool {
		return slices.ContainsFunc(connections, func(c reference.Mutant) bool { return c.Name == m.Name })
	})
}

// survives returns what is wrong with how a mutant fares at the cases that name
// it, "" where each of them kills it and one names its clause.
func survives(m reference.Mutant, named []cases.Case) string {
	rules, wrong := fares(m, named)
	if wrong == "" && !rules[m.Clause] {
		return fmt.Sprintf("%s breaks %s, its cases say %v", m.Name, m.Clause, rules)
	}
	return wrong
}

// fares puts cases to a mutant and returns the rules that they name, and what is
// wrong where one does not kill it.
func fares(m reference.Mutant, named []cases.Case) (rules map[string]bool, wrong string) {
	rules = map[string]bool{}
	r := runner.Runner{Seed: 1}
	for _, result := range timed(r, reference.PlainClient{Bugs: []string{m.Name}}, named) {
		if result.Verdict != runner.Fail && result.Verdict != runner.Warn {
			return nil, fmt.Sprintf("%s survives %s: %s %s", m.Name, result.Case.ID, result.Verdict, result.Reason)
		}
		rules[result.Rule] = true
	}
	return rules, ""
}

var _ = Describe("The mutants of connections", func() {
	It("are at least 60", func() {
		Expect(len(reference.ConnectionMutants())).To(BeNumerically(">=", 60))
	})

	It("are each killed by every case that names them, one of which names their clause", func() {
		named := killers()
		for _, m := range reference.ConnectionMutants() {
			Expect(named[m.Name]).NotTo(BeEmpty(), "no case names %s", m.Name)
		}
		wrong := eachOf(reference.ConnectionMutants(), func(m reference.Mutant) string { return survives(m, named[m.Name]) })
		Expect(wrong).To(BeEmpty())
	})

	It("and others are killed by every case about connections that names them", func() {
		named := killers()
		wrong := eachOf(others(), func(m reference.Mutant) string {
			_, wrong := fares(m, slices.DeleteFunc(named[m.Name], cases.Case.OneStream))
			return wrong
		})
		Expect(wrong).To(BeEmpty())
	})

	It("are named by every case about connections that does not say why by none", func() {
		known := map[string]bool{}
		for _, m := range reference.Mutants() {
			known[m.Name] = true
		}
		for _, c := range connectionCases() {
			Expect(len(c.Kills.Mutants) > 0).To(Equal(c.Kills.None == ""), "%s kills %v, or none: %q", c.ID, c.Kills.Mutants, c.Kills.None)
			for _, name := range c.Kills.Mutants {
				Expect(known).To(HaveKey(name), c.ID)
			}
		}
	})
})

var _ = Describe("Clients that are unusual and legal", func() {
	It("pass every case about connections", func() {
		list := connectionCases()
		wrong := eachOf(reference.ClientVariants(), func(v reference.ClientVariant) string { return departs(v, list) })
		Expect(wrong).To(BeEmpty())
	})
})

// timed puts the cases, and up to five times again what this machine has voided.
func timed(r runner.Runner, c runner.Client, list []cases.Case) []runner.Result {
	results := slices.Collect(r.CheckClient(context.Background(), c, list))
	for range 5 {
		for i, old := range results {
			if strings.HasPrefix(old.Reason, "host stalled: ") {
				results[i] = slices.Collect(r.CheckClient(context.Background(), c, []cases.Case{old.Case}))[0]
			}
		}
	}
	return results
}

// departs returns what a legal client does not pass, "" when it passes nearly
// all of list and is skipped for the rest.
func departs(v reference.ClientVariant, list []cases.Case) string {
	r, passed := runner.Runner{Seed: 1}, 0
	for _, result := range timed(r, v, list) {
		switch result.Verdict {
		case runner.Pass:
			passed++
		case runner.Skip:
		default:
			return fmt.Sprintf("%s: %s: %s %s", v.Name, result.Case.ID, result.Verdict, result.Reason)
		}
	}
	if passed < 200 {
		return fmt.Sprintf("%s: only %d passed", v.Name, passed)
	}
	return ""
}

// eachOf calls do for each of list, several at once, and returns what it says.
func eachOf[T any](list []T, do func(T) string) (said []string) {
	var mu sync.Mutex
	var all sync.WaitGroup
	free := make(chan struct{}, 12) // they wait more than they work
	for _, one := range list {
		all.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			if text := do(one); text != "" {
				mu.Lock()
				defer mu.Unlock()
				said = append(said, text)
			}
		})
	}
	all.Wait()
	return said
}

// connectionCases returns the cases that take more than one stream.
func connectionCases() []cases.Case {
	GinkgoHelper()
	return slices.DeleteFunc(clientCases(), cases.Case.OneStream)
}
