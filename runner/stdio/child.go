package stdio

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ssespec/ssespec/runner/group"
	"github.com/ssespec/ssespec/runner/target"
)

// A child is one process, from its start to its end. Four goroutines belong to
// it: read (standard output; it alone ends runs), write (standard input), note
// (standard error) and wait. All end with the process.
type child struct {
	p      *Process
	limits Limits
	words  dictionary
	log    *slog.Logger

	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout io.ReadCloser
	stderr io.ReadCloser
	tail   tail

	ready   chan struct{} // closed at the hello, or when there will be none
	hello   target.Hello  // after ready
	unready error         // after ready: why there is no hello

	out      chan []byte   // lines to be written
	quitting chan struct{} // closed by Close
	exited   chan struct{} // closed when the process has exited and its group is killed
	noted    chan struct{} // closed when standard error has been read
	dead     chan struct{} // closed when it broke down: no line counts any more
	done     chan struct{} // closed when every run has been told

	quitOnce, deadOnce sync.Once
	how, detail        string // after dead
	brokenOnce         sync.Once
	broken             *target.Broken // what every run open then is told
	status             string         // after exited

	heard atomic.Int64 // lines after the hello

	mu      sync.Mutex
	runs    map[string]*run // nil once every run has been told
	past    past
	killErr error
}

// launch starts the command. The hello is yet to come.
func launch(p *Process) (*child, error) {
	if len(p.Command) == 0 || p.Command[0] == "" {
		return nil, &target.Unreachable{Reason: "no command: say what starts the adapter, as in: -- node adapter.mjs"}
	}
	c := newChild(p)
	if err := c.start(); err != nil {
		return nil, &target.Unreachable{Reason: fmt.Sprintf("%s: %v: check that it is installed, and its path", p.name(), err)}
	}
	go c.wait()
	go c.note()
	go c.write()
	go c.read()
	return c, nil
}

func newChild(p *Process) *child {
	return &child{
		p:        p,
		limits:   p.Limits.orDefault(),
		words:    dictionary{p.Strict, p.Unknown},
		log:      p.logger(),
		ready:    make(chan struct{}),
		out:      make(chan []byte, 16),
		quitting: make(chan struct{}),
		exited:   make(chan struct{}),
		noted:    make(chan struct{}),
		dead:     make(chan struct{}),
		done:     make(chan struct{}),
		runs:     map[string]*run{},
	}
}

// start runs the command in a process group of its own: a signal from the
// terminal does not reach it, and what it starts can be killed with it.
func (c *child) start() error {
	c.cmd = exec.Command(c.p.Command[0], c.p.Command[1:]...)
	c.cmd.Dir, c.cmd.Env = c.p.Dir, c.p.Env
	group.Own(c.cmd)
	var in, out, errs error
	c.stdin, in = c.cmd.StdinPipe()
	c.stdout, out = c.cmd.StdoutPipe()
	c.stderr, errs = c.cmd.StderrPipe()
	if err := errors.Join(in, out, errs); err != nil {
		for _, pipe := range []io.Closer{c.stdin, c.stdout, c.stderr} {
			if pipe != nil {
				c.shut(pipe)
			}
		}
		return err
	}
	return c.cmd.Start()
}

// wait is for the process alone, not for its pipes: a grandchild may hold them
// for ever. Whatever of the group is left then is killed; a pipe that even so
// stays open belongs to one that left the group, and is read no longer.
func (c *child) wait() {
	state, err := c.cmd.Process.Wait()
	if err != nil {
		c.status = err.Error()
	} else {
		c.status = state.String()
	}
	c.kill()
	close(c.exited)
	if !within(c.done, c.p.closeTimeout()) {
		c.breakDown(target.Crashed, c.status+", and a process that left its group holds its output")
	}
}

// breakDown ends the child; the first call says why. Reading and writing stop,
// even where somebody else still holds the other end.
func (c *child) breakDown(how, detail string) {
	c.deadOnce.Do(func() {
		c.how, c.detail = how, detail
		c.kill()
		close(c.dead)
		c.unblock(c.stdin)
		c.unblock(c.stdout)
	})
}

// kill ends the whole process group, unless that has been done after its
// leader's end: the number may be another's by now.
func (c *child) kill() {
	if closed(c.exited) {
		return
	}
	if err := group.Kill(c.cmd.Process); err != nil {
		c.log.Warn("process group not killed", "err", err)
		c.mu.Lock()
		c.killErr = fmt.Errorf("%s: kill: %w", c.p.name(), err)
		c.mu.Unlock()
	}
}

// exit returns how the process ended, after the end of its standard output.
func (c *child) exit() string {
	if !within(c.exited, c.p.closeTimeout()) {
		return "closed its standard output and went on"
	}
	return c.status
}

// finish tells every open run, and who waits for the hello, how it ended.
func (c *child) finish() {
	if !within(c.noted, c.p.closeTimeout()) {
		c.unblock(c.stderr)
	}
	c.shut(c.stdout)
	if !closed(c.quitting) {
		c.log.Warn("target broke down", "how", c.how, "detail", c.detail)
	}
	if !closed(c.ready) {
		c.unready = c.ending()
		close(c.ready)
	}
	c.mu.Lock()
	open := c.runs
	c.runs = nil
	c.mu.Unlock()
	for _, r := range open {
		r.listener.over(c.ending())
	}
}

// ending returns the error of a run that was open at the end: one and the same
// for all, by which the runner knows that they broke down together.
func (c *child) ending() error {
	switch {
	case closed(c.quitting):
		return closedFault()
	case c.hello.Name == "":
		return &target.Unreachable{Reason: c.p.name() + ": " + c.detail, Stderr: c.tail.String()}
	}
	c.brokenOnce.Do(func() { c.broken = &target.Broken{How: c.how, Detail: c.detail, Stderr: c.tail.String()} })
	return c.broken
}

// shutDown closes standard input and kills what is still there CloseTimeout later.
func (c *child) shutDown() error {
	c.quitOnce.Do(func() { close(c.quitting) })
	if !within(c.done, c.p.closeTimeout()) {
		c.breakDown(target.Hung, "still alive after its standard input was closed")
	}
	<-c.done
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.killErr
}

// unblock makes reads and writes of pipe return at once.
func (c *child) unblock(pipe io.Closer) {
	d, ok := pipe.(interface{ SetDeadline(time.Time) error })
	if ok && d.SetDeadline(time.Unix(1, 0)) == nil {
		return
	}
	c.shut(pipe) // a system whose pipes have no deadlines
}

// shut closes our end of a pipe; that of a dead process may be closed already.
func (c *child) shut(pipe io.Closer) {
	if err := pipe.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		c.log.Debug("pipe not closed", "err", err)
	}
}

func closedFault() error { return &target.Fault{Reason: "the adapter was closed"} }

// closed reports whether ch is closed; nothing is ever sent on it.
func closed(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

// within reports whether ch is closed before d has passed.
func within(ch <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ch:
		return true
	case <-timer.C:
		return false
	}
}
