package reference

import (
	"context"
	"slices"
	"strings"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// Plain is a second client, written from the standard alone and as plainly as
// can be, with bugs on switches: Bugs names the [Mutants] that are switched on,
// any number of them. The zero value conforms. It shares nothing with the model
// of package spec but the words for what was observed. As a target it is a
// parser.
type Plain struct{ Bugs []string }

// Trace returns what the client shows when s is played to it as it is written:
// no network, no time. Comments and retries are included.
func (p Plain) Trace(s cases.Script) spec.Trace {
	var t spec.Trace
	c := connections{bugs: p.Bugs, memory: new(memory), observe: func(step spec.Step) { t = append(t, step) }}
	for _, next := range s.Connections {
		c.play(next)
	}
	return t
}

// Hello says that p is a parser that shows whatever one stream can show.
func (p Plain) Hello(context.Context) (target.Hello, error) {
	return target.Hello{
		Protocol: target.Protocol, Kind: target.Parser, Name: named(p.Bugs), Language: "Go",
		Capabilities: []string{"comments", "retry", "types-any"}, Parallel: 64,
	}, nil
}

// named is the name under which a client with those bugs goes.
func named(bugs []string) string {
	return strings.TrimSuffix("plain with "+strings.Join(bugs, ", "), " with ")
}

// Subscribe feeds the chunks of sub one by one, and then the end of the stream.
func (p Plain) Subscribe(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
	s := p.Stream(observe)
	for _, chunk := range sub.Chunks {
		if ctx.Err() != nil {
			return nil
		}
		s.Feed(chunk)
	}
	s.End()
	return nil
}

// Stream begins to interpret one event stream. Each step is observed with the
// number of the chunk (from 0) during which it was taken; the number of the
// chunks means the end.
func (p Plain) Stream(observe func(spec.Step)) *Stream {
	return newStream(p.Bugs, new(memory), observe)
}

// bugs are the switches that are on. Each name is asked for in one place: the
// line that it bends.
type bugs []string

func (b bugs) has(name string) bool { return slices.Contains(b, name) }

// memory is what a client keeps from one stream to the next.
type memory struct{ lastEventID string }
