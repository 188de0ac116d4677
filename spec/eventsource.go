package spec

import (
	"math"
	"strconv"
	"time"
)

// ReadyState is the state of an [EventSource] (§9.2.2).
type ReadyState int

// The states, with the standard's numbers.
const (
	Connecting ReadyState = iota
	Open
	Closed
)

// DefaultReconnectionTime is "in the region of a few seconds" (§9.2.2).
const DefaultReconnectionTime = 3 * time.Second

// Response is what the network made of a request: an error, or a head.
type Response struct {
	NetworkError bool     // no head arrived
	Aborted      bool     // the network error is an abort by the user agent
	Status       int      // the final status
	ContentType  []string // the values of every Content-Type header, in order
}

// Request is what the next request must carry (§9.2.3).
type Request struct {
	Method      string
	LastEventID string        // no header when empty
	After       time.Duration // not sooner than this after the end of the connection before
}

// EventSource is the processing model (§9.2.3) without I/O: the caller is the
// network. The zero value is CONNECTING, with no last event ID and the default
// reconnection time.
type EventSource struct {
	state     ReadyState
	parser    Parser
	again     bool // the next request is not the first
	timed     bool // a retry field was taken over
	reconnect time.Duration
	trace     Trace
	chunk     int
}

// Resume sets the last event ID that the first request carries; it is for
// clients that can be given one, which the standard's EventSource cannot.
func (s *EventSource) Resume(lastEventID string) { s.parser.SetLastEventID(lastEventID) }

// SetReconnectionTime sets the initial reconnection time.
func (s *EventSource) SetReconnectionTime(d time.Duration) { s.reconnect, s.timed = d, true }

// ReadyState returns the state.
func (s *EventSource) ReadyState() ReadyState { return s.state }

// LastEventID returns the last event ID string.
func (s *EventSource) LastEventID() string { return s.parser.LastEventID() }

// ReconnectionTime returns the reconnection time in force.
func (s *EventSource) ReconnectionTime() time.Duration {
	if !s.timed {
		return DefaultReconnectionTime
	}
	return s.reconnect
}

// Request returns what the next request must carry. It is not to be sent when
// the state is not CONNECTING.
func (s *EventSource) Request() Request {
	r := Request{Method: "GET", LastEventID: s.LastEventID()}
	if s.again {
		r.After = s.ReconnectionTime()
	}
	return r
}

// Respond judges the response to a request: announce, reestablish or fail
// (§9.2.2, §9.2.3). After Close it returns the zero Step: nothing is observed.
func (s *EventSource) Respond(r Response) Step {
	switch {
	case s.state == Closed:
		return Step{}
	case r.NetworkError && !r.Aborted:
		return s.reestablish()
	case r.NetworkError, r.Status != 200, !IsEventStream(r.ContentType):
		return s.fail()
	}
	s.state, s.chunk = Open, 0
	s.parser.OnRetry, s.parser.OnComment = s.retry, s.comment
	return Step{Kind: Announce, Chunk: -1}
}

// Receive interprets the next chunk of the body and returns what is observed:
// dispatches, comments and retries, in order. The number of the chunk within
// its connection (from 0) is in each step.
func (s *EventSource) Receive(chunk []byte) Trace {
	if s.state != Open {
		return nil
	}
	s.trace = nil
	s.parser.Feed(chunk, func(e Event) { s.observe(Step{Kind: Dispatch, Event: &e}) })
	s.chunk++
	return s.trace
}

// End is the end of the body, clean or not: an unfinished block is discarded
// and the connection reestablished. After Close it returns the zero Step.
func (s *EventSource) End() Step {
	if s.state != Open {
		return Step{}
	}
	s.parser.End()
	return s.reestablish()
}

// Close closes the object: nothing is observed any more, no request is sent.
func (s *EventSource) Close() { s.state = Closed }

func (s *EventSource) reestablish() Step {
	s.state, s.again = Connecting, true
	return Step{Kind: Reestablish, Chunk: -1}
}

func (s *EventSource) fail() Step {
	s.state = Closed
	return Step{Kind: Fail, Chunk: -1}
}

func (s *EventSource) observe(step Step) {
	step.Chunk = s.chunk
	s.trace = append(s.trace, step)
}

func (s *EventSource) retry(digits []byte) {
	s.reconnect, s.timed = milliseconds(string(digits)), true
	s.observe(Step{Kind: Retry, Text: Canonical(string(digits))})
}

func (s *EventSource) comment(text []byte) {
	s.observe(Step{Kind: Comment, Text: string(text)})
}

// Canonical returns digits without leading zeros: the integer in base ten that
// they stand for (§9.2.6, retry), however large.
func Canonical(digits string) string {
	for len(digits) > 1 && digits[0] == '0' {
		digits = digits[1:]
	}
	return digits
}

// milliseconds reads digits as a duration. The standard states no bound; what
// no Duration can hold becomes the longest one, never a short one.
func milliseconds(digits string) time.Duration {
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil || n > math.MaxInt64/uint64(time.Millisecond) {
		return math.MaxInt64
	}
	return time.Duration(n) * time.Millisecond
}
