package origin

import (
	"net"
	"strings"
	"time"
)

// This file is what connections tell their play.

// now is the time since the play began.
func (p *Play) now() time.Duration { return time.Since(p.began) }

// admit counts a request on c and says whether it is answered: a storm of them
// is counted but not served.
func (p *Play) admit(c *net.TCPConn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.count++
	if p.count > maxRequests || len(p.conns) >= maxOpen {
		return false
	}
	p.conns[c] = struct{}{}
	return true
}

// leave gives back the place of c.
func (p *Play) leave(c *net.TCPConn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
}

// match records r and gives it the next unused connection of its path, -1 if
// there is none.
func (p *Play) match(r Request) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	path, _, _ := strings.Cut(r.Target, "?")
	r.Connection, r.Status = -1, 204
	for i, c := range p.script.Connections {
		if !p.used[i] && orSlash(c.On) == orSlash(path) {
			p.used[i] = true
			r.Connection, r.Status = i, answered(c)
			break
		}
	}
	p.evidence.received(r)
	return r.Connection
}

// receive records a request that the script does not answer.
func (p *Play) receive(r Request, status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r.Connection, r.Status = -1, status
	p.evidence.received(r)
}

func orSlash(path string) string {
	if path == "" {
		return "/"
	}
	return path
}

func (p *Play) sent(conn int, b []byte) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.evidence.sent(p.now(), conn, b)
}

func (p *Play) short(packet, missing int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.evidence.short(packet, missing)
}

func (p *Play) cut(packet int, how string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.evidence.cut(packet, how)
}

func (p *Play) ended(conn int, how string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.evidence.ended(p.now(), conn, how)
}

// finished says that one connection of the script was played to its end.
func (p *Play) finished() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left--; p.left == 0 {
		close(p.played)
	}
}

// expect adds n to the events that the bytes so far dispatch.
func (p *Play) expect(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.due += n
}

// hold counts an await that ran out.
func (p *Play) hold() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held++
}
