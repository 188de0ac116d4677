package runner

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// A lag is how long this machine has kept us waiting so far. Times that are
// measured meanwhile are nobody's fault.
type lag struct{ lost atomic.Int64 }

const (
	wake      = 10 * time.Millisecond // how often the watchdog wants to be woken
	wakeLate  = 10 * time.Millisecond // what does not count
	atOnce    = time.Second           // the bound on what a client does at once
	mostVoid  = 40                    // runs that are put once more
	voidAlone = 2                     // of them side by side
)

// watch counts until ctx ends.
func (l *lag) watch(ctx context.Context) {
	ticks := time.NewTicker(wake)
	defer ticks.Stop()
	for last := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			now := time.Now()
			if late := now.Sub(last) - wake; late > wakeLate {
				l.lost.Add(int64(late))
			}
			last = now
		}
	}
}

// during does something and returns for how long this machine stood still meanwhile.
func (l *lag) during(do func()) time.Duration {
	before := l.lost.Load()
	do()
	return time.Duration(l.lost.Load() - before)
}

// void reports whether the departure is that something did not come in time, and
// this machine stood still for much of that time.
func (k *check) void(p *plan, a attempt) bool {
	bound := k.scaled(atOnce)
	switch {
	case a.verdict != Fail && a.verdict != Warn, !a.behind():
		return false
	case a.limited:
		bound = k.timeout()
	case !a.late && !a.open && k.ending(p).hold == 0 && !p.closes():
		return false // the target itself ended it
	}
	return a.lost > bound/2
}

// behind reports whether more would have come of what is wanted, and nothing else did.
func (a attempt) behind() bool {
	missing := len(a.got) < len(a.want) && a.want.CommonPrefix(defaulted(a.got)) == len(a.got)
	return !a.storm && (a.late || a.open || a.absent || missing)
}

// postpone keeps a run whose departure is void for the time when nothing else is
// under way. It is false where there are too many of them.
func (k *check) postpone(j job) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.voided) == mostVoid {
		return false
	}
	k.voided = append(k.voided, j)
	return true
}

// stalled is what is said of a run that this machine has made void.
func (a attempt) stalled() attempt {
	a.reason = fmt.Sprintf("host stalled: this machine stood still for %s of the run, so that times cannot be told; put it again when less else runs (%s)",
		a.lost.Round(time.Millisecond), a.reason)
	a.verdict, a.rule, a.offset, a.explanations = Error, "", -1, nil
	return a
}

// putVoided puts the void runs once more, with hardly anything beside them.
func (k *check) putVoided(ctx context.Context) {
	k.watching.Wait()
	jobs, done := make(chan job), make(chan struct{})
	for range voidAlone {
		go func() {
			for j := range jobs {
				k.putVoid(ctx, j)
			}
			done <- struct{}{}
		}()
	}
	for _, j := range k.voided {
		jobs <- j
	}
	close(jobs)
	for range voidAlone {
		<-done
	}
}

func (k *check) putVoid(ctx context.Context, j job) {
	if ctx.Err() != nil {
		return
	}
	a := k.judge(j.plan, k.whole(ctx, j))
	if ctx.Err() != nil {
		return
	}
	if k.void(j.plan, a) {
		a = a.stalled()
	}
	j.add(a)
}
