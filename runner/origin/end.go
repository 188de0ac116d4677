package origin

import (
	"fmt"
	"time"
)

// send writes b apart from what was written before.
func (e *exchange) send(b []byte) error {
	if err := e.settle(); err != nil {
		return err
	}
	return e.write(b)
}

// write writes b right after what was written before.
func (e *exchange) write(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	e.unsettled = e.play.sent(e.index, b)
	if err := e.conn.SetWriteDeadline(time.Now().Add(e.play.origin.scaled(writeTime))); err != nil {
		e.play.short(e.unsettled, len(b))
		return fmt.Errorf("write: %w", err)
	}
	n, err := e.conn.Write(b)
	if err != nil {
		e.play.short(e.unsettled, len(b)-n)
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// end ends the connection as the script says.
func (e *exchange) end() error {
	switch e.script.End {
	case "reset":
		return e.reset("reset")
	case "hang":
		return e.hang()
	case keep:
		return e.keep()
	case "cut":
		return e.finish("cut")
	default:
		if err := e.terminate(); err != nil {
			return err
		}
		return e.finish("close")
	}
}

// terminate sends what makes the body complete, once.
func (e *exchange) terminate() error {
	if e.complete {
		return nil
	}
	e.complete = true
	if e.body.coder != nil {
		if err := e.body.coder.Close(); err != nil {
			return fmt.Errorf("gzip: %w", err)
		}
		if err := e.send(e.body.taken()); err != nil {
			return err
		}
	}
	if e.body.chunked {
		return e.send(lastChunk(e.script.Trailers))
	}
	return nil
}

// finish sends our FIN and gives the client some time for its own: closing
// while it still sends would reset the connection and could cost it the rest.
func (e *exchange) finish(how string) error {
	if err := e.settle(); err != nil {
		return err
	}
	e.ended(how)
	if err := e.conn.CloseWrite(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	e.finished()
	timer := time.NewTimer(e.play.origin.scaled(lingerTime))
	defer timer.Stop()
	select {
	case <-e.left:
	case <-e.play.done:
	case <-timer.C:
	}
	return nil
}

// reset sends a RST, once the client has read what was written.
func (e *exchange) reset(how string) error {
	if err := e.settle(); err != nil {
		return err
	}
	e.ended(how)
	if err := e.conn.SetLinger(0); err != nil {
		return fmt.Errorf("reset: %w", err)
	}
	if err := e.conn.Close(); err != nil {
		return fmt.Errorf("reset: %w", err)
	}
	e.finished()
	return nil
}

// hang keeps the connection open until the play is closed or the client leaves.
func (e *exchange) hang() error {
	if err := e.settle(); err != nil {
		return err
	}
	e.ended("hang")
	e.play.hang(1)
	defer e.play.hang(-1)
	e.finished()
	select {
	case <-e.left:
	case <-e.play.done:
	}
	return nil
}

func (e *exchange) ended(how string) { e.play.ended(e.index, how) }

func (e *exchange) finished() {
	if e.index >= 0 {
		e.play.finished()
	}
}
