package wire

import (
	"context"
	"time"
)

// grace is how long a library may take to come back after the runner's close, which wants its
// answer within two seconds. What it says after that is told all the same: it is what the runner looks for.
const grace = time.Second

// Serve calls run for each subscribe order, at the same time. ctx ends when the runner closes.
// The end of the run is said when run has returned.
func Serve(run func(ctx context.Context, order Order)) {
	closes := map[string]context.CancelFunc{}
	for verb, order := range Orders() {
		if verb == "close" {
			closes[order.Run]()
			delete(closes, order.Run)
			continue
		}
		ctx, cancel := context.WithCancel(context.Background())
		closes[order.Run] = cancel
		go serve(ctx, order, run)
	}
}

func serve(ctx context.Context, order Order, run func(context.Context, Order)) {
	over := make(chan struct{})
	go func() {
		defer close(over)
		run(ctx, order)
	}()
	select {
	case <-over:
	case <-ctx.Done():
		select {
		case <-over:
		case <-time.After(grace):
		}
	}
	End(order.Run)
}
