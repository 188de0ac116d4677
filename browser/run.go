package browser

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A line is what the page reports: what the browser calls itself, or, of one
// run, a step, all that was heard of a batch, or an error.
type line struct {
	Agent string    `json:"agent"`
	Run   string    `json:"run"`
	Step  spec.Kind `json:"step"`
	Event *event    `json:"event"`
	Heard *heard    `json:"heard"`
	Error string    `json:"error"`
}

// A step is one thing that an EventSource did.
type step struct {
	Step  spec.Kind `json:"step"`
	Event *event    `json:"event"`
}

type event struct {
	Type        string `json:"type"`
	Data        string `json:"data"`
	LastEventID string `json:"lastEventId"`
}

// end is the step that is the page's last word on a run.
const end spec.Kind = "end"

// A run is one EventSource on the page.
type run struct {
	id    string
	start time.Time
	steps chan line
	left  chan struct{} // closed when nobody takes steps any more
}

// Subscribe opens an EventSource on the page and hands each step to observe, on
// the calling goroutine, until the end of the run. When ctx ends the page is
// told to close. Errors are those of package target.
func (p *Page) Subscribe(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
	if missing := beyond(sub); missing != "" {
		return &target.Unimplemented{Reason: "an EventSource has no " + missing}
	}
	if i := slices.IndexFunc(sub.Types, func(t string) bool { return !utf8.ValidString(t) }); i >= 0 {
		return &target.Fault{Reason: fmt.Sprintf("no page can be told of a type that is not Unicode: %q", sub.Types[i])}
	}
	r, err := p.open(sub.Run)
	if err != nil {
		return err
	}
	defer p.leave(r)
	p.tell(command{Subscribe: &sub})
	return p.follow(ctx, r, observe)
}

// beyond names what sub asks for that the interface of EventSource has not.
func beyond(sub target.Subscription) string {
	switch {
	case sub.LastEventID != "":
		return "initial last event ID"
	case sub.ReconnectionTime != nil:
		return "initial reconnection time"
	case len(sub.Headers) > 0:
		return "custom headers"
	case sub.Method != "":
		return "method"
	}
	return ""
}

func (p *Page) open(id string) (*run, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.broken != nil:
		return nil, p.broken
	case p.runs[id] != nil:
		return nil, &target.Fault{Reason: fmt.Sprintf("run %q is open already", id)}
	}
	r := &run{id: id, start: time.Now(), steps: make(chan line, 64), left: make(chan struct{})}
	p.runs[id] = r
	return r, nil
}

func (p *Page) leave(r *run) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.runs, r.id)
	p.takeBack(r)
	close(r.left)
}

// take waits for the run to take l: the page is made to wait, not our memory to grow.
func (r *run) take(l line, gone <-chan struct{}) {
	select {
	case r.steps <- l:
	case <-r.left:
	case <-gone:
	}
}

// follow observes r until its end.
func (p *Page) follow(ctx context.Context, r *run, observe func(spec.Step)) error {
	ended, late := ctx.Done(), (<-chan time.Time)(nil)
	for n := 0; ; {
		select {
		case l := <-r.steps:
			switch n++; {
			case l.Error != "":
				return &target.Fault{Reason: fmt.Sprintf("the page: %s", l.Error)}
			case l.Step == end:
				return nil
			case n > maxSteps:
				p.Break(target.Garbage, fmt.Sprintf("flood: more than %d steps of one run", maxSteps))
			default:
				observe(step{l.Step, l.Event}.observed(r.start))
			}
		case <-ended:
			ended, late = nil, time.After(p.closeTime())
			p.tell(command{Close: &closing{r.id}})
		case <-late:
			p.Break(target.Hung, fmt.Sprintf("no end within %v of close", p.closeTime()))
		case <-p.gone:
			return p.broken
		}
	}
}

// observed returns the step that the page reports.
func (s step) observed(start time.Time) spec.Step {
	o := spec.Step{Kind: s.Step, Chunk: -1, At: time.Since(start)}
	if e := s.Event; e != nil {
		o.Event = &spec.Event{Type: e.Type, Data: e.Data, LastEventID: e.LastEventID}
	}
	return o
}

// traceOf returns the steps of one stream of a batch, whose times are not known.
func traceOf(steps []step) spec.Trace {
	trace := make(spec.Trace, len(steps))
	for i, s := range steps {
		trace[i] = s.observed(time.Now())
	}
	return trace
}
