package stdio_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/ssespec/ssespec/runner/stdio"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// touchy is a parser that dispatches each chunk, and does what the words in
// it say. Of WAIT runs it answers none before all are open, and then says how
// many there are.
func (f *fake) touchy() int {
	wait, _ := strconv.Atoi(variable("WAIT"))
	var open []order
	for o, more := f.next(); more; o, more = f.next() {
		if o.Parse == nil {
			say(fmt.Sprintf(`{"run":%q,"step":"end"}`+"\n", o.opens()))
			continue
		}
		if open = append(open, o); len(open) < wait {
			continue
		}
		for _, o := range open {
			f.react(o, len(open))
		}
		open = nil
	}
	return 0
}

// react answers one run; for "hang" it never comes back.
func (f *fake) react(o order, open int) {
	run := o.Parse.Run
	for i, chunk := range o.Parse.Chunks {
		fmt.Fprintf(os.Stderr, "%q\n", chunk)
		switch word, rest, _ := strings.Cut(string(chunk), " "); word {
		case "late":
			say(fmt.Sprintf(`{"run":%q,"step":"announce"}`+"\n", rest))
		case "crash":
			f.fall(string(chunk))
		case "hang":
			f.deaf()
		case "flood":
			f.drown(run, rest)
		case "garbage":
			say("<html>\n")
		case "error", "unimplemented":
			say(fmt.Sprintf(`{"run":%q,%q:"not this"}`+"\n", run, word))
			if word == "unimplemented" {
				return
			}
		case "surrogate":
			say(fmt.Sprintf(`{"run":%q,"step":"dispatch","event":{"data":"\uD800"}}`+"\n", run))
		case "twice":
			say(fmt.Sprintf(`{"run":%q,"step":"dispatch","step":"fail"}`+"\n", run))
		default:
			if open > 1 {
				chunk = fmt.Appendf(chunk, " open %d", open)
			}
			say(fmt.Sprintf(`{"run":%q,"step":"dispatch","chunk":%d,"event":{"dataBase64":%q}}`+"\n", run, i, base64.StdEncoding.EncodeToString(chunk)))
		}
	}
	say(fmt.Sprintf(`{"run":%q,"step":"end"}`+"\n", run))
}

// drown dispatches events of so many bytes for ever.
func (f *fake) drown(run, size string) {
	n, _ := strconv.Atoi(size)
	line := fmt.Sprintf(`{"run":%q,"step":"dispatch","event":{"data":%q}}`+"\n", run, strings.Repeat("x", n))
	for {
		say(line)
	}
}

// fall exits with status 7: at "crash once" only where MARK is not there yet.
func (f *fake) fall(chunk string) {
	mark := variable("MARK")
	if _, err := os.Stat(mark); chunk == "crash once" && err == nil {
		return
	}
	if mark != "" && os.WriteFile(mark, nil, 0o600) != nil {
		os.Exit(9)
	}
	os.Exit(7)
}

// panics is a target of Serve that panics after a thousand steps.
func panics() int {
	if err := stdio.Serve(context.Background(), panicking{}, os.Stdin, os.Stdout); err != nil {
		return 9
	}
	return 0
}

type panicking struct{}

func (panicking) Hello(context.Context) (target.Hello, error) {
	return target.Hello{Protocol: target.Protocol, Kind: target.Parser, Name: "panicking"}, nil
}

func (panicking) Subscribe(_ context.Context, _ target.Subscription, observe func(spec.Step)) error {
	for range 1000 {
		observe(spec.DispatchStep(spec.Event{Data: strings.Repeat("x", 100)}))
	}
	panic("out of cheese")
}
