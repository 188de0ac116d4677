package reference

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// PlainClient is [Plain] with a network: a target that presents itself as an
// EventSource. The zero value conforms.
type PlainClient struct{ Bugs []string }

// Hello says that p is a client that shows every step.
func (p PlainClient) Hello(context.Context) (target.Hello, error) {
	return target.Hello{
		Protocol: target.Protocol, Kind: target.Client, Name: named(p.Bugs), Language: "Go",
		Capabilities: []string{"reestablish", "last-event-id", "reconnection-time", "headers", "post", "close-in-callback", "comments", "retry", "types-any"},
		Parallel:     64,
	}, nil
}

// Subscribe connects, and comes back, until it fails the connection or ctx ends.
func (p PlainClient) Subscribe(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
	v := &visitor{sub: sub, observe: observe, wait: 3 * time.Second, seen: map[spec.Kind]int{}}
	v.connections = connections{bugs: p.Bugs, memory: &memory{lastEventID: sub.LastEventID}, observe: v.see}
	if sub.ReconnectionTime != nil {
		v.wait = time.Duration(*sub.ReconnectionTime) * time.Millisecond
	}
	v.http = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, CheckRedirect: atMost(maxRedirects)}
	for first := true; !v.closed; first = false {
		if !first && !sleep(ctx, v.wait) {
			return nil
		}
		if err := v.visit(ctx); err != nil || ctx.Err() != nil {
			return err
		}
	}
	return nil
}

// atMost follows n redirects and no more.
func atMost(n int) func(*http.Request, []*http.Request) error {
	return func(_ *http.Request, via []*http.Request) error {
		if len(via) > n {
			return errors.New("too many redirects")
		}
		return nil
	}
}

// A visitor is one subscription at work.
type visitor struct {
	connections
	sub     target.Subscription
	http    *http.Client
	observe func(spec.Step)
	wait    time.Duration // the reconnection time
	seen    map[spec.Kind]int
}

// visit makes one request and interprets the answer.
func (v *visitor) visit(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	request, err := v.request(ctx)
	if err != nil {
		return &target.Fault{Reason: err.Error()}
	}
	answer, err := v.http.Do(request)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		v.step(spec.Reestablish)
	default:
		defer answer.Body.Close()
		if stream := v.accept(answer.StatusCode, answer.Header.Values("Content-Type")); stream != nil {
			v.read(ctx, stream, answer.Body)
		}
	}
	return nil
}

func (v *visitor) request(ctx context.Context) (*http.Request, error) {
	method := v.sub.Method
	if method == "" {
		method = http.MethodGet
	}
	r, err := http.NewRequestWithContext(ctx, method, v.sub.URL, strings.NewReader(v.sub.Body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Cache-Control", "no-cache")
	for name, value := range v.sub.Headers {
		r.Header.Set(name, value)
	}
	if id := v.memory.lastEventID; carried(id) {
		r.Header.Set("Last-Event-ID", id)
	}
	return r, nil
}

// read interprets the body until it ends or the client is closed.
func (v *visitor) read(ctx context.Context, stream *Stream, body io.Reader) {
	buffer := make([]byte, 32<<10)
	for !v.closed {
		n, err := body.Read(buffer)
		if ctx.Err() != nil {
			return
		}
		if n > 0 {
			stream.Feed(buffer[:n])
		}
		if err != nil {
			v.end(stream)
			return
		}
	}
}

// see shows a step, takes a reconnection time over, and closes where the
// subscription says so. Nobody knows the chunks of a network.
func (v *visitor) see(step spec.Step) {
	if v.closed && step.Kind != spec.Fail {
		return
	}
	step.Chunk = -1
	v.observe(step)
	v.seen[step.Kind]++
	if ms, err := strconv.ParseInt(step.Text, 10, 64); step.Kind == spec.Retry && err == nil {
		v.wait = time.Duration(min(ms, int64(time.Hour/time.Millisecond))) * time.Millisecond
	}
	if on := v.sub.CloseOn; step.Kind == spec.Fail || on != nil && on.Step == step.Kind && on.Count == v.seen[step.Kind] {
		v.closed = true
	}
}
