package origin

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

const (
	writeTime  = 30 * time.Second // of one write
	lingerTime = 2 * time.Second  // for the client to close after our end of the stream
	awaitTime  = time.Second      // for the due events to be observed
	maxDrained = 64 << 20         // bytes taken from a client after its request
)

var (
	errClosed = errors.New("play was closed")
	errGone   = errors.New("client has closed the connection")
)

// An exchange is one request and its answer.
type exchange struct {
	play      *Play
	conn      *net.TCPConn
	in        *bufio.Reader
	index     int // of the script's connection, -1 for other answers
	at        int // of the part that is played
	script    cases.Connection
	body      *body
	queue     *queue
	unsettled int           // the packet whose boundary is still open, -1 if there is none
	impatient bool          // the client has let a boundary wait for too long
	mark      int           // events to be observed before the next raw await goes on
	complete  bool          // what makes the body complete was sent
	kept      bool          // the connection is for another request
	left      chan struct{} // closed when the client has left, or uses what is kept
}

func newExchange(p *Play, c *net.TCPConn, in *bufio.Reader) *exchange {
	return &exchange{play: p, conn: c, in: in, index: -1, unsettled: -1, queue: newQueue(c), left: make(chan struct{})}
}

func (e *exchange) close() { e.queue.close() }

// perform plays a connection, with its index in the script, as the answer to r;
// nil is the answer after the last one. A coding that r does not offer is left out,
// and a connection that r does not want to be kept is closed.
func (e *exchange) perform(r Request, c *cases.Connection, index int) {
	if c == nil {
		e.dismiss(204)
		return
	}
	e.index, e.script = index, *c
	if !offers(r, e.script.Coding) {
		e.script.Coding = ""
	}
	if e.script.End == keep && !keeps(r) {
		e.script.End = "close"
	}
	e.body = newBody(e.script, e.play.awaits)
	e.mark, _, _ = e.play.seen(spec.Dispatch)
	if err := e.run(); err != nil {
		e.play.brokenOff(e.index)
		e.play.origin.log().Debug("origin: connection", "play", e.play.token, "connection", index, "error", err)
	}
}

// dismiss answers with a status and no body.
func (e *exchange) dismiss(status int) {
	head := statusLine("", status) + "Connection: close\r\n"
	if !bodiless(status) {
		head += "Content-Length: 0\r\n"
	}
	e.drain()
	err := e.calm()
	if err == nil {
		err = e.send([]byte(head + "\r\n"))
	}
	if err == nil {
		err = e.finish("close")
	}
	if err != nil {
		e.play.origin.log().Debug("origin: dismiss", "play", e.play.token, "status", status, "error", err)
	}
}

// slowAnswer is how long each answer to a storm is kept back.
const slowAnswer = 10 * time.Millisecond

// calm keeps back an answer to a storm.
func (e *exchange) calm() error {
	select {
	case <-e.play.storm:
		return e.pause(slowAnswer)
	default:
		return nil
	}
}

// run plays the whole connection. A refused connection is one that is reset
// without a byte: the play is known by the path alone, so its head is read
// first, and the client is connected for that long.
func (e *exchange) run() error {
	if e.script.Refuse {
		return e.reset("refuse")
	}
	if e.script.End == keep {
		e.play.leave(e.conn) // whose end closes nothing that others may use
	} else {
		e.drain()
	}
	parts := e.script.Raw
	if len(parts) == 0 {
		parts = e.script.Body
		if err := e.heads(); err != nil {
			return err
		}
	}
	for i, p := range parts {
		e.at = i
		if err := e.part(p); err != nil {
			return err
		}
	}
	return e.end()
}

// drain takes what the client still sends, so that closing does not reset the
// connection, and notices when it leaves.
func (e *exchange) drain() {
	e.play.origin.running.Go(func() {
		defer close(e.left)
		if e.conn.SetReadDeadline(time.Time{}) != nil {
			return // closed already
		}
		_, err := io.CopyN(io.Discard, e.conn, maxDrained)
		e.play.origin.log().Debug("origin: client has left", "play", e.play.token, "error", err)
	})
}

// heads sends the informational heads and the head, each on its own.
func (e *exchange) heads() error {
	for _, status := range e.script.Informational {
		if err := e.send([]byte(statusLine(e.script.HTTP, status) + "\r\n")); err != nil {
			return err
		}
	}
	if streams(e.script) {
		e.play.expect(spec.Announce, 1)
	}
	return e.send(e.play.head(e.script))
}

// part does what one part of the script says.
func (e *exchange) part(p cases.Part) error {
	switch {
	case p.Await == string(spec.Reestablish):
		return e.awaitEnd()
	case p.Await != "":
		return e.await(spec.Kind(p.Await))
	case p.Pause > 0:
		return e.pause(p.Pause)
	case p.Len() == 0:
		return nil // an HTTP chunk of no bytes would end the body
	}
	if before := e.play.origin.Before; before != nil {
		before(p.Bytes())
	}
	switch {
	case e.body.coder != nil:
		return e.code(p)
	case p.Len() <= maxSingle:
		data := p.Bytes()
		e.play.expect(spec.Dispatch, e.body.dispatches(data))
		return e.send(e.body.framed(data))
	default:
		return e.stream(p)
	}
}

// stream sends a large part piece by piece; with chunked framing the pieces
// are one HTTP chunk.
func (e *exchange) stream(p cases.Part) error {
	if err := e.settle(); err != nil {
		return err
	}
	if e.body.chunked {
		if err := e.write(e.body.size(nil, p.Len())); err != nil {
			return err
		}
	}
	for piece := range pieces(p) {
		e.play.expect(spec.Dispatch, e.body.dispatches(piece))
		if err := e.write(piece); err != nil {
			return err
		}
	}
	if e.body.chunked {
		return e.write([]byte("\r\n"))
	}
	return nil
}

// code sends a part through the coder, which is flushed after it.
func (e *exchange) code(p cases.Part) error {
	if err := e.settle(); err != nil {
		return err
	}
	for piece := range pieces(p) {
		e.play.expect(spec.Dispatch, e.body.dispatches(piece))
		if _, err := e.body.coder.Write(piece); err != nil {
			return fmt.Errorf("gzip: %w", err)
		}
		if e.body.coded.Len() < maxSingle {
			continue
		}
		if err := e.write(e.body.taken()); err != nil {
			return err
		}
	}
	if err := e.body.coder.Flush(); err != nil {
		return fmt.Errorf("gzip: %w", err)
	}
	return e.write(e.body.taken())
}

// pause waits for d × time scale, and not for a play that was closed.
func (e *exchange) pause(d time.Duration) error {
	timer := time.NewTimer(e.play.origin.scaled(d))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-e.play.done:
		return errClosed
	}
}

// await waits until what is due of a kind was observed. How much is due in raw
// bytes is not known: there each await waits for one more event.
func (e *exchange) await(kind spec.Kind) error {
	e.mark++
	timer := time.NewTimer(e.play.origin.scaled(awaitTime))
	defer timer.Stop()
	for {
		observed, wanted, changed := e.play.seen(kind)
		if len(e.script.Raw) > 0 {
			wanted = e.mark
		}
		if observed >= wanted {
			return nil
		}
		select {
		case <-changed:
		case <-timer.C:
			e.play.hold(Hold{e.index, e.at})
			return nil
		case <-e.play.done:
			return errClosed
		}
	}
}
