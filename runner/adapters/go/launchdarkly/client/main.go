// Command client adapts the Stream of github.com/launchdarkly/eventsource: URL in, events out (kind "client").
package main

import (
	"context"
	"github.com/launchdarkly/eventsource"
	"github.com/ssespec/ssespec/runner/adapters/go/wire"
	"time"
)

func main() {
	wire.Hello("github.com/launchdarkly/eventsource", wire.Line{"kind": "client", "name": "launchdarkly/eventsource", "parallel": 32,
		"steps": []string{"dispatch", "reestablish", "fail"}, "capabilities": []string{"reestablish", "last-event-id", "reconnection-time", "headers", "types-any"}})
	wire.Serve(run)
}

// run tells what a Stream does by default: it gives up only when its first connection fails, and tells no reconnect.
func run(ctx context.Context, order wire.Order) {
	connecting, abort := context.WithCancel(context.Background()) // not ctx, whose end would look like a lost connection
	connected := context.AfterFunc(ctx, abort)
	stream, err := connect(connecting, order)
	if connected(); err != nil && ctx.Err() == nil {
		wire.Tell(order.Run, "fail", err)
	} else if err == nil {
		go hear(order.Run, stream) // also after the close: a step that comes nevertheless is what the runner looks for
		<-ctx.Done()
		stream.Close()
	}
}

func connect(ctx context.Context, o wire.Order) (*eventsource.Stream, error) {
	request, err := o.Request(ctx)
	options := []eventsource.StreamOption{eventsource.StreamOptionLastEventID(o.LastEventID)}
	if ms := o.ReconnectionTime; ms != nil {
		options = append(options, eventsource.StreamOptionInitialRetry(time.Duration(*ms)*time.Millisecond))
	}
	if err != nil {
		return nil, err
	}
	return eventsource.SubscribeWithRequestAndOptions(request, options...)
}

// hear tells each event as the library's user sees it: its type is empty where the stream gave none.
func hear(run string, stream *eventsource.Stream) {
	for errs := stream.Errors; ; {
		select {
		case e, open := <-stream.Events:
			if !open {
				return
			}
			wire.Dispatch(run, wire.Event{Type: e.Event(), Data: e.Data(), LastEventID: e.(eventsource.EventWithLastID).LastEventID()}, nil)
		case err, open := <-errs:
			if !open {
				errs = nil
			} else {
				wire.Tell(run, "reestablish", err)
			}
		}
	}
}
