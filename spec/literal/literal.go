// Package literal is the event stream of HTML §9.2.5 and §9.2.6 once more: word
// for word, slow, and by another hand than package spec. It is the second
// opinion of tests, fuzz targets and make zoo-verify.
//
// Goals: each function is one paragraph of the standard, in the standard's
// order, so that a reader can lay the two side by side. Non-goals: speed,
// streaming, bounded memory. It reads a stream that is there as a whole and
// copies it several times; nothing but second opinions should import it.
package literal

import "github.com/ssespec/ssespec/spec"

// A Result is everything that a stream did to the user agent that read it to
// its end. A nil slice means that there was none.
type Result struct {
	// Events are the dispatched events in their order, as the steps for web
	// browsers make them.
	Events []spec.Event
	// LastEventID is the last event ID string at the end of the stream. An id
	// that no blank line followed has not become it.
	LastEventID string
	// Retries are the values of the retry fields that set the reconnection
	// time, in their order, as written: leading zeros stay, no limit applies.
	Retries []string
	// Comments are the texts after the colon of the comment lines, in their
	// order, with the space that may begin them.
	Comments []string
}

// Parse interprets stream as a whole. A last line without a line end has no
// effect at all, also where it is a comment or a retry (dispute 9).
func Parse(stream []byte) Result { return ParseFrom(stream, "") }

// ParseFrom is [Parse] for a stream that follows a lost connection: the last
// event ID string and its buffer begin as lastEventID, the id in force
// (dispute 1), which stays until the stream commits another. It is text that
// was decoded before, so it holds valid UTF-8.
func ParseFrom(stream []byte, lastEventID string) Result {
	i := interpreter{
		lastEventIDBuffer: []rune(lastEventID),
		result:            Result{LastEventID: lastEventID},
	}
	for _, line := range lines(utf8Decode(stream)) {
		i.processLine(line)
	}
	return i.result
}
