package runner

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/spec"
)

// A Server is a target that answers requests with streams.
type Server interface {
	// Observe sends what the roles need and returns what came of it. An error
	// means that nothing could be seen of the server.
	Observe(ctx context.Context, roles []observe.Role) (*observe.Observation, error)
}

// CheckServer observes s and yields a result for each case of the suite, in its
// order. What this machine has voided by standing still is observed alone once
// more. When ctx ends meanwhile, what could be seen until then is judged.
func (r *Runner) CheckServer(ctx context.Context, s Server, suite []cases.Case) iter.Seq[Result] {
	return func(yield func(Result) bool) {
		start := time.Now()
		o, err := s.Observe(ctx, RolesFor(suite))
		if err != nil {
			broken(suite, err, yield)
			return
		}
		results := make([]Result, len(suite))
		for i, c := range suite {
			results[i] = judgeServer(c, o)
		}
		onceMore(ctx, s, results)
		elapsed := time.Since(start)
		for _, result := range results {
			result.Elapsed = elapsed
			if !yield(result) {
				return
			}
		}
	}
}

// onceMore observes what was voided, and puts what came of that in its place.
func onceMore(ctx context.Context, s Server, results []Result) {
	var void []cases.Case
	for _, r := range results {
		if r.stalled() {
			void = append(void, r.Case)
		}
	}
	if len(void) == 0 || ctx.Err() != nil {
		return
	}
	again, err := s.Observe(ctx, RolesFor(void))
	if err != nil || slices.ContainsFunc(void, func(c cases.Case) bool { return unsent(c, again) }) {
		return // the requests that are allowed were sent
	}
	for i, r := range results {
		if r.stalled() {
			results[i] = judgeServer(r.Case, again)
		}
	}
}

// stalled reports whether this machine has voided the verdict.
func (r Result) stalled() bool { return strings.HasPrefix(r.Reason, "host stalled: ") }

// unsent reports whether what the check of a case needs could not be sent.
func unsent(c cases.Case, o *observe.Observation) bool {
	check, _ := observe.Find(c.ID)
	return slices.ContainsFunc(check.Needs, func(role observe.Role) bool {
		e := o.Exchanges[role]
		return e == nil || e.End == probe.Unsent
	})
}

// Stable makes one list of the results of several checks of a server, which have
// the same cases. One whose verdicts differ has the gravest, and never passes.
func Stable(rounds [][]Result) []Result {
	all := slices.Clone(rounds[0])
	for i := range all {
		bad, seen := 0, map[Verdict]bool{}
		for _, round := range rounds {
			r := round[i]
			seen[r.Verdict] = true
			if r.Verdict.grave() > all[i].Verdict.grave() {
				all[i] = r
			}
			if r.Verdict != Pass && r.Verdict != Skip {
				bad++
			}
		}
		if seen[Pass] && bad > 0 {
			all[i].preface(fmt.Sprintf("unstable %d/%d: ", bad, len(rounds)))
		}
	}
	return all
}

// preface puts words before all that the result says of what is wrong.
func (r *Result) preface(words string) {
	r.Reason = words + r.Reason
	r.Findings = slices.Clone(r.Findings)
	for i := range r.Findings {
		r.Findings[i].Text = words + r.Findings[i].Text
	}
}

// RolesFor returns what the checks of the suite need.
func RolesFor(suite []cases.Case) (roles []observe.Role) {
	for _, c := range suite {
		if check, ok := observe.Find(c.ID); ok {
			roles = append(roles, check.Needs...)
			if check.Watches() {
				roles = append(roles, observe.Watch)
			}
		}
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}

// judgeServer puts the check of one case to the observation.
func judgeServer(c cases.Case, o *observe.Observation) Result {
	r := Result{Case: c, Verdict: Pass, Offset: -1}
	check, ok := observe.Find(c.ID)
	if !ok {
		r.Verdict, r.Reason = Error, "this version of ssespec has no check of that name"
		return r
	}
	judged := check.Put(o)
	r.Outcome = judged.Outcome
	switch {
	case judged.Skip != "":
		r.Verdict, r.Reason = Skip, judged.Skip
	case judged.Stalled != "" && c.Level == spec.Must:
		r.Verdict, r.Reason = Error, judged.Stalled
	case judged.Stalled != "":
		r.Verdict, r.Reason = Skip, judged.Stalled
	case len(judged.Findings) > 0:
		r.depart(o, check, judged)
	}
	return r
}

// depart records what a check has found.
func (r *Result) depart(o *observe.Observation, check observe.Check, judged observe.Judgement) {
	r.Verdict = Warn
	if r.Case.Level == spec.Must {
		r.Verdict = Fail
	}
	r.Findings = judged.Findings
	main := judged.Main()
	r.Rule, r.Reason = main.Rule, main.Text
	if main.Line > 0 {
		r.Offset = int(main.Offset)
	}
	for _, role := range check.Needs {
		if e := o.Exchanges[role]; e != nil {
			r.Requests = append(r.Requests, requestOf(e))
		}
	}
	if e := o.Exchanges[check.Needs[0]]; e != nil {
		r.Wire = wireOf(e)
	}
}

// Main returns the result that explains most: a failure before a warning, a cause
// before its consequences; false when nothing is wrong.
func Main(results []Result) (Result, bool) {
	for _, grave := range []Verdict{Fail, Warn} {
		for _, check := range observe.Checks() {
			i := slices.IndexFunc(results, func(r Result) bool { return r.Case.ID == check.Case && r.Verdict == grave && !r.Known })
			if i >= 0 {
				return results[i], true
			}
		}
	}
	return Result{}, false
}

// requestOf tells the request of an exchange.
func requestOf(e *probe.Exchange) origin.Request {
	out := origin.Request{At: e.At, Method: e.Request.Method, Target: e.URL, Connection: -1}
	for _, h := range e.Asked {
		out.Headers = append(out.Headers, origin.Header{Name: h.Name, Value: h.Value})
	}
	if e.Head != nil {
		out.Status, out.Proto = e.Head.Status, e.Head.Proto
	}
	return out
}

// wireOf tells what went over the wire: the request, the head, and the body as it
// came, without its transfer coding.
func wireOf(e *probe.Exchange) []origin.Packet {
	out := []origin.Packet{{At: e.At, Bytes: e.Sent, Length: len(e.Sent)}}
	if e.Head == nil {
		return append(out, origin.Packet{At: e.At + e.Until, In: true, End: string(e.End)})
	}
	head := headText(e.Head)
	out = append(out, origin.Packet{At: e.At + e.Head.At, Bytes: head, Length: len(head), In: true})
	for _, c := range e.Body {
		out = append(out, origin.Packet{At: e.At + c.At, Bytes: c.Bytes, Length: len(c.Bytes), In: true})
	}
	return append(out, origin.Packet{At: e.At + e.Until, In: true, End: string(e.End)})
}

func headText(h *probe.Head) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %d\r\n", h.Proto, h.Status)
	for _, f := range h.Headers {
		fmt.Fprintf(&b, "%s: %s\r\n", f.Name, f.Value)
	}
	b.WriteString("\r\n")
	return []byte(b.String())
}
