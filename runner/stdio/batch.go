package stdio

import (
	"context"
	"encoding/base64"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A batch is many streams on their way through one child: the caller writes
// them, many lines at once, and the reader fills in what comes back. No
// goroutine waits for a single one of them.
type batch struct {
	c        *child
	streams  [][][]byte
	out      []Parsed
	parallel int

	next  int    // the stream that is opened next; the caller's
	lines []byte // that wait to be written; the caller's

	freed chan struct{} // told when half of the places are free, or more
	mu    sync.Mutex
	open  int // streams
	over  int // streams
}

func newBatch(c *child, streams [][][]byte, out []Parsed, parallel int) *batch {
	return &batch{c: c, streams: streams, out: out, parallel: max(parallel, 1), freed: make(chan struct{}, 1)}
}

// pump puts the streams until all are over, or the child has broken down. When
// ctx ends it opens no more, and leaves the child CloseTimeout for the others.
func (b *batch) pump(ctx context.Context) {
	limit, ended, before := b.c.p.parseTimeout(), ctx.Done(), 0
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for b.fill(ctx); b.openNow() > 0; b.fill(ctx) {
		select {
		case b.due() <- b.lines:
			b.lines = nil
		case <-b.freed:
		case <-ended:
			ended, limit = nil, b.c.p.closeTimeout()
			timer.Reset(limit)
		case <-timer.C:
			over := b.overNow()
			if over == before {
				b.c.breakDown(target.Hung, fmt.Sprintf("was through with no stream for %v", limit))
			}
			before = over
			timer.Reset(limit)
		}
	}
}

// due is where the lines go, nil while there are none.
func (b *batch) due() chan<- []byte {
	if len(b.lines) == 0 {
		return nil
	}
	return b.c.out
}

// fill opens streams while there are places, and a write that is not long enough.
func (b *batch) fill(ctx context.Context) {
	if ctx.Err() != nil || len(b.lines) > 0 {
		return
	}
	for places := b.parallel - b.openNow(); places > 0 && b.next < len(b.streams) && len(b.lines) < piece; places-- {
		b.out[b.next] = Parsed{}
		if err := b.begin(b.next); err != nil {
			b.out[b.next].Err = err
		}
		b.next++
	}
}

// begin opens one stream.
func (b *batch) begin(i int) error {
	id := b.c.p.runID()
	end := len(b.lines)
	b.lines = appendParse(b.lines, id, b.streams[i])
	if size := len(b.lines) - end - 1; size > b.c.limits.Line {
		b.lines = b.lines[:end]
		return tooLong(id, size, b.c.limits.Line)
	}
	b.count(1, 0)
	if _, err := b.c.open(id, time.Now(), &place{b: b, i: i}); err != nil {
		b.count(-1, 0)
		b.lines = b.lines[:end]
		return err
	}
	return nil
}

// appendParse appends the line that opens a run whose id JSON need not escape.
func appendParse(line []byte, run string, chunks [][]byte) []byte {
	line = append(line, `{"parse":{"run":"`...)
	line = append(line, run...)
	line = append(line, `","chunks":[`...)
	for i, chunk := range chunks {
		if i > 0 {
			line = append(line, ',')
		}
		line = append(line, '"')
		line = base64.StdEncoding.AppendEncode(line, chunk)
		line = append(line, '"')
	}
	return append(line, "]}}\n"...)
}

// runID returns an id that no run of a Parse call had before.
func (p *Process) runID() string { return "parse-" + strconv.FormatUint(p.runs.Add(1), 36) }

// count adds to the streams that are open, and to those that are over.
func (b *batch) count(open, over int) {
	b.mu.Lock()
	b.open += open
	b.over += over
	wake := over > 0 && b.open <= b.parallel/2
	b.mu.Unlock()
	if !wake {
		return
	}
	select {
	case b.freed <- struct{}{}:
	default: // told already
	}
}

func (b *batch) openNow() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.open
}

func (b *batch) overNow() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.over
}

// A place is the listener of one stream of a batch.
type place struct {
	b     *batch
	i     int
	bytes int // of the steps that are kept
}

// What is kept of one stream beyond what any reading of it can give: of every byte
// a step, and a little memory.
const (
	moreSteps = 1000
	keptBytes = 16 << 20
)

// hear keeps a step. After a fault the trace is worth nothing.
func (p *place) hear(rep report, _ <-chan struct{}) {
	out := &p.b.out[p.i]
	switch {
	case out.Err != nil:
	case rep.err != nil:
		out.Err = rep.err
	case p.floods(rep.step):
		p.b.c.breakDown(target.Garbage, fmt.Sprintf("flood: %d steps of a stream of %d bytes, and more", len(out.Trace), p.size()))
	default:
		rep.step.At = 0
		out.Trace = append(out.Trace, rep.step)
	}
}

// floods reports whether one step more is more than is kept.
func (p *place) floods(s spec.Step) bool {
	p.bytes += len(s.Text)
	if e := s.Event; e != nil {
		p.bytes += len(e.Type) + len(e.Data) + len(e.LastEventID)
	}
	return p.bytes > keptBytes || len(p.b.out[p.i].Trace) >= p.size()+moreSteps
}

// size is the number of bytes of the stream.
func (p *place) size() (n int) {
	for _, chunk := range p.b.streams[p.i] {
		n += len(chunk)
	}
	return n
}

// over ends the stream. That the child broke down says more than a fault.
func (p *place) over(err error) {
	if err != nil {
		p.b.out[p.i].Err = err
	}
	p.b.count(-1, 1)
}
