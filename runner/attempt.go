package runner

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// An attempt is one run: what was put, what was observed, and, once judged, the
// verdict.
type attempt struct {
	delivery string
	chunks   [][]byte
	want     spec.Trace // for this delivery: the model's, with its chunks
	got      spec.Trace
	err      error // of package target, or the time limit
	cuts     string
	network  // what was seen of it there
	elapsed  time.Duration

	verdict      Verdict
	reason       string
	rule         string
	offset       int
	outcome      string
	late         bool          // the only fault is that something came later than it should
	absent       bool          // it did not come back
	limited      bool          // the time limit ended the run
	lost         time.Duration // this machine stood still for that long during it
	round        int           // which repetition
	explanations []spec.Act
	stderr       string
}

// Why a run was closed by us.
var (
	errSeen      = errors.New("everything due was observed")
	errStorm     = errors.New("a storm of requests")
	errTimeLimit = errors.New("time limit")
)

// tooMany is how many steps beyond those that are due are kept of one run.
const tooMany = 1000

// afterFail is how long a target may take to say end after it has failed.
const afterFail = 2 * time.Second

// attempt puts one delivery of one case to the target. What is still to be
// watched after the run is left in its rest.
func (k *check) attempt(ctx context.Context, j job) attempt {
	script, err := j.c.Script.Deliver(j.delivery)
	if err != nil {
		return attempt{delivery: j.delivery, round: j.round, err: &target.Fault{Reason: err.Error()}}
	}
	a := attempt{delivery: j.delivery, round: j.round, cuts: "exact", want: script.Trace()}
	a.chunks, _ = script.Stream()
	sub := k.subscription(j)
	run, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	limit := time.AfterFunc(k.timeout(), func() { cancel(errTimeLimit) })
	defer limit.Stop()

	w := &watch{unnamed: unnamed(j.c), over: cancel, scale: k.scaled, closeOn: sub.CloseOn, closed: make(chan struct{})}
	for _, o := range j.acceptable {
		w.due = append(w.due, o.Expect.Only(k.hello.Shown()...))
	}
	start := time.Now()
	if k.hello.Kind == target.Parser {
		sub.Chunks = a.chunks
		k.announce(a.chunks)
		a.err = k.client.Subscribe(run, sub, w.observe)
	} else {
		a.err = k.overNetwork(ctx, run, script, sub, j, w, &a)
	}
	a.elapsed = time.Since(start)
	if a.got == nil {
		a.got = w.seen()
	}
	k.noteLimit(run, &a)
	return a
}

// announce shows the chunks of a parser to whoever debugs: they go in one line.
func (k *check) announce(chunks [][]byte) {
	if k.Before == nil {
		return
	}
	for _, c := range chunks {
		k.Before(c)
	}
}

// noteLimit records that the time limit ended the run. Who owed the end by
// itself has hung; a client is judged by what it showed.
func (k *check) noteLimit(run context.Context, a *attempt) {
	if a.limited = errors.Is(context.Cause(run), errTimeLimit); !a.limited {
		return
	}
	var b *target.Broken
	switch {
	case errors.As(a.err, &b):
	case k.hello.Kind == target.Client:
		a.err = errTimeLimit
	default:
		a.err = &target.Broken{How: target.Hung, Detail: "no end within the time limit of " + k.timeout().String()}
	}
}

func (k *check) subscription(j job) target.Subscription {
	s := j.c.Subscribe
	sub := target.Subscription{
		Run: strconv.FormatInt(k.runs.Add(1), 10), Types: j.types,
		LastEventID: s.LastEventID, ReconnectionTime: s.ReconnectionTime, Headers: s.Headers,
		Method: s.Method, Body: string(s.Body), WithCredentials: s.WithCredentials, Check: j.c.Check(),
	}
	if k.hurried(j.plan) {
		sub.ReconnectionTime = new(int64(hurry / time.Millisecond))
	}
	if s.CloseOn != "" {
		sub.CloseOn = &target.CloseOn{Step: s.CloseOn, Count: s.CloseCount}
	}
	return sub
}
