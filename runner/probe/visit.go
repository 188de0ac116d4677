package probe

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"time"
)

// A visit is one exchange under way.
type visit struct {
	prober   *Prober
	exchange *Exchange
	url      *url.URL
	away     bool   // a redirect has left the origin
	awaited  string // what has not come yet
	started  time.Time
}

func (v *visit) at() time.Duration { return time.Since(v.started) }

// fail ends the exchange. What fails when our time is up is our doing.
func (v *visit) fail(ctx context.Context, end End, err error) {
	if ctx.Err() != nil && v.exchange.Head != nil {
		v.exchange.End = Left
		return
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		v.exchange.End, v.exchange.Reason = Unsent, "interrupted"
		return
	}
	if ctx.Err() != nil {
		end, err = Silent, fmt.Errorf("no %s in time", v.awaited)
	}
	v.exchange.End, v.exchange.Reason = end, err.Error()
}

// run sends the request, and again after each redirect.
func (v *visit) run(ctx context.Context) {
	for {
		if err := v.prober.take(); err != nil {
			v.exchange.End, v.exchange.Reason = Unsent, err.Error()
			return
		}
		next := v.hop(ctx)
		if next == nil {
			break
		}
		if len(v.exchange.Hops) == mostRedirects {
			v.exchange.End, v.exchange.Reason = Looping, "more than 10 redirects"
			return
		}
		status := v.exchange.Head.Status
		bare := *next
		bare.User = nil
		v.exchange.Hops = append(v.exchange.Hops, Hop{status, bare.String()})
		v.away = v.away || origin(next) != origin(v.url)
		v.exchange.Bare = v.away && (len(v.exchange.Request.Own) > 0 || v.prober.URL.User != nil)
		v.url, v.exchange.Head = next, nil
	}
	if len(v.exchange.Hops) > 0 && v.exchange.Head != nil && v.exchange.Request.Query == "" {
		v.prober.moved(v.url)
	}
}

func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }

// hop makes one connection and reads its answer; it returns where that redirects to.
func (v *visit) hop(ctx context.Context) *url.URL {
	bare := *v.url
	bare.User = nil
	v.exchange.URL, v.exchange.Asked = bare.String(), v.headers()
	v.awaited = "connection"
	conn, err := v.dial(ctx)
	if err != nil {
		v.fail(ctx, Refused, err)
		return nil
	}
	v.awaited = "complete answer"
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	open := v.http1
	if secure, ok := conn.(*tls.Conn); ok && secure.ConnectionState().NegotiatedProtocol == "h2" {
		open = v.http2
	}
	body, err := open(ctx, conn)
	defer conn.Close()
	if err != nil {
		v.fail(ctx, Broken, err)
		return nil
	}
	defer func() { // the connection first: else closing the body reads it to its end
		conn.Close()
		body.Close()
	}()
	if next := v.redirect(); next != nil {
		return next
	}
	v.read(ctx, body)
	return nil
}

func (v *visit) dial(ctx context.Context) (net.Conn, error) {
	address := v.url.Host
	if v.url.Port() == "" {
		address = net.JoinHostPort(v.url.Hostname(), map[string]string{"http": "80", "https": "443"}[v.url.Scheme])
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil || v.url.Scheme != "https" {
		return conn, err
	}
	config := v.prober.TLS.Clone()
	if config == nil {
		config = new(tls.Config)
	}
	if config.ServerName == "" {
		config.ServerName = v.url.Hostname()
	}
	config.NextProtos = []string{"h2", "http/1.1"}
	if v.exchange.Request.HTTP10 {
		config.NextProtos = []string{"http/1.1"}
	}
	v.awaited = "TLS handshake"
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return secure, nil
}

// redirect returns where the answer sends us, nil when it does not.
func (v *visit) redirect() *url.URL {
	h := v.exchange.Head
	locations := h.Values("Location")
	if !slices.Contains([]int{301, 302, 303, 307, 308}, h.Status) || len(locations) == 0 {
		return nil
	}
	if m := v.exchange.Request.Method; m != "GET" && m != "HEAD" {
		return nil // the answer to another method is that of one request
	}
	next, err := v.url.Parse(locations[0])
	if err != nil || next.Scheme != "http" && next.Scheme != "https" || next.Host == "" {
		return nil
	}
	return next
}

// pieceSize is how much is read at once.
const pieceSize = 32 << 10

// read reads the body.
func (v *visit) read(ctx context.Context, body io.Reader) {
	e := v.exchange
	most := e.Request.Most
	if most == 0 {
		most = mostBody
	}
	if e.Request.Enough != nil && e.Request.Enough(e) {
		e.End = Left
		return
	}
	in, err := v.decoded(body)
	buf, size := make([]byte, pieceSize), int64(0)
	for err == nil {
		var n int
		n, err = in.Read(buf)
		n = int(min(int64(n), most-size))
		if n > 0 {
			size += int64(n)
			e.receive(v.at(), buf[:n])
		}
		switch {
		case err != nil:
		case size >= most || !v.prober.allow(n):
			e.End = Bound
			return
		case n > 0 && e.Request.Enough != nil && e.Request.Enough(e):
			e.End = Left
			return
		}
	}
	v.ended(ctx, err)
}

// ended says how the body ended.
func (v *visit) ended(ctx context.Context, err error) {
	var coding *codingError
	switch {
	case err == io.EOF:
		v.exchange.End = Closed
	case errors.As(err, &coding):
		v.fail(ctx, Undecoded, err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		v.fail(ctx, Cut, errors.New("the connection was closed before the end that its framing promised"))
	default:
		v.fail(ctx, Cut, err)
	}
}

// lines reads a head by hand from r; most is what it may take.
func lines(r *bufio.Reader, most int) ([]byte, error) {
	var head []byte
	for {
		line, err := r.ReadSlice('\n')
		head = append(head, line...)
		if len(head) > most {
			return nil, errors.New("the head is longer than 64 KiB")
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return head, err
		}
		if len(head) > len(line) && (string(line) == "\r\n" || string(line) == "\n") {
			return head, nil
		}
	}
}
