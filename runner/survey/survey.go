// Package survey sends the requests from whose exchanges a server is judged: a
// stream that is watched, and, meanwhile and side by side, what other clients do.
//
// It sends only what the checks need that were asked for, in an order in which
// nothing waits that need not, and within the bounds of package probe.
//
// Not a goal: judging (runner/observe).
package survey

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/runner/secret"
)

// A Plan says what is sent. The zero value but for Prober works.
type Plan struct {
	Prober    *probe.Prober
	Method    string         // "" is GET
	Own       []probe.Header // the user's headers
	Body      []byte
	Watch     time.Duration // how long the stream is watched; 0 is 8 s
	MinEvents int
	Patience  time.Duration  // with an answer to any other request; 0 is 3 s
	Scale     float64        // stretches every time but Watch; 0 is 1
	Hello     bool           // ask whether it speaks the scripted protocol
	Roles     []observe.Role // nil: all
	Secrets   *secret.Set    // masked before anything is judged; grows by what the server sets
}

// DefaultWatch is how long a stream is watched.
const DefaultWatch = 8 * time.Second

// DefaultPatience is how long an answer to any other request is waited for.
const DefaultPatience = 3 * time.Second

// mostKept is how many bytes of the stream are kept.
const mostKept = 2 << 20

// A survey is a plan under way.
type survey struct {
	Plan
	foreign string

	mu    sync.Mutex
	seen  observe.Observation
	watch *watcher
}

// Run carries out the plan, until ctx ends at the latest.
func Run(ctx context.Context, p Plan) *observe.Observation {
	if p.Method == "" {
		p.Method = http.MethodGet
	}
	if p.Watch == 0 {
		p.Watch = DefaultWatch
	}
	if p.Patience == 0 {
		p.Patience = DefaultPatience
	}
	if p.Scale == 0 {
		p.Scale = 1
	}
	s := &survey{Plan: p, foreign: "https://" + strings.ToLower(rand.Text()[:12]) + ".invalid", watch: newWatcher()}
	s.watch.brief = p.Roles != nil && !slices.Contains(p.Roles, observe.Watch)
	s.seen = observe.Observation{Brief: s.watch.brief, Watched: p.Watch, Scale: p.Scale, MinEvents: p.MinEvents, Foreign: s.foreign,
		Exchanges: map[observe.Role]*probe.Exchange{}, Unsent: map[observe.Role]string{}}
	s.seen.Stalls = stallsDuring(p.Prober.Begun(), func() { s.run(ctx) })
	mask(&s.seen, p.Secrets)
	s.seen.Prepare()
	return &s.seen
}

// run watches the stream, and sends everything else once its head is there.
func (s *survey) run(ctx context.Context) {
	watching, cancel := context.WithTimeout(ctx, s.Watch)
	defer cancel()
	others, stop := context.WithTimeout(ctx, s.Watch+s.patience()/2)
	defer stop()
	var stream sync.WaitGroup
	stream.Go(func() {
		e := s.Prober.Do(watching, s.request(observe.Stream, s.watch.enough))
		s.keep(observe.Stream, e)
		s.watch.over(e)
	})
	<-s.watch.head
	if s.watch.isStream() {
		s.sendOthers(others)
	}
	stream.Wait()
}

// scaled stretches a time.
func (s *survey) scaled(d time.Duration) time.Duration { return time.Duration(float64(d) * s.Scale) }

func (s *survey) patience() time.Duration { return s.scaled(s.Patience) }

// sendOthers sends everything but the stream, in this order: the second client
// first, for what others get is judged by what it got, and then what takes longest.
func (s *survey) sendOthers(ctx context.Context) {
	var all sync.WaitGroup
	inTurn := func(do func(context.Context, *probe.Place)) {
		place := s.Prober.Queue()
		all.Go(func() { do(ctx, place) })
	}
	if s.wantsAny(observe.Second, observe.Return) {
		inTurn(s.second)
	}
	if s.wants(observe.Gzip) {
		inTurn(s.gzip)
	}
	for _, e := range errands() {
		if s.wants(e.role) {
			inTurn(func(ctx context.Context, place *probe.Place) { s.errand(ctx, place, e) })
		}
	}
	if s.wants(observe.Resumed) {
		all.Go(func() { s.resume(ctx) })
	}
	if s.wants(observe.Over) {
		all.Go(func() { s.afterEnd(ctx) })
	}
	all.Wait()
}

