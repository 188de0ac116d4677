// Command r3labs adapts the Client of github.com/r3labs/sse/v2: URL in, events out (kind "stream-reader").
package main

import (
	"context"

	"github.com/r3labs/sse/v2"
	"gopkg.in/cenkalti/backoff.v1"

	"github.com/ssespec/ssespec/runner/adapters/go/wire"
)

func main() {
	// Subscribe reconnects after errors alone: the clean end of a body is the end of it (client.go:216).
	// So it reads one connection, and is no EventSource.
	wire.Hello("github.com/r3labs/sse/v2", wire.Line{"kind": "stream-reader", "name": "r3labs/sse", "parallel": 32,
		"steps":        []string{"dispatch", "fail"},
		"capabilities": []string{"last-event-id", "headers", "types-any"}})
	wire.Serve(run)
}

// run subscribes with the library's defaults but one: after an error it would come back for ever, and
// a stream reader is through. Subscribe returns nil after the end of a body, which is the end of the
// run and no failure.
func run(ctx context.Context, order wire.Order) {
	client := sse.NewClient(order.URL)
	client.ReconnectStrategy = &backoff.StopBackOff{}
	for name, value := range order.Headers {
		client.Headers[name] = value
	}
	if order.LastEventID != "" {
		client.LastEventID.Store([]byte(order.LastEventID))
	}
	err := client.SubscribeRawWithContext(ctx, func(e *sse.Event) {
		wire.Dispatch(order.Run, wire.Event{Type: string(e.Event), Data: string(e.Data), LastEventID: string(e.ID)}, nil)
	})
	if err != nil && ctx.Err() == nil {
		wire.Tell(order.Run, "fail", err)
	}
}
