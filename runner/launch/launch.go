// Package launch starts a server to be checked, finds out where it listens, and
// ends it with everything that it has started.
package launch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
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
	s := &Server{URL: withPort(c.URL, port), output: newTail(), exited: make(chan struct{})}
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

// ready waits for the URL and for an open port.
func (s *Server) ready(ctx context.Context, wait time.Duration) error {
	ctx, cancel := context.WithTimeoutCause(ctx, wait, fmt.Errorf("the server was not ready within %s (--wait)", wait))
	defer cancel()
	if s.URL == "" {
		select {
		case s.URL = <-s.output.url:
		case <-s.exited:
			return s.died()
		case <-ctx.Done():
			return fmt.Errorf("%w: no line of its output begins with http; name the URL: ssespec server http://127.0.0.1:{port}/ -- COMMAND", context.Cause(ctx))
		}
	}
	u, err := url.Parse(s.URL)
	if err != nil {
		return err
	}
	return s.accepts(ctx, u)
}

// accepts waits until a connection is accepted, or the server has died.
func (s *Server) accepts(ctx context.Context, u *url.URL) error {
	err := Accepts(ctx, u, s.exited)
	if errors.Is(err, errExited) {
		return s.died()
	}
	return err
}

func (s *Server) died() error {
	return fmt.Errorf("%s ended before it was ready: %s", s.cmd.Args[0], s.cmd.ProcessState)
}

var errExited = errors.New("exited")

// Accepts waits until a connection is accepted where u points to, ctx ends, or
// exited is closed.
func Accepts(ctx context.Context, u *url.URL, exited <-chan struct{}) error {
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
	}
	again := time.NewTicker(25 * time.Millisecond)
	defer again.Stop()
	for {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", host)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-exited:
			return errExited
		case <-ctx.Done():
			return fmt.Errorf("%w: nothing listens at %s", context.Cause(ctx), host)
		case <-again.C:
		}
	}
}

// Output returns the last lines that the server wrote.
func (s *Server) Output() string { return s.output.text() }

// Close ends the server and everything that it has started.
func (s *Server) Close() error {
	err := group.Kill(s.cmd.Process)
	<-s.exited
	return err
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
