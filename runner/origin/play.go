package origin

import (
	"crypto/rand"
	"encoding/hex"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// The bounds on requests of one play beyond those that its script answers.
const (
	maxOpen  = 64  // connections at a time
	stormy   = 50  // more are a storm
	maxExtra = 200 // more are counted but not answered
)

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
	used     []bool            // the connections that were given out
	through  int               // connections of the script that are over
	left     int               // connections not yet played to their end
	then     *cases.Connection // what comes after the script, once
	evidence evidence
	due      map[spec.Kind]int // steps that the bytes so far give rise to
	observed map[spec.Kind]int // steps that were seen
	held     []Hold
	hanging  int           // connections left hanging that the client has not left
	changed  chan struct{} // closed and replaced when observed or hanging changes
	storm    chan struct{}
}

func newPlay(o *Origin, s cases.Script) *Play {
	var token [16]byte
	rand.Read(token[:]) // never fails, by its contract
	p := &Play{
		origin: o,
		token:  hex.EncodeToString(token[:]),
		script: s,
		awaits: slices.ContainsFunc(s.Connections, awaits),
		began:  time.Now(),
		done:   make(chan struct{}),
		played: make(chan struct{}),
		conns:  map[*net.TCPConn]struct{}{},
		used:   make([]bool, len(s.Connections)),
		left:   len(s.Connections),
		due:    map[spec.Kind]int{}, observed: map[spec.Kind]int{},
		changed: make(chan struct{}), storm: make(chan struct{}),
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

// Place returns text with URLs in the place of {url}, {url:/b}, {other:/b} and
// {refused:/b}. The other origin is the same listener under its second name.
func (p *Play) Place(text string) string {
	return cases.Expand(text, func(name, path string) string {
		switch name {
		case "other":
			return p.origin.at("localhost") + "/p/" + p.token + path
		case "refused":
			return p.refused(path)
		}
		return p.own(path)
	})
}

// refused returns the URL of a path at the port that refuses; where there can be
// none, at one that nobody should listen at.
func (p *Play) refused(path string) string {
	port, err := p.origin.refusedPort(p.origin.host())
	if err != nil {
		p.origin.log().Warn("origin: refused", "error", err)
		port = "1"
	}
	return "http://" + net.JoinHostPort(p.origin.host(), port) + "/p/" + p.token + path
}

// Then sets what answers the first request, on any path, that the script has
// nothing for; those after it are answered 204. It is no part of the script.
func (p *Play) Then(c cases.Connection) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.then = &c
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
