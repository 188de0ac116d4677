// Package doctor says what is wrong with an adapter, apart from the
// implementation behind it (contracts, section 2).
//
// Every stream that it puts is one that nearly every implementation gets
// right, so that what goes wrong is the adapter's. What may as well be the
// implementation's is a [Look]: told, and no fault.
//
// Not a goal: judging the implementation. That is the runner's.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/runner/target"
)

// The time limits that a zero option stands for.
const (
	startTimeout = 10 * time.Second
	patience     = 3 * time.Second
	leaveTime    = 2 * time.Second // contracts, section 2: from the end of standard input to the exit
)

// together is how many processes of the adapter run side by side.
const together = 4

// A Doctor examines the adapter that Command starts. Only Command is needed.
type Doctor struct {
	Command      []string
	Dir          string        // where it runs; "" is this process's directory
	Env          []string      // its whole environment; nil is this process's
	StartTimeout time.Duration // from start to hello; 10 s if not above 0
	Patience     time.Duration // for each line that is due; 3 s if not above 0
}

// Examine starts the adapter, more than once, and returns one finding for each
// check, in the order of the table. The error is a [*target.Unreachable] when
// the command does not start, or the cause of ctx when that ends first.
func (d *Doctor) Examine(ctx context.Context) (Report, error) {
	o, err := origin.Listen("127.0.0.1:0")
	if err != nil {
		return Report{}, err
	}
	defer o.Close()  // loopback only: nothing of it is lost
	o.TimeScale = 60 // an await lasts until the check lets it go, or is over
	x := &examination{Doctor: d, ctx: ctx, origin: o}
	findings, err := x.first()
	if err != nil {
		return Report{}, err
	}
	if !Faulty(findings) {
		findings = append(findings, x.rest()...)
	} else {
		findings = append(findings, x.untold()...)
	}
	findings = append(findings, x.wording()...)
	if ctx.Err() != nil {
		return Report{}, context.Cause(ctx)
	}
	return Report{Hello: x.hello, Findings: findings}, nil
}

// An examination is one Examine under way.
type examination struct {
	*Doctor
	ctx    context.Context
	origin *origin.Origin
	hello  target.Hello
	took   time.Duration // from the first start to the hello, 0 before

	mu       sync.Mutex
	sessions []*session // in the order of their start
}

func (x *examination) patience() time.Duration { return above0(x.Patience, patience) }

// startTimeout is shorter once it is known how long a start takes: an adapter
// that cannot be started twice is not waited for in each check.
func (x *examination) startTimeout() time.Duration {
	most := above0(x.StartTimeout, startTimeout)
	if x.took > 0 {
		return min(most, together*x.took+x.patience())
	}
	return most
}

func above0(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

// rest puts the checks of the table side by side, each to a fresh process.
func (x *examination) rest() []Finding {
	table := checks()
	findings := make([]Finding, len(table))
	places := make(chan struct{}, together)
	var all sync.WaitGroup
	for i, c := range table {
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			findings[i] = x.put(c)
		})
	}
	all.Wait()
	return consequences(table, findings)
}

// consequences leaves out what another finding explains.
func consequences(table []check, findings []Finding) []Finding {
	for i, c := range table {
		explained := func(f Finding) bool {
			return c.after != "" && f.Check == c.after && (f.Class == Bad || f.Class == Skipped)
		}
		if (findings[i].Class == Bad || findings[i].Class == Look) && slices.ContainsFunc(findings, explained) {
			findings[i] = Finding{Check: c.name, Class: Skipped, What: "not judged: see " + c.after}
		}
	}
	return findings
}

// put puts one check, unless the adapter does not claim what it looks at.
func (x *examination) put(c check) Finding {
	if why := c.without(x.hello); why != "" {
		return Finding{Check: c.name, Class: Skipped, What: why}
	}
	s, err := x.start()
	if err != nil {
		return bad(c.name, "the command does not start a second time", err.Error(), "let several processes of the adapter run at the same time")
	}
	defer s.finish()
	if !s.greeted() {
		return bad(c.name, "a further process said no hello", s.state(), "let several processes of the adapter run at the same time: no fixed port, no lock file")
	}
	ctx, cancel := context.WithCancel(x.ctx)
	defer cancel()
	f := c.look(&visit{session: s, hello: x.hello, origin: x.origin, ctx: ctx})
	s.finish() // before its plays end, which would have it come back
	f.Check = c.name
	return f
}

// untold says of each check of the table that it was not put.
func (x *examination) untold() []Finding {
	var findings []Finding
	for _, c := range checks() {
		findings = append(findings, Finding{Check: c.name, Class: Skipped, What: "not looked at: change the above first"})
	}
	return findings
}

// start starts one more process of the adapter.
func (x *examination) start() (*session, error) {
	if x.ctx.Err() != nil {
		return nil, context.Cause(x.ctx)
	}
	s, err := launch(x.ctx, x.Doctor)
	if err != nil {
		return nil, err
	}
	s.patience, s.startTimeout = x.patience(), x.startTimeout()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.sessions = append(x.sessions, s)
	return s, nil
}

// unreachable is the error of a command that does not start.
func (x *examination) unreachable(s *session) error {
	return &target.Unreachable{Reason: fmt.Sprintf("the adapter cannot be started: it ended before its hello (%s)", s.state()), Stderr: s.stderr.String()}
}

// noCommand is the error of an empty command.
var errNoCommand = errors.New("no command: say what starts the adapter, as in: -- node adapter.mjs")
