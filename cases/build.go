package cases

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ssespec/ssespec/spec"
)

func (c caseShape) script() Script {
	if c.Connections == nil {
		return Script{[]Connection{{Body: c.Stream}}}
	}
	s := Script{make([]Connection, len(c.Connections))}
	for i, shape := range c.Connections {
		s.Connections[i] = shape.build()
	}
	return s
}

func (c connectionShape) build() Connection {
	return Connection{
		On: c.On, HTTP: c.HTTP, Informational: c.Informational, Status: c.Status,
		Headers: pairs(c.Headers), Framing: c.Framing, Coding: c.Coding, Trailers: pairs(c.Trailers),
		Body: c.Body, End: c.End, Refuse: c.Refuse,
	}
}

func pairs(shapes []pair) [][2]string {
	var list [][2]string
	for _, p := range shapes {
		list = append(list, p)
	}
	return list
}

func (s subscribeShape) build() Subscribe {
	return Subscribe{
		LastEventID: string(s.LastEventID), ReconnectionTime: s.ReconnectionTime, Headers: s.Headers,
		Method: s.Method, Body: s.Body.Unit, WithCredentials: s.WithCredentials,
		CloseOn: spec.Kind(s.CloseOn.Step), CloseCount: s.CloseOn.Count,
	}
}

// expectations fills in Expect. What the file says by hand must be
// what the model observes; the steps that the file leaves out are the model's.
func (c caseShape) expectations(built *Case) error {
	model, hand := built.model(), steps(c.Expect)
	kinds := named(hand)
	built.Comments = slices.Contains(kinds, spec.Comment)
	built.Retries = slices.Contains(kinds, spec.Retry)
	built.AllSteps = len(hand.Only(spec.Announce, spec.Reestablish, spec.Fail)) > 0
	if right := model.Only(kinds...); !hand.Equal(right) {
		return at(c.value("expect"), "case %q: the expectation and the model disagree\n  expect %s\n  model  %s", c.ID, excerpt(hand, right), excerpt(right, hand))
	}
	built.Expect = model.Only(append(kinds, spec.Announce, spec.Reestablish, spec.Fail)...)
	return nil
}

// model is what the model observes when it is subscribed as the case says.
func (c Case) model() spec.Trace {
	var es spec.EventSource
	es.Resume(c.Subscribe.LastEventID)
	return c.Script.play(&es)
}

// named returns the kinds that an expectation speaks of: dispatch always, and
// all steps of the connection when it names one of them.
func named(hand spec.Trace) []spec.Kind {
	kinds := []spec.Kind{spec.Dispatch}
	if len(hand.Only(spec.Announce, spec.Reestablish, spec.Fail)) > 0 {
		kinds = append(kinds, spec.Announce, spec.Reestablish, spec.Fail)
	}
	for _, k := range []spec.Kind{spec.Comment, spec.Retry} {
		if hand.Count(k) > 0 {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

func steps(shapes *[]stepShape) spec.Trace {
	if shapes == nil {
		return nil
	}
	t := make(spec.Trace, 0, len(*shapes)) // not nil: nothing is an expectation
	for _, s := range *shapes {
		for range max(s.times, 1) {
			t = append(t, s.step)
		}
	}
	return t
}

// excerpt is Brief of what lies about the place where t departs from other.
func excerpt(t, other spec.Trace) string {
	const about = 3
	var words []string
	if skipped := t.CommonPrefix(other) - about; skipped > about {
		words, t = append(words, fmt.Sprintf("(%d steps)", skipped)), t[skipped:]
	}
	var rest []string
	if more := len(t) - 4*about; more > about {
		rest, t = append(rest, fmt.Sprintf("(%d steps)", more)), t[:4*about]
	}
	return strings.Join(slices.Concat(words, []string{Brief(t)}, rest), "; ")
}

// Brief returns t on one line, for messages.
func Brief(t spec.Trace) string {
	if len(t) == 0 {
		return "nothing"
	}
	words := make([]string, len(t))
	for i, s := range t {
		words[i] = s.String()
	}
	return strings.Join(words, "; ")
}
