package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// judge fills in the verdict of an attempt.
func (k *check) judge(p *plan, a attempt) attempt {
	a.offset = -1
	a.got = a.got.Only(append(k.compared(p.c), spec.Fail)...).InWordsOf(p.acceptable[0].Expect)
	a.want = k.wanted(p, &a, k.counted(p.c, a.got))
	var (
		unimplemented *target.Unimplemented
		broke         *target.Broken
		fault         *target.Fault
	)
	switch {
	case errors.As(a.err, &broke):
		a.verdict, a.reason, a.stderr = Fail, broke.Error(), broke.Stderr
	case errors.As(a.err, &unimplemented):
		a.verdict, a.reason = Skip, unimplemented.Error()
		if Bound(p.c) || k.declared(p.c) {
			a.verdict = Fail
		}
	case errors.As(a.err, &fault):
		a.verdict, a.reason = Error, fault.Error()
	case a.err != nil && !errors.Is(a.err, errTimeLimit) && !errors.Is(a.err, context.Canceled):
		a.verdict, a.reason = Error, a.err.Error()
	default:
		k.judgeTrace(p, &a)
	}
	return a
}

// Bound reports whether the case holds every target that it fits, without a way out.
func Bound(c cases.Case) bool {
	clause, ok := spec.ClauseByID(c.Clauses[0])
	return ok && c.Level == spec.Must && (clause.Binds == spec.Client || c.Observed) && len(c.Requires) == 0
}

// declared reports whether a client says that it can do what the case needs: a
// capability declared but not served is a failure.
func (k *check) declared(c cases.Case) bool {
	return k.hello.Kind == target.Client && len(c.Requires) > 0 && c.Level == spec.Must
}

// judgeTrace takes the first acceptable outcome that fits and judges what is
// wanted beside it. The whole trace is compared: a step too many is a departure
// as well.
func (k *check) judgeTrace(p *plan, a *attempt) {
	a.verdict = Pass
	fits := k.fitting(p, a)
	switch got := defaulted(a.got); {
	case k.storms(p, a):
	case len(fits) == 0:
		k.locate(p, a, got)
	case k.judgeRequests(p, a, fits):
	case !a.want.Equal(a.got) && a.want.Equal(got) && slices.Contains(p.c.Clauses, "dispatch-type-default"):
		a.depart(p.c, k.hello, spec.Act{Clause: "dispatch-type-default"}, "the event type is empty in place of message")
		if a.verdict == Fail {
			a.verdict = Warn
		}
	default:
		k.judgeDelay(p, a)
		k.judgeHolds(p, a)
	}
	if errors.Is(a.err, errTimeLimit) && a.verdict != Pass {
		a.reason += fmt.Sprintf(" (the time limit of %s ended the run)", k.timeout())
	}
}

// fitting returns the acceptable outcomes whose trace is the observed one.
func (k *check) fitting(p *plan, a *attempt) (fits []cases.Outcome) {
	kinds, got := k.counted(p.c, a.got), defaulted(a.got)
	for _, o := range p.acceptable {
		if o.Expect.Only(kinds...).Equal(got) && (!k.ending(p).mark || a.marked != endsInFail(o)) {
			fits = append(fits, o)
		}
	}
	return fits
}

// compared returns the kinds of steps in which the case and the target meet.
func (k *check) compared(c cases.Case) []spec.Kind {
	kinds := slices.Clone(k.hello.Shown())
	if c.Comments {
		kinds = append(kinds, spec.Comment)
	}
	if c.Retries {
		kinds = append(kinds, spec.Retry)
	}
	return kinds
}

// counted are the kinds that are compared: a fail that comes unlisted counts.
func (k *check) counted(c cases.Case, got spec.Trace) []spec.Kind {
	kinds := k.compared(c)
	if got.Count(spec.Fail) > 0 {
		kinds = append(kinds, spec.Fail)
	}
	return kinds
}

