package reference

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An answer is what a [PlainServer] is about to send.
type answer struct {
	status int
	fields []field // of the head, in order, as they are written
	parts  []part  // of the body
	end    ending

	thinks    time.Duration // before the head
	headWaits bool          // the head is sent with the first part
	early     bool          // 103 goes ahead
	old       bool          // it is one in HTTP/1.0
	headOnly  bool          // it has no body: HEAD was asked
	mute      bool          // nothing is sent at all
	coding    coding
	dismissed <-chan struct{} // closed when another client takes the place of this one
}

type field struct{ name, value string }

// A part is what is sent at once.
type part struct {
	after time.Duration
	text  string
}

// An ending is how a body comes to its end.
type ending string

const (
	clean ending = ""     // as the framing wants it
	reset ending = "RST"  // with a TCP reset
	cut   ending = "cut"  // closed before the framing allows it
	held  ending = "held" // not at all: until the client leaves
)

// numberOfEvents and pace are those of a conforming answer.
const (
	numberOfEvents = 5
	pace           = 80 * time.Millisecond
)

// conforming is the answer that breaks no rule.
func conforming(r *http.Request) *answer {
	a := &answer{status: http.StatusOK, headOnly: r.Method == http.MethodHead}
	switch {
	case r.Method == http.MethodOptions:
		a.refuse(http.StatusNoContent)
		a.set("Access-Control-Allow-Headers", "Last-Event-ID")
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		a.refuse(http.StatusMethodNotAllowed)
		a.set("Allow", "GET, HEAD, OPTIONS")
	case seen(r) == numberOfEvents:
		a.refuse(http.StatusNoContent)
	default:
		a.set("Content-Type", "text/event-stream")
		a.set("Cache-Control", "no-store")
		a.parts = eventsAfter(seen(r))
	}
	a.set("Access-Control-Allow-Origin", "*")
	a.frame(r)
	return a
}

// frame adds what tells the end of the body in the version of HTTP that was asked in.
func (a *answer) frame(r *http.Request) {
	if r.ProtoMajor > 1 {
		return
	}
	if r.ProtoAtLeast(1, 1) && a.status != http.StatusNoContent {
		a.set("Transfer-Encoding", "chunked")
	}
	a.set("Connection", "close")
}

// refuse makes the answer one without a body.
func (a *answer) refuse(status int) {
	a.status, a.parts = status, nil
	a.remove("Content-Type")
	if status == http.StatusNoContent {
		a.remove("Transfer-Encoding")
	}
}

// set gives the field that value in place of all that it has.
func (a *answer) set(name, value string) {
	a.remove(name)
	a.add(name, value)
}

// add gives the field one more value.
func (a *answer) add(name, value string) { a.fields = append(a.fields, field{name, value}) }

// remove takes the field out.
func (a *answer) remove(name string) {
	a.fields = slices.DeleteFunc(a.fields, func(f field) bool { return strings.EqualFold(f.name, name) })
}

func (a *answer) value(name string) string {
	for _, f := range a.fields {
		if strings.EqualFold(f.name, name) {
			return f.value
		}
	}
	return ""
}

// body is all that will be sent of it.
func (a *answer) body() string {
	var b strings.Builder
	for _, p := range a.parts {
		b.WriteString(p.text)
	}
	return b.String()
}

// streams reports whether the answer is the event stream.
func (a *answer) streams() bool { return len(a.parts) > 0 }

// seen returns how many events a client has had: 0 for an id that is not ours.
func seen(r *http.Request) int {
	for n := range numberOfEvents {
		if r.Header.Get("Last-Event-ID") == strconv.Itoa(n+1) {
			return n + 1
		}
	}
	return 0
}

// eventsAfter returns the events behind the first n, each a part.
func eventsAfter(n int) (parts []part) {
	for n++; n <= numberOfEvents; n++ {
		text := fmt.Sprintf("id: %d\ndata: event %d\n\n", n, n)
		if n == 1 {
			text = "retry: 1000\n" + text
		}
		parts = append(parts, part{pace, text})
	}
	return parts
}
