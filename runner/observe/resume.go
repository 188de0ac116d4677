package observe

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/spec"
)

func resumeChecks() []Check {
	return []Check{
		{"serving/resume/over", []Role{Over}, false, over},
		{"serving/resume/nothing-repeated", []Role{Resumed}, false, nothingRepeated},
		{"serving/resume/nothing-lost", []Role{Resumed}, false, nothingLost},
		{"serving/resume/unknown", []Role{Unknown}, false, unknownID},
		{"serving/resume/long", []Role{Long}, false, func(o *Observation) Judgement { return survives(o.Exchanges[Long], "a Last-Event-ID of 4 KiB") }},
		{"serving/resume/non-ascii", []Role{NonASCII}, false, func(o *Observation) Judgement {
			return survives(o.Exchanges[NonASCII], "a Last-Event-ID that is not ASCII")
		}},
	}
}

// after returns the ids that followed the one with which the client came back, and
// those up to it.
func (o *Observation) after() (later, seen []string) {
	all := ids(o.events)
	i := slices.Index(all, o.From)
	return all[i+1:], all[:i+1]
}

// resumed returns the ids of the second connection.
func (o *Observation) resumed() []string { return ids(events(o.Exchanges[Resumed])) }

func nothingRepeated(o *Observation) Judgement {
	e := o.Exchanges[Resumed]
	if e.Head != nil && e.Head.Status == http.StatusNoContent {
		return Judgement{}
	}
	if !IsStream(e) {
		return says("reconnect-last-event-id", fmt.Sprintf("a client that came back with the id %s got %s", spec.Quote(o.From), answer(e)), "answer a Last-Event-ID with what followed it, or with the stream as it is now")
	}
	_, seen := o.after()
	for _, id := range o.resumed() {
		if !slices.Contains(seen, id) {
			continue
		}
		if id == o.From {
			return says("reconnect-last-event-id", fmt.Sprintf("a client that came back with the id %s was given that event again", spec.Quote(o.From)), "go on after the event that Last-Event-ID names, not with it")
		}
		return says("reconnect-last-event-id", fmt.Sprintf("a client that came back with the id %s was given %s again, which is older", spec.Quote(o.From), spec.Quote(id)), "read the header Last-Event-ID and go on after that event")
	}
	return Judgement{}
}

func nothingLost(o *Observation) Judgement {
	e := o.Exchanges[Resumed]
	if !IsStream(e) {
		return skip("the answer to a Last-Event-ID was %s", answer(e))
	}
	later, seen := o.after()
	got := o.resumed()
	fresh := slices.DeleteFunc(slices.Clone(got), func(id string) bool { return slices.Contains(seen, id) })
	switch {
	case len(later) == 0:
		return skip("no event with an id followed")
	case len(fresh) == 0 && len(got) > 0:
		return skip("it was given what it had seen")
	case len(fresh) == 0 && o.within(e, 0, e.Until).most < 4*longPause && e.End != probe.Closed:
		return skip("it was not watched long enough")
	case len(fresh) == 0 && e.End != probe.Closed && o.hindered(e):
		return o.stalled()
	case len(fresh) == 0:
		return lost(o, later[0], "nothing in "+seconds(e.Until))
	case fresh[0] != later[0]:
		return lost(o, later[0], spec.Quote(fresh[0]))
	}
	return Judgement{}
}

func lost(o *Observation, want, got string) Judgement {
	return says("reconnect-last-event-id", fmt.Sprintf("a client that came back with the id %s missed %s, which had followed it, and got %s", spec.Quote(o.From), spec.Quote(want), got),
		"keep the last events and send those after Last-Event-ID first; or send no ids, so that clients know that there is nothing to resume")
}

func unknownID(o *Observation) Judgement {
	e := o.Exchanges[Unknown]
	if IsStream(e) || e.Head != nil && e.Head.Status == http.StatusNoContent {
		return Judgement{}
	}
	return says("header-last-event-id-values", "a client that came back with an id that is not known got "+answer(e),
		"start from what there is when the id is unknown: EventSource gives up for ever on an error")
}

// survives judges the answer to what clients may send but the server never gave out.
func survives(e *probe.Exchange, what string) Judgement {
	if e.Head != nil && e.Head.Status < 500 {
		return outcome("status %d", e.Head.Status)
	}
	return says("header-last-event-id-values", what+" is answered by "+answer(e), "take the header for bytes that anybody can send: ignore what is no id of yours, or answer 400")
}

// over judges what a client gets that comes back after the end.
func over(o *Observation) Judgement {
	e := o.Exchanges[Over]
	if e.Head == nil {
		return says("delivery", "a client that came back after the end got "+answer(e), "answer 204 when it is over")
	}
	if !IsStream(e) {
		return outcome("status %d", e.Head.Status)
	}
	again := events(e)
	if len(again) == 0 || len(o.events) == 0 || !sameEvent(again[0], o.events) {
		return outcome("another stream")
	}
	return says("author-stop-204", "a client that came back after the end was given the stream again: EventSource comes back after every end, and so for ever",
		"answer 204 to a Last-Event-ID after which nothing comes, or close from the client at an event that says so")
}

// sameEvent reports whether one of the list is that event.
func sameEvent(e event, list []event) bool {
	return slices.ContainsFunc(list, func(x event) bool { return x.hasID == e.hasID && x.id == e.id && x.data == e.data })
}
