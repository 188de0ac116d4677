package fuzz

import (
	"cmp"
	"context"
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
		if o.fatal() {
			return nil, o.Err
		}
		d := l.departure(list[i], o)
		said[i] = d != nil && l.alike(d)
	}
	return said, nil
}

func (l likeness) alike(d *Departure) bool {
	switch {
	case d.Broken != nil || l.of.Broken != nil:
		return d.kind() == l.of.kind()
	case len(l.causes) == 0:
		return d.kind() == l.of.kind() && !l.explained(d)
	case d.Shape.timing() != l.of.Shape.timing(), l.explained(d):
		return false
	case slices.Contains(l.causes, l.winner) && !l.shows(d, l.winner) && !l.shows(d, append(l.chosen(), l.winner)...):
		return false
	}
	now := l.exact(d)
	return len(now) > 0 && !slices.ContainsFunc(now, func(name string) bool { return !slices.Contains(l.causes, name) }) &&
		(slices.Contains(now, l.winner) || !slices.Contains(l.causes, l.winner))
}

// neighbours returns what is left of a script when a little of it is taken out: a
// connection, a block, a line, a cut, or as many bytes as a character or two have.
func neighbours(s cases.Script) (list []cases.Script) {
	c := candidateOf(s)
	seen := map[string]bool{}
	for _, p := range passes {
		for _, size := range p.near {
			for at := range min(p.units(c)-size+1, mostNeighbours) {
				if to, ok := p.take(c, at, size); ok && !seen[to.key()] {
					seen[to.key()] = true
					list = append(list, to.script())
				}
			}
		}
	}
	return list
}

// mostNeighbours bounds the neighbours of one kind.
const mostNeighbours = 256

// composed reports whether the departure is only what two that are known make
// together: without one part of the script the target departs as one of them, and
// without another part as the other.
func (e *examiner) composed(ctx context.Context, d *Departure) (bool, error) {
	if d.Broken != nil || len(e.found) < 2 {
		return false, nil
	}
	scripts := neighbours(d.Script)
	observed, err := e.look(ctx, scripts)
	if err != nil {
		return false, err
	}
	var near *known
	for i, o := range observed {
		n := e.departure(scripts[i], o)
		if n == nil {
			continue
		}
		f := e.of(n)
		if f != nil && near != nil && f != near {
			return true, nil
		}
		near = cmp.Or(near, f)
	}
	return false, nil
}

// mostRuled bounds the streams of neighbours whose rule is looked for: that takes
// many readings.
const mostRuled = 64

// of returns the finding that a departure belongs to, by its causes or by rule and
// shape, nil where it is none of them.
func (e *examiner) of(d *Departure) *known {
	if d.Broken != nil {
		return nil
	}
	for _, f := range e.found {
		if slices.ContainsFunc(f.suspects, func(name string) bool { return e.shows(d, name) }) {
			return f
		}
	}
	if d.Script.Len() > mostRuled {
		return nil
	}
	rule, _ := rule(d)
	for _, f := range e.found {
		if len(f.suspects) == 0 && f.print == fingerprint(rule, d) {
			return f
		}
	}
	return nil
}
