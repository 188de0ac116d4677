package spec

import "slices"

// Divergence returns the clause, and the first byte of stream, at which the
// observed trace left the right one. Only dispatches and, where want has any,
// comments and retries are looked at. ok is false when they do not differ.
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
	for _, k := range []Kind{Comment, Retry, Fail} {
		if want.Count(k) > 0 && k != Fail || got.Count(k) > want.Count(k) && k == Fail {
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
	if permuted(want, got) {
		exact = append(exact, Act{Clause: "line-order", Reading: "line-order", Step: agreed})
	}
	if len(exact) > 0 {
		return exact
	}
	if both := together(stream, acts, kinds, got); len(both) > 0 {
		return both
	}
	guess := mostParticular(acts, agreed)
	if closest != "" {
		guess = firstEffect(stream, acts, closest)
	}
	guess.Guess = true
	return []Act{guess}
}

// permuted reports whether got has the steps of want in another order.
func permuted(want, got Trace) bool {
	return slices.Equal(sorted(want), sorted(got))
}

func sorted(t Trace) []string {
	lines := make([]string, len(t))
	for i, s := range t {
		lines[i] = s.String()
	}
	slices.Sort(lines)
	return lines
}

// Premature returns every clause that, taken wrongly, shows the right steps of
// that kind, but number n of them (from 0) as soon as the first read bytes are
// known, the most particular first; the last is that the end of a chunk ends line
// and event. Nothing where none does: then nobody could know it.
func Premature(stream []byte, kind Kind, n, read int) (acts []Act) {
	right := Acts(stream)
	want := rightTrace(stream).Only(kind)
	for _, wrong := range readings(right) {
		shown := reread(stream, wrong, "").Only(kind)
		if shown.Equal(want) && n < len(shown) && shown[n].Chunk <= read {
			acts = append(acts, *firstOf(right, wrong))
		}
	}
	ended := rightTrace(append(slices.Clone(stream[:read]), "\n\n"...)).Only(kind)
	if n < min(len(ended), len(want)) && ended[n].Equal(want[n]) {
		acts = append(acts, Act{Clause: "parse-chunk-boundaries", Reading: "parse-chunk-boundaries", Offset: read, Step: n})
	}
	return acts
}

// Matters reports whether a client that takes the reading wrongly shows other
// steps of these kinds than the right ones.
func Matters(stream []byte, reading string, kinds ...Kind) bool {
	return !reread(stream, reading, "").Only(kinds...).Equal(rightTrace(stream).Only(kinds...))
}

func rightTrace(stream []byte) Trace { return reread(stream, "", "") }

// firstOf returns the first act that could have shown the reading.
func firstOf(acts []Act, wrong string) *Act {
	i := slices.IndexFunc(acts, func(a Act) bool { return a.Reading == wrong })
	return &acts[i]
}

// togetherBytes bounds the streams for which two readings are tried at once:
// their number is squared.
const togetherBytes = 2048

// together returns an act for each pair of wrong readings whose trace is got.
// The first must change the trace by itself; the second as well, unless it is the
// first that brings it into play.
func together(stream []byte, acts []Act, kinds []Kind, got Trace) (exact []Act) {
	if len(stream) > togetherBytes {
		return nil
	}
	right, all := rightTrace(stream), readings(acts)
	names := slices.DeleteFunc(slices.Clone(all), func(wrong string) bool { return reread(stream, wrong, "").Equal(right) })
	for i, wrong := range names {
		news := slices.DeleteFunc(readings(read(stream, wrong, everyAct).acts), func(also string) bool { return slices.Contains(all, also) })
		for _, also := range append(news, names[i+1:]...) {
			if reread(stream, wrong, also).Only(kinds...).Equal(got) {
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
		shown := reread(stream, wrong, "").Only(kinds...)
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
	right := rightTrace(stream)
	tried := 0
	for i, a := range acts {
		if a.Reading != wrong {
			continue
		}
		if tried++; tried > triedActs {
			break
		}
		if !read(stream, wrong, i).trace.Equal(right) {
			return a
		}
	}
	return *firstOf(acts, wrong)
}

// mostParticular returns the least ordinary act among those that led to step n.
// That the end could have been an event is true of every stream, and says nothing.
func mostParticular(acts []Act, n int) Act {
	acts = slices.DeleteFunc(slices.Clone(acts), func(a Act) bool { return a.Reading == endIsEvent })
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
	swallowed, announced, "parse-utf8-always/ascii", "value-other-whitespace", "line-mixed", "line-cr/blank", "dispatch-type-reset/data",
	"field-id", "field-event", "field-retry", "dispatch-type-override",
	"field-data-append", "dispatch-last-event-id", "dispatch-type-default", "dispatch-strip-lf",
	"value-one-space/kept", "value-one-space/required", "value-one-space/no-field",
	"line-blank", "line-lf", "field-data-append/apart", "field-data-append/ignored",
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
		for _, s := range reread(stream, wrong, "").Only(Dispatch) {
			if !slices.Contains(types, s.Event.Type) && s.Event.Type != "" {
				types = append(types, s.Event.Type)
			}
		}
	}
	return types
}
