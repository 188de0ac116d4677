package stdio

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

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
// that in asks for beside the others, and writes what t shows to out: each line
// at once, or together with others that are said while out is busy. When in or
// ctx ends it closes the runs that are open and returns. The error says what it
// could not read or write.
func Serve(ctx context.Context, t Served, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	s := &service{target: t, out: newOutlet(out, cancel), open: map[string]context.CancelFunc{}}
	err := s.serve(ctx, in)
	cancel()
	s.runs.Wait()
	s.out.flush()
	return errors.Join(s.out.failed(), err)
}

// A service is an adapter at work.
type service struct {
	target Served
	runs   sync.WaitGroup
	out    *outlet

	mu   sync.Mutex
	open map[string]context.CancelFunc
}

// serve says hello and obeys until there are no more orders.
func (s *service) serve(ctx context.Context, in io.Reader) error {
	hello, err := s.target.Hello(ctx)
	if err != nil {
		return err
	}
	s.say(greeting{hello})
	orders := bufio.NewScanner(in)
	orders.Buffer(make([]byte, piece), Limits{}.orDefault().Line)
	for ctx.Err() == nil && orders.Scan() {
		if err := s.obey(ctx, orders.Bytes()); err != nil {
			return err
		}
	}
	return orders.Err()
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
		err := s.subscribe(ctx, sub)
		s.excuse(sub.Run, err)
		s.forget(sub.Run)
		s.end(sub.Run)
	})
}

// subscribe says the steps of a run. Should the target panic, what it has shown
// is written first.
func (s *service) subscribe(ctx context.Context, sub target.Subscription) error {
	returned := false
	defer func() {
		if !returned {
			s.out.flush()
		}
	}()
	err := s.target.Subscribe(ctx, sub, func(step spec.Step) { s.say(told(sub.Run, step)) })
	returned = true
	return err
}

func (s *service) end(run string) {
	step := "end"
	s.say(line{Run: &run, Step: &step})
}

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
		s.say(line{Run: &run, Unimplemented: &u.Reason})
	} else if err != nil {
		reason := err.Error()
		s.say(line{Run: &run, Error: &reason})
	}
}

// say writes v as one line.
func (s *service) say(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		s.out.stop(err)
		return
	}
	s.out.say(text)
}

// told is the line for a step.
func told(run string, step spec.Step) line {
	l := line{Run: &run}
	if step.Chunk >= 0 {
		l.Chunk = &step.Chunk
	}
	switch kind := string(step.Kind); step.Kind {
	case spec.Comment:
		text := strings.ToValidUTF8(step.Text, "\uFFFD") // there is no Base64 member for it
		l.Comment = &text
	case spec.Retry:
		l.Retry = jsontext.Value(step.Text)
	case spec.Fail, spec.Reestablish:
		l.Step, l.Message = &kind, step.Text
	default:
		l.Step = &kind
	}
	if step.Event != nil {
		l.Event = encoded(step.Event)
	}
	return l
}

// encoded returns e with the bytes of what is not valid Unicode.
func encoded(e *spec.Event) *event {
	var out event
	out.Data, out.DataBase64 = text(&e.Data)
	out.LastEventID, out.LastEventIDBase64 = text(&e.LastEventID)
	out.Type, out.TypeBase64 = text(&e.Type)
	return &out
}

// text returns a string, or its bytes where it is not valid Unicode.
func text(s *string) (*string, *[]byte) {
	if utf8.ValidString(*s) {
		return s, nil
	}
	raw := []byte(*s)
	return nil, &raw
}
