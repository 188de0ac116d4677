package spec

import "slices"

// Divergence returns the clause, and the first byte of stream, at which the
// observed trace left the right one. Only dispatches and, where want has any,
// retries are looked at. ok is false when they do not differ.
//
// Each clause that acted is taken wrongly, one after the other: the reading
// that shows exactly the observed trace is the answer; failing that, the one
// that stays with it longest; failing that, the most particular clause at work
// in the block whose step was the first to differ.
func Divergence(stream []byte, want, got Trace) (act Act, ok bool) {
	kinds := []Kind{Dispatch}
	if want.Count(Retry) > 0 {
		kinds = append(kinds, Retry)
	}
	want, got = want.Only(kinds...), got.Only(kinds...)
	if want.Equal(got) {
		return Act{}, false
	}
	acts := Acts(stream)
	agreed := want.CommonPrefix(got)
	if wrong := closest(stream, acts, kinds, got, agreed); wrong != "" {
		return firstEffect(stream, acts, wrong), true
	}
	return mostParticular(acts, agreed), true
}

// closest returns the wrong reading whose trace is got, or else the one that
// agrees with more of got than the right trace does; "" if there is none.
func closest(stream []byte, acts []Act, kinds []Kind, got Trace, agreed int) (best string) {
	for _, wrong := range readings(acts) {
		shown := read(stream, wrong, everyAct).trace.Only(kinds...)
		if shown.Equal(got) {
			return wrong
		}
		if n := shown.CommonPrefix(got); n > agreed {
			best, agreed = wrong, n
		}
	}
	return best
}

// readings returns the wrong readings that the acts could have shown, the most
// particular clauses first.
func readings(acts []Act) []string {
	seen := map[string]bool{}
	var list []Act
	for _, a := range acts {
		if !seen[a.Reading] {
			seen[a.Reading] = true
			list = append(list, a)
		}
	}
	slices.SortStableFunc(list, func(a, b Act) int { return a.plain() - b.plain() })
	names := make([]string, len(list))
	for i, a := range list {
		names[i] = a.Reading
	}
	return names
}

// triedActs bounds how many single acts are tried for the first effect.
const triedActs = 64

// firstEffect returns the first act that, taken wrongly alone, changes the trace.
func firstEffect(stream []byte, acts []Act, wrong string) Act {
	right := read(stream, "", everyAct).trace
	var first *Act
	tried := 0
	for i, a := range acts {
		if a.Reading != wrong {
			continue
		}
		if first == nil {
			first = &acts[i]
		}
		if tried++; tried > triedActs {
			break
		}
		if !read(stream, wrong, i).trace.Equal(right) {
			return a
		}
	}
	return *first
}

// mostParticular returns the least ordinary act among those that led to step n.
func mostParticular(acts []Act, n int) Act {
	var best Act
	for _, a := range acts {
		if a.Step == n && (best.Clause == "" || a.plain() < best.plain()) {
			best = a
		}
	}
	switch {
	case best.Clause != "":
		return best
	case len(acts) > 0:
		return acts[len(acts)-1]
	}
	return Act{Clause: "eof-discard", Reading: "eof-discard"} // an empty stream gives nothing
}

// ordinary are the clauses, or single readings of them, at work in every
// stream, the most ordinary last: a departure is seldom theirs when a more
// particular one was at work as well.
var ordinary = []string{ // never written to
	"value-other-whitespace", "line-mixed", "dispatch-type-reset/data",
	"field-id", "field-event", "field-retry", "dispatch-type-override",
	"field-data-append", "dispatch-last-event-id", "dispatch-type-default", "dispatch-strip-lf",
	"value-one-space/kept", "value-one-space/required", "value-one-space/no-field",
	"line-blank", "line-lf", "field-data-append/ignored",
}

// plain ranks an act: 0 for particular ones, higher for ordinary ones.
func (a Act) plain() int {
	return 1 + max(slices.Index(ordinary, a.Reading), slices.Index(ordinary, a.Clause))
}
