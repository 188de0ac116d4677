package runner

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/origin"
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
	unmarked bool  // the client never came back for the mark
	cuts     string
	requests []origin.Request
	wire     []origin.Packet
	elapsed  time.Duration

	verdict      Verdict
	reason       string
	rule         string
	offset       int
	outcome      string
	round        int // which repetition
	explanations []spec.Act
	stderr       string
}

// Why a run was closed by us.
var (
	errSeen      = errors.New("everything due was observed")
	errTimeLimit = errors.New("time limit")
)

// tooMany is how many steps beyond those that are due are kept of one run.
const tooMany = 1000

// afterFail is how long a target may take to say end after it has failed.
const afterFail = 2 * time.Second

// attempt puts one delivery of one case to the target.
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

	w := &watch{due: a.want.Only(k.hello.Shown()...), over: cancel, scale: k.scaled}
	start := time.Now()
	if k.hello.Kind == target.Parser {
		sub.Chunks = a.chunks
		k.announce(a.chunks)
		a.err = k.client.Subscribe(run, sub, w.observe)
	} else {
		a.err = k.overNetwork(run, script, sub, w, &a)
	}
	a.elapsed, a.got = time.Since(start), w.seen()
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
	if !errors.Is(context.Cause(run), errTimeLimit) {
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
	if s.CloseOn != "" {
		sub.CloseOn = &target.CloseOn{Step: s.CloseOn, Count: s.CloseCount}
	}
	return sub
}

// mark is the data of the event that ends a run where no reestablish can be seen.
const mark = "ssespec-end-"

// overNetwork plays the script while the target is subscribed to it.
func (k *check) overNetwork(ctx context.Context, s cases.Script, sub target.Subscription, w *watch, a *attempt) error {
	if k.marked() && w.due.Count(spec.Fail) == 0 {
		w.mark = mark + sub.Run
		s.Connections = append(s.Connections[:len(s.Connections):len(s.Connections)], cases.One([]byte("data: "+w.mark+"\n\n")).Connections...)
	}
	play := k.origin.Play(ctx, s)
	defer play.Close()
	w.dispatched, sub.URL = play.Dispatched, play.URL()
	err := k.client.Subscribe(ctx, sub, w.observe)
	a.requests, a.wire, a.cuts = play.Requests(), play.Wire(), play.Cuts()
	a.unmarked = w.mark != "" && !w.hasEnded()
	return err
}

// marked reports whether a run at this target ends by an event of ours.
func (k *check) marked() bool {
	return k.hello.Kind == target.Client && k.shows(spec.Reestablish) == 0
}

func (k *check) shows(kind spec.Kind) int {
	n := 0
	for _, s := range k.hello.Shown() {
		if s == kind {
			n++
		}
	}
	return n
}

// A watch collects the steps of one run and ends it by order, not by waiting.
type watch struct {
	due        spec.Trace // what is wanted of the kinds that the target shows
	mark       string     // data of the event that ends the run, "" for none
	over       context.CancelCauseFunc
	scale      func(time.Duration) time.Duration
	dispatched func() // tells the play that an event was seen

	mu    sync.Mutex
	got   spec.Trace
	ended bool // all that is wanted was seen
}

// observe takes in a step. After the reestablish that completes the wanted
// number, what comes is either still in flight, a dispatch too many, or the
// answer to the request that we do not wait for.
func (w *watch) observe(s spec.Step) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.ended && (s.Kind == spec.Fail || s.Kind == spec.Reestablish || s.Kind == spec.Announce):
		return
	case s.Event != nil && w.mark != "" && s.Event.Data == w.mark:
		w.end()
		return
	case w.mark != "" && s.Kind == spec.Announce && w.got.Count(spec.Announce) == w.due.Count(spec.Announce):
		return // of the connection that brings the mark
	case len(w.got) > len(w.due)+tooMany:
		w.end()
		return
	}
	w.got = append(w.got, s)
	switch s.Kind {
	case spec.Dispatch:
		if w.dispatched != nil {
			w.dispatched()
		}
	case spec.Reestablish:
		if w.mark == "" && w.got.Count(spec.Reestablish) == w.due.Count(spec.Reestablish) && w.due.Count(spec.Fail) == 0 {
			w.end()
		}
	case spec.Fail:
		w.ended = true
		time.AfterFunc(w.scale(afterFail), func() { w.over(errSeen) })
	}
}

func (w *watch) end() {
	w.ended = true
	w.over(errSeen)
}

// hasEnded reports whether the run came to its end: the mark, a fail, or more than enough.
func (w *watch) hasEnded() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ended
}

func (w *watch) seen() spec.Trace {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.got
}
