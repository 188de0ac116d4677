package origin

import (
	"runtime"
	"time"
)

const (
	confirmTime = 2 * time.Second       // for the client to read up to a boundary
	pacedTime   = 5 * time.Millisecond  // between chunks where nothing can be confirmed
	spins       = 8                     // looks at the queue before the first sleep
	shortSleep  = 20 * time.Microsecond // the first one; each is twice as long as the one before
	longSleep   = time.Millisecond      // the longest one
)

// A delivery is how far the bytes that were written have come.
type delivery int

const (
	unknown delivery = iota // cannot be seen here
	unread                  // in our queue, in the network or in the client's queue
	read                    // the client has read everything
	gone                    // nobody will ever read it
)

// settle closes the boundary after what was written last, so that whatever is
// written next reaches the client apart from it.
func (e *exchange) settle() error {
	if e.unsettled < 0 {
		return nil
	}
	how, err := e.confirm()
	if err == nil {
		e.play.cut(e.unsettled, how)
	}
	e.unsettled = -1
	return err
}

// confirm waits until the client has read everything. A client that cannot be
// seen gets a pause. One that does not read is waited for once; from then on
// it gets a pause too, lest a thousand chunks take a thousand times as long.
func (e *exchange) confirm() (string, error) {
	if e.play.origin.Unconfirmed {
		return "", nil
	}
	limit := e.play.origin.scaled(confirmTime)
	if e.impatient {
		limit = e.play.origin.scaled(pacedTime)
	}
	for began, try := time.Now(), 0; ; try++ {
		switch e.queue.delivery() {
		case read:
			return Confirmed, nil
		case gone:
			return "", errGone
		case unknown:
			return Paced, e.pause(pacedTime)
		}
		if time.Since(began) > limit {
			e.impatient = true
			return Paced, nil
		}
		if err := e.backOff(try); err != nil {
			return "", err
		}
	}
}

// backOff waits a little before the next look: a reader that is running needs
// microseconds, one that waits for a processor milliseconds.
func (e *exchange) backOff(try int) error {
	if try < spins {
		runtime.Gosched()
		return nil
	}
	timer := time.NewTimer(min(shortSleep<<min(try-spins, 10), longSleep))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-e.play.done:
		return errClosed
	}
}
