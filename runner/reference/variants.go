package reference

import (
	"context"
	"slices"
	"strings"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A Variant is the plain client in a manner that is unusual and legal: no case
// may fail it, or warn. As a target it is a parser.
type Variant struct {
	Name string
	Text string

	says  func(*target.Hello)                 // changes what it says of itself
	shows func(spec.Step) (shown []spec.Step) // what it shows for a step
	opens bool                                // it shows steps of a connection, though a parser has none
	bugs  []string                            // departures that a dispute leaves open
}

// Variants returns all of them.
func Variants() []Variant {
	return []Variant{
		{Name: "no-comments", Text: "It has nowhere to show comments.", says: lacking("comments"), shows: never(spec.Comment)},
		{Name: "no-retry", Text: "It has nowhere to show reconnection times.", says: lacking("retry"), shows: never(spec.Retry)},
		{Name: "dispatch-only", Text: "It shows events and nothing else.", says: lacking("comments", "retry"), shows: never(spec.Comment, spec.Retry)},
		{Name: "unlisted", Text: "It shows comments and reconnection times without saying so.", says: lacking("comments", "retry")},
		{Name: "opens-and-ends", Text: "It shows steps of a connection that it has not listed.", opens: true},
		{Name: "no-chunks", Text: "It does not know during which chunk it took a step.", shows: unknownChunk},
		{Name: "comment-stripped", Text: "Comments are shown without the space after the colon.", shows: stripped},
		{Name: "alone", Text: "It takes one run at a time.", says: func(h *target.Hello) { h.Parallel = 0 }},
		{Name: "retry-empty-zero", Text: "An empty reconnection time is 0 (dispute 7).", bugs: []string{"retry-empty-zero"}},
		{Name: "retry-empty-default", Text: "An empty reconnection time is the default (dispute 7).", bugs: []string{"retry-empty-default"}},
	}
}

// Hello says what the variant is.
func (v Variant) Hello(ctx context.Context) (target.Hello, error) {
	h, err := Plain{}.Hello(ctx)
	if v.says != nil {
		v.says(&h)
	}
	return h, err
}

// Subscribe interprets the chunks of sub and shows the steps in its manner.
func (v Variant) Subscribe(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
	if v.opens {
		observe(spec.Step{Kind: spec.Announce, Chunk: -1})
		defer observe(spec.Step{Kind: spec.Reestablish, Chunk: -1})
	}
	return Plain{Bugs: v.bugs}.Subscribe(ctx, sub, func(step spec.Step) {
		steps := []spec.Step{step}
		if v.shows != nil {
			steps = v.shows(step)
		}
		for _, s := range steps {
			observe(s)
		}
	})
}

// lacking takes capabilities back.
func lacking(capabilities ...string) func(*target.Hello) {
	return func(h *target.Hello) {
		h.Capabilities = slices.DeleteFunc(slices.Clone(h.Capabilities), func(c string) bool { return slices.Contains(capabilities, c) })
	}
}

// never leaves out steps of these kinds.
func never(kinds ...spec.Kind) func(spec.Step) []spec.Step {
	return func(s spec.Step) []spec.Step {
		if slices.Contains(kinds, s.Kind) {
			return nil
		}
		return []spec.Step{s}
	}
}

func unknownChunk(s spec.Step) []spec.Step {
	s.Chunk = -1
	return []spec.Step{s}
}

func stripped(s spec.Step) []spec.Step {
	if s.Kind == spec.Comment {
		s.Text = strings.TrimPrefix(s.Text, " ")
	}
	return []spec.Step{s}
}
