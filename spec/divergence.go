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
	explanations := Explanations(stream, want, got)
	if len(explanations) == 0 {
		return Act{}, false
	}
	return explanations[0], true
}

// Explanations returns every clause that, taken wrongly, shows exactly the
// observed trace, the most particular first; one trace may have several. Where
// none does, every two clauses that do it together; where that fails as well,
// the one answer of [Divergence]. Nothing where the traces do not differ.
func Explanations(stream []byte, want, got Trace) []Act {
	kinds := []Kind{Dispatch}
	for _, k := range []Kind{Retry, Fail} {
		if want.Count(k) > 0 && k == Retry || got.Count(k) > want.Count(k) && k == Fail {
			kinds = append(kinds, k)
		}
	}
	want, got = want.Only(kinds...), got.Only(kinds...)
	if want.Equal(got) {
		return nil
	}
	acts := Acts(stream)
	agreed := want.CommonPrefix(got)
	exact, closest := explain(stream, acts, kinds, got, agreed)
	if len(exact) > 0 {
		return exact
	}
	if both := together(stream, acts, kinds, got); len(both) > 0 {
		return both
	}
	if closest != "" {
		return []Act{firstEffect(stream, acts, closest)}
	}
	return []Act{mostParticular(acts, agreed)}
}

// togetherBytes bounds the streams for which two readings are tried at once:
// their number is squared.
const togetherBytes = 2048

// together returns an act for each pair of wrong readings whose trace is got.
func together(stream []byte, acts []Act, kinds []Kind, got Trace) (exact []Act) {
	if len(stream) > togetherBytes {
		return nil
	}
	names := readings(acts)
	for i, wrong := range names {
		for _, also := range names[i+1:] {
			if readBoth(stream, wrong, also).trace.Only(kinds...).Equal(got) {
				act := firstEffect(stream, acts, wrong)
				act.Also = also
				exact = append(exact, act)
			}
		}
	}
	return exact
}

// explain returns an act for each wrong reading whose trace is got, and the
// reading that agrees with more of got than the right trace does; "" if there
// is none.
func explain(stream []byte, acts []Act, kinds []Kind, got Trace, agreed int) (exact []Act, closest string) {
	for _, wrong := range readings(acts) {
		shown := read(stream, wrong, everyAct).trace.Only(kinds...)
		if shown.Equal(got) {
			exact = append(exact, firstEffect(stream, acts, wrong))
		} else if n := shown.CommonPrefix(got); n > agreed {
			closest, agreed = wrong, n
		}
	}
	return exact, closest
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

// TypesRead returns the event types that the stream gives rise to when it is
// read rightly or with one clause taken wrongly, [DefaultType] first: what a
// client must listen for so that no departure goes unheard.
func TypesRead(stream []byte) []string {
	right := read(stream, "", everyAct)
	types := []string{DefaultType}
	for _, wrong := range append(readings(right.acts), "") {
		for _, s := range read(stream, wrong, everyAct).trace.Only(Dispatch) {
			if !slices.Contains(types, s.Event.Type) && s.Event.Type != "" {
				types = append(types, s.Event.Type)
			}
		}
	}
	return types
}
