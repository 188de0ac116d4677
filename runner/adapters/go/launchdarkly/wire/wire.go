// Package wire is the adapter protocol as both adapters of this module speak it.
package wire

import (
	"context"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"os"
	"runtime/debug"
	"time"
	"unicode/utf8"

	"github.com/launchdarkly/eventsource"
)

// A Line is one JSON object on standard output.
type Line map[string]any

// Say writes l with one unbuffered write, so that lines of concurrent runs do not mix.
// A runner that is gone ends the process.
func Say(l Line) {
	if err := json.NewEncoder(os.Stdout).Encode(l); err != nil {
		panic(err)
	}
}

// Hello says what more says, and the version of the library: the one dependency of the binary.
func Hello(more Line) {
	build, _ := debug.ReadBuildInfo()
	more["protocol"], more["language"], more["version"] = 1, "Go", build.Deps[0].Version
	Say(Line{"hello": more})
}

// Dispatch says e as the library handed it out: its type is empty where the stream gave none.
func Dispatch(run string, e eventsource.Event) {
	event := Line{}
	event.text("type", e.Event())
	event.text("data", e.Data())
	event.text("lastEventId", e.(eventsource.EventWithLastID).LastEventID())
	Say(Line{"run": run, "step": "dispatch", "event": event})
}

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

// Subscribe opens the Stream that o asks for, with the library's defaults for all else.
// One of the channels gets the outcome.
func (o Order) Subscribe(ctx context.Context) (<-chan *eventsource.Stream, <-chan error) {
	connected, failed := make(chan *eventsource.Stream, 1), make(chan error, 1)
	go func() {
		stream, err := o.connect(ctx)
		if err != nil {
			failed <- err
			return
		}
		connected <- stream
	}()
	return connected, failed
}

func (o Order) connect(ctx context.Context) (*eventsource.Stream, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, o.URL, nil)
	if err != nil {
		return nil, err
	}
	for name, value := range o.Headers {
		request.Header.Set(name, value)
	}
	options := []eventsource.StreamOption{eventsource.StreamOptionLastEventID(o.LastEventID)}
	if o.ReconnectionTime != nil {
		wait := time.Duration(*o.ReconnectionTime) * time.Millisecond
		options = append(options, eventsource.StreamOptionInitialRetry(wait))
	}
	return eventsource.SubscribeWithRequestAndOptions(request, options...)
}

// Orders yields the verb and the body of each line of standard input, until it ends.
func Orders() iter.Seq2[string, Order] {
	return func(yield func(string, Order) bool) {
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
