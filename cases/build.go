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
	var s Script
	for _, shape := range c.Connections {
		for range max(shape.Times, 1) {
			s.Connections = append(s.Connections, shape.build())
		}
	}
	return s
}

// expectations fills in what is expected. What the file says by hand must be
// what the model observes; the steps that the file leaves out are the model's.
func (c caseShape) expectations(built *Case) error {
	played := built.Played()
	if len(c.Outcomes) > 0 {
		return c.outcomes(built, played)
	}
	model, hand := played.Trace, steps(c.Expect)
	built.compare(hand)
	if right := model.Only(named(hand)...); !hand.Equal(right) {
		return at(c.value("expect"), "case %q: the expectation and the model disagree\n  expect %s\n  model  %s", c.ID, excerpt(hand, right), excerpt(right, hand))
	}
	built.Expect = built.shown(model)
	return c.asked(built, played)
}

// compare notes which kinds the case is about, by what one expectation names.
func (built *Case) compare(hand spec.Trace) {
	kinds := named(hand)
	built.Comments = built.Comments || slices.Contains(kinds, spec.Comment)
	built.Retries = built.Retries || slices.Contains(kinds, spec.Retry)
	built.AllSteps = built.AllSteps || len(hand.Only(spec.Announce, spec.Reestablish, spec.Fail)) > 0
}

// shown returns the steps of t that the case is about.
func (built *Case) shown(t spec.Trace) spec.Trace {
	kinds := slices.Clone(connectionSteps)
	if built.Comments {
		kinds = append(kinds, spec.Comment)
	}
	if built.Retries {
		kinds = append(kinds, spec.Retry)
	}
	return t.Only(kinds...)
}

// outcomes fills in the acceptable ones. The model shows one of them; another
// names all of its steps.
func (c caseShape) outcomes(built *Case, played Played) error {
	model, shows := played.Trace, false
	for _, o := range c.Outcomes {
		hand := steps(o.Expect)
		built.compare(hand)
		agrees := o.Expect == nil || hand.Equal(model.Only(named(hand)...))
		switch {
		case o.Name == "" || o.Because == "":
			return at(o.node, "case %q: an outcome has a name, and says because of what it is acceptable", c.ID)
		case !agrees && len(hand.Only(spec.Announce, spec.Reestablish, spec.Fail)) == 0:
			return at(o.node, "case %q: outcome %q is not the model's: name all of its steps", c.ID, o.Name)
		}
		if err := word(o.node, "verdict", o.Verdict, "pass", "warn"); err != nil {
			return err
		}
		if agrees {
			hand, shows = built.shown(model), true
		}
		built.Outcomes = append(built.Outcomes, Outcome{o.Name, o.Verdict == "warn", o.Because, hand, o.Requests.build()})
	}
	if !shows {
		return at(c.value("outcomes"), "case %q: the model shows none of the outcomes\n  model  %s", c.ID, excerpt(built.shown(model), nil))
	}
	built.Expect = built.shown(model)
	return c.asked(built, played)
}

// asked holds the last event IDs that the file wants against those that the
// model sends.
func (c caseShape) asked(built *Case, played Played) error {
	if n := len(built.Script.repeatable()); n > mostRepeats {
		return at(c.value("connections"), "case %q: %d connections allow repeats, %d may", c.ID, n, mostRepeats)
	}
	for _, r := range played.Requests {
		if r.Connection < 0 {
			continue
		}
		for name, value := range built.Script.Connections[r.Connection].Request.Headers {
			if !strings.EqualFold(name, "Last-Event-ID") {
				continue
			}
			if want := headerText(value); want != r.LastEventID {
				return at(c.value("connections"), "case %q: connection %d wants the last event ID %.60q, the model sends %.60q", c.ID, r.Connection+1, want, r.LastEventID)
			}
		}
	}
	return nil
}

// headerText returns the text of a header that is wanted, "" where it must be absent.
func headerText(value *string) string {
	if value == nil {
		return ""
	}
	return *value
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
