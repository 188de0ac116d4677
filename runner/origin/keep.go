package origin

import (
	"errors"
	"strings"
	"time"

	"github.com/ssespec/ssespec/spec"
)

// This file is about connections that take another request. A client may have one
// pool of connections for all of its runs, so such a connection outlives its play:
// the next request on it may be for any other.

// keep is the end of a connection that stays open after a complete body.
const keep = "keep"

// keeps reports whether r leaves its connection open for another request (RFC 9112, 9.3).
func keeps(r Request) bool {
	for _, h := range r.Headers {
		if !strings.EqualFold(h.Name, "Connection") {
			continue
		}
		for option := range strings.SplitSeq(h.Value, ",") {
			if strings.EqualFold(strings.TrimSpace(option), "close") {
				return false
			}
		}
	}
	return r.Proto == "HTTP/1.1"
}

// keep completes the body and leaves the connection open.
func (e *exchange) keep() error {
	if err := e.release(); err != nil {
		return err
	}
	e.ended(keep)
	e.finished()
	e.kept = true
	return nil
}

// release completes the body, after which the end of the play does not matter to
// the connection any more.
func (e *exchange) release() error {
	if e.complete {
		return nil
	}
	if err := e.terminate(); err != nil {
		return err
	}
	if err := e.settle(); err != nil && !errors.Is(err, errClosed) && !errors.Is(err, errGone) {
		return err // nobody has to wait for what is complete
	}
	e.play.origin.running.Go(func() {
		defer close(e.left)
		if e.conn.SetReadDeadline(time.Time{}) == nil {
			_, err := e.in.Peek(1)
			e.play.origin.log().Debug("origin: kept connection", "play", e.play.token, "error", err)
		}
	})
	return nil
}

// another waits until the client uses a kept connection again, or leaves it, which
// the next attempt to read finds.
func (e *exchange) another() bool {
	if e.kept {
		<-e.left
	}
	return e.kept
}

// awaitEnd completes the body of a connection that is kept and waits until the
// client has seen that: it says that it comes back, it leaves, or it uses the
// connection again. One that waits for the connection to end gets that in place of it.
func (e *exchange) awaitEnd() error {
	if e.script.End != keep {
		return nil // the end of the connection tells that of the body
	}
	if err := e.release(); err != nil {
		return err
	}
	timer := time.NewTimer(e.play.origin.scaled(awaitTime))
	defer timer.Stop()
	for {
		back, changed := e.play.cameBack()
		if back {
			return nil
		}
		select {
		case <-changed:
		case <-e.left:
			return nil
		case <-e.play.done:
			return nil
		case <-timer.C:
			e.play.hold(Hold{e.index, e.at})
			e.script.End = "close"
			return nil
		}
	}
}

// cameBack reports whether the client has shown a reestablish for each connection
// that is over, and one more, and returns what is closed when that may change.
func (p *Play) cameBack() (back bool, changed <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.observed[spec.Reestablish] > p.through, p.changed
}
