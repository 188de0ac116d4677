package runner

import (
	"context"
	"slices"
	"time"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// network is what was seen of one run on the network. rest is what is still to
// be watched when the run is over for the target; nil is nothing.
type network struct {
	requests []origin.Request
	wire     []origin.Packet
	count    int           // requests, with those that were not answered
	over     time.Duration // when the run was over for the target
	storm    bool
	held     []origin.Hold
	marked   bool // the event that ends the run was seen
	open     bool // the client has not left a connection after its close
	rest     func(*attempt)
}

const (
	mark    = "ssespec-end-"         // begins the data of the event that ends a run where no reestablish can be seen
	hurry   = time.Millisecond       // the reconnection time given to those that can take one
	beyond  = 500 * time.Millisecond // waited beyond the reconnection time for what must not come
	leaving = time.Second            // for a client to leave its connections after close
	telling = 5 * time.Second        // for a target to tell of the mark, which it asks again and again after
)

// overNetwork plays the script while the target is subscribed to it. run ends
// with the run, ctx with the check.
func (k *check) overNetwork(ctx, run context.Context, s cases.Script, sub target.Subscription, j job, w *watch, a *attempt) error {
	play := k.origin.Play(ctx, k.playable(s))
	e := k.ending(j.plan)
	w.held, w.all, w.tell = e.hold > 0, e.all, play.Observed
	if e.mark {
		w.mark = mark + sub.Run
		play.Then(cases.One([]byte("data: " + w.mark + "\n\n")).Connections[0])
	}
	sub.URL = play.URL()
	if j.c.Subscribe.URL != "" {
		sub.URL = play.Place(j.c.Subscribe.URL)
	}
	mind, stop := context.WithCancel(ctx)
	minded := k.mind(mind, play, j.plan, w, e.hold)
	err := k.client.Subscribe(run, sub, w.observe)
	a.over, a.marked = play.Now(), w.hasMark()
	rest := func(a *attempt) {
		defer play.Close()
		defer stop()
		k.watchOut(ctx, play, j.plan, minded)
		if j.closes() {
			w.late(k.client, sub.Run)
			a.got = w.seen()
		}
		a.open = e.all && !k.leaves(ctx, play, j.played.Answers())
		a.cuts = play.Cuts()
		a.collect(play)
	}
	if j.c.Requests.For > 0 || e.all {
		a.rest = rest // nobody else has to wait for it
	} else {
		rest(a)
	}
	return err
}

// closes reports whether the case is about what follows close.
func (p *plan) closes() bool {
	return p.c.Requests.Closed || p.c.Subscribe.CloseOn != "" || hangs(p.c.Script)
}

// An ending is how a run ends where it is not ended by a step: after it was held
// for a time, when all that is due was seen, or by an event of ours. A held run
// may also end by the event.
type ending struct {
	hold      time.Duration
	all, mark bool
}

func (k *check) ending(p *plan) ending {
	fails := !slices.Contains(k.hello.Shown(), spec.Fail) && slices.ContainsFunc(p.acceptable, endsInFail)
	switch {
	case k.hello.Kind != target.Client:
		return ending{}
	case p.c.Requests.For > 0 && !p.c.Requests.Closed:
		return ending{hold: p.c.Requests.For}
	case p.c.Subscribe.CloseOn != "":
		return ending{hold: beyond}
	case hangs(p.c.Script):
		return ending{all: true}
	case k.marks() && p.played.Answers() == 0: // no event of ours can reach the client
		return ending{hold: k.reconnectionTime(p) + beyond}
	case fails:
		return ending{hold: k.reconnectionTime(p) + beyond, mark: k.marks() && slices.ContainsFunc(p.acceptable, goesOn)}
	}
	return ending{mark: k.marks()}
}

// marks reports whether a run at this target ends by an event of ours.
func (k *check) marks() bool { return !slices.Contains(k.hello.Shown(), spec.Reestablish) }

// endsInFail reports whether the client has given up in the end.
func endsInFail(o cases.Outcome) bool {
	n := len(o.Expect)
	return n > 0 && o.Expect[n-1].Kind == spec.Fail
}

// goesOn reports whether the client comes back in the end.
func goesOn(o cases.Outcome) bool { return !endsInFail(o) }

// hangs reports whether the last connection of the script stays open.
func hangs(s cases.Script) bool {
	n := len(s.Connections)
	return n > 0 && s.Connections[n-1].End == "hang"
}

// reconnectionTime returns what a client would wait at the end of the case.
func (k *check) reconnectionTime(p *plan) time.Duration {
	if k.hurried(p) {
		return hurry
	}
	return min(p.played.Time, spec.DefaultReconnectionTime)
}

// waits returns how long a run of the case takes whatever the target does: the
// reconnection times, and for how long it is watched that nothing follows.
func (k *check) waits(p *plan) time.Duration {
	if k.hello.Kind != target.Client {
		return 0
	}
	e := k.ending(p)
	sum := max(e.hold, p.c.Requests.For)
	if e.mark {
		sum += k.reconnectionTime(p)
	}
	for _, r := range p.played.Requests {
		if r.After != spec.DefaultReconnectionTime || !k.hurried(p) {
			sum += r.After
		}
	}
	return sum
}

// hurried reports whether the target is given a short reconnection time, so that
// nothing waits that need not: where it would wait for a time of its own, which
// the case sets none for and is not about.
func (k *check) hurried(p *plan) bool {
	waits := k.marks() || slices.ContainsFunc(p.played.Requests, func(r cases.Asked) bool { return r.After == spec.DefaultReconnectionTime })
	switch {
	case k.hello.Kind != target.Client, !k.hello.Can("reconnection-time"), p.c.Subscribe.ReconnectionTime != nil:
		return false
	case slices.Contains(p.c.Clauses, "state-reconnection-time-initial"), p.c.Requests.For > 0:
		return false
	}
	return waits
}

// playable returns s without waiting for what the target cannot show.
func (k *check) playable(s cases.Script) cases.Script {
	shown := k.hello.Shown()
	hidden := func(p cases.Part) bool { return p.Await != "" && !slices.Contains(shown, spec.Kind(p.Await)) }
	connections := slices.Clone(s.Connections)
	for i := range connections {
		connections[i].Body = slices.DeleteFunc(slices.Clone(connections[i].Body), hidden)
	}
	return cases.Script{Connections: connections}
}

// mind ends the run when it was held for its time, which begins when as much of
// the script was played as the model plays, or the target has closed; and when
// the client storms. What it returns is closed then.
func (k *check) mind(ctx context.Context, play *origin.Play, p *plan, w *watch, hold time.Duration) <-chan struct{} {
	minded := make(chan struct{})
	k.workers.Go(func() {
		defer close(minded)
		switch begins(ctx, play, w, hold, p.played.Answers()) {
		case errSeen:
		case errStorm:
			if w.mark != "" { // it may have been read, and not been told of yet
				wait(ctx, k.scaled(telling), nil)
			}
			w.over(errStorm)
			return
		default:
			return
		}
		wait(ctx, k.scaled(hold), play.Storm())
		k.awaitDue(ctx, w)
		if n, _ := play.Finished(); w.mark != "" && n > p.played.Answers() { // it was sent, and is on its way
			k.awaitMark(ctx, w)
		}
		w.over(errSeen)
	})
	return minded
}

// awaitDue waits while what is due still comes: the target may be slower than we are.
func (k *check) awaitDue(ctx context.Context, w *watch) {
	for before := 0; ctx.Err() == nil && before < len(w.seen()) && len(w.seen()) < w.longest(); {
		before = len(w.seen())
		wait(ctx, k.scaled(beyond), nil)
	}
}

// awaitMark waits for the event that ends the run, as long as others come before it.
func (k *check) awaitMark(ctx context.Context, w *watch) {
	for before := -1; ctx.Err() == nil && before < len(w.seen()); {
		before = len(w.seen())
		wait(ctx, k.scaled(telling), nil)
	}
}

// begins waits until a hold begins: errSeen. Before that the client may storm,
// or the run may end, which is the error of ctx.
func begins(ctx context.Context, play *origin.Play, w *watch, hold time.Duration, due int) error {
	for {
		n, changed := play.Finished()
		if hold > 0 && n >= due {
			return errSeen
		}
		select {
		case <-changed:
		case <-w.closed:
			return errSeen
		case <-play.Storm():
			return errStorm
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// wait waits for d, until ctx ends or until done is closed.
func wait(ctx context.Context, d time.Duration, done <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-done:
	case <-ctx.Done():
	}
}

// watchOut watches whether more requests come when the run is over.
func (k *check) watchOut(ctx context.Context, play *origin.Play, p *plan, minded <-chan struct{}) {
	if requests := p.c.Requests; requests.Closed {
		wait(ctx, k.scaled(requests.For), play.Storm())
	} else if requests.For > 0 {
		wait(ctx, k.scaled(requests.For), minded)
	}
}

// leaves waits until the client has left the connections that were left hanging;
// it is false when the time for that is over.
func (k *check) leaves(ctx context.Context, play *origin.Play, due int) bool {
	timer := time.NewTimer(k.scaled(leaving))
	defer timer.Stop()
	for {
		finished, changed := play.Finished()
		if open, _ := play.Hanging(); finished >= due && open == 0 {
			return true
		}
		select {
		case <-changed:
		case <-timer.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// collect takes over what the play has seen. A storm that began after the event
// which ended the run is none of it.
func (n *network) collect(play *origin.Play) {
	n.requests, n.wire, n.count, n.held = play.Requests(), play.Wire(), play.Count(), play.Held()
	select {
	case <-play.Storm():
		n.storm = !n.marked
	default:
	}
}
