package origin

import (
	"net"
	"strings"
	"time"

	"github.com/ssespec/ssespec/cases"
)

// This file is what connections tell their play.

// now is the time since the play began.
func (p *Play) now() time.Duration { return time.Since(p.began) }

// admit counts a request on c and says whether it is answered: a storm is
// counted but not served.
func (p *Play) admit(c *net.TCPConn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.count++
	extra := p.count - len(p.script.Connections)
	if extra == stormy+1 {
		close(p.storm)
	}
	if extra > maxExtra || len(p.conns) >= maxOpen {
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

// match records r and gives it the next unused connection of its path and its
// index, then once what comes after the script, then nil; the index is -1 for both.
func (p *Play) match(r Request) (*cases.Connection, int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	path, _, _ := strings.Cut(r.Target, "?")
	next := p.next(path)
	r.Connection, r.Status = next, 204
	answer := p.then
	if next >= 0 {
		p.used[next] = true
		answer = &p.script.Connections[next]
	} else {
		p.then = nil
	}
	if answer != nil {
		r.Status = answered(*answer)
	}
	p.evidence.received(r)
	return answer, next
}

// next returns the index of the next unused connection of a path, -1 for none.
// The caller locks.
func (p *Play) next(path string) int {
	for i, c := range p.script.Connections {
		if !p.used[i] && c.Matches(path) {
			return i
		}
	}
	return -1
}

// receive records a request that the script does not answer.
func (p *Play) receive(r Request, status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r.Connection, r.Status = -1, status
	p.evidence.received(r)
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
	p.through++
	p.change()
}

// brokenOff says that the client broke off one connection of the script.
func (p *Play) brokenOff(conn int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.evidence.ended(p.now(), conn, Gone)
	p.through++
	p.change()
}
