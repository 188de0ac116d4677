package observe

import (
	"bytes"
	"iter"
	"time"

	"github.com/ssespec/ssespec/runner/probe"
)

// A block is the lines up to an empty one, with the times at which its first
// field and its end came. A retry has its effect without an end, and a comment
// none: neither begins a block here.
type block struct {
	from, to   int64 // offsets: of the first field, behind the end
	line       int   // of the first field, from 1
	begun, end time.Duration
	done       bool // an empty line has ended it
	data       bool
	hasID      bool
	id, text   string // the last id; the first 200 bytes of data
	ids        []field
	retries    []field
}

// A field is one line, with its place.
type field struct {
	value  string
	offset int64
	line   int
}

// mostLine is how much of a line is looked at, mostFields how many ids, and how
// many retries, of one block.
const (
	mostLine   = 16 << 10
	mostFields = 1000
)

// mostText is how much of the data of an event is kept, to tell it from others.
const mostText = 200

// blocks yields every block of the stream, the last also when it has not ended.
func blocks(e *probe.Exchange) iter.Seq[block] {
	return func(yield func(block) bool) {
		var b block
		open := false
		for l := range lines(e) {
			switch {
			case len(l.text) == 0 && open:
				b.to, b.end, b.done = l.next, l.at, true
				if !yield(b) {
					return
				}
				b, open = block{}, false
			case len(l.text) == 0 || l.text[0] == ':':
			default:
				open = b.take(l, open) || open
			}
		}
		if open && !b.done {
			yield(b)
		}
	}
}

// take adds a field to the block and reports whether it begins one.
func (b *block) take(l line, open bool) bool {
	name, value, _ := bytes.Cut(l.text, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	f := field{string(value[:min(len(value), mostText)]), l.offset, l.number}
	switch string(name) {
	case "retry":
		if len(b.retries) < mostFields {
			b.retries = append(b.retries, f)
		}
		return open
	case "id":
		if len(b.ids) < mostFields {
			b.ids = append(b.ids, f)
		}
		if bytes.IndexByte(value, 0) < 0 {
			b.id, b.hasID = string(value), true
		}
	case "data":
		b.data = true
		if room := mostText - len(b.text); room > 0 {
			b.text += string(value[:min(len(value), room)]) + "\n"
		}
	}
	if !open {
		b.from, b.line, b.begun = l.offset, l.number, l.begun
	}
	b.to, b.end = l.next, l.at
	return true
}

// A line is one line of the stream, without its end.
type line struct {
	text      []byte
	offset    int64
	next      int64 // offset behind its end
	number    int
	begun, at time.Duration // when its first and its last byte came
}

// lines yields the lines of a body, also a last one without an end.
func lines(e *probe.Exchange) iter.Seq[line] {
	return func(yield func(line) bool) {
		s := splitter{l: line{number: 1}}
		for _, c := range e.Body {
			if !s.feed(c, yield) {
				return
			}
		}
		if len(s.l.text) > 0 {
			s.l.next = s.offset
			yield(s.l)
		}
	}
}

// A splitter cuts chunks into lines.
type splitter struct {
	l       line
	offset  int64
	afterCR bool
}

func (s *splitter) feed(c probe.Chunk, yield func(line) bool) bool {
	rest := c.Bytes
	for len(rest) > 0 {
		if s.afterCR && rest[0] == '\n' {
			s.afterCR, rest = false, rest[1:]
			s.offset++
			s.l.offset++
			continue
		}
		s.afterCR = false
		if len(s.l.text) == 0 {
			s.l.begun = c.At
		}
		end := bytes.IndexAny(rest, "\r\n")
		if end < 0 {
			s.add(rest, c.At)
			return true
		}
		s.add(rest[:end], c.At)
		s.offset++
		s.l.next, s.l.at, s.afterCR = s.offset, c.At, rest[end] == '\r'
		if !yield(s.l) {
			return false
		}
		s.l = line{number: s.l.number + 1, offset: s.offset}
		rest = rest[end+1:]
	}
	return true
}

func (s *splitter) add(b []byte, at time.Duration) {
	s.l.text = append(s.l.text, b[:min(len(b), mostLine-len(s.l.text))]...)
	if s.l.number == 1 {
		s.l.text = bytes.TrimPrefix(s.l.text, []byte("\uFEFF"))
	}
	s.offset += int64(len(b))
	s.l.at = at
}
