package main

import (
	"context"
	"time"

	"github.com/launchdarkly/eventsource"

	"github.com/ssespec/ssespec/runner/adapters/go/wire"
)

// subscribe opens the Stream that o asks for, with the library's defaults for all else.
// One of the channels gets the outcome.
func subscribe(ctx context.Context, o wire.Order) (<-chan *eventsource.Stream, <-chan error) {
	connected, failed := make(chan *eventsource.Stream, 1), make(chan error, 1)
	go func() {
		stream, err := connect(ctx, o)
		if err != nil {
			failed <- err
			return
		}
		connected <- stream
	}()
	return connected, failed
}

func connect(ctx context.Context, o wire.Order) (*eventsource.Stream, error) {
	request, err := o.Request(ctx)
	if err != nil {
		return nil, err
	}
	options := []eventsource.StreamOption{eventsource.StreamOptionLastEventID(o.LastEventID)}
	if o.ReconnectionTime != nil {
		wait := time.Duration(*o.ReconnectionTime) * time.Millisecond
		options = append(options, eventsource.StreamOptionInitialRetry(wait))
	}
	return eventsource.SubscribeWithRequestAndOptions(request, options...)
}

// handedOut is e as the library's user sees it: its type is empty where the stream gave none.
func handedOut(e eventsource.Event) wire.Event {
	return wire.Event{Type: e.Event(), Data: e.Data(), LastEventID: e.(eventsource.EventWithLastID).LastEventID()}
}
