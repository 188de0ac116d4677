package doctor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/ssespec/ssespec/runner/group"
	"github.com/ssespec/ssespec/runner/target"
)

// A session is one process of the adapter, with every line that it wrote. It
// reads on whatever comes: judging is for the checks.
type session struct {
	cmd          *exec.Cmd
	stdin        io.WriteCloser
	stderr       tail
	patience     time.Duration
	startTimeout time.Duration
	ctx          context.Context
	exited       chan struct{} // closed when the process is gone and its output was read
	status       string        // after exited

	mu      sync.Mutex
	heard   transcript
	changed chan struct{} // closed and replaced when a line was heard
	quit    bool          // standard input is closed
	hung    bool          // the process had to be killed
	runs    int           // opened
	parses  int           // of them, by a parse
}

// launch starts the command of d.
func launch(ctx context.Context, d *Doctor) (*session, error) {
	if len(d.Command) == 0 || d.Command[0] == "" {
		return nil, &target.Unreachable{Reason: errNoCommand.Error()}
	}
	s := &session{ctx: ctx, exited: make(chan struct{}), changed: make(chan struct{}), heard: newTranscript()}
	s.cmd = exec.Command(d.Command[0], d.Command[1:]...)
	s.cmd.Dir, s.cmd.Env = d.Dir, d.Env
	s.cmd.Stdout, s.cmd.Stderr = s, &s.stderr
	s.cmd.WaitDelay = time.Second // a grandchild may hold the pipes for ever
	group.Own(s.cmd)
	var err error
	if s.stdin, err = s.cmd.StdinPipe(); err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		return nil, &target.Unreachable{Reason: fmt.Sprintf("%v: check that it is installed, and its path", err)}
	}
	go s.wait()
	return s, nil
}

// wait is for the process and its output.
func (s *session) wait() {
	err := s.cmd.Wait()
	s.status = s.cmd.ProcessState.String()
	if err != nil && !errors.As(err, new(*exec.ExitError)) {
		s.status += ", " + err.Error()
	}
	s.kill() // what it has left behind
	s.mu.Lock()
	s.heard.finish()
	s.mu.Unlock()
	close(s.exited)
}

func (s *session) kill() {
	if err := group.Kill(s.cmd.Process); err != nil {
		s.stderr.note(fmt.Sprintf("ssespec: kill: %v", err))
	}
}

// Write takes what the process writes to standard output.
func (s *session) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.heard.take(b, s.quit)
	close(s.changed)
	s.changed = make(chan struct{})
	if err != nil {
		return 0, err // nobody reads on: the process is stopped by its full pipe
	}
	return len(b), nil
}

// say writes one line to the process, which must take it within the limit.
func (s *session) say(line []byte) error {
	if pipe, is := s.stdin.(interface{ SetWriteDeadline(time.Time) error }); is {
		if err := pipe.SetWriteDeadline(time.Now().Add(s.patience)); err != nil {
			return err
		}
	}
	_, err := s.stdin.Write(line)
	if err != nil {
		s.until(s.patience, func(*transcript) bool { return false }) // its end may be under way: the state then says how
	}
	return err
}

// until waits until fact holds of the transcript, and reports whether it does:
// not when d has passed, the process is gone, or nobody waits any more.
func (s *session) until(d time.Duration, fact func(*transcript) bool) bool {
	limit := time.NewTimer(d)
	defer limit.Stop()
	for {
		holds, changed := s.holds(fact)
		if holds {
			return true
		}
		select {
		case <-changed:
		case <-s.exited:
			holds, _ = s.holds(fact)
			return holds
		case <-limit.C:
			return false
		case <-s.ctx.Done():
			return false
		}
	}
}

func (s *session) holds(fact func(*transcript) bool) (bool, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fact(&s.heard), s.changed
}

// greeted waits for the first line that may be a hello.
func (s *session) greeted() bool {
	return s.until(s.startTimeout, func(t *transcript) bool { return t.hello() != nil })
}

// finish closes standard input, gives the process the time of the contract to
// leave, and kills what is left. A second call does nothing.
func (s *session) finish() {
	s.mu.Lock()
	first := !s.quit
	s.quit = true
	s.mu.Unlock()
	if first {
		if err := s.stdin.Close(); err != nil {
			s.stderr.note(fmt.Sprintf("ssespec: standard input: %v", err))
		}
	}
	limit := time.NewTimer(max(leaveTime, s.patience))
	defer limit.Stop()
	select {
	case <-s.exited:
		return
	case <-s.ctx.Done():
	case <-limit.C:
	}
	s.mu.Lock()
	s.hung = true
	s.mu.Unlock()
	s.kill()
	<-s.exited // killed, and WaitDelay bounds the rest
}

// gone reports whether the process has ended.
func (s *session) gone() bool {
	select {
	case <-s.exited:
		return true
	default:
		return false
	}
}

// state says in evidence's words where the process is, and what it last said.
func (s *session) state() string {
	text := "nothing came"
	if s.gone() {
		text = "the process ended: " + s.status
	}
	if err := s.flood(); err != nil {
		text = err.Error()
	}
	if last := s.stderr.last(); last != "" {
		text += "; its standard error ends with " + quoted(last)
	}
	return text
}

func (s *session) flood() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard.flood
}

// tailBytes is how much of standard error is kept.
const tailBytes = 8 << 10

// A tail keeps the last 8 KiB of what is written to it. The zero value is empty.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b[max(0, len(b)-tailBytes):]...)
	t.buf = append(t.buf[:0], t.buf[max(0, len(t.buf)-tailBytes):]...)
	return len(b), nil
}

func (t *tail) note(line string) { fmt.Fprintln(t, line) }

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf)
}

// last returns the last line that is not blank.
func (t *tail) last() string {
	text := strings.TrimSpace(t.String())
	return strings.TrimSpace(text[strings.LastIndexByte(text, '\n')+1:])
}
