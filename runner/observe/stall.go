package observe

import (
	"fmt"
	"sort"
	"time"

	"github.com/ssespec/ssespec/runner/probe"
)

// A Stall is a time in which this machine did not run us, counted as [probe.Exchange]
// counts its At.
type Stall struct{ From, To time.Duration }

// A truth is what can be said of a time that was measured beside stalls. The words
// of logic are Go's: and is min, or is max, not is not.
type truth int

const (
	no truth = iota
	maybe
	yes
)

func (t truth) not() truth { return yes - t }

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// A span is a time between two arrivals of which this machine lost some: the true
// one is neither shorter than least nor longer than most. Both are on the scale of
// the observation.
type span struct{ least, most time.Duration }

func (s span) atLeast(d time.Duration) truth {
	switch {
	case s.least >= d:
		return yes
	case s.most < d:
		return no
	}
	return maybe
}

func (s span) below(d time.Duration) truth { return s.atLeast(d).not() }

// span returns the time between two arrivals. What a stall took within it may have
// been lost to us alone; and what came right after one may have come before.
func (o *Observation) span(from, to time.Duration) span {
	return o.scaled(max(0, to-from-o.lost(from, to)), to-from+o.hidden(from))
}

// scaled brings a span to the scale of the thresholds.
func (o *Observation) scaled(least, most time.Duration) span {
	if o.Scale == 0 {
		return span{least, most}
	}
	return span{time.Duration(float64(least) / o.Scale), time.Duration(float64(most) / o.Scale)}
}

// within is the span between two times of an exchange.
func (o *Observation) within(e *probe.Exchange, from, to time.Duration) span {
	return o.span(e.At+from, e.At+to)
}

// from returns the stalls that had not ended at a time.
func (o *Observation) from(at time.Duration) []Stall {
	i := sort.Search(len(o.Stalls), func(i int) bool { return o.Stalls[i].To > at })
	return o.Stalls[i:]
}

// lost returns how much of a time this machine stood still.
func (o *Observation) lost(from, to time.Duration) (sum time.Duration) {
	for _, s := range o.from(from) {
		if s.From >= to {
			break
		}
		sum += min(to, s.To) - max(from, s.From)
	}
	return sum
}

// afterStall is how long after a stall what came meanwhile is read at the latest.
const afterStall = 10 * time.Millisecond

// hidden returns for how long what was read at that time may have been there.
func (o *Observation) hidden(at time.Duration) time.Duration {
	for _, s := range o.from(at - afterStall) {
		if s.From < at {
			return at - s.From
		}
		break
	}
	return 0
}

// longest returns the longest stall that a time has a part in.
func (o *Observation) longest(from, to time.Duration) (most time.Duration) {
	for _, s := range o.from(from) {
		if s.From >= to {
			break
		}
		most = max(most, s.To-s.From)
	}
	return most
}

// hindered reports whether this machine stood still for so much of an exchange that
// what did not come in time might have.
func (o *Observation) hindered(e *probe.Exchange) bool {
	return o.lost(e.At, e.At+e.Until) > e.Until/2
}

// decide returns found when it is true, else what is said otherwise; where this
// machine stood still too long to know, neither.
func (o *Observation) decide(t truth, found, otherwise Judgement) Judgement {
	switch t {
	case yes:
		return found
	case maybe:
		return o.stalled()
	}
	return otherwise
}

// stalled is the judgement of what could not be seen.
func (o *Observation) stalled() Judgement {
	var all, most time.Duration
	for _, s := range o.Stalls {
		all, most = all+s.To-s.From, max(most, s.To-s.From)
	}
	return Judgement{Stalled: fmt.Sprintf("host stalled: this machine stood still for %s, %s at once, so that times cannot be told; run it again when less else runs", seconds(all), seconds(most))}
}
