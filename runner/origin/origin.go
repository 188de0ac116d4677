// Package origin is the HTTP server that plays scripts byte for byte and
// records the requests it got. It reads and writes its connections itself: no
// HTTP library stands between a case and the wire, in either direction.
//
// Goals: every chunk reaches the client apart from the next one; everything
// that a hostile client can do has a bound and a time limit; what was sent and
// received is kept as evidence.
//
// Not a goal: being a web server. Connections are closed after one answer, unless
// the script keeps them, and what names no play goes to a handler, or is dropped
// without a byte.
package origin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/ssespec/ssespec/cases"
)

const (
	maxConnections = 1024                  // open on one origin, with those that have not named a play yet
	acceptPause    = 10 * time.Millisecond // after an accept that failed, when descriptors have run out
)

// An Origin plays scripts from one listener. [Listen] makes it; its fields may
// be set until the first call of Play, and their zero values work.
type Origin struct {
	Logger      *slog.Logger // nil is silent
	TimeScale   float64      // stretches pauses and time limits; 0 is 1
	Unconfirmed bool         // chunks are written without waiting for the reader, for proofs of the contrary
	Advertise   string       // scheme, host and port that clients are told in place of the listener's
	// Before, when set, is called before each chunk of a body is written, and
	// holds it up until it returns.
	Before func(chunk []byte)
	// Handler, when set, answers the requests that are for no play, one a connection.
	Handler http.Handler

	listener  net.Listener
	accepting sync.Once
	serving   sync.Once
	door      chan net.Conn // to the server of Handler
	running   sync.WaitGroup

	mu     sync.Mutex
	closed bool
	done   chan struct{}
	plays  map[string]*Play
	conns  map[*net.TCPConn]struct{}
	slow   int // connections that are dropped slowly

	refusing sync.Mutex
	refusal  *refusal // nil until a case wants it
}

// Listen returns an origin at addr ("127.0.0.1:0" for a free port of
// loopback). It accepts connections from the first Play on.
func Listen(addr string) (*Origin, error) {
	plain := net.ListenConfig{}
	plain.SetMultipathTCP(false) // the queues of a subflow are not those of the connection
	l, err := plain.Listen(context.Background(), "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("origin: %w", err)
	}
	return &Origin{
		listener: l,
		done:     make(chan struct{}),
		plays:    map[string]*Play{},
		conns:    map[*net.TCPConn]struct{}{},
	}, nil
}

// Addr returns the address that the origin listens at.
func (o *Origin) Addr() net.Addr { return o.listener.Addr() }

// URL returns scheme, host and port as clients know them, without a slash.
func (o *Origin) URL() string {
	if o.Advertise != "" {
		return strings.TrimRight(o.Advertise, "/")
	}
	return o.at(o.host())
}

// host returns the host that clients on this machine reach the origin under.
func (o *Origin) host() string {
	host, _, err := net.SplitHostPort(o.Addr().String())
	if err != nil || net.ParseIP(host).IsUnspecified() {
		return "127.0.0.1"
	}
	return host
}

// at returns the origin's URL under another host.
func (o *Origin) at(host string) string {
	_, port, _ := net.SplitHostPort(o.Addr().String()) // a listener's own address has one
	return (&url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}).String()
}

// Close ends every play, stops listening, closes every connection and waits
// until all goroutines of the origin have ended. Closing twice is harmless.
func (o *Origin) Close() error {
	plays, first := o.shut()
	if !first {
		o.running.Wait()
		return nil
	}
	for _, p := range plays {
		p.Close()
	}
	err := o.listener.Close()
	o.refusing.Lock()
	if o.refusal != nil {
		o.refusal.close()
	}
	o.refusing.Unlock()
	o.mu.Lock()
	for c := range o.conns {
		c.Close() // unblocks its goroutine, which reports nothing of a closed origin
	}
	o.mu.Unlock()
	o.running.Wait()
	if err != nil {
		return fmt.Errorf("origin: %w", err)
	}
	return nil
}

// shut marks o as closed and returns the open plays, and whether this call did it.
func (o *Origin) shut() (plays []*Play, first bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return nil, false
	}
	o.closed = true
	close(o.done)
	for _, p := range o.plays {
		plays = append(plays, p)
	}
	return plays, true
}

// accept takes connections until the listener is closed.
func (o *Origin) accept() {
	for {
		c, err := o.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			o.log().Warn("origin: accept", "error", err)
			select {
			case <-o.done:
			case <-time.After(acceptPause):
			}
			continue
		}
		o.start(c.(*net.TCPConn))
	}
}

// start serves c on a goroutine of its own, unless there is no room for it.
func (o *Origin) start(c *net.TCPConn) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed || len(o.conns) >= maxConnections {
		c.Close()
		return
	}
	o.conns[c] = struct{}{}
	o.running.Go(func() {
		defer o.release(c)
		o.serve(c)
	})
}

// release closes c, however its exchange ended, and forgets it.
func (o *Origin) release(c *net.TCPConn) {
	c.Close() // often the second time: a reset or the end of its play closed it before
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.conns, c)
}

// register makes p known under its token, and says whether o was still open.
func (o *Origin) register(p *Play) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return false
	}
	o.plays[p.token] = p
	o.open()
	return true
}

// Serve begins to accept connections, for a Handler that is to be reached
// before the first play.
func (o *Origin) Serve() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed {
		o.open()
	}
}

func (o *Origin) open() { o.accepting.Do(func() { o.running.Go(o.accept) }) }

// forget drops the token: requests for it are late from now on.
func (o *Origin) forget(token string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.plays, token)
}

// play returns the open play with that token, nil if there is none.
func (o *Origin) play(token string) *Play {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.plays[token]
}

// Play registers s under a new token and returns at once; the origin answers
// until the play is closed or ctx ends. On a closed origin the play is closed
// from the start.
func (o *Origin) Play(ctx context.Context, s cases.Script) *Play {
	p := newPlay(o, s)
	if !o.register(p) {
		p.Close()
		return p
	}
	stop := context.AfterFunc(ctx, p.Close)
	p.mu.Lock()
	p.stop = stop
	p.mu.Unlock()
	return p
}

// refusedPort returns a port of host that refuses every connection.
func (o *Origin) refusedPort(host string) (string, error) {
	o.refusing.Lock()
	defer o.refusing.Unlock()
	if o.refusal == nil {
		r, err := refuse(host)
		if err != nil {
			return "", err
		}
		o.refusal = r
	}
	return o.refusal.port(), nil
}

func (o *Origin) log() *slog.Logger {
	if o.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return o.Logger
}

// scaled returns d stretched by the time scale.
func (o *Origin) scaled(d time.Duration) time.Duration {
	if o.TimeScale <= 0 {
		return d
	}
	return time.Duration(float64(d) * o.TimeScale)
}
