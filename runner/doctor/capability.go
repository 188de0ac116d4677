package doctor

import (
	"strings"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A capability is asked for and seen, at the origin or in the lines.
type capability struct {
	name   string
	script cases.Script
	sub    target.Subscription
	url    bool // only where there is a URL
	served func(*asked) bool
	change string
}

// asking are the capabilities that one run can show.
func asking() []capability {
	event := stream("data: x\n\n")
	return []capability{
		{"headers", event, target.Subscription{Headers: map[string]string{"X-Ssespec": "doctor"}}, true,
			func(a *asked) bool { return a.requested("X-Ssespec") == "doctor" }, "send the headers of the subscribe with the request"},
		{"last-event-id", event, target.Subscription{LastEventID: "7"}, true,
			func(a *asked) bool { return a.requested("Last-Event-ID") == "7" }, "hand lastEventId of the subscribe to the library"},
		{"post", event, target.Subscription{Method: "POST", Body: "x"}, true,
			func(a *asked) bool { return a.posted("x") }, "make the request with method and body of the subscribe"},
		{"comments", stream(": c\ndata: x\n\n"), target.Subscription{}, false,
			func(a *asked) bool { return a.reports(spec.Comment, "c") }, `report each comment: {"run":"7","comment":"c"}`},
		{"retry", stream("retry: 1234\ndata: x\n\n"), target.Subscription{}, false,
			func(a *asked) bool { return a.reports(spec.Retry, "1234") }, `report each reconnection time: {"run":"7","retry":1234}`},
		{"types-any", stream("event: unasked\ndata: x\n\n"), target.Subscription{}, true,
			func(a *asked) bool { return a.dispatched(1) }, "report events of every type, also of those that types does not name"},
		{"close-in-callback", awaiting("data: x\n\n", "data: y\n\n"), target.Subscription{CloseOn: &target.CloseOn{Step: spec.Dispatch, Count: 1}}, true,
			closesInside, "call close inside the callback that closeOn names"},
	}
}

// served asks for each capability that hello declares.
func served(v *visit) Finding {
	asked := 0
	for _, c := range asking() {
		if !v.hello.Can(c.name) || c.url && v.parser() {
			continue
		}
		asked++
		if f := v.serve(c); f.Class != OK {
			return f
		}
	}
	if asked == 0 {
		return Finding{Class: Skipped, What: "hello declares none that one run can show"}
	}
	return fine("capabilities")
}

func (v *visit) serve(c capability) Finding {
	a, err := v.ask(c.script, c.sub)
	if err != nil {
		return v.unasked(err)
	}
	a.dispatched(1) // or not: the origin and the lines say what was served
	if !c.served(a) {
		return bad("", "hello declares "+c.name+", and it is not served", a.evidence(), c.change+", or leave "+c.name+" out of capabilities")
	}
	a.through()
	return ok("")
}

// requested returns the header of the run's first request.
func (a *asked) requested(name string) string {
	for _, r := range a.play.Requests() {
		for _, h := range r.Headers {
			if strings.EqualFold(h.Name, name) {
				return h.Value
			}
		}
		break
	}
	return ""
}

func (a *asked) posted(body string) bool {
	requests := a.play.Requests()
	return len(requests) > 0 && requests[0].Method == "POST" && string(requests[0].Body) == body
}

// reports waits for a step of that kind; a comment may have the space after its colon.
func (a *asked) reports(kind spec.Kind, text string) bool {
	return a.until(a.patience, func(t *transcript) bool {
		return len(t.of(a.run, func(l line) bool {
			return l.said.Step.Kind == kind && strings.TrimPrefix(l.said.Step.Text, " ") == text
		})) > 0
	})
}

// closesInside sends a second event after the first one was reported: a closed
// run does not report it. The end that answers our own close comes after it.
func closesInside(a *asked) bool {
	wrote := len(a.play.Wire())
	a.release()
	a.eventually(func() bool { return len(a.play.Wire()) > wrote })
	return a.close() == nil && a.ended(1) && len(a.events()) == 1
}
