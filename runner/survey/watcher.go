package survey

import (
	"context"
	"sync"
	"time"

	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/spec"
)

// A watcher follows the stream while it comes, for those who wait for something
// in it.
type watcher struct {
	head  chan struct{} // closed when the head is there, or will never be
	ready chan struct{} // closed when the stream can be resumed, or will never be
	done  chan struct{} // closed when it is over

	brief bool // the head of a stream is enough

	mu     sync.Mutex
	begun  bool
	after  time.Duration // the head came
	stream bool          // the head is that of an event stream
	count  tally
	end    probe.End
}

func newWatcher() *watcher {
	return &watcher{head: make(chan struct{}), ready: make(chan struct{}), done: make(chan struct{})}
}

// enoughIDs is how many different ids of the stream are awaited before it is resumed.
const enoughIDs = 3

// enough is asked after the head and each piece of the stream; it is never enough.
func (w *watcher) enough(e *probe.Exchange) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.begun {
		w.begun, w.stream, w.after = true, observe.IsStream(e), e.Head.At
		close(w.head)
	}
	before := w.count.ids
	w.count.add(e)
	if before < enoughIDs && w.count.ids >= enoughIDs {
		close(w.ready)
	}
	return w.stream && w.brief || !w.stream && e.Size() > 0 // a piece shows what it is in place of a stream
}

// over tells that the stream is over.
func (w *watcher) over(e *probe.Exchange) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.end = e.End
	if !w.begun {
		w.begun = true
		close(w.head)
	}
	before := w.count.ids
	w.count.add(e) // what came with the end
	if before < enoughIDs {
		close(w.ready)
	}
	close(w.done)
}

// isStream reports whether the head is that of an event stream.
func (w *watcher) isStream() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stream
}

// headAfter returns how long the head took.
func (w *watcher) headAfter() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.after
}

// open reports whether the stream has not ended.
func (w *watcher) open() bool {
	select {
	case <-w.done:
		return false
	default:
		return true
	}
}

// resumable waits until an event has followed one with an id, and returns that id,
// or why there is none.
func (w *watcher) resumable(ctx context.Context) (from, why string) {
	select {
	case <-w.ready:
	case <-ctx.Done():
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch w.count.ids {
	case 0:
		return "", "the stream has no ids"
	case 1:
		return "", "the stream has only one id"
	}
	return w.count.first, ""
}

// ended waits for the end of the stream and returns its last id, and whether the
// server has ended it.
func (w *watcher) ended(ctx context.Context) (id string, ended bool) {
	select {
	case <-w.done:
	case <-ctx.Done():
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.count.last, w.end == probe.Closed
}

// A tally counts what is in a stream as it comes.
type tally struct {
	parser      spec.Parser
	read        int64
	events, ids int
	first, last string // ids
}

// counted reads all of an exchange.
func counted(e *probe.Exchange) tally {
	var t tally
	t.add(e)
	return t
}

// add reads what is new since the last call.
func (t *tally) add(e *probe.Exchange) {
	skipped := e.Size() - t.read
	fresh := len(e.Body)
	for left := skipped; left > 0; {
		fresh--
		left -= int64(len(e.Body[fresh].Bytes))
		if left < 0 { // the piece had begun before
			t.feed(e.Body[fresh].Bytes[-left:])
			fresh++
			break
		}
	}
	for _, c := range e.Body[fresh:] {
		t.feed(c.Bytes)
	}
	t.read = e.Size()
}

func (t *tally) feed(b []byte) {
	t.parser.Feed(b, func(e spec.Event) {
		t.events++
		if e.LastEventID == "" || e.LastEventID == t.last {
			return
		}
		if t.ids++; t.ids == 1 {
			t.first = e.LastEventID
		}
		t.last = e.LastEventID
	})
}
