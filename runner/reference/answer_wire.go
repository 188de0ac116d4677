package reference

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
)

// How a visit ends before its time.
var (
	errLeft      = errors.New("the client has left")
	errDismissed = errors.New("the server ends the stream for another client")
)

// A coding is what is done to the body before it is sent.
type coding string

const (
	asIs      coding = ""
	flushed   coding = "gzip, flushed with each part"
	unflushed coding = "gzip, written when it is full or over"
	corrupt   coding = "gzip with wrong bytes"
)

// play sends the answer, over HTTP/1 byte by byte as it is written there. It
// calls leave when the client goes away.
func (a *answer) play(ctx context.Context, leave func(), w http.ResponseWriter, r *http.Request) error {
	if r.ProtoMajor > 1 {
		return a.stream(ctx, w)
	}
	conn, in, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return err
	}
	defer conn.Close()
	go func() {
		_, _ = io.Copy(io.Discard, in) // ends when the client leaves: nothing more is asked on this connection
		leave()
	}()
	if a.mute {
		<-ctx.Done()
		return errLeft
	}
	return a.send(ctx, conn, r)
}

// stream sends the answer through net/http: its head, and its parts as they are.
func (a *answer) stream(ctx context.Context, w http.ResponseWriter) error {
	for _, f := range a.fields {
		w.Header().Add(f.name, f.value)
	}
	w.WriteHeader(a.status)
	control := http.NewResponseController(w)
	if err := control.Flush(); err != nil || a.headOnly {
		return err
	}
	return a.each(ctx, func(piece []byte) error {
		if _, err := w.Write(piece); err != nil {
			return err
		}
		return control.Flush()
	})
}

// send writes the answer to the connection.
func (a *answer) send(ctx context.Context, conn net.Conn, r *http.Request) error {
	if !sleep(ctx, a.thinks) {
		return errLeft
	}
	pending := a.head(r)
	write := func(piece []byte) error {
		_, err := conn.Write(append(pending, piece...))
		pending = nil
		return err
	}
	if !a.headWaits || a.headOnly {
		if err := write(nil); err != nil || a.headOnly {
			return err
		}
	}
	chunked := strings.EqualFold(a.value("Transfer-Encoding"), "chunked")
	err := a.each(ctx, func(piece []byte) error {
		if chunked {
			piece = fmt.Appendf(nil, "%x\r\n%s\r\n", len(piece), piece)
		}
		return write(piece)
	})
	if err != nil && !errors.Is(err, errDismissed) {
		return err
	}
	return a.finish(ctx, conn, write, chunked)
}

// head is the head as it is sent.
func (a *answer) head(r *http.Request) []byte {
	var head []byte
	if a.early {
		head = append(head, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"...)
	}
	minor := r.ProtoMinor
	if a.old {
		minor = 0
	}
	head = fmt.Appendf(head, "HTTP/1.%d %d %s\r\n", minor, a.status, http.StatusText(a.status))
	for _, f := range a.fields {
		head = fmt.Appendf(head, "%s: %s\r\n", f.name, f.value)
	}
	return append(head, "\r\n"...)
}

// each writes the parts at their times, compressed where that is wanted.
func (a *answer) each(ctx context.Context, write func([]byte) error) error {
	c := compressor{coding: a.coding}
	for i, p := range a.parts {
		if !sleep(ctx, p.after) {
			return errLeft
		}
		piece := c.compress(p.text, i+1 == len(a.parts))
		if len(piece) == 0 {
			continue // held back by the coding
		}
		if write(piece) != nil {
			return errLeft
		}
		select {
		case <-a.dismissed:
			return errDismissed
		default:
		}
	}
	return nil
}

// finish ends the body.
func (a *answer) finish(ctx context.Context, conn net.Conn, write func([]byte) error, chunked bool) error {
	switch a.end {
	case held:
		<-ctx.Done()
		return errLeft
	case cut:
		return nil
	case reset:
		if tcp, ok := conn.(*net.TCPConn); ok {
			return tcp.SetLinger(0)
		}
	}
	if chunked {
		return write([]byte("0\r\n\r\n"))
	}
	return nil
}

// compressor turns the texts of the parts into bytes.
type compressor struct {
	coding coding
	out    bytes.Buffer
	gzip   *gzip.Writer
}

func (c *compressor) compress(text string, last bool) []byte {
	if c.coding == asIs {
		return []byte(text)
	}
	if c.gzip == nil {
		c.gzip = gzip.NewWriter(&c.out)
	}
	// A bytes.Buffer refuses nothing.
	_, _ = io.WriteString(c.gzip, text)
	if c.coding != unflushed {
		_ = c.gzip.Flush()
	}
	if last {
		_ = c.gzip.Close()
	}
	piece := bytes.Clone(c.out.Bytes())
	c.out.Reset()
	if c.coding == corrupt {
		for i := range piece[len(piece)/2:] {
			piece[len(piece)/2+i] ^= 0xFF
		}
	}
	return piece
}
