package survey

import (
	"time"

	"github.com/ssespec/ssespec/runner/observe"
)

const (
	tick       = 10 * time.Millisecond // how often the machine is asked whether it is late
	late       = 10 * time.Millisecond // what is judged begins at five times this
	mostStalls = 1 << 16
)

// stallsDuring does something and returns when this machine stood still meanwhile,
// counted from start: times that are nobody's server's.
func stallsDuring(start time.Time, do func()) []observe.Stall {
	done, found := make(chan struct{}), make(chan []observe.Stall)
	go func() { found <- stalls(start, done) }()
	do()
	close(done)
	return <-found
}

func stalls(start time.Time, done <-chan struct{}) (list []observe.Stall) {
	ticks := time.NewTicker(tick)
	defer ticks.Stop()
	for last := time.Now(); ; {
		select {
		case <-done:
			return list
		case <-ticks.C:
			now := time.Now()
			if now.Sub(last) > tick+late && len(list) < mostStalls {
				list = append(list, observe.Stall{From: last.Sub(start) + tick, To: now.Sub(start)})
			}
			last = now
		}
	}
}
