package runner

import (
	"slices"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A finding is what one result says about the target: what it showed where it
// departed, and the deliveries that it passed.
type finding struct {
	result   int // its place in the results
	departed bool
	showed   observation   // of a departure
	passed   []observation // of any result
}

// An observation is one delivery of one case, and what the target showed.
type observation struct {
	script    cases.Script
	types     []string // that were listened for; nil: all of them
	kinds     []spec.Kind
	want, got spec.Trace
	timed     bool // the target says with which chunk a step came
	strict    bool // an empty type in place of message is told here
}

const (
	mostWork   = 512 << 10 // bytes that are put to each suspect
	longStream = 4 << 10   // what is longer goes last
)

// weighed are the deliveries that are evidence where they were passed. The
// single cuts would add little to those at every byte.
var weighed = []string{cases.AsWritten, cases.Whole, cases.CutEOL, cases.Bytes, cases.Empty} // never written to

// gather returns the findings, departures first. A case whose script does not
// tell a conforming client all that it has to know, such as the event ID that it
// begins with, is none.
func gather(results []Result, hello target.Hello, conforming func(cases.Script) spec.Trace) []finding {
	g := gatherer{check: &check{Runner: new(Runner), hello: hello}, conforming: conforming}
	g.timed = hello.Kind == target.Parser && slices.ContainsFunc(results, func(r Result) bool {
		return slices.ContainsFunc(r.Got, func(s spec.Step) bool { return s.Chunk >= 0 })
	})
	var found []finding
	for _, i := range inOrderOfWork(results) {
		if f, ok := g.finding(results[i]); ok {
			f.result = i
			found = append(found, f)
		}
	}
	slices.SortStableFunc(found, func(a, b finding) int { return a.rank() - b.rank() })
	return found
}

func (f finding) rank() int {
	if f.departed {
		return 0
	}
	return 1
}

// inOrderOfWork returns the places of the results: short streams, departures
// first, and then long ones, as many as the bound on the work allows.
func inOrderOfWork(results []Result) []int {
	places := make([]int, len(results))
	for i := range places {
		places[i] = i
	}
	rank := func(i int) int {
		if n := results[i].Case.Script.Len(); n > longStream {
			return n
		}
		return finding{departed: departed(results[i])}.rank()
	}
	slices.SortStableFunc(places, func(a, b int) int { return rank(a) - rank(b) })
	return places
}

// A gatherer makes findings of results.
type gatherer struct {
	*check
	conforming func(cases.Script) spec.Trace
	timed      bool
	work       int // bytes so far
}

// finding returns what r is evidence of, if it is. A target that broke down or
// that said nothing has shown no trace: then there is no rule.
func (g *gatherer) finding(r Result) (finding, bool) {
	f := finding{departed: departed(r)}
	if tooLong(r) {
		return f, false
	}
	if r.Verdict != Pass && !f.departed || f.departed && r.Rule == "" {
		return f, false
	}
	if f.departed {
		o, ok := g.observation(r.Case, r.Delivery)
		if !ok {
			return f, false
		}
		o.got = r.Got
		f.showed = o
	}
	for _, name := range weighed {
		if !slices.Contains(r.Passed, name) {
			continue
		}
		if o, ok := g.observation(r.Case, name); ok {
			f.passed = append(f.passed, o)
		}
	}
	return f, f.departed || len(f.passed) > 0
}

// observation returns a delivery of c as the judge looks at it. It is false when
// the work is too much, when what is right depends on the
// connections, and when a conforming client that knows no more than the script
// would show another.
func (g *gatherer) observation(c cases.Case, delivery string) (observation, bool) {
	script, err := c.Script.Deliver(delivery)
	acceptable := c.Acceptable()
	if err != nil || g.work+script.Len() > mostWork || len(acceptable) > 1 && !c.OneStream() {
		return observation{}, false
	}
	g.work += script.Len()
	kinds, due := g.compared(c), script.Trace()
	o := observation{
		script: script, kinds: append(kinds, spec.Fail), timed: g.timed,
		want:   g.wanted(&plan{c: c, acceptable: acceptable}, &attempt{want: due, got: due}, kinds),
		strict: slices.Contains(c.Clauses, "dispatch-type-default"),
	}
	if g.hello.Kind != target.Parser && !g.hello.Can("types-any") {
		o.types = typesRead(c, acceptable)
	}
	return o, !o.predicts(g.conforming)
}

// shown returns what the target would let us see of t.
func (o *observation) shown(t spec.Trace) spec.Trace {
	t = t.Only(o.kinds...)
	if o.types == nil {
		return t
	}
	return slices.DeleteFunc(t, func(s spec.Step) bool {
		return s.Event != nil && s.Event.Type != "" && !slices.Contains(o.types, s.Event.Type)
	})
}

// predicts reports whether a client of that behaviour departs here.
func (o *observation) predicts(trace func(cases.Script) spec.Trace) bool {
	shown := o.shown(trace(o.script))
	return !o.want.Equal(defaulted(shown)) || o.strict && !o.want.Equal(shown) || o.timed && untimely(o.want, shown)
}

// reproduces reports whether a client of that behaviour shows exactly what the
// target showed.
func (o *observation) reproduces(trace func(cases.Script) spec.Trace) bool {
	shown := o.shown(trace(o.script))
	switch {
	case o.want.Equal(o.got): // only when was wrong, or what no trace shows
		return o.timed && untimely(o.want, o.got) && slices.EqualFunc(o.got, shown, sameTime)
	case o.want.Equal(defaulted(o.got)): // only the type is empty: where that is told, else something is wrong beside the steps
		return o.strict && o.got.Equal(shown)
	}
	return defaulted(o.got).Equal(defaulted(shown))
}

// untimely reports whether an event of got came with a later chunk than the equal
// one of want, or a step came with an earlier one.
func untimely(want, got spec.Trace) bool {
	for i, due := range want {
		with := got[i].Chunk
		if due.Chunk >= 0 && (due.Kind == spec.Dispatch && with > due.Chunk || with >= 0 && with < due.Chunk) {
			return true
		}
	}
	return false
}

func sameTime(a, b spec.Step) bool { return a.Equal(b) && a.Chunk == b.Chunk }
