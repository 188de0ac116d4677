package spec

import (
	"bytes"
	"slices"
	"strings"
)

// An Act is a clause at work: the byte where it acted, and how many steps had
// been observed by then. Reading names the wrong reading of the clause that the
// act could have shown instead, "clause" or "clause/variant".
type Act struct {
	Clause  string
	Reading string
	Offset  int
	Step    int
	Also    string // a second wrong reading that an explanation needs, "" for none
}

// Acts returns which clause acted at which byte of the stream, in order, when
// the stream is interpreted as the standard says.
func Acts(stream []byte) []Act {
	r := read(stream, "", everyAct)
	return r.acts
}

// everyAct takes a wrong reading wherever it can be taken.
const everyAct = -1

// A reading is one interpretation of a whole stream, slow and explicit: at each
// decision it notes the clause that decides, and takes the wrong way when it is
// told to. With no wrong reading it is the standard's.
type reading struct {
	wrong string // the reading taken wrongly, "" for none
	only  int    // the index of the one act where it is, or everyAct
	also  string // a second reading taken wrongly, wherever it can be
	acts  []Act
	trace Trace
	over  bool // the stream was given up

	data    []byte // the data buffer, each value with its LF
	typ, id []byte // the event type buffer, the last event ID buffer
	lastID  string // the last event ID string
}

// read interprets stream.
func read(stream []byte, wrong string, only int) *reading {
	r := &reading{wrong: wrong, only: only}
	r.lines(stream)
	return r
}

// readBoth interprets stream with two readings taken wrongly.
func readBoth(stream []byte, wrong, also string) *reading {
	r := &reading{wrong: wrong, only: everyAct, also: also}
	r.lines(stream)
	return r
}

// errs notes an act and reports whether it is to be taken wrongly.
func (r *reading) errs(wrong string, at int) bool {
	clause, _, _ := strings.Cut(wrong, "/")
	r.acts = append(r.acts, Act{Clause: clause, Reading: wrong, Offset: at, Step: len(r.trace)})
	return wrong == r.also || wrong == r.wrong && (r.only == everyAct || r.only == len(r.acts)-1)
}

// fails takes the wrong reading that gives a stream up: the standard knows no
// bad stream.
func (r *reading) fails(wrong string, at int) bool {
	if !r.over && r.errs(wrong, at) {
		r.over = true
		r.trace = append(r.trace, Step{Kind: Fail, Chunk: -1})
	}
	return r.over
}

func (r *reading) lines(stream []byte) {
	at := r.skipBOM(stream)
	for at < len(stream) && !r.over {
		end, next := r.lineEnd(stream, at)
		if end == len(stream) && next == len(stream) && !r.errs("line-unterminated", at) {
			break
		}
		r.line(stream[at:end], at)
		at = next
	}
	r.endOfStream(stream[at:], at)
}

// endOfStream discards what is unfinished; wrongly, it completes it.
func (r *reading) endOfStream(rest []byte, at int) {
	end := at + len(rest)
	switch {
	case r.over, len(r.data) == 0 && len(rest) == 0:
		return
	case firstInvalid(rest) >= 0 && r.fails("parse-invalid-utf8/fails", at), r.fails("eof-discard/fails", end):
		return
	case r.errs("eof-discard", end):
		if len(rest) > 0 {
			r.line(rest, at)
		}
	case len(r.data) > 0 && len(rest) > 0 && r.errs("eof-discard/lines", end):
	default:
		return
	}
	r.blank(end)
}

func (r *reading) skipBOM(stream []byte) int {
	switch {
	case bytes.HasPrefix(stream, []byte("\uFEFF\uFEFF")) && r.errs("parse-bom-double", 3):
		return 6
	case bytes.HasPrefix(stream, bom) && !r.errs("parse-bom", 0):
		return 3
	case (bytes.HasPrefix(stream, []byte("\xFF\xFE")) || bytes.HasPrefix(stream, []byte("\xFE\xFF"))) && r.errs("parse-no-utf16-sniffing", 0):
		return len(stream)
	}
	return 0
}

// others are the characters that some languages take for line ends.
var others = []string{"\v", "\f", "\x1C", "\x1D", "\x1E", "\u0085", "\u2028", "\u2029"} // never written to

// lineEnd returns where the line at at ends and where the next begins.
func (r *reading) lineEnd(stream []byte, at int) (end, next int) {
	for i := at; i < len(stream); i++ {
		switch stream[i] {
		case '\n':
			if !r.mixed(stream, i) && !r.errs("line-lf", i) {
				return i, i + 1
			}
		case '\r':
			if !r.errs("line-cr", i) && !r.mixed(stream, i) {
				return i, r.afterCR(stream, i+1)
			}
			if i+1 < len(stream) && stream[i+1] == '\n' {
				return i, i + 2
			}
		default:
			if n := r.otherEnd(stream[i:], i); n > 0 {
				return i, i + n
			}
		}
	}
	return len(stream), len(stream)
}

