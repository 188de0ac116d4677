// Command broken is an adapter that is right but for the one fault that its
// second argument names; "none" is a right one. The first is its kind. What it
// adapts is right: spec.Parser, and the reference client.
package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// An adapter with one fault.
type adapter struct {
	kind, fault string
	queue       chan func() // of the one that is serial

	mu    sync.Mutex
	held  bytes.Buffer // what is written at the exit
	runs  map[string]context.CancelFunc
	last  string // the run that was opened last
	spoke map[string]bool
}

// An order is one line of the runner.
type order struct {
	Subscribe *target.Subscription
	Parse     *target.Subscription
	Close     *struct{ Run string }
}

func main() {
	a := &adapter{kind: os.Args[1], fault: os.Args[2], runs: map[string]context.CancelFunc{}, spoke: map[string]bool{}, queue: make(chan func(), 1000)}
	go a.work()
	a.greet()
	for text := range a.lines() {
		var o order
		if err := json.Unmarshal(text, &o, json.MatchCaseInsensitiveNames(true)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		a.obey(o)
	}
	if a.is("stays") {
		<-time.After(time.Hour)
	}
	a.mu.Lock()
	os.Stdout.Write(a.held.Bytes())
}

func (a *adapter) is(fault string) bool { return a.fault == fault }

func (a *adapter) work() {
	for job := range a.queue {
		job()
	}
}

// lines yields the lines of standard input.
func (a *adapter) lines() func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		if a.is("short-lines") {
			in := bufio.NewScanner(os.Stdin) // with its limit of 64 KiB
			for in.Scan() && yield(in.Bytes()) {
			}
			return
		}
		in := bufio.NewReader(os.Stdin)
		for {
			text, err := in.ReadBytes('\n')
			if err == io.EOF || !yield(text) {
				return
			}
		}
	}
}

func (a *adapter) greet() {
	protocol, more := 1, `,"parallel":32`
	switch a.fault {
	case "silent":
		return
	case "log-before":
		a.write("starting", "")
	case "protocol":
		protocol = 2
	case "unknown-capability":
		more = `,"capabilities":["teleport"]`
	case "unknown-step":
		more = `,"steps":["dispatch","open"]`
	case "no-headers", "no-close-in-callback", "no-comments":
		more += `,"capabilities":["` + strings.TrimPrefix(a.fault, "no-") + `"]`
	case "none":
		more += `,"capabilities":["headers","last-event-id","post","close-in-callback","comments","retry"]`
		if a.kind == "parser" {
			more = `,"parallel":32,"capabilities":["comments","retry"]`
		}
	}
	a.write(fmt.Sprintf(`{"hello":{"protocol":%d,"kind":%q,"name":"broken"%s}}`, protocol, a.kind, more), "")
}

func (a *adapter) obey(o order) {
	if a.is("log") {
		a.write("got a line", "")
	}
	if a.is("escapes") {
		a.write("\x1b[31mred\a", "")
	}
	if a.is("mute") {
		return
	}
	for a.is("flood") {
		a.write(`{"run":"1","comment":"x"}`, "")
	}
	switch {
	case o.Parse != nil:
		a.opened(o.Parse.Run)
		a.parse(*o.Parse)
	case o.Subscribe != nil:
		a.opened(o.Subscribe.Run)
		a.subscribe(*o.Subscribe)
	case o.Close != nil:
		a.close(o.Close.Run)
	}
}

func (a *adapter) opened(run string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last = run
}

func (a *adapter) step(run string, s spec.Step) {
	if a.is("deaf-while-connecting") {
		a.mu.Lock()
		a.spoke[run] = true
		a.mu.Unlock()
	}
	if a.is("mixed-runs") {
		a.mu.Lock()
		run = a.last
		a.mu.Unlock()
	}
	line := fmt.Sprintf(`{"run":%q,"step":%q`, run, s.Kind)
	switch s.Kind {
	case spec.Comment:
		line = fmt.Sprintf(`{"run":%q,"comment":%s`, run, text(s.Text))
	case spec.Retry:
		line = fmt.Sprintf(`{"run":%q,"retry":%s`, run, s.Text)
	}
	if s.Event != nil {
		line += `,"event":` + a.event(*s.Event)
	}
	if s.Chunk >= 0 {
		line += fmt.Sprintf(`,"chunk":%d`, s.Chunk)
	}
	if a.is("unknown-member") {
		line += `,"time":"now"`
	}
	a.write(line+"}", string(s.Kind))
}

func (a *adapter) event(e spec.Event) string {
	switch a.fault {
	case "typeless":
		return fmt.Sprintf(`{"data":%s,"lastEventId":%s}`, text(e.Data), text(e.LastEventID))
	case "empty-type":
		e.Type = ""
	case "no-id":
		return fmt.Sprintf(`{"type":%s,"data":%s}`, text(e.Type), text(e.Data))
	case "no-data":
		return fmt.Sprintf(`{"type":%s,"lastEventId":%s}`, text(e.Type), text(e.LastEventID))
	case "washed":
		e.Data = strings.Map(func(r rune) rune {
			if r > 0x7f {
				return '?'
			}
			return r
		}, e.Data)
	case "line-feed":
		e.Data += "\n"
	case "no-nul":
		e.Data = strings.ReplaceAll(e.Data, "\x00", "")
	}
	return fmt.Sprintf(`{"type":%s,"data":%s,"lastEventId":%s}`, text(e.Type), text(e.Data), text(e.LastEventID))
}

// text is s as JSON; what comes from the model is valid Unicode.
func text(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func (a *adapter) end(run string) {
	if a.is("endless") {
		return
	}
	a.write(fmt.Sprintf(`{"run":%q,"step":"end"}`, run), "end")
}

// write writes a line, or keeps it for the exit.
func (a *adapter) write(line, kind string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	ending := "\n"
	if a.is("crlf") {
		ending = "\r\n"
	}
	out := []byte(line + ending)
	if a.is("latin-1") {
		out = latin1(string(out))
	}
	if a.is("buffered") || a.is("late") && kind == "end" {
		a.held.Write(out)
		return
	}
	os.Stdout.Write(out)
}

// latin1 is s in an encoding that a locale may choose.
func latin1(s string) []byte {
	var b []byte
	for _, r := range s {
		if r > 0xff {
			r = '?'
		}
		b = append(b, byte(r))
	}
	return b
}
