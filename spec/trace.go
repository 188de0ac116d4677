package spec

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Kind says what a client did. The first four are the standard's (§9.2.3,
// §9.2.6); comments and retries are shown by targets that can.
type Kind string

// The kinds of steps.
const (
	Announce    Kind = "announce"    // the connection is open (§9.2.3)
	Dispatch    Kind = "dispatch"    // an event was dispatched (§9.2.6)
	Reestablish Kind = "reestablish" // the stream ended, the client will come back (§9.2.3)
	Fail        Kind = "fail"        // the client has given up for good (§9.2.3)
	Comment     Kind = "comment"     // a comment line was seen; Text is what follows the colon
	Retry       Kind = "retry"       // a reconnection time was taken over; Text is its milliseconds
)

// A Step is one thing that a client did. Event is set for [Dispatch] only.
// Text is the comment, the milliseconds, or the target's message; the message
// is never compared. Chunk is the chunk (from 0) that a parser was given when
// it took the step, -1 when unknown. At is the time since the run began.
type Step struct {
	Kind  Kind
	Event *Event
	Text  string
	Chunk int
	At    time.Duration
}

// Equal reports whether s and t are the same step to an observer: kind, event,
// and the text of comments and retries. Time, chunk and messages do not count.
func (s Step) Equal(t Step) bool {
	if s.Kind != t.Kind || (s.Event == nil) != (t.Event == nil) {
		return false
	}
	if s.Event != nil {
		return *s.Event == *t.Event
	}
	return s.Kind != Comment && s.Kind != Retry || s.Text == t.Text
}

// sameWords reports whether s says in other words what want says: a comment
// without the one leading space that may be left out, or a reconnection time as
// the nearest double, which is what JavaScript and many a JSON library have.
func (s Step) sameWords(want Step) bool {
	switch s.Kind {
	case Comment:
		return want.Text == " "+s.Text
	case Retry:
		due, err := strconv.ParseFloat(want.Text, 64)
		told, also := strconv.ParseFloat(s.Text, 64)
		return err == nil && also == nil && due == told
	}
	return false
}

// A Trace is what a client did, in order.
type Trace []Step

// InWordsOf returns t with each comment and reconnection time written as in want
// where the two say the same. Each is held against the next few of want that were
// not met yet: what is too many or missing leaves the others as they are.
func (t Trace) InWordsOf(want Trace) Trace {
	t = slices.Clone(t)
	for _, kind := range []Kind{Comment, Retry} {
		due := want.Only(kind)
		for i, s := range t {
			met := slices.IndexFunc(due[:min(len(due), wordsAhead)], func(d Step) bool { return s.Equal(d) || s.sameWords(d) })
			if s.Kind == kind && met >= 0 {
				t[i].Text, due = due[met].Text, due[met+1:]
			}
		}
	}
	return t
}

// wordsAhead is the number of steps that [Trace.InWordsOf] looks ahead.
const wordsAhead = 16

// Equal reports whether t and u have equal steps in the same order.
func (t Trace) Equal(u Trace) bool { return slices.EqualFunc(t, u, Step.Equal) }

// Only returns the steps of t whose kind is one of kinds, in order.
func (t Trace) Only(kinds ...Kind) Trace {
	var kept Trace
	for _, s := range t {
		if slices.Contains(kinds, s.Kind) {
			kept = append(kept, s)
		}
	}
	return kept
}

// Count returns how many steps of kind k are in t.
func (t Trace) Count(k Kind) int { return len(t.Only(k)) }

// CommonPrefix returns how many leading steps t and u share.
func (t Trace) CommonPrefix(u Trace) int {
	n := 0
	for n < len(t) && n < len(u) && t[n].Equal(u[n]) {
		n++
	}
	return n
}

// DispatchStep returns the step that dispatches e.
func DispatchStep(e Event) Step { return Step{Kind: Dispatch, Event: &e, Chunk: -1} }

// String returns s on one line: the kind, and what belongs to it in quotes.
func (s Step) String() string {
	switch {
	case s.Event != nil && s.Event.LastEventID != "":
		return fmt.Sprintf("%s %s %s id %s", s.Kind, typeWord(s.Event.Type), Quote(s.Event.Data), Quote(s.Event.LastEventID))
	case s.Event != nil:
		return fmt.Sprintf("%s %s %s", s.Kind, typeWord(s.Event.Type), Quote(s.Event.Data))
	case s.Kind == Comment || s.Kind == Retry:
		return fmt.Sprintf("%s %s", s.Kind, Quote(s.Text))
	}
	return string(s.Kind)
}
