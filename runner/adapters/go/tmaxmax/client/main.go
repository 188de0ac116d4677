// Command client adapts the Client of github.com/tmaxmax/go-sse: URL in, events out (kind "client").
package main

import (
	"context"
	"time"

	"github.com/tmaxmax/go-sse"

	"github.com/ssespec/ssespec/runner/adapters/go/wire"
)

func main() {
	wire.Hello("github.com/tmaxmax/go-sse", wire.Line{"kind": "client", "name": "tmaxmax/go-sse Client", "parallel": 32,
		"steps":        []string{"dispatch", "reestablish", "fail"}, // nobody is told of a connection that is open
		"capabilities": []string{"reestablish", "reconnection-time", "headers", "types-any"}})
	wire.Serve(run)
}

// run connects with the library's defaults. The type of an event without one stays empty, as the
// library documents. Its callbacks run in order on this goroutine. When Connect returns, it has given up,
// with or without an error.
func run(ctx context.Context, order wire.Order) {
	request, err := order.Request(ctx)
	if err != nil {
		wire.Tell(order.Run, "fail", err)
		return
	}
	client := &sse.Client{OnRetry: func(err error, _ time.Duration) { wire.Tell(order.Run, "reestablish", err) }}
	client.Backoff.Jitter = 1e-9 // by default half of each time, both ways: what is sooner than it may be would be so now and then
	if wait := order.ReconnectionTime; wait != nil {
		client.Backoff.InitialInterval = time.Duration(*wait) * time.Millisecond
	}
	connection := client.NewConnection(request)
	connection.SubscribeToAll(func(e sse.Event) { wire.Dispatch(order.Run, handedOut(e), nil) })
	if err := connection.Connect(); ctx.Err() == nil {
		wire.Tell(order.Run, "fail", err)
	}
}

func handedOut(e sse.Event) wire.Event {
	return wire.Event{Type: e.Type, Data: e.Data, LastEventID: e.LastEventID}
}
