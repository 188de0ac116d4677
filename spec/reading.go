package spec

import (
	"bytes"
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
	Guess   bool   // no reading shows what was observed: this one only comes closest
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
	trace Trace
	acts  []Act

	traceOnly bool // the acts are not noted
	over      bool // the stream was given up
	at        int  // the bytes that were read by now

	hidden    int    // the line end that is taken for text, 0 for none
	named     bool   // the block has a field other than data
	deaf      bool   // the ids of the block do not count any more
	last      bool   // nothing follows the line
	blanks    int    // the blank lines since the last line that was not
	retry     string // a reconnection time that is not taken over yet, and the reading of that
	retryWhen string

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

// reread returns what stream shows with one reading taken wrongly, or two.
func reread(stream []byte, wrong, also string) Trace {
	r := &reading{wrong: wrong, only: everyAct, also: also, traceOnly: true}
	r.lines(stream)
	return r.trace
}

// errs notes an act and reports whether it is to be taken wrongly.
func (r *reading) errs(wrong string, at int) bool {
	if !r.traceOnly {
		clause, _, _ := strings.Cut(wrong, "/")
		r.acts = append(r.acts, Act{Clause: clause, Reading: wrong, Offset: at, Step: len(r.trace)})
	}
	return wrong == r.also || wrong == r.wrong && (r.only == everyAct || r.only == len(r.acts)-1)
}

// fails takes the wrong reading that gives a stream up: the standard knows no
// bad stream.
func (r *reading) fails(wrong string, at int) bool {
	if !r.over && r.errs(wrong, at) {
		r.over = true
		r.take(Step{Kind: Fail})
	}
	return r.over
}

// take notes a step, and in place of its chunk the bytes that were read by then.
func (r *reading) take(s Step) {
	s.Chunk = r.at
	r.trace = append(r.trace, s)
}

func (r *reading) lines(stream []byte) {
	at, before := r.skipBOM(stream), ""
	if at == len(bom) && at < len(stream) && style(stream[at:at+1]) != "" && r.errs("parse-bom/line-end", at) {
		r.hidden = at // the line end belongs to the line
	}
	for at < len(stream) && !r.over {
		end, next := r.lineEnd(stream, at)
		if end == len(stream) && next == len(stream) && !r.errs("line-unterminated", at) {
			break
		}
		r.at = min(end+1, next) // a CR ends the line before its LF has come
		if this := string(stream[end:next]); end > at || before == "" || !r.blankIsMissed(before, this, at) {
			r.last = next == len(stream)
			if r.blanks++; end > at {
				r.blanks = 0
			}
			r.line(stream[at:end], at)
		}
		at, before = next, string(stream[end:next])
	}
	r.at = len(stream)
	r.endOfStream(stream[at:], at)
}

// blankIsMissed takes the wrong readings in which the blank line at at is not
// seen, because of how it and the line before it end.
func (r *reading) blankIsMissed(before, this string, at int) bool {
	lone := before == "\r" || this == "\r"
	return before != this && r.errs("line-mixed/blank", at) || lone && r.errs("line-cr/blank", at)
}

// endIsEvent is the reading of an end of the stream that is an event.
const endIsEvent = "eof-discard/event"

// endOfStream discards what is unfinished; wrongly, it completes it.
func (r *reading) endOfStream(rest []byte, at int) {
	end := at + len(rest)
	if !r.over && r.errs(endIsEvent, end) {
		r.observe(Event{DefaultType, "", r.lastID})
		return
	}
	switch {
	case r.over, r.blanks > 1 && len(rest) == 0 && r.fails("eof-discard/blank-rest", end):
		return
	case len(r.data) == 0 && len(r.typ) == 0 && len(rest) == 0:
		return
	case firstInvalid(rest) >= 0 && r.fails("parse-invalid-utf8/fails", at), truncated(rest) > 0 && r.fails("parse-invalid-utf8/end-fails", at), r.fails("eof-discard/fails", end):
		return
	case len(rest) > 0 && !bytes.Contains(rest, []byte(":")) && r.errs("line-unterminated/name", at):
		r.line(rest, at)
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
	case bytes.HasPrefix(stream, bom):
		kept := r.errs("parse-bom", 0)
		latin, ascii := r.errs("parse-utf8-always", 0), r.errs("parse-utf8-always/ascii", 0)
		if kept || latin || ascii {
			return 0
		}
		return len(bom)
	case begunMark(stream) > 0 && r.errs("parse-bom/begun", 0):
		return begunMark(stream)
	case (bytes.HasPrefix(stream, []byte("\xFF\xFE")) || bytes.HasPrefix(stream, []byte("\xFE\xFF"))) && r.errs("parse-no-utf16-sniffing", 0):
		return len(stream)
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
	if i := bytes.Index(line, bom); i >= 0 && r.errs("parse-bom-midstream/everywhere", at+i) {
		line = bytes.ReplaceAll(line, bom, nil)
	}
	bare := bytes.TrimLeft(line, " \t")
	if len(bare) < len(line) && r.errs("field-name-no-trim/indent", at) {
		line, at = bare, at+len(line)-len(bare)
	}
	switch {
	case len(r.data) > 0 && len(bare) < len(line) && line[0] == ' ' && r.errs("field-name-no-trim/continued", at):
		r.data = append(append(r.data[:len(r.data)-1], line...), '\n')
	case len(line) > 0 && len(bytes.TrimSpace(line)) == 0 && r.errs("line-blank/spaces", at),
		len(line) > 0 && len(bytes.Trim(line, "\x00")) == 0 && r.errs("field-name-nul/blank", at):
		r.blank(at)
	case len(line) == 0:
		r.blank(at)
	case line[0] == ':':
		r.comment(line, at)
	default:
		r.field(line, at)
	}
}

// begunMark returns how many bytes of a byte order mark, but not all, the stream
// begins with.
func begunMark(stream []byte) int {
	n := 0
	for n < min(len(bom), len(stream)) && stream[n] == bom[n] {
		n++
	}
	return n % len(bom)
}

func (r *reading) comment(line []byte, at int) {
	text := r.characters(line[1:], at+1)
	r.take(Step{Kind: Comment, Text: string(text)})
	switch {
	case len(line) == 1 && r.errs("line-comment/colon", at):
		r.blank(at)
	case r.fails("line-comment/fails", at):
	case r.errs("line-comment/blank", at):
		r.blank(at)
	case r.errs("line-comment/field", at):
		r.field(line[1:], at+1)
	case r.errs("line-comment/data", at):
		r.appendData(text, at)
	case r.errs("line-comment/discards", at):
		r.data, r.typ = nil, nil
	case r.errs("line-comment/event", at):
		r.observe(Event{DefaultType, string(text), ""})
	}
}
