// Command client adapts the Stream of github.com/launchdarkly/eventsource: URL in, events out (kind "client").
package main

import (
	"context"

	"github.com/launchdarkly/eventsource"

	"github.com/ssespec/ssespec/runner/adapters/go/wire"
)

func main() {
	wire.Hello("github.com/launchdarkly/eventsource", wire.Line{"kind": "client", "name": "launchdarkly/eventsource", "parallel": 32,
		"steps":        []string{"dispatch", "reestablish", "fail"}, // a Stream does not tell when it has connected again
		"capabilities": []string{"reestablish", "last-event-id", "reconnection-time", "headers", "types-any"}})
	closes := map[string]context.CancelFunc{}
	for verb, order := range wire.Orders() {
		if verb == "close" {
			closes[order.Run]()
			continue
		}
		ctx, cancel := context.WithCancel(context.Background())
		closes[order.Run] = cancel
		go run(ctx, order)
	}
}

// run tells what the Stream does, in that order, until it is over. It goes on listening after ctx,
// the runner's close, has ended: a step that comes nevertheless is what the runner looks for.
func run(ctx context.Context, order wire.Order) {
	connecting, abort := context.WithCancel(context.Background()) // not ctx, whose end would look like a lost connection
	defer abort()
	connected, failed := subscribe(connecting, order)
	stream := &eventsource.Stream{} // with channels that are nil, so silent, until connected
	for closed := ctx.Done(); ; {
		select {
		case stream = <-connected:
		case err := <-failed: // by default a Stream gives up only when its first connection fails
			wire.Say(wire.Line{"run": order.Run, "step": "fail", "message": err.Error()})
			wire.Say(wire.Line{"run": order.Run, "step": "end"})
		case event, open := <-stream.Events:
			if !open {
				return
			}
			wire.Dispatch(order.Run, handedOut(event), nil)
		case err, open := <-stream.Errors: // by default a Stream tries again after each
			if open {
				wire.Say(wire.Line{"run": order.Run, "step": "reestablish", "message": err.Error()})
			}
		case <-closed:
			if closed = nil; stream.Events == nil {
				wire.Say(wire.Line{"run": order.Run, "step": "end"})
				return
			}
			stream.Close()
			wire.Say(wire.Line{"run": order.Run, "step": "end"})
		}
	}
}
