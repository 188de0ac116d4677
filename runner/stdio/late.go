package stdio

import (
	"slices"
	"sync"
	"time"
)

// The bounds of what is kept of runs that are not open.
const (
	lateOfRun = 16
	lateSteps = 4096
	lateBytes = 16 << 20
	pastRuns  = 4096
)

// late keeps the first steps that came too late. The zero value is empty.
type late struct {
	mu    sync.Mutex
	steps []LateStep
	ofRun map[string]int
	bytes int
}

// keep reports whether there was room for s.
func (l *late) keep(s LateStep) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	size := len(s.Run) + len(s.Step.Text)
	if e := s.Step.Event; e != nil {
		size += len(e.Type) + len(e.Data) + len(e.LastEventID)
	}
	if len(l.steps) == lateSteps || l.ofRun[s.Run] == lateOfRun || l.bytes+size > lateBytes {
		return false
	}
	if l.ofRun == nil {
		l.ofRun = map[string]int{}
	}
	l.ofRun[s.Run]++
	l.bytes += size
	l.steps = append(l.steps, s)
	return true
}

func (l *late) list() []LateStep {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.steps)
}

// past remembers when the last runs that are over began, and which were closed.
type past struct {
	runs map[string]pastRun
	ids  []string // of runs, in a ring
	next int      // the place in ids of the next one
	lost *run     // counts the lines of all runs that are not open
}

type pastRun struct {
	began  time.Time
	closed bool
}

func (p *past) add(r *run) {
	switch {
	case p.runs == nil:
		p.runs = map[string]pastRun{}
		fallthrough
	case len(p.ids) < pastRuns:
		p.ids = append(p.ids, r.id)
	default:
		delete(p.runs, p.ids[p.next])
		p.ids[p.next] = r.id
		p.next = (p.next + 1) % pastRuns
	}
	p.runs[r.id] = pastRun{r.start, r.closed}
}

// stray returns what stands in for a run that is not open. It is one for all
// of them, so that a flood of invented ids is a flood.
func (p *past) stray(id string) *run {
	if p.lost == nil {
		p.lost = &run{stray: true}
	}
	before := p.runs[id]
	p.lost.start, p.lost.closed = before.began, before.closed
	return p.lost
}
