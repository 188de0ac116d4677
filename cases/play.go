package cases

import (
	"net/url"
	"slices"
	"time"

	"github.com/ssespec/ssespec/spec"
)

// maxRedirects is how many redirects one fetch follows (Fetch, HTTP-redirect fetch).
const maxRedirects = 20

// Played is what the model makes of a script: what it observes, what it asks
// for, and the reconnection time that is in force in the end.
type Played struct {
	Trace    spec.Trace
	Requests []Asked
	Time     time.Duration
}

// Answers returns how many connections of the script answer the model.
func (p Played) Answers() (n int) {
	for _, r := range p.Requests {
		if r.Connection >= 0 {
			n++
		}
	}
	return n
}

// Asked is one request of the model: what it asks for within the play, with
// which id, how long after the end of the connection before, and which
// connection of the script answers; -1 is the 204 where none is left, and the
// port that refuses.
type Asked struct {
	Path        string
	LastEventID string
	After       time.Duration
	Connection  int
}

// Trace returns what the model observes when the script is played to it: no
// network, no time. It ends with the last scripted connection; the 204 after it
// is not part of it. Comments and retries are included.
func (s Script) Trace() spec.Trace { return s.play(Subscribe{}, nil).Trace }

// Played returns what the model makes of the case when it is subscribed as the
// case says.
func (c Case) Played() Played { return c.Script.play(c.Subscribe, nil) }

// play plays s to the model. The requests that the connections in repeats answer
// are repeats of an HTTP layer below it: the answer before shows no step.
func (s Script) play(sub Subscribe, repeats []int) Played {
	p := &player{script: s, repeats: repeats, used: make([]bool, len(s.Connections)), close: sub, seen: map[spec.Kind]int{}}
	p.start = resolve(playURL("url", "/"), sub.URL)
	p.at = p.start
	p.es.Resume(sub.LastEventID)
	if ms := sub.ReconnectionTime; ms != nil {
		p.es.SetReconnectionTime(time.Duration(*ms) * time.Millisecond)
	}
	for p.es.ReadyState() == spec.Connecting && p.remain() {
		p.answer(p.fetch())
	}
	p.played.Time = p.es.ReconnectionTime()
	return p.played
}

// A player is one play to the model.
type player struct {
	script    Script
	repeats   []int
	es        spec.EventSource
	used      []bool
	start, at *url.URL // the first request goes there, the next one does
	close     Subscribe
	seen      map[spec.Kind]int
	played    Played
}

// remain reports whether a connection is left for the next request. After a
// redirect that is one to the last target (the letter, dispute 3); a script that
// has nothing there has it where the client began. A port that refuses is asked
// once more than the script has connections.
func (p *player) remain() bool {
	if refused(p.at) {
		return len(p.played.Requests) <= len(p.used)
	}
	if p.next(p.at) < 0 {
		p.at = p.start
	}
	return p.next(p.at) >= 0
}

// next returns the first unused connection of the URL's path, -1 for none and at
// the port that refuses.
func (p *player) next(at *url.URL) int {
	for i, c := range p.script.Connections {
		if !p.used[i] && c.Matches(within(at)) && !refused(at) {
			return i
		}
	}
	return -1
}

// fetch sends a request, follows its redirects and returns what answered.
func (p *player) fetch() Connection {
	ask := p.es.Request()
	for range maxRedirects + 1 {
		i := p.next(p.at)
		p.played.Requests = append(p.played.Requests, Asked{within(p.at), ask.LastEventID, ask.After, i})
		ask.After = 0
		if refused(p.at) {
			return Connection{Refuse: true}
		}
		if i < 0 {
			return Connection{Status: 204}
		}
		p.used[i] = true
		c := p.script.Connections[i]
		switch again := p.next(p.at); {
		case slices.Contains(p.repeats, again):
		case !c.redirects():
			return c
		default:
			if p.at = resolve(p.at, c.values("Location")[0]); p.at == nil {
				p.at = p.start
				return Connection{Refuse: true} // no HTTP URL: a network error
			}
		}
	}
	return Connection{Refuse: true} // too many: a network error
}

// answer plays one connection to the model. A redirect is the HTTP layer's and
// shows no step.
func (p *player) answer(c Connection) {
	r := c.received()
	if !p.see(p.es.Respond(r.response)) || p.es.ReadyState() != spec.Open {
		return
	}
	for _, chunk := range r.chunks {
		for _, step := range p.es.Receive(chunk) {
			if !p.see(step) {
				return
			}
		}
	}
	if c.End != "hang" {
		p.see(p.es.End())
	}
}

// see takes down a step, and closes the model in the one that the subscription
// names. It is false when nothing can follow.
func (p *player) see(step spec.Step) bool {
	p.played.Trace = append(p.played.Trace, step)
	p.seen[step.Kind]++
	if p.close.CloseOn == step.Kind && p.close.CloseCount == p.seen[step.Kind] {
		p.es.Close()
		return false
	}
	return true
}