func (s *survey) wantsAny(roles ...observe.Role) bool { return slices.ContainsFunc(roles, s.wants) }

// wants reports whether a request for the role may be sent, and notes why not.
func (s *survey) wants(role observe.Role) bool {
	if role == observe.Hello {
		return s.Hello
	}
	if s.Roles != nil && !slices.Contains(s.Roles, role) {
		return false
	}
	switch {
	case role == observe.Accept && s.accepts():
		s.unsent(role, "the Accept of --header is sent with every request")
		return false
	case s.Method == http.MethodGet:
		return true
	case slices.Contains([]observe.Role{observe.Head, observe.Options}, role):
		s.unsent(role, "only "+s.Method+" is sent")
		return false
	case s.Prober.Requests < 2:
		s.unsent(role, fmt.Sprintf("a %s is sent once: more may change something there (--requests N allows N)", s.Method))
		return false
	}
	return true
}

// accepts reports whether the user names what is accepted.
func (s *survey) accepts() bool {
	return slices.ContainsFunc(s.Own, func(h probe.Header) bool { return strings.EqualFold(h.Name, "Accept") })
}

func (s *survey) keep(role observe.Role, e *probe.Exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.Exchanges[role] = e
}

func (s *survey) unsent(role observe.Role, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen.Unsent[role] = why
}

// request is what is sent for a role: as the stream, but for what is wanted.
func (s *survey) request(role observe.Role, enough func(*probe.Exchange) bool, wanted ...probe.Header) probe.Request {
	r := probe.Request{Method: s.Method, Own: s.Own, Body: s.Body, Wanted: wanted, Enough: enough,
		Headers: []probe.Header{{Name: "Accept", Value: "text/event-stream"}, {Name: "Cache-Control", Value: "no-cache"}, {Name: "Accept-Encoding", Value: "identity"}}}
	if role == observe.Stream {
		r.Most = mostKept
	}
	return r
}

// A Sketch is a request that would be sent.
type Sketch struct {
	Role    observe.Role
	Method  string
	HTTP10  bool
	Query   string
	Headers []probe.Header // without Host and User-Agent
}

// Limit is how many requests are sent at most.
func (p Plan) Limit() int { return p.Prober.Limit() }

// Sketches returns what would be sent for the roles, secrets masked. What depends
// on the answers is told by its role.
func (p Plan) Sketches(roles []observe.Role) (list []Sketch) {
	s := &survey{Plan: p, foreign: "https://example.invalid", seen: observe.Observation{Unsent: map[observe.Role]string{}}}
	s.Method, s.Roles = method(p.Method), roles
	sketch := func(role observe.Role, r probe.Request) {
		if role != observe.Stream && !s.wants(role) {
			return
		}
		headers := r.All()
		if p.Secrets != nil {
			maskHeaders(headers, p.Secrets)
		}
		list = append(list, Sketch{role, r.Method, r.HTTP10, r.Query, headers})
	}
	sketch(observe.Stream, s.request(observe.Stream, nil))
	sketch(observe.Second, s.request(observe.Second, nil))
	sketch(observe.Return, s.request(observe.Return, nil))
	sketch(observe.Gzip, s.gzipRequest())
	for _, e := range errands() {
		sketch(e.role, s.errandRequest(e))
	}
	sketch(observe.Resumed, s.request(observe.Resumed, nil, lastEventID("(an id of the stream)")...))
	sketch(observe.Over, s.request(observe.Over, nil, lastEventID("(the last id of the stream)")...))
	return list
}
