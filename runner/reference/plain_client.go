package reference

import (
	"context"
	"net/http"
	"time"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// PlainClient is [Plain] with a network: a target that presents itself as an
// EventSource. The zero value conforms. Where Pool is nil, each connection is for
// one request.
type PlainClient struct {
	Bugs []string
	Pool *http.Transport
}

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
	v := p.visitor(sub, observe)
	if p.Pool == nil {
		defer v.http.CloseIdleConnections()
	}
	if v.has("close-leaves-open") {
		return v.leave(ctx)
	}
	err := v.stay(ctx)
	if v.has("close-tells") && ctx.Err() != nil && !v.closed {
		observe(spec.Step{Kind: spec.Fail, Chunk: -1})
	}
	return err
}

func (p PlainClient) visitor(sub target.Subscription, observe func(spec.Step)) *visitor {
	v := &visitor{sub: sub, observe: observe, wait: 3 * time.Second, seen: map[spec.Kind]int{}}
	v.connections = connections{bugs: p.Bugs, memory: &memory{lastEventID: sub.LastEventID}, observe: v.see}
	if v.has("five-seconds") {
		v.wait = longDefault
	}
	if sub.ReconnectionTime != nil {
		v.wait = time.Duration(*sub.ReconnectionTime) * time.Millisecond
	}
	v.first = v.wait
	v.http = &http.Client{Transport: p.Pool, CheckRedirect: v.redirects}
	if p.Pool == nil {
		v.http.Transport = v.transport()
	}
	return v
}

// A visitor is one subscription at work.
type visitor struct {
	connections
	sub     target.Subscription
	http    *http.Client
	observe func(spec.Step)
	first   time.Duration // the reconnection time that it began with
	wait    time.Duration // the one in force
	set     bool          // a stream has set it
	asked   int           // requests, redirects apart
	sent    string        // the last event ID that was sent, for bugs
	led     string        // where the last redirect led
	seen    map[spec.Kind]int
	wire    *wire          // of the last connection, for a bug
	stored  *http.Response // what a bug answers in place of the server
	closing bool           // a bug waits for the end of the stream to close
	shut    bool           // it was closed in an event
}

// stay connects and comes back.
func (v *visitor) stay(ctx context.Context) error {
	for ; !v.closed; v.asked++ {
		if v.asked > 0 && !sleep(ctx, v.delay()) {
			break
		}
		if err := v.visit(ctx); err != nil || ctx.Err() != nil && !v.has("close-lets-request-out") {
			return err
		}
		if v.shut && v.has("close-comes-back") {
			v.shut, v.closed = false, false
		}
	}
	if !v.closed && v.has("close-lets-request-out") {
		v.late(ctx)
	}
	return nil
}
