package reference

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A ClientVariant is [PlainClient] in a manner that is unusual and legal: no case
// may fail it, or warn.
type ClientVariant struct {
	Name string
	Text string

	says  func(*target.Hello)                 // changes what it says of itself
	shows func(spec.Step) (shown []spec.Step) // what it shows for a step
	legal []string                            // switches of the plain client that are no bugs
	pool  *http.Transport                     // of connections, for all of its runs
}

// ClientVariants returns all of them.
func ClientVariants() []ClientVariant {
	return []ClientVariant{
		{Name: "events-only", Text: "It shows events and nothing else.", says: showing(spec.Dispatch), shows: only(spec.Dispatch)},
		{Name: "no-announce", Text: "It does not tell of an open connection.", says: showing(spec.Dispatch, spec.Reestablish, spec.Fail), shows: never(spec.Announce)},
		{Name: "no-fail", Text: "It does not tell that it has given up.", says: showing(spec.Announce, spec.Dispatch, spec.Reestablish), shows: never(spec.Fail)},
		{Name: "nothing-given", Text: "It can be given a URL and nothing else.", says: lacking("last-event-id", "reconnection-time", "headers", "post", "close-in-callback", "comments", "retry"), shows: never(spec.Comment, spec.Retry)},
		{Name: "alone", Text: "It takes a dozen runs at a time.", says: func(h *target.Hello) { h.Parallel = 12 }},
		{Name: "one-pool", Text: "All of its runs share one pool of connections.", pool: &http.Transport{}},
		{Name: "accept-left-out", Text: "It does not say which type it accepts (dispute 11).", legal: []string{"accept-left-out"}},
		{Name: "more-headers", Text: "It sends headers of its own.", legal: []string{"more-headers"}},
		{Name: "backs-off", Text: "It waits longer each time that it comes back.", legal: []string{"backs-off"}},
		{Name: "five-seconds", Text: "It waits five seconds where it is not told how long.", says: lacking("reconnection-time"), legal: []string{"five-seconds"}},
		{Name: "back-where-it-led", Text: "After a redirect it comes back to where that led (dispute 3).", legal: []string{"back-where-it-led"}},
		{Name: "futile-gives-up", Text: "It gives up where it knows that trying again is futile (dispute 5).", legal: []string{"futile-gives-up"}},
		{Name: "repeats-below", Text: "Its HTTP layer repeats what was not answered, 408 and 421 (dispute 14).", legal: []string{"repeats-below"}},
	}
}

// Legal returns the switches of the plain client that make it.
func (v ClientVariant) Legal() []string { return slices.Clone(v.legal) }

func (v ClientVariant) client() PlainClient { return PlainClient{Bugs: v.legal, Pool: v.pool} }

// Hello says what the variant is.
func (v ClientVariant) Hello(ctx context.Context) (target.Hello, error) {
	h, err := v.client().Hello(ctx)
	if v.says != nil {
		v.says(&h)
	}
	return h, err
}

// Subscribe does as [PlainClient] does, in the manner of the variant.
func (v ClientVariant) Subscribe(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
	return v.client().Subscribe(ctx, sub, func(step spec.Step) {
		if v.shows == nil {
			observe(step)
			return
		}
		for _, s := range v.shows(step) {
			observe(s)
		}
	})
}

// showing lists the steps that it shows.
func showing(kinds ...spec.Kind) func(*target.Hello) {
	return func(h *target.Hello) { h.Steps = kinds }
}

// only leaves out steps of all other kinds.
func only(kind spec.Kind) func(spec.Step) []spec.Step {
	return func(s spec.Step) []spec.Step {
		if s.Kind != kind {
			return nil
		}
		return []spec.Step{s}
	}
}

// longDefault is the default reconnection time of a browser.
const longDefault = 5 * time.Second
