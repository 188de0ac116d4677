package service

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

const (
	maxSteps    = 100_000  // of one stream
	maxWaiting  = 1000     // callbacks that wait for one before them
	waitingSize = 64 << 20 // bytes of them
)

// A stream is one run: the callbacks of it, put in order.
type stream struct {
	ordered chan message
	left    chan struct{} // closed when nobody takes messages any more

	mu      sync.Mutex
	next    int
	waiting map[int]message
	size    int
}

func newStream() *stream {
	return &stream{ordered: make(chan message), left: make(chan struct{}), next: 1, waiting: map[int]message{}}
}

// leave lets go of the callbacks that wait to be taken.
func (st *stream) leave() { close(st.left) }

// take puts a callback in its place and hands on those whose turn it is. The
// service is made to wait, not our memory to grow.
func (st *stream) take(m message) {
	st.mu.Lock()
	defer st.mu.Unlock()
	_, twice := st.waiting[m.number]
	switch {
	case m.number == 0:
		st.hand(m)
		return
	case m.number < st.next || twice:
		st.hand(message{err: fault("calls back with the number %d twice", m.number)})
		return
	case len(st.waiting) == maxWaiting || st.size+m.size > waitingSize:
		st.hand(message{err: fault("calls back so many messages without number %d", st.next)})
		return
	}
	st.waiting[m.number] = m
	st.size += m.size
	st.release()
}

// release hands on the callbacks that follow those handed on before.
func (st *stream) release() {
	for m, found := st.waiting[st.next]; found; m, found = st.waiting[st.next] {
		delete(st.waiting, st.next)
		st.size -= m.size
		st.next++
		st.hand(m)
	}
}

func (st *stream) hand(m message) {
	select {
	case st.ordered <- m:
	case <-st.left:
	}
}

// missing says that a callback never came though later ones did.
func (st *stream) missing() error {
	st.mu.Lock()
	defer st.mu.Unlock()
	if len(st.waiting) == 0 {
		return nil
	}
	return fault("never calls back with the number %d, though with later ones", st.next)
}

// order is what the service is told to open the stream.
func (s *Service) order(token string, sub target.Subscription) order {
	body := sub.Body
	if sub.BodyBase64 != nil {
		body = string(sub.BodyBase64)
	}
	return order{StreamURL: sub.URL, CallbackURL: s.Callback + prefix + token, Tag: "ssespec run " + sub.Run,
		InitialDelayMs: sub.ReconnectionTime, LastEventID: sub.LastEventID, Headers: sub.Headers, Method: sub.Method, Body: body}
}

// An opening is what came of the order to open a stream.
type opening struct {
	at  string // where the stream is told of
	err error
}

// follow opens the stream and observes it until ctx ends, or it is seen that
// nothing more can come of it; then it ends the stream. Steps may come before
// the service has answered the order.
func (s *Service) follow(ctx context.Context, st *stream, o order, types []string, observe func(spec.Step)) error {
	opened := make(chan opening, 1)
	go func() { opened <- s.begin(o, types) }()
	err := st.observe(ctx, opened, observe)
	st.leave() // who waits to be taken holds what missing wants
	return first(err, s.finish(opened), st.missing())
}

// begin opens the stream and tells it the types. Until that is done no body may
// be sent to it.
func (s *Service) begin(o order, types []string) opening {
	ctx := context.Background() // each call has a time limit, and the end of the run wants to know where the stream is
	if !s.can(listeners) {
		at, err := s.create(ctx, o)
		return opening{at, err}
	}
	s.gate.hold()
	defer s.gate.release()
	at, err := s.create(ctx, o)
	if err == nil {
		err = s.listen(ctx, at, slices.DeleteFunc(slices.Clone(types), func(t string) bool { return t == spec.DefaultType }))
	}
	return opening{at, err}
}

// observe reports the steps of the stream until ctx ends or something is wrong.
// What came of opening it is put back for who ends it.
func (st *stream) observe(ctx context.Context, opened chan opening, observe func(spec.Step)) error {
	answered := opened
	for n, start := 0, time.Now(); ; {
		select {
		case m := <-st.ordered:
			if m.err != nil {
				return m.err
			}
			if n++; n > maxSteps {
				return &target.Broken{How: target.Garbage, Detail: "flood: more than 100,000 callbacks of one stream"}
			}
			if m.step != nil {
				m.step.At = time.Since(start)
				observe(*m.step)
			}
		case o := <-answered:
			opened <- o
			if o.err != nil {
				return nil // told by finish
			}
			answered = nil
		case <-ctx.Done():
			return nil
		}
	}
}

// finish ends the stream, if it was opened.
func (s *Service) finish(opened <-chan opening) error {
	late := time.NewTimer(closeTime)
	defer late.Stop()
	select {
	case o := <-opened:
		if o.at == "" {
			return o.err
		}
		return first(o.err, s.end(o.at))
	case <-late.C:
		return &target.Broken{How: target.Hung, Detail: "the order to open a stream was not answered"}
	}
}

// first returns the first error: what follows it is its consequence.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
