package browser

import (
	"context"
	"errors"
	"iter"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A Batch puts many streams to a browser, and holds what it makes of them against
// a model.
type Batch struct {
	Hear   func(ctx context.Context, streams [][]byte) ([]Heard, error)
	Again  func(ctx context.Context, stream []byte) (spec.Trace, error) // puts one as a case is put
	Model  func(stream []byte) spec.Trace
	Quirks []Quirk
	Seen   func(Tally) // when set, is told from time to time how far it is
}

// A Departure is a stream of which the browser made something else than the model.
type Departure struct {
	Number int // of the stream, from 0
	Stream []byte
	Want   spec.Trace
	Got    spec.Trace // in the batch
	Again  spec.Trace // alone
	Broken string     // how the browser broke down over it, alone; "" when it did not
}

// Repeats reports whether the browser departs alone as well.
func (d Departure) Repeats() bool { return d.Broken != "" || !d.Again.Equal(d.Want) }

// A Tally is what came of a batch.
type Tally struct {
	Streams  int // that were put
	Together int // of them between others on one connection
	Elapsed  time.Duration
	Known    map[string][]int // the numbers of the streams that a cause explains
	New      []Departure      // that nothing explains
	Stopped  bool             // there were too many to go on
}

const (
	batchSize  = 500  // streams that are put at once
	inFlight   = 2    // times that many
	maxSuspect = 2000 // streams that are put again alone
	maxBroken  = 10   // browsers that break down over one stream
)

// Compare puts streams to the browser. What departs from the model is explained by
// quirks, or else put again alone. The error is that of the browser or of ctx, and
// the tally that of what was put until then.
func (b Batch) Compare(ctx context.Context, streams iter.Seq[[]byte]) (Tally, error) {
	c := comparison{Batch: b, tally: Tally{Known: map[string][]int{}}}
	start := time.Now()
	err := c.put(ctx, streams)
	c.tally.Elapsed = time.Since(start)
	if err == nil {
		err = c.again(ctx)
	}
	return c.tally, err
}

// A comparison is one call of Compare.
type comparison struct {
	Batch
	tally    Tally
	suspects []suspect
}

// A suspect is a stream that is to be put again alone.
type suspect struct {
	Departure
	lost   bool     // nothing is known of it yet
	causes []string // what explains it, when it is put again for being their first
}

// A part of the streams was put at once.
type part struct {
	streams [][]byte
	heard   []Heard
	err     error
}

// put puts the streams, some parts ahead of what is judged.
func (c *comparison) put(ctx context.Context, streams iter.Seq[[]byte]) error {
	ctx, cancel := context.WithCancel(ctx)
	var working sync.WaitGroup
	defer working.Wait()
	defer cancel()
	parts := make(chan chan part, inFlight-1)
	working.Go(func() {
		defer close(parts)
		for s := range inParts(streams) {
			p := make(chan part, 1)
			select {
			case parts <- p:
			case <-ctx.Done():
				return
			}
			working.Go(func() {
				p <- c.hear(ctx, s)
			})
		}
	})
	for p := range parts {
		if err := c.judge(<-p); err != nil || c.tally.Stopped {
			return err
		}
	}
	return ctx.Err()
}

// hear puts streams at once, and once more when the browser broke down: it may have
// been over others, or for reasons of its own.
func (c *comparison) hear(ctx context.Context, streams [][]byte) part {
	heard, err := c.Hear(ctx, streams)
	if errors.As(err, new(*target.Broken)) {
		heard, err = c.Hear(ctx, streams)
	}
	return part{streams, heard, err}
}

// inParts returns the streams in slices that are put at once.
func inParts(streams iter.Seq[[]byte]) iter.Seq[[][]byte] {
	return func(yield func([][]byte) bool) {
		var s [][]byte
		for stream := range streams {
			if s = append(s, stream); len(s) == batchSize {
				if !yield(s) {
					return
				}
				s = nil
			}
		}
		if len(s) > 0 {
			yield(s)
		}
	}
}

// judge compares a part with the model. When the browser broke down over it twice,
// each stream is to be put again alone: one of them may have been too much.
func (c *comparison) judge(p part) error {
	switch {
	case errors.As(p.err, new(*target.Broken)):
		p.heard = slices.Repeat([]Heard{{Lost: true}}, len(p.streams))
	case p.err != nil:
		return p.err
	}
	for i, h := range p.heard {
		c.note(p.streams[i], h)
	}
	c.tally.Stopped = len(c.suspects) > maxSuspect
	if c.Seen != nil {
		c.Seen(c.tally)
	}
	return nil
}

// note notes what was heard of the next stream.
func (c *comparison) note(stream []byte, h Heard) {
	d := Departure{Number: c.tally.Streams, Stream: stream, Want: c.Model(stream), Got: h.Trace}
	c.tally.Streams++
	if h.Together {
		c.tally.Together++
	}
	causes, known := c.explain(stream, h)
	first := slices.ContainsFunc(causes, func(cause string) bool { return c.tally.Known[cause] == nil })
	if known {
		c.count(d.Number, causes)
	}
	if !known || first {
		c.suspects = append(c.suspects, suspect{d, h.Lost, causes})
	}
}

func (c *comparison) count(number int, causes []string) {
	for _, cause := range causes {
		c.tally.Known[cause] = append(c.tally.Known[cause], number)
	}
}

// explain reports whether what was heard is what the model shows, or which quirks
// together make it that; of several ways one with the fewest.
func (c *comparison) explain(stream []byte, h Heard) (causes []string, known bool) {
	if h.Lost {
		return nil, false
	}
	for n := range len(c.Quirks) + 1 {
		for set := range uint(1) << len(c.Quirks) {
			if bits.OnesCount(set) != n {
				continue
			}
			if causes, rewritten := c.rewritten(stream, set); c.shown(rewritten, h.Together).Equal(h.Trace) {
				return causes, true
			}
		}
	}
	return nil, false
}

// rewritten returns the stream as the quirks in set have it.
func (c *comparison) rewritten(stream []byte, set uint) (causes []string, rewritten []byte) {
	for i, q := range c.Quirks {
		if set&(1<<i) != 0 {
			causes, stream = append(causes, q.Reason), q.Rewrite(stream)
		}
	}
	return causes, stream
}

// shown is what the model shows of a rewritten stream, or what of that is heard of
// it between others.
func (c *comparison) shown(rewritten []byte, together bool) spec.Trace {
	trace := c.Model(rewritten)
	for i, s := range trace {
		if s.Event != nil && strings.Contains(s.Event.LastEventID, takenNUL) {
			e := *s.Event
			e.LastEventID = strings.ReplaceAll(e.LastEventID, takenNUL, "\x00")
			trace[i].Event = &e
		}
	}
	if together {
		return trace.Only(spec.Dispatch)
	}
	return trace
}

// again puts each suspect alone, up to too many that are more than the browser can
// take.
func (c *comparison) again(ctx context.Context) error {
	breakdowns := 0
	for _, s := range c.suspects {
		var broken *target.Broken
		trace, err := c.Again(ctx, s.Stream)
		switch {
		case errors.As(err, &broken):
			s.Broken = broken.Error()
			breakdowns++
		case err != nil:
			return err
		}
		s.Again = trace
		c.settle(s)
		if breakdowns == maxBroken {
			c.tally.Stopped = true
			break
		}
	}
	return nil
}

// settle decides on a suspect that was put again: one of which nothing was known is
// what it is alone, and one that was explained must show the same alone.
func (c *comparison) settle(s suspect) {
	causes, known := c.explain(s.Stream, Heard{Trace: s.Again})
	switch known = known && s.Broken == ""; {
	case known && s.lost:
		c.count(s.Number, causes)
	case known && s.causes != nil && slices.Equal(causes, s.causes):
	default:
		c.tally.New = append(c.tally.New, s.Departure)
	}
}
