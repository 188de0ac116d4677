package origin

import (
	"crypto/rand"
	"encoding/hex"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ssespec/ssespec/cases"
)

const (
	maxOpen     = 64   // connections of one play at a time
	maxRequests = 1000 // requests of one play that are answered
)

// placeholder is what header values may hold for this play's URL.
var placeholder = regexp.MustCompile(`\{(url|other)(:/[^{}]*)?\}`)

// A Play is one script under one URL. All methods may be called at any time,
// also after Close, and from any goroutine.
type Play struct {
	origin *Origin
	token  string
	script cases.Script
	awaits bool // some part waits for events, so due events are counted
	began  time.Time
	done   chan struct{} // closed by Close
	played chan struct{}

	mu       sync.Mutex
	stop     func() bool // releases the context of the play
	closed   bool
	conns    map[*net.TCPConn]struct{}
	count    int
	used     []bool // the connections that were given out
	left     int    // connections not yet played to their end
	evidence evidence
	due      int           // events that the bytes so far dispatch
	observed int           // events that were seen
	held     int           // awaits that ran out
	changed  chan struct{} // closed and replaced when observed grows
}

func newPlay(o *Origin, s cases.Script) *Play {
	var token [16]byte
	rand.Read(token[:]) // never fails, by its contract
	p := &Play{
		origin:  o,
		token:   hex.EncodeToString(token[:]),
		script:  s,
		awaits:  slices.ContainsFunc(s.Connections, awaits),
		began:   time.Now(),
		done:    make(chan struct{}),
		played:  make(chan struct{}),
		conns:   map[*net.TCPConn]struct{}{},
		used:    make([]bool, len(s.Connections)),
		left:    len(s.Connections),
		changed: make(chan struct{}),
	}
	if p.left == 0 {
		close(p.played)
	}
	return p
}

func awaits(c cases.Connection) bool {
	return slices.ContainsFunc(c.Body, func(p cases.Part) bool { return p.Await != "" })
}

// URL returns the address of the play, which ends in a slash.
func (p *Play) URL() string { return p.own("/") }

// own returns the URL of a path within the play under the name that clients know.
func (p *Play) own(path string) string { return p.origin.URL() + "/p/" + p.token + path }

// expand puts URLs in the place of {url}, {url:/b} and {other:/b}. The other
// origin is the same listener under its second name.
func (p *Play) expand(value string) string {
	return placeholder.ReplaceAllStringFunc(value, func(found string) string {
		name, path, _ := strings.Cut(strings.Trim(found, "{}"), ":")
		if path == "" {
			path = "/"
		}
		if name == "other" {
			return p.origin.at("localhost") + "/p/" + p.token + path
		}
		return p.own(path)
	})
}

// Close ends the play: its connections are closed, and later requests are
// dropped without an answer. Closing twice is harmless. It does not wait.
func (p *Play) Close() {
	p.origin.forget(p.token)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	p.closed = true
	close(p.done)
	if p.stop != nil {
		p.stop()
	}
	for c := range p.conns {
		c.Close() // its goroutine notices, and logs that the play broke it off
	}
}

// Played is closed when every byte of every connection was written and each
// was ended (or left hanging, or refused) as the script says. It stays open
// when a client breaks off before that, or the play is closed.
func (p *Play) Played() <-chan struct{} { return p.played }

// Requests returns what was received so far, in the order of arrival. The
// bytes must not be changed.
func (p *Play) Requests() []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.evidence.requests)
}

// Wire returns what was written so far, in order. The bytes must not be changed.
func (p *Play) Wire() []Packet {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.evidence.packets)
}

// Count returns how many requests named the play while it was open, with those
// that the bounds on requests and open connections dropped.
func (p *Play) Count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.count
}

// Cuts returns [Confirmed] if the client had read up to every boundary so far
// before it was sent more, else [Paced].
func (p *Play) Cuts() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.evidence.uncertain {
		return Paced
	}
	return Confirmed
}

// Dispatched tells the play that one more event was observed. An await goes on
// when as many were observed as the bytes before it dispatch.
func (p *Play) Dispatched() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.observed++
	close(p.changed)
	p.changed = make(chan struct{})
}

// Held returns how many awaits ran out before the due events were observed.
func (p *Play) Held() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.held
}

// seen returns how many events were observed, how many are due, and what is
// closed when the former changes.
func (p *Play) seen() (observed, due int, changed <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.observed, p.due, p.changed
}
