package fuzz

import (
	"errors"
	"slices"
	"strconv"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// A View says what a target lets us see of what it does. The zero value is that
// of a parser: the events, whatever their type.
type View struct {
	Kinds []spec.Kind                   // of steps that it can show; nil is dispatch alone
	Timed bool                          // it says with which chunk a step came
	Types func(s cases.Script) []string // the types that it is told to listen for; nil: it hears all
}

func (v View) kinds() []spec.Kind {
	if v.Kinds == nil {
		return []spec.Kind{spec.Dispatch}
	}
	return v.Kinds
}

// seen returns the steps of t that are compared: a fail counts unlisted too.
func (v View) seen(t spec.Trace) spec.Trace {
	return t.Only(append(slices.Clone(v.kinds()), spec.Fail)...)
}

// shown returns what the target would let us see if it did t.
func (v View) shown(s cases.Script, t spec.Trace) spec.Trace {
	t = v.seen(t)
	if v.Types == nil {
		return t
	}
	types := v.Types(s)
	return slices.DeleteFunc(t, func(s spec.Step) bool {
		return s.Event != nil && s.Event.Type != "" && !slices.Contains(types, s.Event.Type)
	})
}

// counted returns what of got a case compares with want: comments and reconnection
// times only where want has any.
func counted(want, got spec.Trace) spec.Trace {
	return slices.DeleteFunc(slices.Clone(got), func(s spec.Step) bool {
		return (s.Kind == spec.Comment || s.Kind == spec.Retry) && want.Count(s.Kind) == 0
	})
}

// held returns want and got without the reconnection times that no double holds, where
// got lacks some: nobody can ask for more of what has no other numbers.
func held(want, got spec.Trace) (spec.Trace, spec.Trace) {
	if got.Count(spec.Retry) >= want.Count(spec.Retry) {
		return want, got
	}
	beyond := func(s spec.Step) bool {
		_, err := strconv.ParseFloat(s.Text, 64)
		return s.Kind == spec.Retry && errors.Is(err, strconv.ErrRange)
	}
	return slices.DeleteFunc(slices.Clone(want), beyond), slices.DeleteFunc(slices.Clone(got), beyond)
}

// want returns what a conforming client lets us see. It is told to listen for
// every type that is dispatched.
func (v View) want(s cases.Script) spec.Trace { return s.Trace().Only(v.kinds()...) }

// A Shape says roughly how a trace departs.
type Shape string

// The shapes of departures.
const (
	Agrees    Shape = ""
	TooMany   Shape = "a step too many"
	AtEnd     Shape = "a step too many at the end of the stream"
	Missing   Shape = "a step is missing"
	OtherStep Shape = "another step"
	OtherType Shape = "another type"
	OtherID   Shape = "another last event ID"
	OtherData Shape = "other data"
	OtherText Shape = "another comment or time"
	Order     Shape = "another order"
	EmptyType Shape = "an empty type in place of message"
	Late      Shape = "a step comes late"
	Early     Shape = "a step comes early"
)

// timing reports whether only when a step came is wrong.
func (s Shape) timing() bool { return s == Late || s == Early }

// shape compares what was seen with what is wanted.
func (v View) shape(want, got spec.Trace) Shape {
	want, got = held(want, counted(want, got).InWordsOf(want))
	full := defaulted(got)
	switch {
	case !want.Equal(full):
		return differing(want, full)
	case !want.Equal(got):
		return EmptyType
	case v.Timed:
		return untimely(want, got)
	}
	return Agrees
}

// atEnd reports whether a step came with the end of the stream, not with a chunk.
func (v View) atEnd(s cases.Script, step spec.Step) bool {
	chunks, plain := s.Stream()
	return v.Timed && plain && step.Chunk >= len(chunks)
}

// endAlike reports whether of two equal traces the same steps came with the end of
// the stream, as far as both say when: then is another thing than before.
func (v View) endAlike(s cases.Script, t, u spec.Trace) bool {
	return slices.EqualFunc(t, u, func(a, b spec.Step) bool {
		return a.Chunk < 0 || b.Chunk < 0 || v.atEnd(s, a) == v.atEnd(s, b)
	})
}

// differing names the first difference of two traces.
func differing(want, got spec.Trace) Shape {
	n := want.CommonPrefix(got)
	switch {
	case n == len(want):
		return TooMany
	case n == len(got):
		return Missing
	case len(want) == len(got) && permuted(want, got):
		return Order
	}
	w, g := want[n], got[n]
	switch {
	case w.Kind != g.Kind:
		return OtherStep
	case w.Event == nil || g.Event == nil:
		return OtherText
	case w.Event.Type != g.Event.Type:
		return OtherType
	case w.Event.Data != g.Event.Data:
		return OtherData
	}
	return OtherID
}

func permuted(want, got spec.Trace) bool {
	left := slices.Clone(got)
	for _, w := range want {
		i := slices.IndexFunc(left, w.Equal)
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}

// untimely names the first step of an otherwise right trace that came with another
// chunk than the one that made it due. Only events can come late: of what has no
// effect that a page sees nobody says when.
func untimely(want, got spec.Trace) Shape {
	for i, due := range want {
		switch with := got[i].Chunk; {
		case due.Chunk < 0 || with < 0 || with == due.Chunk:
		case with < due.Chunk:
			return Early
		case due.Kind == spec.Dispatch:
			return Late
		}
	}
	return Agrees
}

// defaulted returns t with the type message where it was left empty.
func defaulted(t spec.Trace) spec.Trace {
	if !slices.ContainsFunc(t, emptyType) {
		return t
	}
	t = slices.Clone(t)
	for i, s := range t {
		if emptyType(s) {
			e := *s.Event
			e.Type = spec.DefaultType
			t[i].Event = &e
		}
	}
	return t
}

func emptyType(s spec.Step) bool { return s.Event != nil && s.Event.Type == "" }
