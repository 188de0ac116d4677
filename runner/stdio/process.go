// Package stdio is a target that is a child process: an adapter that speaks
// JSON lines on its standard streams (contracts, section 2).
//
// The child is hostile until proved otherwise: each thing that it can do wrong
// (write garbage, write for ever, not read, not end, die, leave children
// behind) has a bound, and an error of package target that says which it was.
//
// Not a goal: judging what the target does, or putting a run again after a
// breakdown. Both are the runner's.
package stdio

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// The bounds that a zero option stands for.
const (
	startTimeout = 10 * time.Second
	closeTimeout = 2 * time.Second
	parseTimeout = 10 * time.Second
)

// A Process is an adapter and, from the first call on, the child process that
// runs it. Only Command is needed. The fields are not to be changed after the
// first call; the methods may be called from any goroutine. Whoever has called
// Hello or Subscribe owes a Close.
type Process struct {
	Command      []string      // the program and its arguments
	Dir          string        // where it runs; "" is this process's directory
	Env          []string      // its whole environment; nil is this process's
	StartTimeout time.Duration // from start to hello; 10 s if not above 0
	CloseTimeout time.Duration // from close to end, and from Close to the kill; 2 s if not above 0
	ParseTimeout time.Duration // in which Parse wants the next stream to be through; 10 s if not above 0
	MostBroken   int           // breakdowns after which one call of Parse puts no more; no bound if not above 0
	Logger       *slog.Logger  // nil is silent
	Stderr       io.Writer     // also gets what the child writes to standard error; must not block
	Limits       Limits

	// Strict makes a member that the contract does not name an error of the
	// adapter. Unknown, where set, is told of the first such member of each
	// line, as a JSON Pointer, on the goroutine that reads: it must neither
	// block nor keep the line.
	Strict  bool
	Unknown func(line []byte, member string)

	late    late
	parsing sync.Mutex    // held by the Parse call whose turn it is
	runs    atomic.Uint64 // that Parse has opened
	noting  sync.Mutex    // guards Stderr

	mu     sync.Mutex
	child  *child
	first  *target.Hello // what the first process said of itself
	closed bool
}

// Limits bound what the child may write. A value that is not above 0 stands for the
// contract's: lines of 64 MiB, 1,000,000 lines and 256 MiB for one run.
type Limits struct {
	Line  int
	Steps int
	Bytes int
}

func (l Limits) orDefault() Limits {
	if l.Line <= 0 {
		l.Line = 64 << 20
	}
	if l.Steps <= 0 {
		l.Steps = 1_000_000
	}
	if l.Bytes <= 0 {
		l.Bytes = 256 << 20
	}
	return l
}

// Hello starts the child where none is running and returns what it says of
// itself. The error is a [*target.Unreachable], or the cause of ctx when that
// ends first: the child then goes on starting, for the next call.
func (p *Process) Hello(ctx context.Context) (target.Hello, error) {
	c, err := p.current(ctx)
	if err != nil {
		return target.Hello{}, err
	}
	return c.hello, nil
}

// Subscribe puts one run to the child, starting it where none is running, and
// hands each step to observe in the order in which it came, on the calling
// goroutine. It returns nil at the child's end of the run. When ctx ends the
// child is told to close, and what it still reports is observed until its end.
// When ctx ends before the run is sent, its cause is returned and nothing is
// sent. All other errors are of package target: Unimplemented, Fault, Broken,
// Unreachable.
func (p *Process) Subscribe(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
	start := time.Now()
	c, err := p.current(ctx)
	if err != nil {
		return err
	}
	line, err := opening(c.hello.Kind, sub, c.limits.Line)
	if err != nil {
		return err
	}
	q := newQueue()
	r, err := c.open(sub.Run, start, q)
	if err != nil {
		return err
	}
	defer c.leave(r, q)
	if err := c.send(ctx, line); err != nil {
		return err
	}
	return c.follow(ctx, r, q, observe)
}

// Late returns the steps of runs that were not open when the steps came: after
// their end, or never. At counts from the run's beginning, and is 0 for a run
// that is not known. At most 16 of a run, 4,096 in all and 16 MiB are kept.
func (p *Process) Late() []LateStep { return p.late.list() }

// Close ends the child for good: it closes its standard input, gives it
// CloseTimeout to exit, and kills its process group. Runs still open then
// return a [*target.Fault], as does each call made later. A second Close waits for
// the same end. The error says that something could not be killed.
func (p *Process) Close() error {
	p.mu.Lock()
	p.closed = true
	c := p.child
	p.mu.Unlock()
	if c == nil {
		return nil
	}
	return c.shutDown()
}

// current returns a child that has said hello, and starts one where none is running.
func (p *Process) current(ctx context.Context) (*child, error) {
	c, err := p.launched(ctx)
	if err != nil {
		return nil, err
	}
	select {
	case <-c.ready:
		return c, c.unready
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// launched returns the running child or a fresh one: never before the one that
// broke down is gone, since both may want the same port.
func (p *Process) launched(ctx context.Context) (*child, error) {
	for {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		c, err := p.running()
		if err != nil {
			return nil, err
		}
		if !closed(c.dead) {
			return c, nil
		}
		select {
		case <-c.done:
		case <-ctx.Done():
		}
	}
}

// running returns the child that there is, which may be breaking down, or launches one.
func (p *Process) running() (*child, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, closedFault()
	}
	if p.child != nil && !closed(p.child.done) {
		return p.child, nil
	}
	c, err := launch(p)
	if err != nil {
		return nil, err
	}
	p.child = c
	return c, nil
}

// admit says what is wrong with h after a restart: the runs before were another target's.
func (p *Process) admit(h target.Hello) error {
	if err := checkSteps(h); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.first == nil {
		p.first = &h
	}
	if p.first.Name != h.Name || p.first.Kind != h.Kind {
		return fmt.Errorf("hello: after a restart the target is %q of kind %q, it was %q of kind %q: an adapter must say the same each time",
			h.Name, h.Kind, p.first.Name, p.first.Kind)
	}
	return nil
}

func (p *Process) startTimeout() time.Duration { return above0(p.StartTimeout, startTimeout) }
func (p *Process) closeTimeout() time.Duration { return above0(p.CloseTimeout, closeTimeout) }
func (p *Process) parseTimeout() time.Duration { return above0(p.ParseTimeout, parseTimeout) }

// above0 returns d, or otherwise where d is not above 0.
func above0(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

func (p *Process) logger() *slog.Logger {
	if p.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return p.Logger.With("command", p.name())
}

// name is the command as a person would type it, short enough for a line.
func (p *Process) name() string {
	return excerpt(strings.Join(p.Command, " "), 120)
}

// excerpt returns at most n bytes of s, and says so.
func excerpt(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[:n] + "…"
}
