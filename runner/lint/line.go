package lint

import (
	"bytes"
	"unicode/utf8"
)

// What is kept of a line: hints look at its first and its last bytes.
const (
	headSize = 4096
	tailSize = 64
)

// A place is where something stands in what was fed.
type place struct {
	offset       int64
	line, column int
	excerpt      Excerpt
}

// A line is the one that is being read: bounded, however long it is.
type line struct {
	number int   // from 1, of what was fed
	offset int64 // of its first byte
	size   int64
	bom    int // bytes of the BOM that was removed
	head   []byte
	tail   []byte
}

func (l *line) add(b []byte) {
	l.size += int64(len(b))
	l.head = append(l.head, b[:min(len(b), headSize-len(l.head))]...)
	l.tail = append(l.tail, b[max(0, len(b)-tailSize):]...)
	if extra := len(l.tail) - tailSize; extra > 0 {
		l.tail = append(l.tail[:0], l.tail[extra:]...)
	}
}

// begin makes l the empty line at offset.
func (l *line) begin(number int, offset int64) {
	*l = line{number: number, offset: offset, head: l.head[:0], tail: l.tail[:0]}
}

// window is how far the next line end is looked for at a time, so that lines that
// end in CR alone do not make the search for LF quadratic.
const window = 1024

// lineEnd returns the index of the first CR or LF in b, -1 if there is none.
func lineEnd(b []byte) int {
	for start := 0; start < len(b); start += window {
		part := b[start:min(start+window, len(b))]
		if lf := bytes.IndexByte(part, '\n'); lf >= 0 {
			part = part[:lf+1]
		}
		if cr := bytes.IndexByte(part, '\r'); cr >= 0 {
			return start + cr
		}
		if n := len(part); part[n-1] == '\n' {
			return start + n - 1
		}
	}
	return -1
}

// text is the line without a BOM, or its first bytes.
func (l *line) text() []byte { return l.head[l.bom:] }

// whole reports whether text is all of it.
func (l *line) whole() bool { return l.size <= headSize }

func (l *line) empty() bool { return l.size == int64(l.bom) }

// at is the place of the byte at index of text.
func (l *line) at(index int) place {
	return l.column(int64(l.bom + index))
}

func (l *line) column(index int64) place {
	return place{l.offset + index, l.number, int(index) + 1, l.excerpt(index)}
}

// How many bytes of a line are shown before a place, and in all.
const (
	shownBefore = 48
	shown       = 120
)

// excerpt returns what stands around the byte at index of the line. Far behind
// the head only the bytes before the place are known, and only at the line's end.
func (l *line) excerpt(index int64) Excerpt {
	if index > int64(len(l.head)) {
		return l.ending(index)
	}
	start := max(0, int(index)-shownBefore)
	end := min(len(l.head), start+shown)
	start, end = whole(l.head, start), whole(l.head, end)
	return Excerpt{string(l.head[start:end]), int(index) - start, start > 0, int64(end) < l.size}
}

// ending is the excerpt of a place behind the head.
func (l *line) ending(index int64) Excerpt {
	known := l.size - int64(len(l.tail)) // where the tail begins
	if index < known {
		return Excerpt{Before: true, After: true}
	}
	start := whole(l.tail, max(0, len(l.tail)-shownBefore))
	if at := int(index-known) - start; at >= 0 {
		return Excerpt{string(l.tail[start:]), at, true, false}
	}
	return Excerpt{string(l.tail), int(index - known), true, false}
}

// whole moves an index of b back to where a character begins, if there is one.
func whole(b []byte, index int) int {
	for back := range utf8.UTFMax {
		if i := index - back; i >= 0 && (i == len(b) || utf8.RuneStart(b[i])) {
			return i
		}
	}
	return index
}

// A field is how a client reads a line: the name before the first colon, the
// value after it without one leading space.
type field struct {
	name, value []byte // of the line's first bytes
	from        int    // index of value in the line's text
	colon       bool
	ending      []byte // the last bytes of the value
	whole       bool   // value is all of it
}

func (l *line) field() field {
	text := l.text()
	name, value, colon := bytes.Cut(text, []byte(":"))
	f := field{name: name, value: value, from: len(text) - len(value), colon: colon, whole: l.whole()}
	if len(value) > 0 && value[0] == ' ' {
		f.value = value[1:]
		f.from++
	}
	f.ending = f.value
	if !l.whole() {
		f.ending = l.tail
	}
	return f
}

// known returns the name as a constant if it is one of the four, else "".
func (f field) known() string {
	switch string(f.name) {
	case "data":
		return "data"
	case "event":
		return "event"
	case "id":
		return "id"
	case "retry":
		return "retry"
	}
	return ""
}