// wanted is the expectation, with the chunks at which this delivery makes each
// step due. Of several outcomes it is the one that agrees longest.
func (k *check) wanted(p *plan, a *attempt, kinds []spec.Kind) spec.Trace {
	want, got := p.acceptable[0].Expect.Only(kinds...), defaulted(a.got)
	for _, o := range p.acceptable[1:] {
		if other := o.Expect.Only(kinds...); other.Equal(got) && !want.Equal(got) || other.CommonPrefix(got) > want.CommonPrefix(got) {
			want = other
		}
	}
	if due := a.want.Only(kinds...); due.Equal(want) {
		return due
	}
	want = slices.Clone(want)
	for i := range want {
		want[i].Chunk = -1 // that of another delivery says nothing of this one
	}
	return want
}

// defaulted returns t with the type message where it was left empty: a warning
// for a library (dispute 12), told once by the cases on that clause and not by
// every other.
func defaulted(t spec.Trace) spec.Trace {
	t = slices.Clone(t)
	for i, s := range t {
		if s.Event != nil && s.Event.Type == "" {
			e := *s.Event
			e.Type = spec.DefaultType
			t[i].Event = &e
		}
	}
	return t
}

// locate finds the rule that diverged and judges the departure by it. Where a
// dispute tolerates one of several explanations that one is taken: what may be a
// legal choice is not failed; [Settle] knows more when the run is over.
func (k *check) locate(p *plan, a *attempt, got spec.Trace) {
	rule, offset := spec.Act{Clause: p.c.Clauses[0]}, -1
	onlySteps := k.hello.Kind == target.Client && a.want.Only(streamed...).Equal(got.Only(streamed...))
	if !onlySteps {
		a.explanations = p.explain(a.want, got)
	}
	if len(a.explanations) > 0 {
		tolerable := slices.IndexFunc(a.explanations, func(e spec.Act) bool { return tolerated(e, k.hello.Kind) })
		rule = a.explanations[max(tolerable, 0)]
		offset = rule.Offset
	} else if onlySteps {
		rule.Clause = connectionRule(p.c, a.want, got)
	}
	a.depart(p.c, k.hello, rule, k.difference(a, got))
	a.offset = offset
	if k.hello.Kind == target.StreamReader && p.large() && a.verdict == Fail {
		a.verdict = Warn // what a dispute tolerates cannot be told from the rest: no reading was tried
	}
}

// streamed are the kinds of steps that the bytes of the stream give rise to.
var streamed = []spec.Kind{spec.Dispatch, spec.Comment, spec.Retry} // never written to

// connectionRule names the clause when only steps of the connection differ: that
// of the case where it is about connections, and the client came back at all.
func connectionRule(c cases.Case, want, got spec.Trace) string {
	n := want.CommonPrefix(got)
	cameBack := n < len(got) || n == 0 || want[n-1].Kind != spec.Reestablish
	switch same := want.Equal(got); {
	case !c.OneStream() && (cameBack || same):
		return c.Clauses[0]
	case same:
		return "response-end-reconnect"
	}
	for _, r := range []struct {
		kind spec.Kind
		rule string
	}{
		{spec.Fail, "response-end-reconnect"},
		{spec.Announce, "response-open-on-headers"},
		{spec.Reestablish, "response-end-reconnect"},
	} {
		if want.Count(r.kind) != got.Count(r.kind) {
			return r.rule
		}
	}
	return "line-order" // the same steps in another order
}

// difference says in one line how got departs from what is wanted.
func (k *check) difference(a *attempt, got spec.Trace) string {
	want := a.want
	n := want.CommonPrefix(got)
	switch {
	case n == len(want) && n == len(got) && a.marked:
		return "the client came back, which it must not"
	case n == len(want) && n == len(got):
		a.absent = true
		return "the client did not come back after the end of the stream"
	case n == len(want):
		return "a step too many: " + got[n].String()
	case n == len(got):
		return "missing: " + want[n].String()
	}
	return fmt.Sprintf("step %d: want %s, got %s", n+1, want[n], got[n])
}

// depart records a departure and gives it the verdict that the level of the case
// and the disputes allow.
func (a *attempt) depart(c cases.Case, h target.Hello, act spec.Act, reason string) {
	a.rule, a.reason = act.Clause, reason
	a.verdict = verdictOf(c.Level, act, h.Kind)
	if c.Level == spec.May {
		a.outcome = reason
	}
}

