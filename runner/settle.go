package runner

import (
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// Settle gives each result whose trace has several exact explanations the one
// that explains most results of the run, and the verdict that goes with it: a
// single trace cannot tell a lost id from one that a NUL took away, a whole run
// can. Where two explain as much, what a dispute tolerates goes first. results
// is changed.
func Settle(results []Result, kind target.Profile) {
	explains := map[string]int{}
	for _, r := range results {
		for reading := range readings(r.Explanations) {
			explains[reading]++
		}
	}
	for i := range results {
		r := &results[i]
		if len(r.Explanations) < 2 {
			continue
		}
		best := likeliest(r.Explanations, explains, kind)
		r.Rule, r.Offset = best.Clause, best.Offset
		r.Verdict = verdictOf(r.Case.Level, best, kind)
	}
}

// readings returns each reading that acts name, once.
func readings(acts []spec.Act) map[string]bool {
	seen := map[string]bool{}
	for _, a := range acts {
		seen[a.Reading] = true
		if a.Also != "" {
			seen[a.Also] = true
		}
	}
	return seen
}

// likeliest returns the act whose readings explain most.
func likeliest(acts []spec.Act, explains map[string]int, kind target.Profile) spec.Act {
	score := func(a spec.Act) int {
		n := explains[a.Reading]
		if a.Also != "" {
			n = min(n, explains[a.Also])
		}
		n *= 2
		if tolerated(a, kind) {
			n++
		}
		return n
	}
	best := acts[0]
	for _, a := range acts[1:] {
		if score(a) > score(best) {
			best = a
		}
	}
	return best
}
