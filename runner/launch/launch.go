// Package launch starts a server to be checked, finds out where it listens, and
// ends it with everything that it has started.
package launch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ssespec/ssespec/runner/group"
	"github.com/ssespec/ssespec/runner/target"
)

// A Command starts a server. The port that it is to listen on is in its
// environment as PORT, and stands for {port} in Args and URL.
type Command struct {
	Args []string
	Dir  string        // where it is started; "" is here
	URL  string        // "": the first line of its output that begins with http
	Wait time.Duration // how long it may take until it accepts connections
}

// A Server is one that was started.
type Server struct {
	URL    string
	port   string // the one that it was given
	cmd    *exec.Cmd
	output *tail
	exited chan struct{}
}

// Start starts the command and waits until it is ready: its URL is known, and a
// connection is accepted there. The error is a [target.Unreachable] with the end
// of its output.
func Start(ctx context.Context, c Command) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	if err := c.taken(ctx); err != nil {
		return nil, err
	}
	s := &Server{URL: withPort(c.URL, port), port: port, output: newTail(), exited: make(chan struct{})}
	args := make([]string, len(c.Args))
	for i, a := range c.Args {
		args[i] = withPort(a, port)
	}
	s.cmd = exec.Command(args[0], args[1:]...)
	s.cmd.Dir = c.Dir
	s.cmd.Env = append(os.Environ(), "PORT="+port)
	s.cmd.WaitDelay = time.Second
	group.Own(s.cmd)
	if err := s.run(); err != nil {
		return nil, &target.Unreachable{Reason: fmt.Sprintf("%s cannot be started: %v", args[0], err)}
	}
	if err := s.ready(ctx, c.Wait); err != nil {
		s.Close()
		return nil, &target.Unreachable{Reason: err.Error(), Stderr: s.output.text()}
	}
	return s, nil
}

func withPort(text, port string) string { return strings.ReplaceAll(text, "{port}", port) }

// freePort returns a port on which nobody listens.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), nil
}

// run starts the process and reads what it writes.
func (s *Server) run() error {
	s.cmd.Stdout, s.cmd.Stderr = s.output, s.output
	if err := s.cmd.Start(); err != nil {
		return err
	}
	go func() {
		s.cmd.Wait() // how it ended is said by who waits for it
		close(s.exited)
	}()
	return nil
}

// taken refuses to start a server where another one listens: that one would answer.
func (c Command) taken(ctx context.Context) error {
	u, err := url.Parse(c.URL)
	if err != nil || strings.Contains(c.URL, "{port}") || !local(u) || !listens(ctx, u) {
		return nil // an error is told when the URL is used
	}
	return &target.Unreachable{Reason: fmt.Sprintf("something listens at %s before %s is started: end that, check it without the command, or leave the port to ssespec ({port})", u.Host, c.Args[0])}
}

