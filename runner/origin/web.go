package origin

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// web hands a connection whose request names no play to Handler, with the head
// that was read of it, and returns when it is closed. Such a connection answers
// one request: the next may be for a play, which no HTTP library may see.
func (o *Origin) web(c *net.TCPConn, head []byte, in *bufio.Reader) {
	if c.SetReadDeadline(time.Time{}) != nil {
		return // closed by the end of the origin
	}
	o.serving.Do(func() {
		o.door = make(chan net.Conn)
		server := &http.Server{Handler: o.Handler, ReadHeaderTimeout: requestTime}
		server.SetKeepAlivesEnabled(false)
		o.running.Go(func() {
			if err := server.Serve(doorway{o}); !errors.Is(err, net.ErrClosed) {
				o.log().Warn("origin: web server", "error", err)
			}
		})
	})
	h := &handed{TCPConn: c, in: io.MultiReader(bytes.NewReader(head), bytes.NewReader([]byte("\r\n")), in), closed: make(chan struct{})}
	select {
	case o.door <- h:
	case <-o.done:
		return
	}
	select {
	case <-h.closed:
	case <-o.done:
	}
}

// A doorway is a listener for the connections that are not for a play.
type doorway struct{ o *Origin }

func (d doorway) Accept() (net.Conn, error) {
	select {
	case c := <-d.o.door:
		return c, nil
	case <-d.o.done:
		return nil, net.ErrClosed
	}
}

func (d doorway) Close() error   { return nil } // the origin closes its listener itself
func (d doorway) Addr() net.Addr { return d.o.Addr() }

// handed is a connection some of which was read.
type handed struct {
	*net.TCPConn
	in     io.Reader
	once   sync.Once
	closed chan struct{}
}

func (h *handed) Read(b []byte) (int, error) { return h.in.Read(b) }

func (h *handed) Close() error {
	h.once.Do(func() { close(h.closed) })
	return h.TCPConn.Close()
}
