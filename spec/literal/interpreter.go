package literal

import (
	"slices"

	"github.com/ssespec/ssespec/spec"
)

const (
	lineFeed       = '\u000A'
	carriageReturn = '\u000D'
	space          = '\u0020'
	colon          = '\u003A'
	null           = '\u0000'
)

// lines reads everything line by line (§9.2.6): a CRLF pair, an LF not preceded
// by a CR, and a CR not followed by an LF are the ways in which a line can end.
// In the ABNF of §9.2.5 every line has its end-of-line, so what follows the
// last one is no line and is left out.
func lines(stream []rune) [][]rune {
	var all [][]rune
	start := 0
	for at, c := range stream {
		switch {
		case c == lineFeed && at > 0 && stream[at-1] == carriageReturn:
			start = at + 1 // the second half of a pair that has ended its line
		case c == lineFeed, c == carriageReturn:
			all = append(all, stream[start:at])
			start = at + 1
		}
	}
	return all
}

// interpreter is a stream that is being parsed: the three buffers that must be
// associated with it, and what it has done so far.
type interpreter struct {
	dataBuffer        []rune
	eventTypeBuffer   []rune
	lastEventIDBuffer []rune
	result            Result
}

// processLine is "lines must be processed, in the order they are received".
func (i *interpreter) processLine(line []rune) {
	if len(line) == 0 { // a blank line
		i.dispatch()
		return
	}
	if line[0] == colon {
		i.ignore(line)
		return
	}
	if !slices.Contains(line, colon) {
		i.processField(string(line), nil)
		return
	}
	field := line[:slices.Index(line, colon)]
	value := line[slices.Index(line, colon)+1:]
	if len(value) > 0 && value[0] == space {
		value = value[1:]
	}
	i.processField(string(field), value)
}

// ignore is what happens to a line that starts with a colon. An observer may
// still want to know that it was there.
func (i *interpreter) ignore(line []rune) {
	i.result.Comments = append(i.result.Comments, string(line[1:]))
}

// processField is "the steps to process the field given a field name and a
// field value". Names are compared literally, with no case folding.
func (i *interpreter) processField(name string, value []rune) {
	switch name {
	case "event":
		i.eventTypeBuffer = value
	case "data":
		i.dataBuffer = append(i.dataBuffer, value...)
		i.dataBuffer = append(i.dataBuffer, lineFeed)
	case "id":
		if !slices.Contains(value, null) {
			i.lastEventIDBuffer = value
		}
	case "retry":
		i.setReconnectionTime(value)
	}
}

// setReconnectionTime is the retry field: only ASCII digits count. The empty
// value consists of nothing else, but is no integer in base ten: it is ignored
// (dispute 7).
func (i *interpreter) setReconnectionTime(value []rune) {
	notDigit := func(c rune) bool { return c < '0' || c > '9' }
	if len(value) == 0 || slices.ContainsFunc(value, notDigit) {
		return
	}
	i.result.Retries = append(i.result.Retries, string(value))
}

// dispatch is "dispatch the event", the steps for web browsers, numbered as in
// §9.2.6. The origin of step 5 and the task of step 8 need an EventSource.
func (i *interpreter) dispatch() {
	i.result.LastEventID = string(i.lastEventIDBuffer) // 1
	if len(i.dataBuffer) == 0 {                        // 2
		i.dataBuffer, i.eventTypeBuffer = nil, nil
		return
	}
	last := len(i.dataBuffer) - 1
	if i.dataBuffer[last] == lineFeed { // 3
		i.dataBuffer = i.dataBuffer[:last]
	}
	event := spec.Event{ // 4, 5
		Type:        "message",
		Data:        string(i.dataBuffer),
		LastEventID: i.result.LastEventID,
	}
	if len(i.eventTypeBuffer) != 0 { // 6
		event.Type = string(i.eventTypeBuffer)
	}
	i.dataBuffer, i.eventTypeBuffer = nil, nil       // 7
	i.result.Events = append(i.result.Events, event) // 8
}
