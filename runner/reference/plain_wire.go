package reference

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// This file is about what is below the requests: connections, and for a bug a cache.

// transport has a connection for each request. A bug keeps it, to see how it ends.
func (v *visitor) transport() *http.Transport {
	t := &http.Transport{DisableKeepAlives: true, DisableCompression: v.has("gzip-kept")}
	if v.has("end-at-close") {
		t.DisableKeepAlives, t.DialContext = false, v.dial
	}
	return t
}

func (v *visitor) dial(ctx context.Context, network, address string) (net.Conn, error) {
	plain := net.Dialer{}
	c, err := plain.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	v.wire = &wire{Conn: c, ended: make(chan struct{})}
	return v.wire, nil
}

// A wire is a connection that tells when it has ended, on either side.
type wire struct {
	net.Conn
	once  sync.Once
	ended chan struct{}
}

// end waits until the connection has ended.
func (w *wire) end(ctx context.Context) {
	select {
	case <-w.ended:
	case <-ctx.Done():
	}
}

func (w *wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if err != nil {
		w.once.Do(func() { close(w.ended) })
	}
	return n, err
}

func (w *wire) Close() error {
	w.once.Do(func() { close(w.ended) })
	return w.Conn.Close()
}

// patience is how long a bug bears silence.
const patience = 250 * time.Millisecond

// listen reads some of the body. A bug closes it when it is silent.
func (v *visitor) listen(body io.ReadCloser, buffer []byte) (int, error) {
	if v.has("silence-ends") {
		defer time.AfterFunc(patience, func() { body.Close() }).Stop()
	}
	return body.Read(buffer)
}

// store keeps an answer, whose body it reads to the end, for all requests from now on.
func (v *visitor) store(answer *http.Response) (*http.Response, error) {
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil {
		return nil, err
	}
	kept, handed := *answer, *answer
	kept.Body, handed.Body = io.NopCloser(bytes.NewReader(body)), io.NopCloser(bytes.NewReader(body))
	v.stored = &kept
	return &handed, nil
}
