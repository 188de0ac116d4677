package probe

import (
	"context"
	"slices"
	"sync"
)

// A line lets so many in at once, first come, first served.
type line struct {
	mu      sync.Mutex
	room    int
	inside  int
	waiting []*Place
}

// A Place is a place in the line for one exchange: requests are sent in the order
// in which their places were taken, whoever runs first.
type Place struct {
	prober *Prober
	turn   chan struct{} // closed when it has come
}

// Queue takes a place. Its Do must be called.
func (p *Prober) Queue() *Place {
	p.begin()
	l := &p.line
	l.mu.Lock()
	defer l.mu.Unlock()
	place := &Place{p, make(chan struct{})}
	l.waiting = append(l.waiting, place)
	l.admit()
	return place
}

// admit lets in who is next while there is room.
func (l *line) admit() {
	for l.inside < l.room && len(l.waiting) > 0 {
		l.inside++
		close(l.waiting[0].turn)
		l.waiting = l.waiting[1:]
	}
}

// wait waits for the turn and reports whether it came before ctx ended; who has
// waited in vain has left the line.
func (p *Place) wait(ctx context.Context) bool {
	select {
	case <-p.turn:
		return true
	case <-ctx.Done():
	}
	l := &p.prober.line
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.Index(l.waiting, p); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
		return false
	}
	l.inside-- // it came at the same time
	l.admit()
	return false
}

// leave makes room for the next.
func (p *Place) leave() {
	l := &p.prober.line
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inside--
	l.admit()
}
