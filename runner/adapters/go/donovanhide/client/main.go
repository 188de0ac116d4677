// Command client adapts the Stream of github.com/donovanhide/eventsource: URL in, events out (kind "client").
package main

import (
	"context"

	"github.com/donovanhide/eventsource"

	"github.com/ssespec/ssespec/runner/adapters/go/wire"
)

func main() {
	wire.Hello("github.com/donovanhide/eventsource", wire.Line{"kind": "client", "name": "donovanhide/eventsource Stream",
		"parallel":     32,
		"steps":        []string{"dispatch", "reestablish", "fail"}, // a Stream does not tell when it has connected again
		"capabilities": []string{"reestablish", "last-event-id", "headers", "types-any"}})
	wire.Serve(run)
}

// run tells what the Stream does. An Event carries the id of its own block, and an empty one where there
// was none or it was reset: nobody can tell, and nothing says who keeps the last one, so it is told as it is.
func run(ctx context.Context, order wire.Order) {
	request, err := order.Request(context.Background()) // not ctx, whose end would look like a lost connection
	if err != nil {
		wire.Tell(order.Run, "fail", err)
		return
	}
	stream, err := eventsource.SubscribeWithRequest(order.LastEventID, request)
	if err != nil { // a Stream gives up only when its first connection fails
		wire.Tell(order.Run, "fail", err)
		return
	}
	for waiting := false; ; {
		select {
		case e := <-stream.Events:
			waiting = false
			wire.Dispatch(order.Run, wire.Event{Type: e.Event(), Data: e.Data(), LastEventID: e.Id()}, nil)
		case err := <-stream.Errors: // "the stream will always attempt to continue"
			waiting = true
			wire.Tell(order.Run, "reestablish", err)
		case <-ctx.Done():
			if waiting { // Close would have a reconnect under way send on a closed channel, and end the process (stream.go:193)
				go drain(stream)
				return
			}
			stream.Close() // closes both channels: no step can come any more
			return
		}
	}
}

// drain lets a stream that cannot be closed go on without anybody.
func drain(stream *eventsource.Stream) {
	for {
		select {
		case <-stream.Events:
		case <-stream.Errors:
		}
	}
}
