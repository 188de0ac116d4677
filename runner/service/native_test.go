package service_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/ssespec/ssespec/runner/service"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// FuzzCallback: whatever a service calls back, in either order, is a step in its
// place or a fault of the service, and nothing in it is repaired. Run it with
// -fuzzminimizetime 10x, as the targets of package fuzz.
func FuzzCallback(f *testing.F) {
	seed(f)
	opener := opened()
	f.Fuzz(func(t *testing.T, first, second []byte, swapped bool) {
		calls := []int{1, 2}
		if swapped {
			slices.Reverse(calls)
		}
		trace, err := opener.run(func(to string) {
			for _, n := range calls {
				post(t, to, n, [][]byte{first, second}[n-1])
			}
		})
		if err != nil {
			if fault := (*target.Fault)(nil); !errors.As(err, &fault) || len(err.Error()) > 4<<10 {
				t.Fatalf("%.300s", err)
			}
			return
		}
		if want := append(told(t, first), told(t, second)...); !trace.Equal(want) {
			t.Fatalf("observed %v\nwant     %v", trace, want)
		}
	})
}

// told is the step that encoding/json reads in a callback: that must be what it
// is, with nothing to repair.
func told(t *testing.T, text []byte) spec.Trace {
	var said map[string]any // a struct would be filled by KIND, too
	if !utf8.Valid(text) || json.Unmarshal(text, &said) != nil {
		t.Fatalf("taken, and is no JSON: %q", text)
	}
	if strings.Contains(fmt.Sprint(said), "\uFFFD") && !strings.Contains(strings.ToLower(string(text)), `\ufffd`) && !bytes.Contains(text, []byte("\uFFFD")) {
		t.Fatalf("taken, and has a lone surrogate: %q", text)
	}
	event, _ := said["event"].(map[string]any)
	switch said["kind"] {
	case "event":
		e := spec.Event{Type: member(event, "type"), Data: member(event, "data"), LastEventID: member(event, "id")}
		return spec.Trace{{Kind: spec.Dispatch, Chunk: -1, Event: &e}}
	case "comment":
		return spec.Trace{{Kind: spec.Comment, Chunk: -1, Text: member(said, "comment")}}
	}
	return nil
}

func member(of map[string]any, name string) string {
	text, _ := of[name].(string)
	return text
}

// post calls back with number n.
func post(t *testing.T, to string, n int, text []byte) {
	res, err := http.Post(to+"/"+string(rune('0'+n)), "application/json", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
}

// An opener is a test service that opens streams, and does nothing for them.
type opener struct {
	service *service.Service
	opened  chan string // callback URLs
}

// opened returns the one opener of this process: libFuzzer runs the target anew
// for each input, and no cleanup.
var opened = sync.OnceValue(newOpener)

func newOpener() *opener {
	o := &opener{opened: make(chan string, 1)}
	o.service = &service.Service{URL: httptest.NewServer(o).URL}
	o.service.Callback = httptest.NewServer(o.service).URL
	return o
}

func (o *opener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		return
	}
	var order struct{ CallbackURL string }
	if err := json.NewDecoder(r.Body).Decode(&order); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Location", "/1")
	w.WriteHeader(http.StatusCreated)
	o.opened <- order.CallbackURL
}

// run subscribes, calls back, and returns what was observed.
func (o *opener) run(call func(to string)) (trace spec.Trace, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	over := make(chan error, 1)
	go func() {
		over <- o.service.Subscribe(ctx, target.Subscription{Run: "7", URL: "http://127.0.0.1:1/"}, func(s spec.Step) {
			s.At = 0
			trace = append(trace, s)
		})
	}()
	call(<-o.opened)
	cancel()
	err = <-over
	return trace, err
}
