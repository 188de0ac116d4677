package probe

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net/url"
	"sync"
	"time"
)

const (
	mostRequests  = 16
	mostBytes     = 16 << 20
	mostRedirects = 10
	mostBody      = 1 << 20
)

// MostOpen is how many requests are open at once, at most.
const MostOpen = 4

// A Prober sends requests to one server, within bounds that hold for all of them
// together: 16 requests, redirects included, four open at once, 16 MiB. How long
// it takes is the caller's context.
type Prober struct {
	URL      *url.URL
	TLS      *tls.Config
	Agent    string // User-Agent
	Requests int    // most that are sent; 0 is 16
	Open     int    // most that are open at once; 0 is 4

	start sync.Once
	begun time.Time
	line  line

	mu    sync.Mutex
	sent  int
	bytes int64
	final *url.URL // where redirects led to
}

// Do sends r and records what comes of it, until ctx ends, the exchange is over
// or r has enough. It waits for its turn. The exchange is never nil.
func (p *Prober) Do(ctx context.Context, r Request) *Exchange { return p.Queue().Do(ctx, 0, r) }

// Do is that of the [Prober], with a time limit that begins with its turn; 0 is
// none. It can be called once.
func (p *Place) Do(ctx context.Context, limit time.Duration, r Request) *Exchange {
	if !p.wait(ctx) {
		return &Exchange{Request: r, At: p.prober.elapsed(), End: Unsent, Reason: "the time was up before its turn"}
	}
	defer p.leave()
	all := ctx
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(all, limit)
		defer cancel()
	}
	e := &Exchange{Request: r, At: p.prober.elapsed()}
	v := visit{prober: p.prober, exchange: e, url: with(p.prober.target(), r.Query), started: time.Now()}
	v.run(ctx)
	e.Until = v.at()
	if e.End == Silent && limit > 0 && all.Err() != nil { // it had less time than it was promised
		e.End, e.Reason = Unsent, "our time was up before an answer came"
	}
	return e
}

// with returns u with a further member in its query.
func with(u *url.URL, query string) *url.URL {
	if query == "" {
		return u
	}
	more := *u
	if more.RawQuery != "" {
		query = more.RawQuery + "&" + query
	}
	more.RawQuery = query
	return &more
}

// Sent returns how many requests were sent.
func (p *Prober) Sent() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sent
}

func (p *Prober) begin() {
	p.start.Do(func() {
		p.begun, p.final = time.Now(), p.URL
		p.line.room = cmp.Or(p.Open, MostOpen)
	})
}

// Begun returns when it was first used, which is now where it was not: the time from
// which the exchanges count.
func (p *Prober) Begun() time.Time {
	p.begin()
	return p.begun
}

func (p *Prober) elapsed() time.Duration { return time.Since(p.begun) }

func (p *Prober) target() *url.URL {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.final
}

// moved makes u the target of further requests: a redirect is followed once.
func (p *Prober) moved(u *url.URL) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.final = u
}

// Limit is how many requests are sent at most.
func (p *Prober) Limit() int {
	if p.Requests == 0 {
		return mostRequests
	}
	return p.Requests
}

// take uses up one request.
func (p *Prober) take() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sent >= p.Limit() {
		return fmt.Errorf("%d requests were sent, and no more are allowed", p.sent)
	}
	p.sent++
	return nil
}

// allow reports whether n more bytes are within the bound of all bodies.
func (p *Prober) allow(n int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.bytes += int64(n)
	return p.bytes <= mostBytes
}
