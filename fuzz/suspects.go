package fuzz

import (
	"slices"
	"strings"

	"github.com/ssespec/ssespec/cases"
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
// client shows that has all those defects at once. The zero value suspects nothing:
// departures are then told apart by rule and shape.
type Suspects struct {
	Models  []Model
	Combine func(names ...string) func(cases.Script) spec.Trace
}

func (s Suspects) model(name string) Model {
	i := slices.IndexFunc(s.Models, func(m Model) bool { return m.Name == name })
	return s.Models[i]
}

// reproduces reports whether a client of that behaviour shows what the target
// showed, as exactly as the departure is one.
func (v View) reproduces(d *Departure, trace func(cases.Script) spec.Trace) bool {
	shown := counted(d.Want, v.shown(d.Script, trace(d.Script)))
	shown, got := held(shown, d.seen.InWordsOf(shown))
	if !v.endAlike(d.Script, got, shown) {
		return false
	}
	switch d.Shape {
	case Late, Early:
		return got.Equal(shown) && slices.EqualFunc(got, shown, func(a, b spec.Step) bool { return a.Chunk < 0 || a.Chunk == b.Chunk })
	case EmptyType:
		return got.Equal(shown)
	}
	return defaulted(got).Equal(defaulted(shown))
}

// exact returns the names of the suspects that by themselves show what the target
// showed; where there is none, of those that do so together with what is known.
func (e *examiner) exact(d *Departure) (names []string) {
	if d.Broken != nil {
		return nil
	}
	known := e.chosen()
	if d.tried != len(known)+1 {
		d.alone, d.tried = e.alone(d, known), len(known)+1
	}
	if len(d.alone) > 0 || len(known) == 0 {
		return d.alone
	}
	if d.beside != len(known) {
		d.together, d.beside = e.besides(d, known), len(known)
	}
	return d.together
}

// A record says how many of the scripts that the target passed a client would not
// have passed.
type record struct{ scripts, failed int }

const (
	mostPassed = 256
	mostFailed = 1 // a defect that is not known may hide one
)

func (e *examiner) pass(s cases.Script) {
	if len(e.passed) < mostPassed {
		e.passed = append(e.passed, s)
	}
}

// cleared reports whether the target cannot have the defect, be it alone or beside
// what is known: it has passed what a client with it does not pass.
func (e *examiner) cleared(name string, known []string) bool {
	return e.fails(name) && (len(known) == 0 || e.fails(append(slices.Clone(known), name)...))
}

// fails reports whether a client with those defects fails what the target passed.
func (e *examiner) fails(names ...string) bool {
	key := strings.Join(names, " ")
	r := e.records[key]
	if r == nil {
		r = new(record)
		e.records[key] = r
	}
	for ; r.scripts < len(e.passed) && r.failed <= mostFailed; r.scripts++ {
		s := e.passed[r.scripts]
		if e.View.shape(e.View.want(s), e.View.shown(s, e.Suspects.Combine(names...)(s))) != Agrees {
			r.failed++
		}
	}
	return r.failed > mostFailed
}

// alone returns the suspects that explain the departure by themselves.
func (e *examiner) alone(d *Departure, known []string) (names []string) {
	for _, m := range e.Suspects.Models {
		if e.useless() {
			return nil
		}
		if e.View.reproduces(d, m.Trace) && !e.cleared(m.Name, known) {
			names = append(names, m.Name)
		}
	}
	return names
}

// besides returns the suspects that explain it together with those that are known.
func (e *examiner) besides(d *Departure, known []string) (names []string) {
	for _, m := range e.Suspects.Models {
		if e.useless() {
			return nil
		}
		if !slices.Contains(known, m.Name) && e.shows(d, slices.Concat(known, []string{m.Name})...) && !e.cleared(m.Name, known) {
			names = append(names, m.Name)
		}
	}
	return names
}

// shows reports whether a client with those defects shows what the target showed.
func (e *examiner) shows(d *Departure, names ...string) bool {
	return e.View.reproduces(d, e.Suspects.Combine(names...))
}

// chosen returns, for each finding with causes, the one that is taken for true.
func (e *examiner) chosen() (names []string) {
	for _, f := range e.found {
		if len(f.suspects) > 0 && !slices.Contains(names, f.suspects[0]) {
			names = append(names, f.suspects[0])
		}
	}
	return names
}

// explain returns the finding that explains the departure, nil if none does. What
// a finding's suspects could have been narrows down with every departure that only
// some of them explain.
func (e *examiner) explain(d *Departure) *known {
	if d.Broken != nil {
		return nil
	}
	for _, f := range e.found {
		left := slices.DeleteFunc(slices.Clone(f.suspects), func(name string) bool { return !e.shows(d, name) })
		if len(left) > 0 {
			f.suspects = left
			return f
		}
	}
	if e.several(d) {
		return e.found[0]
	}
	return nil
}

// explained is explain for one look: nothing is learnt from it.
func (e *examiner) explained(d *Departure) bool {
	for _, f := range e.found {
		if slices.ContainsFunc(f.suspects, func(name string) bool { return e.shows(d, name) }) {
			return true
		}
	}
	return e.several(d)
}

// mostPairs bounds the defects of which every two are tried together.
const mostPairs = 12

// several reports whether defects that are known explain the departure together:
// all of them or any two.
func (e *examiner) several(d *Departure) bool {
	chosen := e.chosen()
	if len(chosen) < 2 {
		return false
	}
	if e.shows(d, chosen...) {
		return true
	}
	chosen = chosen[:min(len(chosen), mostPairs)]
	for i, a := range chosen {
		for _, b := range chosen[i+1:] {
			if e.shows(d, a, b) {
				return true
			}
		}
	}
	return false
}
