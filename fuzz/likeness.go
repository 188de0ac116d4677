package fuzz

import (
	"context"
	"errors"
	"slices"

	"github.com/ssespec/ssespec/cases"
)

// A likeness says of scripts whether the target departs there as in the departure:
// for some of its causes and no other, among them the one that explains most, or
// where there is none, in the same shape.
type likeness struct {
	*examiner
	of     *Departure
	causes []string
	winner string
}

func (l likeness) same(ctx context.Context, list []cases.Script) ([]bool, error) {
	observed, err := l.look(ctx, list)
	if err != nil {
		return nil, err
	}
	said := make([]bool, len(list))
	for i, o := range observed {
		if o.Err != nil && !errors.As(o.Err, new(*Breakdown)) {
			return nil, o.Err
		}
		d := l.departure(list[i], o)
		said[i] = d != nil && l.alike(d)
	}
	return said, nil
}

func (l likeness) alike(d *Departure) bool {
	switch {
	case d.Broken != nil || l.of.Broken != nil || len(l.causes) == 0:
		return d.kind() == l.of.kind() && (d.Broken != nil || !l.explained(d))
	case d.Shape.timing() != l.of.Shape.timing(), l.explained(d):
		return false
	}
	now := l.exact(d)
	return len(now) > 0 && !slices.ContainsFunc(now, func(name string) bool { return !slices.Contains(l.causes, name) }) &&
		(slices.Contains(now, l.winner) || !slices.Contains(l.causes, l.winner))
}

// explained reports whether what is known explains the departure.
func (e *examiner) explained(d *Departure) bool {
	for _, f := range e.found {
		if slices.ContainsFunc(f.suspects, func(name string) bool { return e.View.reproduces(d, e.Suspects.model(name).Trace) }) {
			return true
		}
	}
	chosen := e.chosen()
	return len(chosen) > 1 && e.View.reproduces(d, e.Suspects.Combine(chosen...))
}
