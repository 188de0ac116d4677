package runner

import (
	"context"
	"iter"
	"time"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A Client is a target that turns streams into events.
type Client interface {
	// Hello says what the target is. It may be called more than once.
	Hello(context.Context) (target.Hello, error)
	// Subscribe opens sub and reports each step as it is observed, in order,
	// until the run is over for the target. When ctx ends it closes the run and
	// reports what was still on its way. Errors are those of package target.
	Subscribe(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error
}

// DefaultTimeout is the time limit of one run.
const DefaultTimeout = 30 * time.Second

// Runner puts cases to a target. The zero value works.
type Runner struct {
	Timeout    time.Duration  // of one run; 0 is DefaultTimeout
	TimeScale  float64        // stretches every time limit; 0 is 1
	Parallel   int            // caps what the target declares; 0 does not
	Seed       uint64         // draws the random cuts
	Deliveries []string       // nil: those that fit the target
	All        bool           // every delivery also over the network
	Repeat     int            // how often each delivery is put; 0 is once
	Origin     *origin.Origin // nil: one of our own while a check lasts
	Listen     string         // where that listens; "" is 127.0.0.1:0
	Advertise  string         // the URL that targets are told in its place
	// Before, when set, is called before each chunk of a body is sent and holds
	// it up until it returns: for debugging.
	Before func(chunk []byte)
}

// CheckClient puts every case of the suite to c, several at once, and yields the
// results in the order of the suite as they become known. Breaking off cancels
// what is under way; when ctx ends, only what was complete by then is yielded.
func (r *Runner) CheckClient(ctx context.Context, c Client, suite []cases.Case) iter.Seq[Result] {
	return func(yield func(Result) bool) {
		ctx, cancel := context.WithCancel(ctx)
		k, err := r.begin(ctx, c)
		defer k.close()
		defer cancel()
		if err != nil {
			broken(suite, err, yield)
			return
		}
		plans := k.plan(suite)
		k.start(ctx, plans)
		for _, p := range plans {
			if p.complete(ctx) && !yield(p.result()) {
				return
			}
		}
	}
}

// broken yields an error for each case: the target did not even say hello.
func broken(suite []cases.Case, err error, yield func(Result) bool) {
	for _, c := range suite {
		if !yield(Result{Case: c, Verdict: Error, Reason: err.Error(), Offset: -1}) {
			return
		}
	}
}

func (r *Runner) timeout() time.Duration {
	d := r.Timeout
	if d == 0 {
		d = DefaultTimeout
	}
	return r.scaled(d)
}

func (r *Runner) scaled(d time.Duration) time.Duration {
	if r.TimeScale == 0 {
		return d
	}
	return time.Duration(float64(d) * r.TimeScale)
}
