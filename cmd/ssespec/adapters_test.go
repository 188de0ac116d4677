package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/ssespec/ssespec/spec"
)

// adapters are the targets of the scripts, by the name of their command.
func adapters() map[string]func() {
	return map[string]func(){
		"adapter-right":    func() { greet("parser"); answer(right) },
		"adapter-wrong":    func() { greet("parser"); answer(wrong) },
		"adapter-typeless": func() { greet("parser"); answer(typeless) },
		"adapter-error":    func() { greet("parser"); answer(fault) },
		"adapter-crash":    func() { greet("parser"); next(); leave("out of cheese\x1b[2J", 7) },
		"adapter-garbage":  func() { greet("parser"); next(); say("not JSON"); wait() },
		"adapter-hang":     func() { greet("parser"); wait() },
		"adapter-exit":     func() { leave("no such module\x1b[2J", 3) },
		"adapter-nohello":  wait,
		"adapter-protocol": func() { say(`{"hello":{"protocol":2,"kind":"parser","name":"new"}}`); wait() },
		"adapter-family":   family,
		"adapter-child":    wait,
		"adapter-reader":   reader,
		"adapter-unstable": func() { greet("parser"); answer(unstable()) },
		"adapter-bare":     func() { greet("parser"); answer(unimplemented) },
		"adapter-faulty":   func() { greet("parser"); answer(faulty) },
		"server-echo":      echo,
		"service":          serviceRight,
		"service-hangs":    serviceHangs,
		"server-mode":      mode,
		"server-plain":     plainServer,
	}
}

// An order is a line from ssespec.
type order struct {
	Parse *struct {
		Run    string
		Chunks [][]byte
	}
	Subscribe, Close *struct{ Run string }
}

// stdin is read by next; an adapter is a process of its own.
func stdin() *bufio.Scanner {
	s := bufio.NewScanner(os.Stdin)
	s.Buffer(nil, 64<<20)
	return s
}

func greet(kind string) {
	say(fmt.Sprintf(`{"hello":{"protocol":1,"kind":%q,"name":"fake","version":"1.2","language":"Go","parallel":8}}`, kind))
}

func say(line string) {
	if _, err := fmt.Println(line); err != nil {
		os.Exit(9)
	}
}

func leave(words string, status int) {
	fmt.Fprintln(os.Stderr, words)
	os.Exit(status)
}

// wait outlives everything but a kill, and a test that was forgotten.
func wait() { <-time.After(time.Minute) }

// next returns when an order has come.
func next() { stdin().Scan() }

// answer hands each parse to one of the parsers below, and says end.
func answer(parse func(run string, chunks [][]byte)) {
	for in := stdin(); in.Scan(); {
		var o order
		if err := json.Unmarshal(in.Bytes(), &o); err != nil {
			leave(err.Error(), 8)
		}
		if o.Parse != nil {
			parse(o.Parse.Run, o.Parse.Chunks)
			say(fmt.Sprintf(`{"run":%q,"step":"end"}`, o.Parse.Run))
		}
	}
}

// parsed reports the events of the model, after change was at them.
func parsed(run string, chunks [][]byte, change func(*spec.Event)) {
	var p spec.Parser
	for i, chunk := range chunks {
		p.Feed(chunk, func(e spec.Event) {
			change(&e)
			text, err := json.Marshal(map[string]any{"run": run, "step": "dispatch", "chunk": i,
				"event": map[string]string{"type": e.Type, "data": e.Data, "lastEventId": e.LastEventID}})
			if err != nil {
				leave(err.Error(), 8)
			}
			say(string(text))
		})
	}
}

func right(run string, chunks [][]byte) { parsed(run, chunks, func(*spec.Event) {}) }

// unimplemented implements nothing.
func unimplemented(run string, _ [][]byte) {
	say(fmt.Sprintf(`{"run":%q,"unimplemented":"not yet"}`, run))
}

// faulty has a bug of its own where there is a NUL.
func faulty(run string, chunks [][]byte) {
	if bytes.ContainsRune(bytes.Join(chunks, nil), 0) {
		say(fmt.Sprintf(`{"run":%q,"error":"no such index\u001b[2J"}`, run))
		return
	}
	right(run, chunks)
}

// wrong says something about each event that does nobody good.
func wrong(run string, chunks [][]byte) {
	fmt.Fprint(os.Stderr, "\x1b]0;owned\a")
	parsed(run, chunks, func(e *spec.Event) { e.Data = strings.ToUpper(e.Data) + "\x1b[2J\u202e\u009b" })
}

// typeless leaves the type of ordinary events empty, as some libraries do.
func typeless(run string, chunks [][]byte) {
	parsed(run, chunks, func(e *spec.Event) {
		if e.Type == spec.DefaultType {
			e.Type = ""
		}
	})
}

// unstable is wrong about every other time that it is given the same chunks.
func unstable() func(run string, chunks [][]byte) {
	times := map[string]int{}
	return func(run string, chunks [][]byte) {
		key := fmt.Sprintf("%q", chunks)
		if times[key]++; times[key]%2 == 0 {
			wrong(run, chunks)
		} else {
			right(run, chunks)
		}
	}
}

func fault(run string, _ [][]byte) {
	say(fmt.Sprintf(`{"run":%q,"error":"adapter bug: \u001b[2J"}`, run))
}
