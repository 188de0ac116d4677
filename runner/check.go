package runner

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/runner/target"
)

// A check is one suite under way at one target.
type check struct {
	*Runner
	client  Client
	hello   target.Hello
	origin  *origin.Origin
	own     bool // origin is ours to close
	runs    atomic.Int64
	workers sync.WaitGroup

	lag      lag
	watching sync.WaitGroup // what is watched of runs that are over for the target

	mu     sync.Mutex
	again  []job // runs that were open when the target broke down
	voided []job // runs of which this machine did not see enough
	ended  int   // runs that came to an end
}

// givenUp is how often a target may break down before it has completed one run.
const givenUp = 5

// hopeless reports whether there is no use in going on: the target breaks down
// again and again, and has never completed a run.
func (k *check) hopeless() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	seen := map[*target.Broken]bool{}
	for _, j := range k.again {
		seen[j.broken] = true
	}
	return k.ended == 0 && len(seen) >= givenUp
}

// A job is one delivery of one case.
type job struct {
	*plan
	delivery string
	round    int
	broken   *target.Broken // how the target broke down the first time
}

// begin says hello and opens the origin. The check is to be closed also after
// an error.
func (r *Runner) begin(ctx context.Context, c Client) (*check, error) {
	k := &check{Runner: r, client: c, origin: r.Origin}
	hello, err := c.Hello(ctx)
	if err != nil {
		return k, err
	}
	k.hello = hello
	if hello.Kind != target.Parser {
		k.workers.Go(func() { k.lag.watch(ctx) })
	}
	if k.origin != nil || hello.Kind == target.Parser {
		return k, nil
	}
	return k, k.listen()
}

// listen opens an origin of our own.
func (k *check) listen() error {
	o, err := origin.Listen(cmp.Or(k.Listen, "127.0.0.1:0"))
	if err != nil {
		return err
	}
	o.TimeScale, o.Advertise, o.Before = k.TimeScale, k.Advertise, k.Before
	k.origin, k.own = o, true
	return nil
}

// close waits for the workers and closes what begin opened.
func (k *check) close() {
	k.workers.Wait()
	if k.own {
		k.origin.Close()
	}
}

// start puts all jobs, as many at once as the target can take, first those that
// wait, so that they wait beside each other and beside all the rest; then, with nothing
// beside them, long streams, since a target that is busy with one has no time for
// others; then, one at a time, those that were open when it broke down; and last
// those of which this machine did not see enough.
func (k *check) start(ctx context.Context, plans []*plan) {
	if k.parallel() > 1 { // who takes one at a time waits for each, so that the order is free
		plans = slices.SortedStableFunc(slices.Values(plans), func(a, b *plan) int { return cmp.Compare(b.waits, a.waits) })
	}
	var ordinary, long []*plan
	for _, p := range plans {
		if p.large() {
			long = append(long, p)
		} else {
			ordinary = append(ordinary, p)
		}
	}
	k.workers.Go(func() {
		k.putAll(ctx, k.parallel(), ordinary)
		k.putAll(ctx, 1, long)
		k.putAgain(ctx)
		k.putVoided(ctx)
	})
}

// putAll puts every delivery of plans, n at once.
func (k *check) putAll(ctx context.Context, n int, plans []*plan) {
	jobs := make(chan job)
	var workers sync.WaitGroup
	for range n {
		workers.Go(func() {
			for j := range jobs {
				k.put(ctx, j)
			}
		})
	}
	k.feed(ctx, jobs, plans)
	workers.Wait()
}

// mostParallel bounds the runs that are open at once, whatever a target declares.
const mostParallel = 256

func (k *check) parallel() int {
	n := min(max(k.hello.Parallel, 1), mostParallel)
	if k.Runner.Parallel > 0 {
		n = min(n, k.Runner.Parallel)
	}
	return n
}

// feed hands out the jobs. What is not put any more is dropped: all of it when
// the target is hopeless, further deliveries of a case that broke it down twice.
func (k *check) feed(ctx context.Context, jobs chan<- job, plans []*plan) {
	defer close(jobs)
	for _, p := range plans {
		for n := range len(p.deliveries) * p.rounds {
			if p.broke() >= 2 || k.hopeless() {
				p.drop()
				continue
			}
			select {
			case jobs <- job{plan: p, delivery: p.deliveries[n%len(p.deliveries)], round: n / len(p.deliveries)}:
			case <-ctx.Done():
				return
			}
		}
	}
}

// put runs one job. A run during which the target breaks down is kept for later:
// any of the open ones may have done it.
func (k *check) put(ctx context.Context, j job) {
	var a attempt
	lost := k.lag.during(func() { a = k.attempt(ctx, j) })
	a.lost = lost
	if ctx.Err() != nil {
		return
	}
	var b *target.Broken
	if errors.As(a.err, &b) {
		j.broken = b
		j.breaks()
		k.mu.Lock()
		k.again = append(k.again, j)
		k.mu.Unlock()
		return
	}
	k.mu.Lock()
	k.ended++
	k.mu.Unlock()
	if a.rest == nil {
		k.settle(ctx, j, a)
		return
	}
	k.watching.Go(func() { // the target is free for other runs
		lost += k.lag.during(func() { a = a.complete() })
		if a.lost = lost; ctx.Err() == nil {
			k.settle(ctx, j, a)
		}
	})
}

// whole is an attempt with all that is to be watched of it.
func (k *check) whole(ctx context.Context, j job) (a attempt) {
	lost := k.lag.during(func() { a = k.attempt(ctx, j).complete() })
	a.lost = lost
	return a
}

// complete watches what is still to be watched of a run that is over.
func (a attempt) complete() attempt {
	if a.rest != nil {
		a.rest(&a)
		a.rest = nil
	}
	return a
}

// settle judges an attempt. One whose only fault is that something came late is
// put once more: the machine may have been busy. Where it surely was, that waits.
func (k *check) settle(ctx context.Context, j job, a attempt) {
	a = k.judge(j.plan, a)
	if a.late && !k.void(j.plan, a) {
		if again := k.judge(j.plan, k.whole(ctx, j)); ctx.Err() == nil {
			a = again
		}
	}
	switch {
	case !k.void(j.plan, a):
		j.add(a)
	case !k.postpone(j):
		j.add(a.stalled())
	}
}

// putAgain runs each kept job by itself. One that breaks the target again fails;
// the others keep what they get; a breakdown that none repeats is an error.
func (k *check) putAgain(ctx context.Context) {
	results := make([]attempt, len(k.again))
	repeated := map[*target.Broken]bool{}
	for i, j := range k.again {
		if i > 0 && k.hopeless() {
			results[i].err = j.broken // the first was put again, and that is enough
			continue
		}
		results[i] = k.whole(ctx, j)
		if ctx.Err() != nil {
			return
		}
		var b *target.Broken
		if errors.As(results[i].err, &b) {
			repeated[j.broken] = true
		}
	}
	for i, j := range k.again {
		a := k.judge(j.plan, results[i])
		if b := j.broken; !repeated[b] && a.verdict != Fail { // a failure says more
			repeated[b] = true // said once
			a.verdict, a.reason, a.stderr = Error, "the target "+b.Error()+", which did not happen again when its runs were put one at a time", b.Stderr
		}
		j.add(a)
	}
}

// plan makes the list of what is to be put.
func (k *check) plan(suite []cases.Case) []*plan {
	plans := make([]*plan, len(suite))
	for i, c := range suite {
		plans[i] = k.planCase(c)
	}
	return plans
}
