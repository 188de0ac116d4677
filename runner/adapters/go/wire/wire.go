// Package wire is the adapter protocol as the adapters of this module speak it.
package wire

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"runtime/debug"
	"unicode/utf8"
)

// A Line is one JSON object on standard output.
type Line map[string]any

// Say writes l, so that lines of concurrent runs do not mix. What is said while a write is under way
// goes into the next one: a write for each line would be most of the work of an adapter.
func Say(l Line) {
	text, err := json.Marshal(l)
	if err != nil {
		panic(err)
	}
	out.say(append(text, '\n'))
}

// Hello says what more says, and the version of the library: that of the module in this binary.
func Hello(module string, more Line) {
	build, _ := debug.ReadBuildInfo()
	for _, dependency := range build.Deps {
		if dependency.Path == module {
			more["version"] = dependency.Version
		}
	}
	more["protocol"], more["language"] = 1, "Go"
	Say(Line{"hello": more})
}

// An Event is one as the library handed it out: what it left empty, and what it has no word for, is empty.
type Event struct{ Type, Data, LastEventID string }

// Dispatch says e of a run. An adapter that knows the chunk that completed e has put it into more.
func Dispatch(run string, e Event, more Line) {
	event := Line{}
	event.text("type", e.Type)
	event.text("data", e.Data)
	event.text("lastEventId", e.LastEventID)
	line := Line{"run": run, "step": "dispatch", "event": event}
	for name, value := range more {
		line[name] = value
	}
	Say(line)
}

// Tell says a step that has no event: reestablish or fail, and the error behind it, which may be nil.
func Tell(run, step string, err error) {
	Say(Line{"run": run, "step": step, "message": fmt.Sprint(err)})
}

// End says that nothing more is owed for the run.
func End(run string) { Say(Line{"run": run, "step": "end"}) }

// text puts s as Base64 where it is no UTF-8: encoding/json would repair it silently.
func (l Line) text(name, s string) {
	if utf8.ValidString(s) {
		l[name] = s
		return
	}
	l[name+"Base64"] = []byte(s)
}

// An Order is what the runner asks for: the members of parse, subscribe and close that these adapters know.
type Order struct {
	Run, URL, LastEventID string
	Chunks                [][]byte
	Headers               map[string]string
	ReconnectionTime      *int64
}

// Request is the GET that o asks for, with its headers. The last event ID is the library's to send.
func (o Order) Request(ctx context.Context) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, o.URL, nil)
	if err != nil {
		return nil, err
	}
	for name, value := range o.Headers {
		request.Header.Set(name, value)
	}
	return request, nil
}

// Orders yields the verb and the body of each line of standard input, until it ends. What was said is
// written when it returns, also by a panic of the library.
func Orders() iter.Seq2[string, Order] {
	return func(yield func(string, Order) bool) {
		defer out.flush()
		in := json.NewDecoder(os.Stdin)
		for {
			var line map[string]Order
			if err := in.Decode(&line); err == io.EOF {
				return
			} else if err != nil {
				panic(err)
			}
			for verb, order := range line {
				if !yield(verb, order) {
					return
				}
			}
		}
	}
}
