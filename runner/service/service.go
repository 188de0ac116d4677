package service

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// DefaultStartTimeout is the time within which a service has to say that it is there.
const DefaultStartTimeout = 10 * time.Second

const (
	again    = 100 * time.Millisecond // between two questions whether the service is there
	parallel = 8                      // streams open at once
)

// listeners is the capability of a service that hears only the types it is told of.
const listeners = "event-type-listeners"

// A Service is a target. It is also the handler of what the service calls back,
// to be reached at Callback; whoever has called Hello or Subscribe owes a Close.
type Service struct {
	URL          string
	Callback     string        // scheme, host and port that ServeHTTP is reached at
	StartTimeout time.Duration // 10 s if not above 0
	CallTimeout  time.Duration // for the answer to a call; 10 s if not above 0
	Stop         bool          // Close tells the service to end

	client *http.Client
	once   sync.Once
	gate   gate
	large  sync.Mutex

	mu           sync.Mutex
	capabilities []string
	streams      map[string]*stream // by the token in their callback URL
}

// Hello asks the service what it is, again and again until it is there.
func (s *Service) Hello(ctx context.Context) (target.Hello, error) {
	limit := cmp.Or(max(s.StartTimeout, 0), DefaultStartTimeout)
	wait, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	st, err := s.awaitStatus(wait)
	switch {
	case ctx.Err() != nil:
		return target.Hello{}, context.Cause(ctx)
	case err != nil:
		return target.Hello{}, &target.Unreachable{Reason: fmt.Sprintf("the test service does not answer within %s: %v", limit, err)}
	}
	s.mu.Lock()
	s.capabilities = st.Capabilities
	s.mu.Unlock()
	return st.hello(), nil
}

// awaitStatus asks until there is an answer, and returns the last complaint if
// there is none before ctx ends.
func (s *Service) awaitStatus(ctx context.Context) (status, error) {
	for last := error(nil); ; {
		st, err := s.status(ctx)
		if err == nil {
			return st, nil
		}
		if last == nil || ctx.Err() == nil {
			last = err
		}
		select {
		case <-ctx.Done():
			return status{}, last
		case <-time.After(again):
		}
	}
}

// A status is what a service says of itself.
type status struct {
	Name         string   `json:"name"`
	Capabilities []string `json:"capabilities"`
}

// ours names what the capabilities of the protocol are called here. Those left
// out are asked of everybody (bom, server-directed-shutdown-request) or of nobody.
var ours = map[string]string{"comments": "comments", "headers": "headers", "last-event-id": "last-event-id", "post": "post"} // never written to

func (st status) hello() target.Hello {
	h := target.Hello{Protocol: target.Protocol, Kind: target.Client, Name: cmp.Or(st.Name, "test service"), Parallel: parallel,
		Steps: []spec.Kind{spec.Dispatch}, Capabilities: []string{"reestablish", "reconnection-time"}}
	for _, c := range st.Capabilities {
		if name := ours[c]; name != "" && !h.Can(name) {
			h.Capabilities = append(h.Capabilities, name)
		}
	}
	if slices.Contains(st.Capabilities, listeners) {
		h.Parallel = 1 // the gate holds every body while types are told
	} else {
		h.Capabilities = append(h.Capabilities, "types-any")
	}
	return h
}

// Hold waits while the service is being told which types to listen for. Who sends
// it bodies has to call it before each chunk, or it may hear them too late.
func (s *Service) Hold([]byte) { s.gate.wait() }

// Subscribe makes the service open a stream and reports what it calls back. The
// steps are dispatch and, of a service that declares it, comment.
func (s *Service) Subscribe(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
	if sub.WithCredentials || sub.CloseOn != nil {
		return &target.Unimplemented{Reason: "a test service takes neither credentials nor orders to close"}
	}
	token := rand.Text()
	st := newStream()
	s.open(token, st)
	defer s.forget(token)
	return s.follow(ctx, st, s.order(token, sub), sub.Types, observe)
}

func (s *Service) open(token string, st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.streams == nil {
		s.streams = map[string]*stream{}
	}
	s.streams[token] = st
}

func (s *Service) forget(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.streams, token)
}

func (s *Service) stream(token string) *stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.streams[token]
}

// can reports whether the service declares the capability of its protocol.
func (s *Service) can(capability string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Contains(s.capabilities, capability)
}

// Close tells the service to end, where Stop wants that. A service that is gone
// before it has answered has done so.
func (s *Service) Close() error {
	if !s.Stop {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	answer, err := s.call(ctx, http.MethodDelete, s.URL, nil)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("the test service has not ended: %w", err)
	case err == nil && answer.code >= http.StatusMultipleChoices:
		return fmt.Errorf("the test service has not ended: %w", answer.refusal())
	}
	return nil
}

// A gate is closed while somebody holds it. The zero value is open.
type gate struct {
	mu   sync.Mutex
	open chan struct{} // nil: nobody holds it
}

func (g *gate) hold() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open == nil {
		g.open = make(chan struct{})
	}
}

func (g *gate) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open != nil {
		close(g.open)
		g.open = nil
	}
}

func (g *gate) wait() {
	g.mu.Lock()
	open := g.open
	g.mu.Unlock()
	if open != nil {
		<-open
	}
}
