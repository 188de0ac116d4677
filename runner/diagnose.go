package runner

import (
	"slices"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A Model is a client with one known defect. Trace returns what it shows when a
// script is played to it: all kinds of steps, of which a target may show fewer.
type Model struct {
	Name   string
	Clause string // the clause that the defect breaks
	Text   string // the defect, in one sentence
	Trace  func(cases.Script) spec.Trace
}

// Suspects are the defects that a target is suspected of. Combine returns what a
// client shows that has all those defects at once; without names it conforms.
type Suspects struct {
	Models  []Model
	Combine func(names ...string) func(cases.Script) spec.Trace
}

// A Cause is a defect that explains departures of a run. Those in Or explain the
// run exactly as well: nothing in it tells them apart.
type Cause struct {
	Model
	Or       []Model
	Explains []string // ids of cases, in the order of the results
}

// A Diagnosis says what is probably wrong with a target. Departures counts the
// results that failed or warned, but for streams too long to be put to every
// suspect; of those in Unexplained no cause is known.
type Diagnosis struct {
	Causes      []Cause // what explains most goes first
	Departures  int
	Unexplained []string
}

// Diagnose returns the causes that explain the results: of the sets of suspects
// whose traces, step by step, are those observed in the most departures and that
// predict the fewest departures where the target passed, the smallest. hello is
// what the target says of itself. What it does not show, and what no model is
// able to, is no evidence. The work is bounded: see [mostWork].
func Diagnose(results []Result, hello target.Hello, suspects Suspects) Diagnosis {
	e := gather(results, hello, suspects.Combine())
	s := newSearch(e, suspects)
	chosen := s.improve(s.cover())
	return s.diagnosis(results, chosen)
}

// diagnosis says in words of cases what the chosen suspects explain.
func (s *search) diagnosis(results []Result, chosen set) Diagnosis {
	var d Diagnosis
	explained := map[string]bool{}
	for _, name := range chosen {
		c := Cause{Model: s.model(name)}
		for _, f := range s.explainedBy(name, chosen) {
			c.Explains = append(c.Explains, results[f.result].Case.ID)
			explained[results[f.result].Case.ID] = true
		}
		for _, other := range s.alternatives(name, chosen) {
			c.Or = append(c.Or, s.model(other))
		}
		d.Causes = append(d.Causes, c)
	}
	slices.SortStableFunc(d.Causes, func(a, b Cause) int { return len(b.Explains) - len(a.Explains) })
	for _, r := range results {
		if !departed(r) || tooLong(r) {
			continue
		}
		d.Departures++
		if !explained[r.Case.ID] {
			d.Unexplained = append(d.Unexplained, r.Case.ID)
		}
	}
	return d
}

// tooLong reports whether the stream is too long to be put to every suspect.
func tooLong(r Result) bool { return r.Case.Script.Len() > largeStream }

// departed reports whether the target did something else than was wanted.
func departed(r Result) bool { return r.Verdict == Fail || r.Verdict == Warn }
