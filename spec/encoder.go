package spec

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Block is one event as a server means it, with the comment before it
// (§9.2.5). Nil leaves a field out, which is not the same as an empty one: no
// id keeps the last event ID string, an empty id resets it; no data dispatches
// nothing, empty data dispatches an event. Pointers hold that difference as a
// missing member of JSON or YAML does, and new("text") makes one in place.
//
// An empty event type can be sent and means the default one. A block of nothing
// but nil is an empty line.
type Block struct{ Event, Data, ID, Retry, Comment *string }

// An Encoder writes blocks as an event stream (§9.2.5). The zero value is
// strict: it refuses what a stream cannot carry.
//
// Normalise reads CRLF and CR in data and comments as LF, and malformed UTF-8
// there as the U+FFFD that a client would make of it, one per maximal subpart.
// Event, id and retry are refused all the same: they are compared, not shown,
// and two ids that become one would resume a stream in the wrong place.
type Encoder struct{ Normalise bool }

// An EncodeError says why a block cannot be written: at byte Offset of the value
// of Field begins what the stream cannot carry, or what the client would ignore,
// by the clause with the id Clause. The value itself is never repeated.
type EncodeError struct {
	Field  string // event, data, id, retry or comment
	Offset int
	Clause string
	Reason string
}

// Error returns field and offset, then the reason and the clause.
func (e *EncodeError) Error() string {
	return fmt.Sprintf("%s:%d: %s (%s)", e.Field, e.Offset, e.Reason, e.Clause)
}

// Append appends b to dst, which ends where a block may begin, and returns the
// longer slice. Each line of data and of the comment becomes a line of its own.
// The block is always closed by an empty line, also where it is only a comment:
// so whatever Append wrote is a conforming stream if it ends there (grammar-event),
// and an empty line that follows no data dispatches nothing.
//
// When b cannot be written the error is an [*EncodeError], and dst is returned as
// it was: nothing is written to it or behind its end.
func (e Encoder) Append(dst []byte, b Block) ([]byte, error) {
	if err := e.refusal(b); err != nil {
		return dst, err
	}
	if b.Comment != nil {
		dst = e.appendText(dst, ":", *b.Comment)
	}
	if b.Event != nil {
		dst = appendValue(append(dst, "event:"...), *b.Event)
	}
	if b.ID != nil {
		dst = appendValue(append(dst, "id:"...), *b.ID)
	}
	if b.Retry != nil {
		dst = appendValue(append(dst, "retry:"...), *b.Retry)
	}
	if b.Data != nil {
		dst = e.appendText(dst, "data:", *b.Data)
	}
	return append(dst, '\n'), nil
}

// appendText writes each line of text behind name; no text is one empty line.
func (e Encoder) appendText(dst []byte, name, text string) []byte {
	if e.Normalise {
		text = normalised(text)
	}
	for {
		end := strings.IndexByte(text, '\n')
		if end < 0 {
			return appendValue(append(dst, name...), text)
		}
		dst = appendValue(append(dst, name...), text[:end])
		text = text[end+1:]
	}
}

// appendValue writes a space before every value but the empty one: a client
// removes exactly one, so a value that begins with a space keeps it.
func appendValue(dst []byte, value string) []byte {
	if value != "" {
		dst = append(append(dst, ' '), value...)
	}
	return append(dst, '\n')
}

// refusal returns why b cannot be written, nil if it can. It looks at every
// field before the first byte is written.
func (e Encoder) refusal(b Block) *EncodeError {
	var err *EncodeError
	if b.Comment != nil && !e.Normalise {
		err = refuse("comment", *b.Comment, "\r")
	}
	if b.Event != nil && err == nil {
		err = refuse("event", *b.Event, "\r\n")
	}
	if b.ID != nil && err == nil {
		err = refuse("id", *b.ID, "\r\n\x00")
	}
	if b.Retry != nil && err == nil {
		err = refuseRetry(*b.Retry)
	}
	if b.Data != nil && !e.Normalise && err == nil {
		err = refuse("data", *b.Data, "\r")
	}
	return err
}

// refuse finds the first byte of value that is malformed or one of forbidden.
func refuse(field, value, forbidden string) *EncodeError {
	first := malformedAt(value)
	for i := range len(forbidden) {
		if at := strings.IndexByte(value[:first], forbidden[i]); at >= 0 {
			first = at
		}
	}
	if first == len(value) {
		return nil
	}
	clause, reason := whyRefused(value[first])
	return &EncodeError{field, first, clause, reason}
}

// refuseRetry also refuses the empty value, which clients read in three ways.
func refuseRetry(value string) *EncodeError {
	if value == "" {
		return &EncodeError{"retry", 0, "field-retry-empty", "no digits, which clients read differently"}
	}
	for i := range len(value) {
		c := value[i]
		if c == '\r' || c == '\n' {
			clause, reason := whyRefused(c)
			return &EncodeError{"retry", i, clause, reason}
		}
		if c < '0' || c > '9' {
			return &EncodeError{"retry", i, "field-retry-invalid", "not an ASCII digit, so a client ignores the field"}
		}
	}
	return nil
}

// whyRefused explains a byte that refuse has found.
func whyRefused(c byte) (clause, reason string) {
	switch c {
	case '\r':
		return "grammar-chars", "a carriage return ends the line"
	case '\n':
		return "grammar-chars", "a line feed ends the line"
	case 0:
		return "field-id-nul", "a client ignores an id with NUL"
	default:
		return "format-utf8", "malformed UTF-8"
	}
}

// malformedAt returns where the first malformed sequence of s begins, len(s) if
// there is none. Up to there Go and the Encoding Standard agree.
func malformedAt(s string) int {
	if utf8.ValidString(s) {
		return len(s)
	}
	at := 0
	for {
		r, n := utf8.DecodeRuneInString(s[at:])
		if r == utf8.RuneError && n <= 1 {
			return at
		}
		at += n
	}
}

// normalised returns text with LF for its line ends and U+FFFD for each maximal
// subpart that is malformed. It copies only what has to change.
func normalised(text string) string {
	if strings.IndexByte(text, '\r') >= 0 {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	if utf8.ValidString(text) {
		return text
	}
	return string(appendDecoded(nil, []byte(text)))
}
