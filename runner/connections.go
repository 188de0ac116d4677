package runner

import (
	"fmt"
	"slices"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// This file judges what is wanted of a client besides its steps.

// storms reports whether more requests came than any outcome allows, and records
// it: the steps of such a run say less.
func (k *check) storms(p *plan, a *attempt) bool {
	reason, e := "", k.ending(p)
	for _, o := range p.acceptable {
		allowed := o.Requests
		if allowed.For == 0 && (e.mark || e.hold > 0) {
			allowed.Max = 0 // no step ends the run: the client comes back in its time, as it may
		}
		if reason = a.tooManyRequests(len(p.c.Script.Connections), allowed); reason == "" {
			return false
		}
	}
	rule := p.c.Clauses[0]
	if p.c.OneStream() {
		rule = "reconnect-delay"
	}
	a.depart(p.c, k.hello, spec.Act{Clause: rule}, reason)
	if a.storm {
		a.verdict = Fail // whatever the case is about
	}
	return true
}

// judgeRequests takes the first of the outcomes whose requests fit as well, and
// reports whether there was something to say of them.
func (k *check) judgeRequests(p *plan, a *attempt, fits []cases.Outcome) bool {
	wrong, late := "", false
	for _, o := range fits {
		reason := a.misdirected(o.Requests.Paths)
		if reason == "" {
			repeated := len(p.acceptable) > 1 && o.Name == cases.Repeated
			reason, late = a.wrongRequest(p.c.Script, o.Requests.Last, repeated, k.scaled)
		}
		if reason == "" {
			return k.take(p.c, a, o)
		}
		if wrong == "" {
			wrong = reason
		}
	}
	a.depart(p.c, k.hello, spec.Act{Clause: p.c.Clauses[0]}, wrong)
	a.late = late && a.verdict != Pass
	return true
}

// take records which outcome was seen, and that it is not the best one.
func (k *check) take(c cases.Case, a *attempt, o cases.Outcome) bool {
	a.outcome = o.Name
	if !o.Warn || c.Level == spec.May {
		return false
	}
	a.verdict, a.rule, a.reason = Warn, c.Clauses[0], o.Name+": "+o.Because
	return true
}

// judgeHolds looks at what was waited for and did not come in time, of an
// otherwise right run: an announce, an event (dispute 16), the end of a
// connection that was closed.
func (k *check) judgeHolds(p *plan, a *attempt) {
	for _, h := range a.held {
		c := p.c.Script.Connections[h.Connection]
		parts := slices.Concat(c.Raw, c.Body)
		switch {
		case parts[h.Part].Await == string(spec.Announce):
			a.worse(p.c, k, spec.Act{Clause: "response-open-on-headers"}, "the connection was not announced with its head, but later")
		case parts[h.Part].Await == string(spec.Reestablish):
			a.worse(p.c, k, spec.Act{Clause: "response-end-reconnect"}, "the end of the stream was held until its connection ended, though the body was complete")
		case h.Part > 0 && endsInCR(parts[h.Part-1].Bytes()):
			a.worse(p.c, k, spec.Act{Clause: "format-buffering"}, "an event whose blank line ended in CR was held until more bytes came")
		default:
			a.worse(p.c, k, spec.Act{Clause: "response-incremental"}, "an event was held until more bytes came, though its blank line was complete")
		}
	}
	a.late = len(a.held) > 0 && a.verdict != Pass // so far: the machine may have been busy
	if a.open {
		a.worse(p.c, k, spec.Act{Clause: "close-aborts-fetch"}, fmt.Sprintf("%s after close the connection was still open", k.scaled(leaving)))
	}
}

// worse records a departure unless a graver one was recorded before. What is
// held after a CR is a warning at most.
func (a *attempt) worse(c cases.Case, k *check, act spec.Act, reason string) {
	before := *a
	a.depart(c, k.hello, act, reason)
	if act.Clause == "format-buffering" && a.verdict == Fail {
		a.verdict = Warn
	}
	if before.verdict.grave() >= a.verdict.grave() && before.reason != "" {
		*a = before
	}
}
