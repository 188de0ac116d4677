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

// Parse puts many streams, each cut into chunks, to a parser, and returns what
// it made of each, in their order. As many runs are open as the child declares:
// calls at the same time take turns. Where it breaks down, the streams open then
// are put again, one at a time, to a fresh process; a breakdown that none of
// them repeats is a Fault of the first. A child that is through with no stream
// for ParseTimeout, or twice that at most, hangs. The error says that nothing
// can be parsed (a [*target.Unreachable], or a [*target.Fault] for a target that
// is no parser), or is the cause of ctx. The results are then worth nothing.
func (p *Process) Parse(ctx context.Context, streams [][][]byte) ([]Parsed, error) {
	hello, err := p.Hello(ctx)
	if err != nil {
		return nil, err
	}
	if hello.Kind != target.Parser {
		return nil, &target.Fault{Reason: fmt.Sprintf("%s is of kind %s: streams are parsed by a target of kind %s", hello.Name, hello.Kind, target.Parser)}
	}
	out := make([]Parsed, len(streams))
	open, err := p.parseAll(ctx, streams, out, hello.Parallel)
	if err != nil {
		return nil, err
	}
	return out, p.parseAgain(ctx, streams, out, open)
}

// parseAll puts all streams, to as many processes as it takes, and returns which
// were open when one broke down.
func (p *Process) parseAll(ctx context.Context, streams [][][]byte, out []Parsed, parallel int) (open []int, err error) {
	for done := 0; done < len(streams); {
		n, err := p.put(ctx, streams[done:], out[done:], parallel)
		if err != nil {
			return nil, err
		}
		for i := range n {
			if brokenBy(out[done+i].Err) != nil {
				open = append(open, done+i)
			}
		}
		done += n
	}
	return open, nil
}

// parseAgain puts by itself each stream that was open when the child broke down.
func (p *Process) parseAgain(ctx context.Context, streams [][][]byte, out []Parsed, open []int) error {
	first, repeated := map[*target.Broken]int{}, map[*target.Broken]bool{}
	for _, i := range open {
		before := brokenBy(out[i].Err)
		if _, known := first[before]; !known {
			first[before] = i
		}
		out[i] = Parsed{}
		if _, err := p.put(ctx, streams[i:i+1], out[i:i+1], 1); err != nil {
			return err
		}
		if out[i].Err != nil {
			repeated[before] = true
		}
	}
	for before, i := range first {
		if !repeated[before] {
			out[i].Err = &target.Fault{Reason: fmt.Sprintf("the target %v, which did not happen again when its runs were put one at a time", before)}
		}
	}
	return nil
}

// put puts the streams to the child until all are over, or it breaks down, and
// returns how many it has put. Meanwhile the child is theirs: a stream that is put
// by itself is.
func (p *Process) put(ctx context.Context, streams [][][]byte, out []Parsed, parallel int) (int, error) {
	p.parsing.Lock()
	defer p.parsing.Unlock()
	c, err := p.current(ctx)
	if err != nil {
		return 0, err
	}
	b := newBatch(c, streams, out, parallel)
	b.pump(ctx)
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	return b.next, nil
}

func brokenBy(err error) *target.Broken {
	b, _ := errors.AsType[*target.Broken](err)
	return b
}
