package browser

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// DefaultStartTimeout is the time from the start of a browser to the first
// words of its page.
const DefaultStartTimeout = 60 * time.Second

// parallel is how many runs are open at once: six connections to a host are what
// browsers allow, and the page needs two for itself.
const parallel = 4

// A Browser is a target: a browser that is started when it is first needed, and
// again when it broke down. Its pages are to be served by Browser itself, as the
// handler of the origin. Whoever has called Hello or Subscribe owes a Close.
type Browser struct {
	Engine       Engine
	Origin       string        // scheme, host and port at which the pages are served
	StartTimeout time.Duration // 60 s if not above 0

	page atomic.Pointer[Page] // the one that is served, also while its browser is starting

	mu      sync.Mutex
	session *session
	version string
	closed  bool
}

// A session is one browser process and its page.
type session struct {
	page    *Page
	process process
	profile string
	ended   chan struct{} // closed when the process is dead and its profile gone
	err     error         // after ended
}

// ServeHTTP serves the page of the browser that runs.
func (b *Browser) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p := b.page.Load(); p != nil {
		p.ServeHTTP(w, r)
		return
	}
	http.NotFound(w, r)
}

// Hello starts the browser where none is running, and says what it is.
func (b *Browser) Hello(ctx context.Context) (target.Hello, error) {
	s, err := b.current(ctx)
	if err != nil {
		return target.Hello{}, err
	}
	hello, err := s.page.Hello(ctx)
	hello.Name, hello.Version = b.Engine.Title, b.version // what it calls itself leaves out much of the version
	if _, can := s.process.(*chromium); can {
		hello.Capabilities = append(hello.Capabilities, "types-any")
	}
	return hello, err
}

// Subscribe opens an EventSource on the page: see [Page.Subscribe]. Events of types
// that nobody listens for come last, from a browser that tells of them. A page that
// broke down takes its browser with it; the next call starts another.
func (b *Browser) Subscribe(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
	s, err := b.current(ctx)
	if err != nil {
		return err
	}
	err = s.page.Subscribe(ctx, sub, observe)
	if o, can := s.process.(interface {
		unheard(url string, types []string) []spec.Event
	}); can && err == nil && sub.Check == "" {
		for _, e := range o.unheard(sub.URL, sub.Types) {
			observe(spec.Step{Kind: spec.Dispatch, Event: &e, Chunk: -1})
		}
	}
	return err
}

// Close ends the browser and removes its profile. Calls made later fail.
func (b *Browser) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	if b.session == nil {
		return nil
	}
	b.session.page.Break(target.Crashed, "the browser was closed")
	<-b.session.ended
	return b.session.err
}

// current returns a session whose page has spoken, and starts one where none is
// running. A second caller waits for the same.
func (b *Browser) current(ctx context.Context) (*session, error) {
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return nil, &target.Fault{Reason: "the browser was closed"}
	}
	s := b.session
	if s == nil || s.page.isBroken() {
		var err error
		if s, err = b.launch(ctx); err != nil {
			b.mu.Unlock()
			return nil, err
		}
	}
	b.mu.Unlock()
	return s, b.awaitPage(ctx, s)
}

// awaitPage waits until the page of s has spoken.
func (b *Browser) awaitPage(ctx context.Context, s *session) error {
	limit := b.startTimeout()
	wait, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	_, err := s.page.Agent(wait)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, context.DeadlineExceeded):
		s.page.Break(target.Hung, "it did not open the page")
		return &target.Unreachable{Reason: fmt.Sprintf("%s did not open the page within %v (or allow more time: --start-timeout)", b.Engine.Title, limit), Stderr: s.words()}
	}
	return &target.Unreachable{Reason: fmt.Sprintf("%s: %v", b.Engine.Title, err), Stderr: s.words()}
}

// launch starts a browser after the one before it, if any, is gone.
func (b *Browser) launch(ctx context.Context) (*session, error) {
	if b.session != nil {
		<-b.session.ended
	}
	line, err := b.Engine.line()
	if err != nil {
		return nil, &target.Unreachable{Reason: err.Error()}
	}
	if b.version == "" {
		b.version = b.Engine.Version(ctx)
	}
	profile, err := os.MkdirTemp("", "ssespec-"+b.Engine.Name+"-")
	if err != nil {
		return nil, &target.Unreachable{Reason: err.Error()}
	}
	s := &session{page: NewPage(), profile: profile, ended: make(chan struct{})}
	b.session = s
	b.page.Store(s.page)
	if s.process, err = b.Engine.start(ctx, line, b.Origin+s.page.Path(), profile); err != nil {
		s.page.Break(target.Crashed, err.Error())
		s.remove()
		return nil, &target.Unreachable{Reason: fmt.Sprintf("%s could not be started: %v", b.Engine.Title, err), Stderr: s.words()}
	}
	go s.watch()
	return s, nil
}

// words are the last that the process wrote, if there is one.
func (s *session) words() string {
	if s.process == nil {
		return ""
	}
	return s.process.words()
}

// watch ends the process when the page breaks down, and the page when the
// process ends.
func (s *session) watch() {
	select {
	case <-s.process.exited():
		s.page.Break(target.Crashed, "the browser has ended")
	case <-s.page.gone:
	}
	s.err = s.process.stop()
	s.remove()
}

// remove deletes the profile. Processes that are just ending may still write to
// it, so it is tried again for a moment.
func (s *session) remove() {
	defer close(s.ended)
	var err error
	for range 50 {
		if err = os.RemoveAll(s.profile); err == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.err = errors.Join(s.err, err)
}

func (b *Browser) startTimeout() time.Duration {
	if b.StartTimeout > 0 {
		return b.StartTimeout
	}
	return DefaultStartTimeout
}
