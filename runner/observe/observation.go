package observe

import (
	"time"

	"github.com/ssespec/ssespec/runner/lint"
	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/spec"
)

// A Role is what one request is sent for.
type Role string

// The roles. All but Head and Options are sent with the method that was asked for.
const (
	Stream   Role = "stream"    // the stream that is watched
	Second   Role = "second"    // another client at the same time
	Return   Role = "return"    // that client again, after it has left
	Head     Role = "head"      // HEAD
	Options  Role = "options"   // a preflight from another origin
	Origin   Role = "origin"    // from another origin, with an Origin header
	Accept   Role = "accept"    // with Accept: */*
	HTTP10   Role = "http-1-0"  // in HTTP/1.0
	Gzip     Role = "gzip"      // with Accept-Encoding: gzip
	Resumed  Role = "resumed"   // with a Last-Event-ID that was seen
	Unknown  Role = "unknown"   // with one that was not
	Long     Role = "long"      // with one of 4 KiB
	NonASCII Role = "non-ascii" // with one in other letters
	Watch    Role = "watch"     // no request: the stream is read, and not only its head
	Over     Role = "over"      // after the end of the stream, with the last id
	Hello    Role = "hello"     // with ?ssespec=hello: does it speak the scripted protocol?
)

// An Observation is what was seen of a server.
type Observation struct {
	Watched   time.Duration // how long the stream could be watched
	Stalls    []Stall       // when this machine itself stood still
	Scale     float64       // by which whatever takes time may take longer; 0 is 1
	MinEvents int           // what the user demands
	Brief     bool          // only the head of the stream was of interest
	Foreign   string        // the origin named in [Origin] and [Options]
	From      string        // the id with which [Resumed] came back
	Exchanges map[Role]*probe.Exchange
	Unsent    map[Role]string // why an exchange is missing

	body   []byte      // of the stream, in one piece
	report lint.Report // of the body
	events []event     // the first ones of the stream
}

// Prepare reads the stream. It is to be called once, before any check.
func (o *Observation) Prepare() {
	e := o.Exchanges[Stream]
	if !IsStream(e) {
		return
	}
	o.body, o.events = e.Bytes(), events(e)
	var l lint.Linter
	l.Feed(o.body)
	if e.End == probe.Closed {
		o.report = l.End()
	} else {
		o.report = l.Cut()
	}
}

// Read reports whether the stream was read beyond its head.
func (o *Observation) Read() bool { return IsStream(o.Exchanges[Stream]) && !o.Brief }

// LeftOpen reports whether the stream went on when we left it.
func (o *Observation) LeftOpen() bool {
	e := o.Exchanges[Stream]
	return IsStream(e) && e.End == probe.Left
}

// Events returns how many events a client would dispatch.
func (o *Observation) Events() int { return o.report.Events }

// Report is what the bytes of the stream have to say.
func (o *Observation) Report() lint.Report { return o.report }

// IsStream reports whether the answer is an event stream to an EventSource.
func IsStream(e *probe.Exchange) bool {
	return e != nil && e.Head != nil && e.Head.Status == 200 && spec.IsEventStream(e.Head.Values("Content-Type"))
}

// mostEvents is how many events of a stream are looked at one by one.
const mostEvents = 10000

// An event is one block that has data.
type event struct {
	id    string
	hasID bool
	data  string
	block block
}

// events returns the first events of a stream.
func events(e *probe.Exchange) (list []event) {
	for b := range blocks(e) {
		if b.done && b.data {
			list = append(list, event{b.id, b.hasID, b.text, b})
		}
		if len(list) == mostEvents {
			break
		}
	}
	return list
}

// ids returns the ids of events, in order; a client that keeps the last one
// (dispatch-id-sticky) gives nothing new.
func ids(list []event) (all []string) {
	for _, e := range list {
		if e.hasID && e.id != "" {
			all = append(all, e.id)
		}
	}
	return all
}
