package browser

import (
	"context"
	"fmt"
	"time"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A line is what the page reports: what the browser calls itself, or, of one
// run, a step or an error.
type line struct {
	Agent string    `json:"agent"`
	Run   string    `json:"run"`
	Step  spec.Kind `json:"step"`
	Event *struct {
		Type        string `json:"type"`
		Data        string `json:"data"`
		LastEventID string `json:"lastEventId"`
	} `json:"event"`
	Error string `json:"error"`
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
				observe(l.observed(r.start))
			}
		case <-ended:
			ended, late = nil, time.After(closeTime)
			p.tell(command{Close: &closing{r.id}})
		case <-late:
			p.Break(target.Hung, fmt.Sprintf("no end within %v of close", closeTime))
		case <-p.gone:
			return p.broken
		}
	}
}

// observed returns the step that l reports.
func (l line) observed(start time.Time) spec.Step {
	s := spec.Step{Kind: l.Step, Chunk: -1, At: time.Since(start)}
	if e := l.Event; e != nil {
		s.Event = &spec.Event{Type: e.Type, Data: e.Data, LastEventID: e.LastEventID}
	}
	return s
}
