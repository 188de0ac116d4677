package stdio

import (
	"context"
	"errors"
	"fmt"

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

// ErrNotPut says of a stream that nobody knows what the parser makes of it: ctx
// ended first, or MostBroken was reached.
var ErrNotPut = errors.New("not put: the call was over before")

// Parse puts many streams, each cut into chunks, to a parser, and returns what
// it made of each, in their order. As many runs are open as the child declares:
// calls at the same time take turns. Where it breaks down, the streams open then
// are put again, one at a time, to a fresh process; a breakdown that none of
// them repeats is a Fault of the first. A child that is through with no stream
// for ParseTimeout, or twice that at most, hangs. The error says that nothing
// can be parsed (a [*target.Unreachable], or a [*target.Fault] for a target that
// is no parser), or is the cause of ctx. The streams that were not over by then
// have [ErrNotPut].
func (p *Process) Parse(ctx context.Context, streams [][][]byte) ([]Parsed, error) {
	hello, err := p.Hello(ctx)
	if err != nil {
		return nil, err
	}
	if hello.Kind != target.Parser {
		return nil, &target.Fault{Reason: fmt.Sprintf("%s is of kind %s: streams are parsed by a target of kind %s", hello.Name, hello.Kind, target.Parser)}
	}
	a := &parsing{p: p, streams: streams, out: make([]Parsed, len(streams)), parallel: hello.Parallel}
	for i := range a.out {
		a.out[i].Err = ErrNotPut
	}
	for done := 0; done < len(streams) && err == nil && !a.enough(); {
		done, err = a.from(ctx, done)
	}
	return a.out, err
}

// A parsing is one call of Parse.
type parsing struct {
	p        *Process
	streams  [][][]byte
	out      []Parsed
	parallel int
	broke    int // times that the child broke down
}

// enough reports whether it broke down as often as is borne.
func (a *parsing) enough() bool { return a.p.MostBroken > 0 && a.broke >= a.p.MostBroken }

// from puts the streams from one on to one process, and again by itself each that
// was open when it broke down. It returns which is next.
func (a *parsing) from(ctx context.Context, first int) (next int, err error) {
	n, fresh, err := a.p.put(ctx, a.streams[first:], a.out[first:], a.parallel)
	var open []int
	for i := first; i < first+n; i++ {
		if brokenBy(a.out[i].Err) != nil {
			open = append(open, i)
		}
	}
	if len(open) == 0 || err != nil {
		a.forget(open)
		return first + n, err
	}
	a.broke++
	if fresh && n == 1 {
		return first + n, nil // it was by itself
	}
	return first + n, a.again(ctx, open)
}

// again puts by itself each stream that was open when the child broke down.
func (a *parsing) again(ctx context.Context, open []int) error {
	before, repeated := brokenBy(a.out[open[0]].Err), false
	a.forget(open)
	for _, i := range open {
		if a.broke > 1 && a.enough() {
			return nil
		}
		if _, _, err := a.p.put(ctx, a.streams[i:i+1], a.out[i:i+1], 1); err != nil {
			a.forget([]int{i})
			return err
		}
		if brokenBy(a.out[i].Err) != nil {
			a.broke++
		}
		repeated = repeated || a.out[i].Err != nil
	}
	if !repeated {
		a.out[open[0]].Err = &target.Fault{Reason: fmt.Sprintf("the target %v, which did not happen again when its runs were put one at a time", before)}
	}
	return nil
}

// forget takes back what is not known to be of these streams.
func (a *parsing) forget(list []int) {
	for _, i := range list {
		a.out[i] = Parsed{Err: ErrNotPut}
	}
}

// put puts the streams to the child until all are over, or it breaks down, and
// returns how many it has put, and whether the child is one that was given nothing
// before. Meanwhile the child is theirs: a stream that is put by itself is.
func (p *Process) put(ctx context.Context, streams [][][]byte, out []Parsed, parallel int) (n int, fresh bool, err error) {
	p.parsing.Lock()
	defer p.parsing.Unlock()
	c, err := p.current(ctx)
	if err != nil {
		return 0, false, err
	}
	fresh = c.heard.Load() == 0
	b := newBatch(c, streams, out, parallel)
	b.pump(ctx)
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return b.next, fresh, err
}

func brokenBy(err error) *target.Broken {
	b, _ := errors.AsType[*target.Broken](err)
	return b
}