// verdictOf is the verdict on a departure from the clause that act names.
func verdictOf(level spec.Level, act spec.Act, kind target.Profile) Verdict {
	switch {
	case level == spec.May:
		return Pass
	case level == spec.Should, tolerated(act, kind):
		return Warn
	}
	return Fail
}

// notCleared are the clauses of dispute 12 that bind stream readers as well.
var notCleared = []string{"dispatch-type-reset", "dispatch-empty-data-resets-type", "dispatch-non-browser"} // never written to

// tolerated reports whether disputes make the departure a warning.
func tolerated(act spec.Act, kind target.Profile) bool {
	also, _, _ := strings.Cut(act.Also, "/")
	return disputed(act.Clause, kind) && (also == "" || disputed(also, kind))
}

func disputed(rule string, kind target.Profile) bool {
	clause, _ := spec.ClauseByID(rule)
	switch clause.Dispute {
	case 1, 4:
		return true
	case 12:
		return kind == target.StreamReader && !slices.Contains(notCleared, rule)
	}
	return false
}

// judgeDelay looks at when the steps of an otherwise right trace came (dispute
// 16): held to the next byte after a CR is a warning, held longer a failure.
func (k *check) judgeDelay(p *plan, a *attempt) {
	for i, want := range a.want {
		got := a.got[i]
		if got.Chunk >= 0 && got.Chunk < want.Chunk {
			k.judgeEarly(p, a, i)
			return
		}
		if want.Chunk < 0 || got.Chunk <= want.Chunk || want.Kind != spec.Dispatch {
			continue
		}
		reason := fmt.Sprintf("%s was due with chunk %d and came with chunk %d of %d", want, want.Chunk, got.Chunk, len(a.chunks))
		next := nextBytes(a.chunks, want.Chunk)
		if endsInCR(a.chunks[want.Chunk]) && got.Chunk <= next && next < len(a.chunks) {
			a.depart(p.c, k.hello, spec.Act{Clause: "format-buffering"}, reason)
			if a.verdict == Fail {
				a.verdict = Warn
			}
			continue
		}
		a.depart(p.c, k.hello, spec.Act{Clause: "response-incremental"}, reason)
		return
	}
}

// judgeEarly judges an otherwise right trace whose step i came too early. When a
// clause taken wrongly shows it by then, the target departs: it did not wait for
// the blank line. Otherwise nobody could know it yet, and the adapter counts
// its chunks wrongly.
func (k *check) judgeEarly(p *plan, a *attempt, i int) {
	want, got := a.want[i], a.got[i]
	if slices.Contains(streamed, want.Kind) {
		known := len(slices.Concat(a.chunks[:got.Chunk+1]...))
		a.explanations = p.premature(want.Kind, a.want[:i].Count(want.Kind), known)
	}
	if len(a.explanations) == 0 {
		a.verdict, a.reason = Error, fmt.Sprintf("adapter: %s is reported with chunk %d, before chunk %d made it possible", want, got.Chunk, want.Chunk)
		return
	}
	rule := a.explanations[0]
	a.depart(p.c, k.hello, rule, fmt.Sprintf("%s was due with chunk %d and came too early, with chunk %d", want, want.Chunk, got.Chunk))
	a.offset = rule.Offset
}

// nextBytes returns the next chunk after n that is not empty.
func nextBytes(chunks [][]byte, n int) int {
	for n++; n < len(chunks) && len(chunks[n]) == 0; n++ {
	}
	return n
}

func endsInCR(chunk []byte) bool { return len(chunk) > 0 && chunk[len(chunk)-1] == '\r' }

// result turns the attempt that is shown into a result.
func (a attempt) result(c cases.Case) Result {
	r := Result{
		Case: c, Verdict: a.verdict, Reason: a.reason, Rule: a.rule, Offset: a.offset, Outcome: a.outcome, Explanations: a.explanations,
		Delivery: a.delivery, Cuts: a.cuts, Stderr: a.stderr, Want: a.want, Got: a.got,
	}
	if a.verdict != Pass {
		r.Chunks, r.Requests, r.Wire = a.chunks, a.requests, a.wire
	}
	return r
}
