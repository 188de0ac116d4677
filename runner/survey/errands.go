package survey

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
)

// An errand is one request of which the head says all.
type errand struct {
	role   observe.Role
	method string // "" is that of the stream
	http10 bool
	query  string
	wanted func(s *survey) []probe.Header
}

// unknownID is an id that no server has given out.
const unknownID = "ssespec-unknown-id"

// errands is the table of all.
func errands() []errand {
	id := func(value string) func(*survey) []probe.Header {
		return func(*survey) []probe.Header { return lastEventID(value) }
	}
	return []errand{
		{observe.Head, http.MethodHead, false, "", nil},
		{observe.Options, http.MethodOptions, false, "", func(s *survey) []probe.Header {
			return []probe.Header{{Name: "Origin", Value: s.foreign}, {Name: "Access-Control-Request-Method", Value: "GET"},
				{Name: "Access-Control-Request-Headers", Value: "last-event-id"}}
		}},
		{observe.Origin, "", false, "", func(s *survey) []probe.Header {
			return []probe.Header{{Name: "Origin", Value: s.foreign}}
		}},
		{observe.Accept, "", false, "", func(*survey) []probe.Header {
			return []probe.Header{{Name: "Accept", Value: "*/*"}}
		}},
		{observe.HTTP10, "", true, "", nil},
		{observe.Unknown, "", false, "", id(unknownID)},
		{observe.Long, "", false, "", id(strings.Repeat("0123456789abcdef", 256))},
		{observe.Hello, "", false, "ssespec=hello", func(*survey) []probe.Header {
			return []probe.Header{{Name: "Accept", Value: "application/json"}}
		}},
		{observe.NonASCII, "", false, "", id("ä-日本-🙂")},
	}
}

func lastEventID(value string) []probe.Header {
	return []probe.Header{{Name: "Last-Event-ID", Value: value}}
}

// errand sends one request and leaves when the head is there; after HEAD what
// follows it is read as well.
func (s *survey) errand(ctx context.Context, place *probe.Place, e errand) {
	s.keep(e.role, s.patiently(ctx, place, s.errandRequest(e)))
}

func (s *survey) errandRequest(e errand) probe.Request {
	var wanted []probe.Header
	if e.wanted != nil {
		wanted = e.wanted(s)
	}
	r := s.request(e.role, leave, wanted...)
	r.HTTP10, r.Query = e.http10, e.query
	if e.method != "" {
		r.Method = e.method
	}
	if r.Method == http.MethodHead || e.role == observe.Hello {
		r.Enough = leaveStream
	}
	return r
}

// leave leaves as soon as the head is there.
func leave(*probe.Exchange) bool { return true }

// leaveStream leaves what would not end.
func leaveStream(e *probe.Exchange) bool {
	return e.Request.Method != http.MethodHead && observe.IsStream(e)
}

// patiently waits for an answer for a while, once its turn has come: longer where
// the stream itself took its time.
func (s *survey) patiently(ctx context.Context, place *probe.Place, r probe.Request) *probe.Exchange {
	return place.Do(ctx, s.patience()+s.watch.headAfter(), r)
}

// second is another client that comes while the first is there, leaves, and comes
// back.
func (s *survey) second(ctx context.Context, place *probe.Place) {
	s.keep(observe.Second, s.visit(ctx, place))
	if s.wants(observe.Return) && pause(ctx, s.scaled(away)) {
		s.keep(observe.Return, s.patiently(ctx, s.Prober.Queue(), s.request(observe.Return, leave)))
	}
}

// stays is how long the second client stays when it is served: until the first has
// lost its stream, if it does.
const stays = 250 * time.Millisecond

// visit comes and leaves while the first stream is there. Where that has ended by
// then, it reads to the end, to be compared with it.
func (s *survey) visit(ctx context.Context, place *probe.Place) *probe.Exchange {
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	served := sync.OnceFunc(func() {
		go func() {
			if pause(ctx, s.scaled(stays)) && s.watch.open() {
				leave()
			}
		}()
	})
	return s.patiently(ctx, place, s.request(observe.Second, func(e *probe.Exchange) bool {
		if e.Size() > 0 {
			served()
		}
		return false
	}))
}

// away is how long the second client stays away: until the server could notice.
const away = 500 * time.Millisecond

// pause waits and reports whether ctx has not ended meanwhile. It counts ticks: a
// machine that stands still loses some, and the pause is longer by them.
func pause(ctx context.Context, d time.Duration) bool {
	ticks := time.NewTicker(tick)
	defer ticks.Stop()
	for range d / tick {
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// gzip asks for a compressed stream and reads it as long as the first, which has
// begun before.
func (s *survey) gzip(ctx context.Context, place *probe.Place) {
	left := s.Watch - time.Since(s.Prober.Begun())
	s.keep(observe.Gzip, place.Do(ctx, max(left, s.patience()), s.gzipRequest()))
}

func (s *survey) gzipRequest() probe.Request {
	enough := func(e *probe.Exchange) bool {
		coding := strings.ToLower(e.Head.Value("Content-Encoding"))
		return coding == "" || coding == "identity" || counted(e).events >= enoughEvents
	}
	return s.request(observe.Gzip, enough, probe.Header{Name: "Accept-Encoding", Value: "gzip"})
}

// enoughEvents is how many events of a compressed stream show when they come.
const enoughEvents = 3

// resume comes back with the first id when others have followed it.
func (s *survey) resume(ctx context.Context) {
	from, why := s.watch.resumable(ctx)
	if why != "" {
		s.unsent(observe.Resumed, why)
		return
	}
	s.mu.Lock()
	s.seen.From = from
	s.mu.Unlock()
	enough := func(e *probe.Exchange) bool { return counted(e).ids >= 2 }
	s.keep(observe.Resumed, s.Prober.Queue().Do(ctx, 2*s.patience(), s.request(observe.Resumed, enough, lastEventID(from)...)))
}

// afterEnd comes back when the stream has ended by itself.
func (s *survey) afterEnd(ctx context.Context) {
	id, ended := s.watch.ended(ctx)
	if !ended {
		s.unsent(observe.Over, "the stream did not end while it was watched")
		return
	}
	var wanted []probe.Header
	if id != "" {
		wanted = lastEventID(id)
	}
	enough := func(e *probe.Exchange) bool { return counted(e).events >= 1 }
	s.keep(observe.Over, s.patiently(ctx, s.Prober.Queue(), s.request(observe.Over, enough, wanted...)))
}
