package stdio

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A Parsed is what a parser made of one stream. Err is nil, or of package
// target: Unimplemented, Fault, or a Broken that the stream brings about by
// itself, after the steps of Trace. No step has a time.
type Parsed struct {
	Trace spec.Trace
	Err   error
}

// Parse puts many streams, each cut into chunks, to a parser, and returns what
// it made of each, in their order. As many runs are open as the child declares.
// Where it breaks down, the streams open then are put again, one at a time, to
// a fresh process, and then the rest; a breakdown that none of them repeats is
// a Fault of the first. A child with runs open that writes nothing for
// ParseTimeout hangs. The error says that nothing can be parsed (a
// [*target.Unreachable], or a [*target.Fault] for a target that is no parser),
// or is the cause of ctx: the results are then worth nothing.
func (p *Process) Parse(ctx context.Context, streams [][][]byte) ([]Parsed, error) {
	hello, err := p.Hello(ctx)
	if err != nil {
		return nil, err
	}
	if hello.Kind != target.Parser {
		return nil, &target.Fault{Reason: fmt.Sprintf("%s is of kind %s: streams are parsed by a target of kind %s", hello.Name, hello.Kind, target.Parser)}
	}
	b := &batch{p: p, streams: streams, parsed: make([]Parsed, len(streams))}
	b.putAll(ctx, max(hello.Parallel, 1))
	b.putAgain(ctx)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return b.parsed, b.unreachable()
}

// A batch is a Parse call at work.
type batch struct {
	p       *Process
	streams [][][]byte
	parsed  []Parsed
}

// putAll puts every stream, so many at a time.
func (b *batch) putAll(ctx context.Context, parallel int) {
	queue := make(chan int)
	var workers sync.WaitGroup
	for range min(parallel, len(b.streams)) {
		workers.Go(func() {
			for i := range queue {
				b.put(ctx, i)
			}
		})
	}
	for i := range b.streams {
		queue <- i
	}
	close(queue)
	workers.Wait()
}

// put puts one stream.
func (b *batch) put(ctx context.Context, i int) {
	if ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, b.p.parseTimeout())
	defer cancel()
	var out Parsed
	sub := target.Subscription{Run: b.p.runID(), Chunks: b.streams[i]}
	out.Err = b.p.Subscribe(ctx, sub, func(s spec.Step) {
		s.At = 0
		out.Trace = append(out.Trace, s)
	})
	b.parsed[i] = out
}

// putAgain puts by itself each stream that was open when the child broke down.
func (b *batch) putAgain(ctx context.Context) {
	first := map[*target.Broken]int{}
	repeated := map[*target.Broken]bool{}
	for i := range b.parsed {
		before := brokenBy(b.parsed[i].Err)
		if before == nil || ctx.Err() != nil {
			continue
		}
		if _, known := first[before]; !known {
			first[before] = i
		}
		b.put(ctx, i)
		if brokenBy(b.parsed[i].Err) != nil {
			repeated[before] = true
		}
	}
	for how, i := range first {
		if !repeated[how] && b.parsed[i].Err == nil {
			b.parsed[i].Err = &target.Fault{Reason: fmt.Sprintf("the target %v, which did not happen again when its runs were put one at a time", how)}
		}
	}
}

// unreachable returns why the child could not be started again, nil if it could.
func (b *batch) unreachable() error {
	for _, out := range b.parsed {
		if u, is := errors.AsType[*target.Unreachable](out.Err); is {
			return u
		}
	}
	return nil
}

func brokenBy(err error) *target.Broken {
	b, _ := errors.AsType[*target.Broken](err)
	return b
}

// runID returns an id that no run of this process had before.
func (p *Process) runID() string { return strconv.FormatUint(p.runs.Add(1), 36) }
