package fuzz

import (
	"errors"
	"fmt"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// A Breakdown is the error of a target that broke down over a script.
type Breakdown struct {
	How    string // crashed, hung or garbage
	Detail string // an exit status, or the first bytes of the garbage
	Stderr string // the tail of its standard error
}

// hung is the way of breaking down that takes time.
const hung = "hung"

func (b *Breakdown) Error() string { return b.How + ": " + b.Detail }

// An Unknown is the error of a script of which nobody knows what the target makes:
// that is neither right nor wrong.
type Unknown struct{ Reason string }

func (u *Unknown) Error() string { return "nothing is known: " + u.Reason }

// ErrNotPut is the error of a script that was not put to the target.
var ErrNotPut error = &Unknown{"it was not put"}

// Observed is what a target made of one script. An error other than a
// [*Breakdown] and an [*Unknown] ends the search.
type Observed struct {
	Trace spec.Trace
	Err   error
}

func (o Observed) unknown() bool { return errors.As(o.Err, new(*Unknown)) }

// fatal reports whether the search ends with it.
func (o Observed) fatal() bool {
	return o.Err != nil && !o.unknown() && !errors.As(o.Err, new(*Breakdown))
}

// A Departure is a script of which a target made something else than the model.
type Departure struct {
	Script cases.Script
	Want   spec.Trace // of what the target can show
	Got    spec.Trace
	Shape  Shape      // "" where it broke down
	Broken *Breakdown // nil where it did not

	seen     spec.Trace // Got, with the comments as the target shows them
	asked    int        // one more than were known when none of those explained it
	tried    int        // one more than were known when alone was found out
	alone    []string   // the suspects that explain it by themselves
	beside   int        // so many were known when together was found out
	together []string   // the suspects that explain it beside those
}

// kind says how it departs, in words that tell departures apart.
func (d *Departure) kind() string {
	if d.Broken != nil {
		return d.Broken.How
	}
	return string(d.Shape)
}

// stream returns the bytes of the one stream of the script, if it is one.
func stream(s cases.Script) []byte {
	chunks, plain := s.Stream()
	if !plain {
		return nil
	}
	return concat(chunks)
}

// concat is slices.Concat that never returns nil: no stream is not an empty one.
func concat(chunks [][]byte) []byte {
	n := 0
	for _, c := range chunks {
		n += len(c)
	}
	all := make([]byte, 0, n)
	for _, c := range chunks {
		all = append(all, c...)
	}
	return all
}

// String says in one line how the trace departs.
func (d *Departure) String() string {
	if d.Broken != nil {
		return d.Broken.Error()
	}
	n := d.Want.CommonPrefix(d.Got)
	switch {
	case n < len(d.Want) && n < len(d.Got):
		return fmt.Sprintf("%s: want %s, got %s", d.Shape, d.Want[n], d.Got[n])
	case n < len(d.Want):
		return fmt.Sprintf("%s: %s", d.Shape, d.Want[n])
	case n < len(d.Got):
		return fmt.Sprintf("%s: %s", d.Shape, d.Got[n])
	}
	return string(d.Shape)
}
