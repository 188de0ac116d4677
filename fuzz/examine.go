package fuzz

import (
	"context"
	"errors"
	"math/bits"
	"slices"
	"strings"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// An examiner makes findings of departures: few of many.
type examiner struct {
	*Search
	over  <-chan struct{} // closed when the search is interrupted: what is being worked out is of no use then
	tally *Tally
	found []*known
	taken map[string]int // departures by kind that turned out to be known, or were taken for that

	passed  []cases.Script // with which the target did what is right
	records map[string]*record
}

// A known finding, and the suspects that explain all that was put down to it.
type known struct {
	Finding
	print    string
	suspects []string
}

const (
	looks        = 3 // times that a departure is put again before it is believed
	mostLayers   = 8 // findings that one departure is taken apart into
	mostVotes    = 32
	mostExamined = 16 // departures of one batch
	mostHung     = 40 // scripts that are looked at to make one smaller over which a target hangs: each takes its time
	ruledStream  = 1 << 10
)

// examineAll looks at the departures of a batch and yields the findings in them
// that are new.
func (e *examiner) examineAll(ctx context.Context, list []*Departure, found func(Finding) bool) (more bool, err error) {
	for looked := 0; ; looked++ {
		if ctx.Err() != nil {
			return false, context.Cause(ctx)
		}
		list = slices.DeleteFunc(list, func(d *Departure) bool {
			if d.asked > len(e.found) || e.explain(d) == nil {
				d.asked = len(e.found) + 1
				return false
			}
			e.tally.Explained++
			return true
		})
		if len(list) == 0 || looked == mostExamined {
			return true, nil
		}
		i, v := e.tellingest(list)
		d := list[i]
		list = slices.Delete(list, i, i+1)
		if e.familiar(d) {
			e.tally.Explained++
			continue
		}
		if more, err := e.examine(ctx, d, v, found); err != nil || !more {
			return more, err
		}
	}
}

// A vote is how many departures each suspect explains, and the one that explains
// most of them, "" for none.
type vote struct {
	each   map[string]int
	winner string
}

// tellingest returns the place of the departure that is looked at first: the
// smallest one that the suspect explains that explains most of them, rather in what
// is shown than in when.
func (e *examiner) tellingest(list []*Departure) (best int, v vote) {
	v.each = map[string]int{}
	causes := make([][]string, min(len(list), mostVotes))
	for i := range causes {
		if e.taken[list[i].kind()] == 0 {
			causes[i] = e.exact(list[i])
		}
		for _, name := range causes[i] {
			v.each[name]++
		}
	}
	for _, m := range e.Suspects.Models {
		if v.each[m.Name] > v.each[v.winner] {
			v.winner = m.Name
		}
	}
	best = -1
	for i, names := range causes {
		if slices.Contains(names, v.winner) && (best < 0 || list[best].Shape.timing() && !list[i].Shape.timing()) {
			best = i
		}
	}
	return max(best, 0), v
}

// examine looks at one departure.
func (e *examiner) examine(ctx context.Context, d *Departure, v vote, found func(Finding) bool) (more bool, err error) {
	if stable, err := e.repeats(ctx, d); err != nil || !stable {
		return true, err
	}
	for range mostLayers {
		f, err := e.finding(ctx, d, v)
		switch {
		case err != nil:
			return true, err
		case f == nil: // what is left of it is known, or is not stable
			e.taken[d.kind()]++
			return true, nil
		case !found(f.Finding):
			return false, nil
		}
		if len(f.suspects) == 0 || e.explain(d) != nil {
			break
		}
	}
	return true, nil
}

// useless reports whether the search is interrupted.
func (e *examiner) useless() bool {
	select {
	case <-e.over:
		return true
	default:
		return false
	}
}

// familiar reports whether the departure is one more of a kind of which many
// turned out to be known: of those only every second, fourth, eighth is looked at,
// and none of those that need no look, or take too long.
func (e *examiner) familiar(d *Departure) bool {
	n := e.taken[d.kind()]
	once := d.kind() == string(EmptyType) || d.kind() == hung
	if n == 0 || !once && bits.OnesCount(uint(n)) == 1 {
		return false
	}
	e.taken[d.kind()]++
	return true
}

// repeats puts the departure again. What is not always the same is no finding.
func (e *examiner) repeats(ctx context.Context, d *Departure) (bool, error) {
	times := looks
	if d.Broken != nil {
		times = 1 // each takes a process, and a hang its time
	}
	again, err := e.look(ctx, slices.Repeat([]cases.Script{d.Script}, times))
	if err != nil {
		return false, err
	}
	same, departs := 0, 1
	for _, o := range again {
		if o.unknown() {
			return false, nil
		}
		a := e.departure(d.Script, o)
		if a != nil {
			departs++
		}
		if a != nil && a.kind() == d.kind() && a.Got.Equal(d.Got) {
			same++
		}
	}
	if same == times {
		return true, nil
	}
	e.tally.Unstable = append(e.tally.Unstable, Unstable{*d, departs, times + 1})
	return false, nil
}

// look puts scripts to the target, all of them.
func (e *examiner) look(ctx context.Context, scripts []cases.Script) ([]Observed, error) {
	if len(scripts) == 0 {
		return nil, nil
	}
	list, err := e.lookOnce(ctx, scripts)
	for left := notPut(list); err == nil && len(left) > 0; {
		rest := make([]cases.Script, len(left))
		for n, i := range left {
			rest[n] = scripts[i]
		}
		var more []Observed
		more, err = e.lookOnce(ctx, rest)
		for n, o := range more {
			list[left[n]] = o
		}
		before := len(left)
		if left = notPut(list); len(left) == before {
			return list, err
		}
	}
	return list, err
}

// notPut returns the places of the scripts that were left out.
func notPut(list []Observed) (left []int) {
	for i, o := range list {
		if errors.Is(o.Err, ErrNotPut) {
			left = append(left, i)
		}
	}
	return left
}

// lookOnce puts scripts to the target, but not always all of them.
func (e *examiner) lookOnce(ctx context.Context, scripts []cases.Script) ([]Observed, error) {
	if e.Parse == nil {
		return e.observe(ctx, scripts)
	}
	streams := make([][][]byte, len(scripts))
	for i, s := range scripts {
		chunks, plain := s.Stream()
		if !plain {
			return e.observe(ctx, scripts)
		}
		streams[i] = chunks
	}
	return e.Parse(ctx, streams)
}

// departure compares what was observed with the model; nil where they agree, or
// nothing is known.
func (s *Search) departure(script cases.Script, o Observed) *Departure {
	if o.unknown() {
		return nil
	}
	d := &Departure{Script: script, Want: s.View.want(script)}
	if errors.As(o.Err, &d.Broken) {
		d.Got = o.Trace
		return d
	}
	d.seen = counted(d.Want, s.View.seen(o.Trace))
	d.Want, d.seen = held(d.Want, d.seen)
	d.Got = d.seen.InWordsOf(d.Want)
	d.Shape = s.View.shape(d.Want, d.Got)
	if d.Shape == Agrees {
		return nil
	}
	if d.Shape == TooMany && s.View.atEnd(script, d.Got[len(d.Want)]) {
		d.Shape = AtEnd
	}
	return d
}

// finding minimises the departure. It is nil where what is reached is known.
func (e *examiner) finding(ctx context.Context, d *Departure, v vote) (*known, error) {
	l := likeness{e, d, e.exact(d), v.winner}
	m := Minimiser{Window: e.Window, Most: e.MostLooks, Same: l.same}
	if d.Broken != nil {
		m.Window = 1 // what breaks down with one takes what is put beside it along
	}
	if d.kind() == hung {
		m.Most = mostHung
	}
	small, err := m.Minimise(ctx, d.Script)
	if err != nil {
		return nil, err
	}
	last, err := e.look(ctx, []cases.Script{small.Script})
	if err != nil {
		return nil, err
	}
	least := e.departure(small.Script, last[0])
	if last[0].unknown() {
		return nil, nil
	}
	if least == nil {
		e.tally.Unstable = append(e.tally.Unstable, Unstable{*d, looks + 1, looks + 2})
		return nil, nil
	}
	if stable, err := e.repeats(ctx, least); err != nil || !stable {
		return nil, err
	}
	f := e.describe(least, small, v)
	if slices.ContainsFunc(e.found, func(k *known) bool { return k.print == f.print }) {
		return nil, nil
	}
	if composed, err := e.composed(ctx, least); err != nil || composed {
		return nil, err
	}
	e.found = append(e.found, f)
	e.tally.Findings++
	if least.Broken != nil {
		e.taken[least.kind()]++ // what breaks the target down is mostly the same
	}
	return f, nil
}

// describe makes a finding of a departure that is as small as it gets. Suspects
// that explain it but fewer others than the best one are none.
func (e *examiner) describe(d *Departure, small Minimised, v vote) *known {
	f := &known{Finding: Finding{Departure: *d, Looks: small.Looks, Spare: small.Spare, Stopped: small.Stopped}, suspects: e.exact(d)}
	if slices.Contains(f.suspects, v.winner) {
		f.suspects = slices.DeleteFunc(f.suspects, func(name string) bool { return v.each[name] < v.each[v.winner] })
	}
	for _, name := range f.suspects {
		f.Causes = append(f.Causes, e.Suspects.model(name))
	}
	if d.Broken == nil {
		f.Rule, f.Offset = rule(d)
	}
	f.print = fingerprint(f.Rule, d)
	if len(f.Causes) > 0 {
		f.Rule = f.Causes[0].Clause
		f.print = strings.Join(f.suspects, ", ")
	}
	return f
}

// fingerprint tells departures apart that no suspect explains.
func fingerprint(rule string, d *Departure) string { return rule + ": " + d.kind() }

// rule returns the clause at which the bytes went wrong, and where that was.
func rule(d *Departure) (clause string, offset int) {
	bytes := stream(d.Script)
	if d.Shape == AtEnd {
		return shapeRules[AtEnd], len(bytes)
	}
	if len(bytes) <= ruledStream && bytes != nil {
		if act, ok := spec.Divergence(bytes, d.Want, d.Got); ok {
			return act.Clause, act.Offset
		}
	}
	if clause, ok := shapeRules[d.Shape]; ok {
		return clause, 0
	}
	n := d.Want.CommonPrefix(d.Got)
	for _, t := range []spec.Trace{d.Got, d.Want} {
		if n < len(t) {
			return kindRules[t[n].Kind], 0
		}
	}
	return "response-incremental", 0
}

// shapeRules and kindRules name the clause where no reading of the stream shows
// what the target showed: by how it departs, else by the first step that differs.
var (
	shapeRules = map[Shape]string{ // never written to
		EmptyType: "dispatch-type-default", Late: "response-incremental", Early: "line-blank", Order: "line-order",
		AtEnd: "eof-discard",
	}
	kindRules = map[spec.Kind]string{ // never written to
		spec.Dispatch: "line-blank", spec.Comment: "line-comment", spec.Retry: "field-retry", spec.Fail: "eof-discard",
		spec.Announce: "response-open-on-headers", spec.Reestablish: "response-end-reconnect",
	}
)
