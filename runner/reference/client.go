// Package reference holds what conforms, the suite's own control: it passes every
// case. [Client] is the model of package spec on net/http, [Server] its
// counterpart; they are the built-in targets. [Plain] is a second client, by
// another hand, in which bugs can be switched on: each of the [Mutants] must fail a case.
package reference

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// maxRedirects is how many redirects one fetch follows (Fetch, HTTP-redirect fetch).
const maxRedirects = 20

// Client is a conforming client. The zero value is ready; it may be used by
// many runs at once.
type Client struct{ Version string }

// Hello says that the client is an EventSource that shows every step.
func (c *Client) Hello(context.Context) (target.Hello, error) {
	return target.Hello{
		Protocol: target.Protocol, Kind: target.Client, Name: "reference", Version: c.Version, Language: "Go",
		Capabilities: []string{"reestablish", "last-event-id", "reconnection-time", "headers", "post", "close-in-callback", "comments", "retry", "types-any"},
		Parallel:     64,
	}, nil
}

// Subscribe runs one EventSource until it fails the connection or ctx ends.
func (c *Client) Subscribe(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
	s := newSource(sub, observe)
	defer s.http.CloseIdleConnections()
	for s.model.ReadyState() == spec.Connecting {
		if !sleep(ctx, s.model.Request().After) {
			return nil
		}
		if err := s.connect(ctx); err != nil {
			return err
		}
	}
	return nil
}

// source is one EventSource at work.
type source struct {
	model   spec.EventSource
	sub     target.Subscription
	http    *http.Client
	observe func(spec.Step)
	start   time.Time
	seen    map[spec.Kind]int
}

func newSource(sub target.Subscription, observe func(spec.Step)) *source {
	s := &source{sub: sub, observe: observe, start: time.Now(), seen: map[spec.Kind]int{}}
	s.http = &http.Client{
		Transport: &http.Transport{DisableKeepAlives: true, MaxResponseHeaderBytes: 4 << 20},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return errors.New("more than 20 redirects")
			}
			return nil
		},
	}
	s.model.Resume(sub.LastEventID)
	if ms := sub.ReconnectionTime; ms != nil {
		s.model.SetReconnectionTime(time.Duration(*ms) * time.Millisecond)
	}
	return s
}

// connect makes one request and reads its response to the end.
func (s *source) connect(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	req, err := s.request(ctx)
	if err != nil {
		return &target.Fault{Reason: err.Error()}
	}
	resp, err := s.http.Do(req)
	if ctx.Err() != nil {
		s.model.Close()
		return nil
	}
	if err != nil {
		s.see(s.model.Respond(spec.Response{NetworkError: true}))
		return nil
	}
	defer resp.Body.Close()
	s.see(s.model.Respond(spec.Response{Status: resp.StatusCode, ContentType: resp.Header.Values("Content-Type")}))
	s.read(ctx, resp.Body)
	return nil
}

func (s *source) request(ctx context.Context) (*http.Request, error) {
	want := s.model.Request()
	method, body := want.Method, io.Reader(nil)
	if s.sub.Method != "" {
		method, body = s.sub.Method, bytes.NewReader([]byte(s.sub.Body))
	}
	req, err := http.NewRequestWithContext(ctx, method, s.sub.URL, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Cache-Control", "no-cache")
	req.Header.Set("Pragma", "no-cache")
	for name, value := range s.sub.Headers {
		req.Header.Set(name, value)
	}
	if carried(want.LastEventID) {
		req.Header.Set("Last-Event-ID", want.LastEventID)
	}
	return req, nil
}

// carried reports whether HTTP has a header for the id: an empty one is not
// sent, and one with control characters cannot be (dispute 8). That must not
// keep the client from coming back.
func carried(id string) bool {
	control := func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7F }
	return id != "" && !strings.ContainsFunc(id, control)
}

// read interprets the body until it ends, well or badly, or the model is closed.
func (s *source) read(ctx context.Context, body io.Reader) {
	buf := make([]byte, 32<<10)
	for s.model.ReadyState() == spec.Open {
		n, err := body.Read(buf)
		if ctx.Err() != nil {
			s.model.Close()
			return
		}
		if n > 0 {
			for _, step := range s.model.Receive(buf[:n]) {
				s.see(step)
			}
		}
		if err != nil {
			s.see(s.model.End())
			return
		}
	}
}

// see reports a step unless the model is closed, and closes it where the
// subscription says so. Over a network nobody knows the chunk.
func (s *source) see(step spec.Step) {
	if step.Kind == "" || s.model.ReadyState() == spec.Closed && step.Kind != spec.Fail {
		return
	}
	step.At, step.Chunk = time.Since(s.start), -1
	s.observe(step)
	s.seen[step.Kind]++
	if on := s.sub.CloseOn; on != nil && on.Step == step.Kind && on.Count == s.seen[step.Kind] {
		s.model.Close()
	}
}

// sleep waits for d; it is false when ctx ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