func local(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// listens reports whether a connection is accepted.
func listens(ctx context.Context, u *url.URL) bool {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address(u))
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// address is where u points to.
func address(u *url.URL) string {
	if u.Port() == "" {
		return net.JoinHostPort(u.Hostname(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	}
	return u.Host
}

// ready waits for the URL and for an open port.
func (s *Server) ready(ctx context.Context, wait time.Duration) error {
	ctx, cancel := context.WithTimeoutCause(ctx, wait, fmt.Errorf("the server was not ready within %s (--wait)", wait))
	defer cancel()
	if s.URL == "" {
		if err := s.awaitURL(ctx); err != nil {
			return err
		}
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		return err
	}
	return s.accepts(ctx, u)
}

// afterListening is how long a server that listens may take to say where.
const afterListening = 3 * time.Second

// awaitURL waits for the line that is the URL. A server that listens on the port
// that it was given and does not say so has none.
func (s *Server) awaitURL(ctx context.Context) error {
	listening := make(chan error, 1)
	watch, stop := context.WithCancel(ctx)
	defer stop()
	go func() { listening <- Accepts(watch, &url.URL{Scheme: "http", Host: "127.0.0.1:" + s.port}, s.exited) }()
	const line = "no line of its output begins with http; name the URL: ssespec server 'http://127.0.0.1:{port}/PATH' -- COMMAND"
	for {
		select {
		case s.URL = <-s.output.url:
			return nil
		case <-s.exited:
			return s.died()
		case err := <-listening:
			if err == nil {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeoutCause(ctx, afterListening, fmt.Errorf("the server listens on the port %s that it was given", s.port))
				defer cancel()
			}
		case <-ctx.Done():
			return fmt.Errorf("%w: "+line, context.Cause(ctx))
		}
	}
}

// accepts waits until a connection is accepted. A server that has ended by then is
// none, unless it has done so in peace and left another process in its place.
func (s *Server) accepts(ctx context.Context, u *url.URL) error {
	if err := Accepts(ctx, u, s.exited); err != nil && !errors.Is(err, errExited) {
		return err
	} else if err != nil {
		return s.died()
	}
	select {
	case <-s.exited:
		if !s.cmd.ProcessState.Success() {
			return s.died()
		}
	default:
	}
	return nil
}

func (s *Server) died() error {
	return fmt.Errorf("%s ended before it was ready: %s", s.cmd.Args[0], s.cmd.ProcessState)
}

var errExited = errors.New("exited")

// Accepts waits until a connection is accepted where u points to, ctx ends, or
// exited is closed.
func Accepts(ctx context.Context, u *url.URL, exited <-chan struct{}) error {
	again := time.NewTicker(25 * time.Millisecond)
	defer again.Stop()
	for {
		if listens(ctx, u) {
			return nil
		}
		select {
		case <-exited:
			return errExited
		case <-ctx.Done():
			return fmt.Errorf("%w: nothing listens at %s", context.Cause(ctx), address(u))
		case <-again.C:
		}
	}
}

// Output returns the last lines that the server wrote.
func (s *Server) Output() string { return s.output.text() }

// Close ends the server and everything that it has started, but for what has left
// its process group: see [Server.Survives].
func (s *Server) Close() error {
	err := group.Kill(s.cmd.Process)
	<-s.exited
	return err
}

// afterKill is how long the last process may take to let go of its port.
const afterKill = 500 * time.Millisecond

// Survives reports whether a server that was closed still listens.
func (s *Server) Survives() bool {
	u, err := url.Parse(s.URL)
	if err != nil || !local(u) {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*afterKill) // past which nothing is asked
	defer cancel()
	again := time.NewTicker(25 * time.Millisecond)
	defer again.Stop()
	for patience := time.After(afterKill); listens(ctx, u); {
		select {
		case <-again.C:
		case <-patience:
			return true
		}
	}
	return false
}

// mostTail is how much of the output is kept.
const mostTail = 16 << 10

// A tail keeps the end of what is written to it, and finds the first line that
// is a URL.
type tail struct {
	url chan string

	mu    sync.Mutex
	kept  []byte
	line  []byte
	found bool
}

func newTail() *tail { return &tail{url: make(chan string, 1)} }

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, b...)
	if n := len(t.kept) - mostTail; n > 0 {
		t.kept = append(t.kept[:0], t.kept[n:]...)
	}
	if !t.found {
		t.look(b)
	}
	return len(b), nil
}

// look reads lines until one is a URL.
func (t *tail) look(b []byte) {
	t.line = append(t.line, b...)
	for !t.found {
		n, text, err := bufio.ScanLines(t.line, false)
		if err != nil || n == 0 {
			break
		}
		if first := strings.Fields(string(text)); len(first) > 0 && (strings.HasPrefix(first[0], "http://") || strings.HasPrefix(first[0], "https://")) {
			t.found = true
			t.url <- first[0]
		}
		t.line = t.line[n:]
	}
	if n := len(t.line) - mostTail; n > 0 {
		t.line = t.line[n:]
	}
}

func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.kept)
}
