package reference_test

import (
	"context"
	"fmt"
	"slices"
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

// survives returns what is wrong with how a mutant fares at the cases that name
// it, "" where each of them kills it and one names its clause.
func survives(m reference.Mutant, named []cases.Case) string {
	rules := map[string]bool{}
	r := runner.Runner{Seed: 1}
	for _, result := range slices.Collect(r.CheckClient(context.Background(), reference.PlainClient{Bugs: []string{m.Name}}, named)) {
		if result.Verdict != runner.Fail && result.Verdict != runner.Warn {
			return fmt.Sprintf("%s survives %s: %s %s", m.Name, result.Case.ID, result.Verdict, result.Reason)
		}
		rules[result.Rule] = true
	}
	if !rules[m.Clause] {
		return fmt.Sprintf("%s breaks %s, its cases say %v", m.Name, m.Clause, rules)
	}
	return ""
}

var _ = Describe("The mutants of connections", func() {
	It("are at least 60", func() {
		Expect(len(reference.ConnectionMutants())).To(BeNumerically(">=", 60))
	})

	It("are each killed by every case that names them, one of which names their clause", func() {
		named, free := killers(), make(chan struct{}, 16)
		var mu sync.Mutex
		var wrong []string
		var all sync.WaitGroup
		for _, m := range reference.ConnectionMutants() {
			Expect(named[m.Name]).NotTo(BeEmpty(), "no case names %s", m.Name)
			all.Go(func() {
				free <- struct{}{}
				defer func() { <-free }()
				if text := survives(m, named[m.Name]); text != "" {
					mu.Lock()
					defer mu.Unlock()
					wrong = append(wrong, text)
				}
			})
		}
		all.Wait()
		Expect(wrong).To(BeEmpty())
	})
})
