package runner

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A watch collects the steps of one run and ends it by order, not by waiting.
type watch struct {
	due     []spec.Trace    // what is acceptable, of the kinds that the target shows
	unnamed []spec.Kind     // what the case says nothing of, however much of it there is
	mark    string          // data of the event that ends the run, "" for none
	held    bool            // the run goes on for a time whatever is seen: its end is not here
	all     bool            // the run is over when all that is due was seen: nothing follows it
	closeOn *target.CloseOn // the step in which the target closes by itself
	over    context.CancelCauseFunc
	scale   func(time.Duration) time.Duration
	tell    func(spec.Kind) // tells the play what was observed
	closed  chan struct{}   // closed by the step in which the target closes

	mu     sync.Mutex
	got    spec.Trace
	ended  bool // all that is wanted was seen
	marked bool // the event that ends the run was among it
}

// observe takes in a step. After the one that ends the run, what comes is either
// still in flight, a dispatch too many, or the answer to the request that we do
// not wait for.
func (w *watch) observe(s spec.Step) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case slices.Contains(w.unnamed, s.Kind):
		return
	case w.marked: // of the connection that brought the mark: how much of it comes before the close is chance
		return
	case w.ended && !w.held && !w.all && connects(s.Kind):
		return
	case s.Event != nil && w.mark != "" && s.Event.Data == w.mark:
		w.marked = true
		w.end()
		return
	case w.mark != "" && s.Kind == spec.Announce && w.got.Count(spec.Announce) >= w.most(spec.Announce):
		return // of the connection that brings the mark
	case len(w.got) > w.longest()+tooMany:
		w.end()
		return
	}
	w.got = append(w.got, s)
	if w.tell != nil {
		w.tell(s.Kind)
	}
	w.consider(s.Kind)
}

// unnamed returns the kinds of steps that c does not compare, whatever the target shows.
func unnamed(c cases.Case) []spec.Kind {
	var kinds []spec.Kind
	if !c.Comments {
		kinds = append(kinds, spec.Comment)
	}
	if !c.Retries {
		kinds = append(kinds, spec.Retry)
	}
	return kinds
}

// connects reports whether a step of that kind is about the connection.
func connects(kind spec.Kind) bool {
	return kind == spec.Fail || kind == spec.Reestablish || kind == spec.Announce
}

// consider ends the run when the step just taken in was its last.
func (w *watch) consider(kind spec.Kind) {
	if on := w.closeOn; on != nil && on.Step == kind && w.got.Count(kind) == on.Count && !w.ended {
		w.ended = true
		close(w.closed)
	}
	switch {
	case w.held:
	case kind == spec.Fail:
		w.ended = true
		time.AfterFunc(w.scale(afterFail), func() { w.over(errSeen) })
	case w.mark != "":
	case w.all:
		if len(w.got.Only(target.AllSteps()...)) >= w.longest() {
			w.end()
		}
	case kind == spec.Reestablish && (w.complete() || w.beyond()):
		w.end()
	}
}

// complete reports whether the steps seen are those of an acceptable trace that
// no other goes on from. What the events hold is the judge's.
func (w *watch) complete() bool {
	whole := false
	got := w.got.Only(target.AllSteps()...)
	for _, due := range w.due {
		if !slices.EqualFunc(got, due[:min(len(got), len(due))], sameKind) {
			continue
		}
		if len(due) > len(got) {
			return false
		}
		whole = true
	}
	return whole
}

func sameKind(a, b spec.Step) bool { return a.Kind == b.Kind }

// beyond reports whether the client has come to the end of its last connection,
// or past that, though not by an acceptable trace.
func (w *watch) beyond() bool {
	seen := w.got.Count(spec.Reestablish)
	for _, due := range w.due {
		n := due.Count(spec.Reestablish)
		if seen < n || seen == n && due.Count(spec.Fail) > 0 {
			return false
		}
	}
	return true
}

// most returns the largest number of steps of a kind in an acceptable trace.
func (w *watch) most(kind spec.Kind) int {
	n := 0
	for _, due := range w.due {
		n = max(n, due.Count(kind))
	}
	return n
}

func (w *watch) longest() int {
	n := 0
	for _, due := range w.due {
		n = max(n, len(due))
	}
	return n
}

func (w *watch) end() {
	w.ended = true
	w.over(errSeen)
}

// late takes in the steps that came after the end of the run: what follows a
// close is a departure.
func (w *watch) late(c Client, run string) {
	teller, ok := c.(interface{ Late() []target.LateStep })
	if !ok {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range teller.Late() {
		if s.Run == run && s.Closed {
			w.got = append(w.got, s.Step)
		}
	}
}

// hasMark reports whether the event that ends the run was seen.
func (w *watch) hasMark() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.marked
}

func (w *watch) seen() spec.Trace {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.got
}
