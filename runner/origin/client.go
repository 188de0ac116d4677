package origin

import (
	"time"

	"github.com/ssespec/ssespec/spec"
)

// This file is what a play knows of its client besides its requests.

// A Hold is an await that ran out before what was due was observed: the index
// of its connection in the script, and of its part in the body.
type Hold struct{ Connection, Part int }

// Observed tells the play that the client showed one more step. An await of that
// kind goes on when as many were observed as the bytes before it give rise to.
func (p *Play) Observed(kind spec.Kind) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.observed[kind]++
	p.change()
}

// Held returns the awaits that ran out, in order.
func (p *Play) Held() []Hold {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Hold(nil), p.held...)
}

// Storm is closed when the client has sent more requests than any client that
// follows the script has a reason to: [Play.Count] says how many.
func (p *Play) Storm() <-chan struct{} { return p.storm }

// Now is the time since the play began, as in [Request] and [Packet].
func (p *Play) Now() time.Duration { return p.now() }

// Finished returns how many connections of the script are over, played to their
// end or broken off by the client, and what is closed when that changes.
func (p *Play) Finished() (n int, changed <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.through, p.changed
}

// Hanging returns the connections that were left hanging and that the client
// has not left yet, and what is closed when that changes.
func (p *Play) Hanging() (n int, changed <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.hanging, p.changed
}

// change wakes whoever waits for what was observed. The caller locks.
func (p *Play) change() {
	close(p.changed)
	p.changed = make(chan struct{})
}

// expect adds n to the steps of a kind that the bytes so far give rise to.
func (p *Play) expect(kind spec.Kind, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.due[kind] += n
}

// hold notes an await that ran out.
func (p *Play) hold(h Hold) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = append(p.held, h)
}

// hang adds n to the connections that are left hanging.
func (p *Play) hang(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hanging += n
	p.change()
}

// seen returns how many steps of a kind were observed, how many are due, and
// what is closed when the former changes.
func (p *Play) seen(kind spec.Kind) (observed, due int, changed <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.observed[kind], p.due[kind], p.changed
}