// mixed takes the wrong reading that knows only the style of line end that the
// stream began with.
func (r *reading) mixed(stream []byte, at int) bool {
	first := bytes.IndexAny(stream, "\r\n")
	return style(stream[first:]) != style(stream[at:]) && r.errs("line-mixed", at)
}

// style returns the line end that rest begins with.
func style(rest []byte) string {
	if bytes.HasPrefix(rest, []byte("\r\n")) {
		return "\r\n"
	}
	return string(rest[:1])
}

func (r *reading) afterCR(stream []byte, i int) int {
	if i < len(stream) && stream[i] == '\n' && !r.errs("line-crlf", i) {
		return i + 1
	}
	return i
}

func (r *reading) otherEnd(rest []byte, at int) int {
	for _, o := range others {
		if bytes.HasPrefix(rest, []byte(o)) && r.errs("line-other-separators", at) {
			return len(o)
		}
	}
	return 0
}

func (r *reading) line(line []byte, at int) {
	if i := firstInvalid(line); i >= 0 && r.fails("parse-invalid-utf8/fails", at+i) {
		return
	}
	if at > 0 && at != len(bom) && bytes.HasPrefix(line, bom) && r.errs("parse-bom-midstream", at) {
		line, at = line[3:], at+3
	}
	switch {
	case len(line) == 0:
		r.blank(at)
	case line[0] == ':':
		r.comment(line, at)
	default:
		r.field(line, at)
	}
}

func (r *reading) comment(line []byte, at int) {
	switch {
	case r.errs("line-comment/blank", at):
		r.blank(at)
	case r.errs("line-comment/field", at):
		r.field(line[1:], at+1)
	case r.errs("line-comment/data", at):
		r.appendData(line[1:], at)
	case r.errs("line-comment/discards", at):
		r.data, r.typ = nil, nil
	case r.errs("line-comment/event", at):
		r.observe(Event{DefaultType, string(line[1:]), ""})
	}
}

// field splits a line into name and value and processes them.
func (r *reading) field(line []byte, at int) {
	name, value, colon := bytes.Cut(line, []byte(":"))
	if !colon {
		if r.errs("field-no-colon", at) {
			return
		}
	} else if i := bytes.LastIndexByte(line, ':'); i > len(name) {
		switch {
		case r.errs("line-first-colon", at+len(name)):
			value = line[i+1:]
		case r.errs("line-first-colon/name", at+len(name)):
			name, value = line[:i], line[i+1:]
		}
	}
	if len(value) > 0 && value[0] != ' ' && r.errs("value-one-space/no-field", at+len(name)+1) {
		return
	}
	value = r.space(value, at+len(name)+1)
	r.process(string(r.name(name, at)), r.characters(value, at+len(line)-len(value)), at)
}

// space removes one leading space.
func (r *reading) space(value []byte, at int) []byte {
	end := at + len(value)
	if len(value) > 0 && value[0] == ' ' {
		switch {
		case r.errs("value-one-space/kept", at):
			return value
		case len(value) > 1 && value[1] == ' ' && r.errs("value-one-space/all", at):
			value = bytes.TrimLeft(value, " ")
		default:
			value = value[1:]
		}
	} else if len(value) > 0 && r.errs("value-one-space/required", at) {
		value = value[1:]
	}
	return r.trim(value, end-len(value))
}

// trim takes the wrong readings that remove other white space.
func (r *reading) trim(value []byte, at int) []byte {
	const white = " \t\v\f\u00a0\u3000\u2003\ufeff"
	if bytes.HasPrefix(value, bom) && r.errs("parse-bom-midstream/value", at) {
		return value[len(bom):]
	}
	left, right := bytes.TrimLeft(value, white), bytes.TrimRight(value, white)
	first := at // the first white space that goes
	if len(left) == len(value) {
		first += len(right)
	}
	switch {
	case len(left) == len(value) && len(right) == len(value):
		return value
	case r.errs("value-other-whitespace", first):
		return bytes.Trim(value, white)
	case len(right) < len(value) && r.errs("value-other-whitespace/trailing", at+len(right)):
		return right
	case len(left) < len(value) && r.errs("value-other-whitespace/leading", at):
		return left
	}
	return value
}

// name takes the wrong readings that make an unknown name known.
func (r *reading) name(name []byte, at int) []byte {
	if slices.Contains([]string{"data", "event", "id", "retry"}, string(name)) {
		return name
	}
	if lower := bytes.ToLower(name); !bytes.Equal(lower, name) && r.errs("field-name-literal", at) {
		return lower
	}
	if bare := []byte(strings.Trim(string(name), " \t\ufeff")); !bytes.Equal(bare, name) && r.errs("field-name-no-trim", at) {
		return bare
	}
	if bytes.IndexByte(name, 0) >= 0 {
		if r.errs("field-name-nul", at) {
			return bytes.ReplaceAll(name, []byte{0}, nil)
		}
		if cut, _, _ := bytes.Cut(name, []byte{0}); r.errs("field-name-nul/cut", at) {
			return cut
		}
	}
	return name
}
