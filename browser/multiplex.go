package browser

import (
	"bytes"
	"crypto/rand"
	"strconv"
	"strings"

	"github.com/ssespec/ssespec/spec"
)

// mark is the byte order mark.
const mark = "\uFEFF"

// firstBytes are what clients take otherwise at the start of a stream: what a byte
// order mark of any encoding begins with, and NUL.
const firstBytes = "\xEF\xFE\xFF\x00"

// sorted returns which streams mean the same between others, and which do not.
func sorted(streams [][]byte) (together, alone []int) {
	for i, s := range streams {
		if meansTheSame(s) {
			together = append(together, i)
		} else {
			alone = append(alone, i)
		}
	}
	return together, alone
}

// meansTheSame reports whether a stream says the same between others as alone: it
// is not about what comes first in a stream, nor about what is unfinished at its end. A mark anywhere
// is left out as well: where the reads of a connection begin is not ours to say.
func meansTheSame(stream []byte) bool {
	return endsInBlankLine(stream) && strings.IndexByte(firstBytes, stream[0]) < 0 && !bytes.Contains(stream, []byte(mark))
}

// endsInBlankLine reports whether nothing of a stream is unfinished.
func endsInBlankLine(stream []byte) bool {
	before := bytes.TrimSuffix(stream, []byte("\n"))
	if cr := bytes.TrimSuffix(before, []byte("\r")); len(before) == len(stream) || len(cr) < len(before) {
		before = cr
	}
	return len(before) < len(stream) && (len(before) == 0 || before[len(before)-1] == '\n' || before[len(before)-1] == '\r')
}

// multiplexed streams are the body of one response.
type multiplexed struct {
	body      []byte
	types     []string
	separator string // the type of the events between them, which no stream has
}

// multiplex puts streams one after the other. Before the first and after each
// comes what leaves nothing of one to the next, and then an event of the type
// separator with the number of the streams so far.
func multiplex(streams [][]byte) multiplexed {
	m := multiplexed{separator: "ssespec-" + rand.Text()}
	m.separate(0)
	for i, s := range streams {
		m.body = append(m.body, s...)
		m.types = append(m.types, typesNamed(s)...)
		m.separate(i + 1)
	}
	return m
}

// separate ends a stream. The comment keeps a CR at its end from being the half of
// a CRLF; the blank line takes what a client that errs has kept of the stream's last
// line or block; the id is taken back.
func (m *multiplexed) separate(n int) {
	m.body = append(m.body, ":\n\nid\nevent: "+m.separator+"\ndata: "+strconv.Itoa(n)+"\n\n"...)
}

// typesNamed returns the types that a client could take from a stream, near misses
// included: the value of each line that has "event" before its colon. Cheap, where
// [spec.TypesRead] is thorough.
func typesNamed(stream []byte) []string {
	types := []string{"open", "error"}
	for _, line := range bytes.FieldsFunc(stream, func(r rune) bool { return r == '\n' || r == '\r' }) {
		name, value, _ := bytes.Cut(line, []byte(":"))
		if !bytes.Contains(name, []byte("event")) {
			continue
		}
		v := spec.Decode(value)
		read, _ := withoutNUL(":" + v)
		types = append(types, v, strings.TrimPrefix(v, " "), strings.TrimSpace(v), strings.TrimPrefix(read[1:], " "))
	}
	return types
}
