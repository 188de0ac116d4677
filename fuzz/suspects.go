package fuzz

import (
	"slices"

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
	shown := v.shown(d.Script, trace(d.Script))
	switch d.Shape {
	case Late, Early:
		return d.Got.Equal(shown) && slices.EqualFunc(d.Got, shown, func(a, b spec.Step) bool { return a.Chunk < 0 || a.Chunk == b.Chunk })
	case EmptyType:
		return d.Got.Equal(shown)
	}
	return defaulted(d.Got).Equal(defaulted(shown))
}

// exact returns the names of the suspects that by themselves, or together with
// what is known, show what the target showed.
func (e *examiner) exact(d *Departure) (names []string) {
	if d.Broken != nil {
		return nil
	}
	known := e.chosen()
	for _, m := range e.Suspects.Models {
		if slices.Contains(known, m.Name) {
			continue
		}
		if e.View.reproduces(d, m.Trace) || len(known) > 0 && e.View.reproduces(d, e.Suspects.Combine(slices.Concat(known, []string{m.Name})...)) {
			names = append(names, m.Name)
		}
	}
	return names
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
		if len(f.suspects) == 0 {
			continue
		}
		left := slices.DeleteFunc(slices.Clone(f.suspects), func(name string) bool {
			return !e.View.reproduces(d, e.Suspects.model(name).Trace)
		})
		if len(left) > 0 {
			f.suspects = left
			return f
		}
	}
	chosen := e.chosen()
	if len(chosen) > 1 && e.View.reproduces(d, e.Suspects.Combine(chosen...)) {
		return e.found[0]
	}
	return nil
}
