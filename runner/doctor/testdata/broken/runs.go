package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// parse feeds the chunks to a parser.
func (a *adapter) parse(sub target.Subscription) {
	var p spec.Parser
	id := ""
	if a.is("own-replacement") { // as encoding/json of Go replaces
		sub.Chunks = [][]byte{[]byte(string([]rune(string(bytes.Join(sub.Chunks, nil)))))}
	}
	if a.is("strict-utf8") && !utf8.Valid(bytes.Join(sub.Chunks, nil)) {
		a.step(sub.Run, spec.Step{Kind: spec.Fail, Chunk: -1})
		a.end(sub.Run)
		return
	}
	for i, chunk := range sub.Chunks {
		if a.is("empty-is-end") && len(chunk) == 0 {
			break
		}
		if a.is("text-chunks") {
			chunk = []byte(strings.ToValidUTF8(string(chunk), "\ufffd"))
		}
		if a.is("chunk-numbers") {
			i += len(sub.Chunks) + 1
		}
		a.extras(sub.Run, chunk)
		p.Feed(chunk, func(e spec.Event) {
			if a.is("event-limit") && len(e.Data) > 64<<10 {
				return
			}
			if e.LastEventID == id && a.is("block-id") {
				e.LastEventID = ""
			} else {
				id = e.LastEventID
			}
			a.step(sub.Run, spec.Step{Kind: spec.Dispatch, Event: &e, Chunk: i})
		})
	}
	if a.is("empty-fails") && len(sub.Chunks) == 0 {
		return
	}
	a.end(sub.Run)
	if a.is("after-end") {
		a.step(sub.Run, spec.Step{Kind: spec.Fail, Chunk: -1})
	}
	if a.is("two-ends") {
		a.end(sub.Run)
	}
}

// extras reports the comment and the reconnection time that doctor asks for.
func (a *adapter) extras(run string, chunk []byte) {
	switch {
	case !a.is("none"):
	case bytes.HasPrefix(chunk, []byte(": c\n")):
		a.write(fmt.Sprintf(`{"run":%q,"comment":"c"}`, run), "")
	case bytes.HasPrefix(chunk, []byte("retry: 1234\n")):
		a.write(fmt.Sprintf(`{"run":%q,"retry":1234}`, run), "")
	}
}

// subscribe runs the reference client until it fails or is closed.
func (a *adapter) subscribe(sub target.Subscription) {
	ctx, cancel := context.WithCancel(context.Background())
	a.mu.Lock()
	a.runs[sub.Run] = cancel
	a.mu.Unlock()
	switch {
	case a.is("no-headers"):
		sub.Headers = nil
	case a.is("no-close-in-callback"):
		sub.CloseOn = nil
	}
	if a.is("serial") {
		a.queue <- func() { a.run(ctx, sub) }
		return
	}
	go a.run(ctx, sub)
}

func (a *adapter) run(ctx context.Context, sub target.Subscription) {
	failed := false
	observe := func(s spec.Step) {
		failed = failed || s.Kind == spec.Fail
		a.step(sub.Run, s)
		if s.Kind == spec.Dispatch && a.is("after-end") {
			a.end(sub.Run)
			a.step(sub.Run, s) // at once, so that nothing can come between
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	err := (&reference.Client{}).Subscribe(ctx, sub, func(s spec.Step) {
		switch {
		case a.kind == "client":
			observe(s)
		case s.Kind == spec.Dispatch, s.Kind == spec.Comment, s.Kind == spec.Retry:
			observe(s)
		case s.Kind == spec.Reestablish && !a.is("reader-without-end"): // a stream reader is through
			cancel()
		}
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if a.is("deaf-while-connecting") && !failed || a.is("no-end-of-fail") && failed {
		return
	}
	a.mu.Lock()
	delete(a.runs, sub.Run)
	a.mu.Unlock()
	a.end(sub.Run)
}

func (a *adapter) close(run string) {
	a.mu.Lock()
	cancel := a.runs[run]
	a.mu.Unlock()
	switch {
	case a.is("all-at-once"):
		a.end(run)
		os.Exit(0)
	case cancel == nil && a.is("no-answer"):
	case cancel == nil:
		a.end(run)
	case a.is("deaf-while-connecting"):
		a.connected(run, cancel)
	default:
		cancel()
	}
}

// connected ends a run only when it has reported something.
func (a *adapter) connected(run string, cancel func()) {
	a.mu.Lock()
	spoke := a.spoke[run]
	a.mu.Unlock()
	cancel()
	if spoke {
		a.end(run)
	}
}
