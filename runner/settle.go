package runner

import (
	"slices"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// Settle gives each result whose trace has several exact explanations the one
// that explains most results of the run, and the verdict that goes with it: a
// single trace cannot tell a lost id from one that a NUL took away, a whole run
// can. A result that passes, and would not if the explanation held, speaks
// against it. Where two explain as much, what a dispute tolerates goes first.
// results is changed.
func Settle(results []Result, kind target.Profile) {
	t := newTally(results, kind)
	for i := range results {
		r := &results[i]
		if len(r.Explanations) < 2 {
			continue
		}
		best := t.likeliest(r.Explanations)
		r.Rule, r.Offset = best.Clause, best.Offset
		r.Verdict = verdictOf(r.Case.Level, best, kind)
	}
}

// A tally says how well each wrong reading goes with the results of a run.
type tally struct {
	kind     target.Profile
	results  []Result
	explains map[string]int // results whose trace it shows
	against  map[string]int // results that pass, and that it would change
}

func newTally(results []Result, kind target.Profile) *tally {
	t := &tally{kind, results, map[string]int{}, map[string]int{}}
	for _, r := range results {
		for reading := range readings(r.Explanations) {
			t.explains[reading]++
		}
	}
	return t
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

// likeliest returns the act whose readings go best with the whole run.
func (t *tally) likeliest(acts []spec.Act) spec.Act {
	best := acts[0]
	for _, a := range acts[1:] {
		if t.score(a) > t.score(best) {
			best = a
		}
	}
	return best
}

func (t *tally) score(a spec.Act) int {
	n := t.support(a.Reading)
	if a.Also != "" {
		n = min(n, t.support(a.Also))
	}
	n *= 2
	if tolerated(a, t.kind) {
		n++
	}
	return n
}

func (t *tally) support(reading string) int {
	if _, counted := t.against[reading]; !counted {
		t.against[reading] = t.contradictions(reading)
	}
	return t.explains[reading] - t.against[reading]
}

// smallStream is where a wrong reading is tried on what passes.
const smallStream = 4 << 10

// contradictions counts the results that pass and would not with the reading.
func (t *tally) contradictions(reading string) (n int) {
	for _, r := range t.results {
		chunks, plain := r.Case.Script.Stream()
		stream := slices.Concat(chunks...)
		if r.Verdict != Pass || !plain || len(stream) > smallStream {
			continue
		}
		kinds := []spec.Kind{spec.Dispatch}
		if r.Case.Retries {
			kinds = append(kinds, spec.Retry)
		}
		if spec.Matters(stream, reading, kinds...) {
			n++
		}
	}
	return n
}
