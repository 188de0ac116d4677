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
	began map[string]time.Time
	close map[string]bool
	order []string
	lost  *run // counts the lines of all runs that are not open
}

func (p *past) add(r *run) {
	if p.began == nil {
		p.began, p.close = map[string]time.Time{}, map[string]bool{}
	}
	if len(p.order) == pastRuns {
		delete(p.began, p.order[0])
		delete(p.close, p.order[0])
		p.order = slices.Delete(p.order, 0, 1)
	}
	p.began[r.id], p.close[r.id] = r.start, r.closed
	p.order = append(p.order, r.id)
}

// stray returns what stands in for a run that is not open. It is one for all
// of them, so that a flood of invented ids is a flood.
func (p *past) stray(id string) *run {
	if p.lost == nil {
		p.lost = &run{stray: true}
	}
	p.lost.start, p.lost.closed = p.began[id], p.close[id]
	return p.lost
}
