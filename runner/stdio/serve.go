package stdio

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// Served is a target of this process.
type Served interface {
	Hello(context.Context) (target.Hello, error)
	Subscribe(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error
}

// Serve is the adapter's side of the protocol: it says hello, opens each run
// that in asks for beside the others, and writes what t shows to out, a line a
// write. When in or ctx ends it closes the runs that are open and returns. The
// error says what it could not read or write.
func Serve(ctx context.Context, t Served, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	s := &service{target: t, out: out, open: map[string]context.CancelFunc{}, gone: cancel}
	defer s.runs.Wait()
	defer cancel()
	hello, err := t.Hello(ctx)
	if err != nil {
		return err
	}
	s.say(map[string]target.Hello{"hello": hello})
	orders := bufio.NewScanner(in)
	orders.Buffer(nil, Limits{}.orDefault().Line)
	for s.failed() == nil && ctx.Err() == nil && orders.Scan() {
		if err := s.obey(ctx, orders.Bytes()); err != nil {
			return err
		}
	}
	return errors.Join(s.failed(), orders.Err())
}

// A service is an adapter at work.
type service struct {
	target Served
	runs   sync.WaitGroup
	gone   context.CancelFunc // the runner does not read any more

	mu   sync.Mutex
	out  io.Writer
	err  error // of the first write that failed
	open map[string]context.CancelFunc
}

// obey does what one line asks for.
func (s *service) obey(ctx context.Context, text []byte) error {
	order, err := decode[request](dictionary{}, text)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %q", complaint(err), excerpt(string(text), shown))
	case order.Parse != nil:
		s.begin(ctx, target.Subscription{Run: order.Parse.Run, Chunks: order.Parse.Chunks})
	case order.Subscribe != nil:
		s.begin(ctx, *order.Subscribe)
	case order.Close != nil:
		s.close(order.Close.Run)
	}
	return nil
}

// begin opens a run, and says its end when it is over.
func (s *service) begin(ctx context.Context, sub target.Subscription) {
	ctx, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	s.open[sub.Run] = cancel
	s.mu.Unlock()
	s.runs.Go(func() {
		defer cancel()
		err := s.target.Subscribe(ctx, sub, func(step spec.Step) { s.say(told(sub.Run, step)) })
		s.excuse(sub.Run, err)
		s.forget(sub.Run)
		s.end(sub.Run)
	})
}

func (s *service) end(run string) { s.say(members{"run": run, "step": "end"}) }

// close closes a run. One that is over is answered all the same.
func (s *service) close(run string) {
	if cancel := s.forget(run); cancel != nil {
		cancel()
	} else {
		s.end(run)
	}
}

// forget returns what closes the run, nil when it is over or being closed.
func (s *service) forget(run string) context.CancelFunc {
	s.mu.Lock()
	defer s.mu.Unlock()
	cancel := s.open[run]
	delete(s.open, run)
	return cancel
}

// excuse says why a run could not be served.
func (s *service) excuse(run string, err error) {
	if u := (*target.Unimplemented)(nil); errors.As(err, &u) {
		s.say(members{"run": run, "unimplemented": u.Reason})
	} else if err != nil {
		s.say(members{"run": run, "error": err.Error()})
	}
}

// say writes v as one line.
func (s *service) say(v any) {
	text, err := json.Marshal(v, json.Deterministic(true))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return
	}
	if err == nil {
		_, err = s.out.Write(append(text, '\n'))
	}
	if err != nil {
		s.err = err
		s.gone()
	}
}

func (s *service) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// members are those of one line.
type members map[string]any

// told is the line for a step.
func told(run string, step spec.Step) members {
	line := members{"run": run}
	if step.Chunk >= 0 {
		line["chunk"] = step.Chunk
	}
	switch step.Kind {
	case spec.Comment:
		line["comment"] = strings.ToValidUTF8(step.Text, "\uFFFD") // there is no Base64 member for it
	case spec.Retry:
		line["retry"] = jsontext.Value(step.Text)
	default:
		line["step"] = step.Kind
	}
	if step.Text != "" && (step.Kind == spec.Fail || step.Kind == spec.Reestablish) {
		line["message"] = step.Text
	}
	if e := step.Event; e != nil {
		event := members{}
		event.text("type", e.Type)
		event.text("data", e.Data)
		event.text("lastEventId", e.LastEventID)
		line["event"] = event
	}
	return line
}

// text adds a string, or its bytes where it is not valid Unicode.
func (m members) text(name, value string) {
	if strings.ToValidUTF8(value, "") == value {
		m[name] = value
	} else {
		m[name+"Base64"] = []byte(value)
	}
}
