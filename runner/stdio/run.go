package stdio

import (
	"context"
	"fmt"
	"time"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A run is one that is open, or stands in for one that is not.
type run struct {
	id       string
	start    time.Time
	stray    bool // not open: stands in for an id that nobody waits for
	closed   bool // we asked for its end; the child's lock guards it
	listener listener

	lines, bytes int // the reader's
}

// A listener is told what its run shows. Only the reader calls it.
type listener interface {
	// hear takes a step or a fault. Until it returns, or dead is closed, the child
	// waits.
	hear(rep report, dead <-chan struct{})

	// over is the last call: nil means end.
	over(err error)
}

// A queue is the listener of a Subscribe call, which empties it.
type queue struct {
	reports chan report
	gone    chan struct{} // closed when Subscribe has left
	err     error         // after reports is closed: nil means end
}

func newQueue() *queue {
	return &queue{reports: make(chan report, 64), gone: make(chan struct{})}
}

// hear waits for Subscribe to take rep: memory is bounded by making the child
// wait, not by the size of a queue.
func (q *queue) hear(rep report, dead <-chan struct{}) {
	select {
	case q.reports <- rep:
	case <-q.gone:
	case <-dead:
	}
}

func (q *queue) over(err error) {
	q.err = err
	close(q.reports)
}

// count adds a line of n bytes and reports whether that is within l.
func (r *run) count(n int, l Limits) bool {
	r.lines++
	r.bytes += n
	return r.lines <= l.Steps && r.bytes <= l.Bytes
}

// open makes id known to the reader.
func (c *child) open(id string, start time.Time, l listener) (*run, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.runs == nil:
		return nil, c.ending()
	case c.runs[id] != nil:
		return nil, &target.Fault{Reason: fmt.Sprintf("run %q is open already", id)}
	}
	r := &run{id: id, start: start, listener: l}
	c.runs[id] = r
	c.past.lost = nil // a target that adds one line to each of a million runs floods nobody
	return r, nil
}

// run returns the open run of that id, else one that stands for all that are not open.
func (c *child) run(id string) *run {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.runs[id]; r != nil {
		return r
	}
	return c.past.stray(id)
}

// end is the reader's: the run is over, for the reason err.
func (c *child) end(r *run, err error) {
	c.forget(r)
	r.listener.over(err)
}

// leave is Subscribe's: nobody takes the reports of r any more.
func (c *child) leave(r *run, q *queue) {
	c.forget(r)
	close(q.gone)
}

func (c *child) forget(r *run) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.runs[r.id] == r {
		delete(c.runs, r.id)
		c.past.add(r)
	}
}

// A following is a Subscribe call that waits for the end of its run.
type following struct {
	c       *child
	r       *run
	q       *queue
	observe func(spec.Step)
	ended   <-chan struct{}  // the caller's context; nil once close is due
	out     chan<- []byte    // nil unless close waits to be queued
	closing []byte           // the line
	late    <-chan time.Time // no end until then: hung, unless the child is busy
	heard   int64            // the lines of the child when late was set
	delays  int              // how often it was set again
	fault   error
}

// mostDelays bounds how often an end may be late because the child is busy with
// the lines of this and other runs.
const mostDelays = 10

// follow observes r until its end.
func (c *child) follow(ctx context.Context, r *run, q *queue, observe func(spec.Step)) error {
	f := &following{c: c, r: r, q: q, observe: observe, ended: ctx.Done()}
	for {
		select {
		case rep, more := <-q.reports:
			if !more {
				return f.outcome()
			}
			f.take(rep)
		case <-f.ended:
			f.beginClose()
		case f.out <- f.closing:
			f.out = nil
		case <-f.late:
			if f.fault != nil {
				return f.fault
			}
			if f.busy() {
				continue
			}
			f.late = nil
			c.breakDown(target.Hung, fmt.Sprintf("run %q: no end within %v of close", r.id, c.p.closeTimeout()))
		}
	}
}

// busy reports whether the child has said anything since the end of the run was
// due, and then waits for that end once more: what it says takes its time.
func (f *following) busy() bool {
	heard := f.c.heard.Load()
	if heard == f.heard || f.delays == mostDelays {
		return false
	}
	f.heard, f.late = heard, time.After(f.c.p.closeTimeout())
	f.delays++
	return true
}

// take observes a step. After a fault the trace is worth nothing, and only the
// end is waited for, so that the adapter lets go of the run.
func (f *following) take(rep report) {
	switch {
	case rep.err != nil && f.fault == nil:
		f.fault = rep.err
		f.beginClose()
	case f.fault == nil:
		f.observe(rep.step)
	}
}

// beginClose asks the adapter to close the run. The line waits its turn beside
// the steps: a child that is blocked on its output must still be read.
func (f *following) beginClose() {
	f.ended = nil
	if f.late != nil {
		return
	}
	f.heard, f.late = f.c.heard.Load(), time.After(f.c.p.closeTimeout())
	f.c.mu.Lock()
	f.r.closed = true
	f.c.mu.Unlock()
	line, err := closing(f.r.id, f.c.limits.Line)
	if err != nil {
		f.fault = err
		return
	}
	f.closing, f.out = line, f.c.out
}

func (f *following) outcome() error {
	if f.fault != nil {
		return f.fault
	}
	return f.q.err
}
