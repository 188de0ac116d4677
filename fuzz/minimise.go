package fuzz

import (
	"context"
	"fmt"

	"github.com/ssespec/ssespec/cases"
)

// A Minimiser makes scripts smaller. Same is needed.
type Minimiser struct {
	// Same says of each script whether it still shows the departure in question.
	// It must say the same of the same script.
	Same func(context.Context, []cases.Script) ([]bool, error)
	// Most bounds how many scripts are put to Same; 0 is 20,000.
	Most int
	// Window is how many scripts are put at once; 0 is 1. The result does not
	// depend on it.
	Window int
}

// Minimised is what a [Minimiser] reached.
type Minimised struct {
	Script  cases.Script
	Looks   int    // scripts that were looked at
	Spare   string // what could still be left out; "" is 1-minimal
	Stopped bool   // the bound was reached before that was known
}

const mostLooks = 20_000

// Minimise returns the smallest script that the passes reach from s, which must
// show the departure. It is 1-minimal: no connection, block, line, byte or cut can
// be left out by itself, and that is looked at once more in the end.
func (m Minimiser) Minimise(ctx context.Context, s cases.Script) (Minimised, error) {
	r := &reduction{Minimiser: m, ctx: ctx, known: map[string]bool{}, now: candidateOf(s)}
	if r.Most <= 0 {
		r.Most = mostLooks
	}
	r.Window = max(r.Window, 1)
	for again := true; again && r.err == nil && !r.stopped; {
		before := r.now
		for _, p := range passes {
			r.exhaust(p)
		}
		again = r.now.less(before)
	}
	done := Minimised{Script: r.now.script(), Stopped: r.stopped}
	if r.err == nil && !r.stopped {
		done.Spare = r.spare()
		done.Stopped = r.stopped
	}
	done.Looks = r.looks
	return done, r.err
}

// Spare returns what can be left out of s and same still holds: a connection, a
// block, a line, a byte or a cut; "" is 1-minimal.
func Spare(s cases.Script, same func(cases.Script) bool) string {
	m := Minimiser{Same: func(_ context.Context, list []cases.Script) ([]bool, error) {
		said := make([]bool, len(list))
		for i, s := range list {
			said[i] = same(s)
		}
		return said, nil
	}}
	r := &reduction{Minimiser: m, ctx: context.Background(), known: map[string]bool{}, now: candidateOf(s)}
	r.Window, r.Most = 1, 1<<62
	return r.spare()
}

// A reduction is one call of Minimise.
type reduction struct {
	Minimiser
	ctx     context.Context
	now     candidate
	known   map[string]bool // what was said of a script before
	looks   int
	stopped bool
	err     error
}

// exhaust takes out as much as one pass can: large parts first, and at the same
// place again where something could go.
func (r *reduction) exhaust(p pass) {
	for size := p.largest(r.now); size >= 1; size /= 2 {
		for at := 0; at < p.units(r.now) && r.err == nil && !r.stopped; {
			steps := p.from(r.now, at, size, r.Window)
			taken := r.first(steps)
			if taken < 0 {
				at = steps[len(steps)-1].at + size
				continue
			}
			r.now, at = steps[taken].to, steps[taken].at
		}
	}
}

// first returns the first of the steps that leads to something smaller with the
// same departure, -1 if none does.
func (r *reduction) first(steps []step) int {
	var open []int
	waiting := map[string]bool{}
	for i, s := range steps {
		if !s.ok || waiting[s.to.key()] || !s.to.less(r.now) {
			continue
		}
		same, known := r.known[s.to.key()]
		switch {
		case same:
			return r.firstOf(steps, open, i)
		case !known:
			open = append(open, i)
			waiting[s.to.key()] = true
		}
	}
	return r.firstOf(steps, open, -1)
}

// firstOf looks at the open steps: the first that holds, else fallback.
func (r *reduction) firstOf(steps []step, open []int, fallback int) int {
	if left := r.Most - r.looks; len(open) > left {
		open, fallback, r.stopped = open[:left], -1, true
	}
	if len(open) == 0 {
		return fallback
	}
	scripts := make([]cases.Script, len(open))
	for n, i := range open {
		scripts[n] = steps[i].to.script()
	}
	said, err := r.Same(r.ctx, scripts)
	if err != nil {
		r.err = err
		return -1
	}
	for n, i := range open {
		r.looks++
		r.known[steps[i].to.key()] = said[n]
		if said[n] {
			return i
		}
	}
	return fallback
}

// spare returns what can be left out by itself, "" for nothing.
func (r *reduction) spare() string {
	for _, p := range passes {
		if p.left == "" {
			continue
		}
		for at := range p.units(r.now) {
			to, ok := p.take(r.now, at, 1)
			if ok && r.first([]step{{at, to, ok}}) == 0 {
				return fmt.Sprintf("%s %d", p.left, at+1)
			}
		}
	}
	return ""
}
