package lint

import (
	"bytes"
	"fmt"

	"github.com/ssespec/ssespec/spec"
)

// A Linter reads an event stream in any cuts. The zero value is ready. It keeps
// a bounded amount of memory whatever the stream.
type Linter struct {
	validator spec.Validator
	line      line
	block     block
	past      past
	all       kept
	onLine    kept // what the validator found in the line so far

	begun   bool
	afterCR bool // an LF now belongs to the line end before it
	crlf    bool // the last line ended so
	skipped int64
	bytes   int64 // of the stream
	events  int
	head    *Head // of the response, if it is known
}

// Feed reads the next bytes of the stream.
func (l *Linter) Feed(chunk []byte) {
	l.begin()
	for len(chunk) > 0 {
		if l.afterCR && chunk[0] == '\n' {
			l.halfEnd(chunk[:1])
			chunk = chunk[1:]
			continue
		}
		end := lineEnd(chunk)
		if end < 0 {
			l.within(chunk)
			return
		}
		l.within(chunk[:end])
		l.endLine(chunk[end : end+1])
		chunk = chunk[end+1:]
	}
}

// Skip counts bytes, and the lines that they hold, that are no part of the stream,
// for the places of what follows. They stand between two lines of it.
func (l *Linter) Skip(bytes int64, lines int) {
	l.begin()
	l.skipped += bytes
	l.line.offset += bytes
	l.line.number += lines
}

// End is the end of the stream. The linter is ready for another.
func (l *Linter) End() Report {
	l.begin()
	how := open
	if l.line.size > 0 {
		how = torn
		l.takeLine()
	}
	l.validator.End(l.find)
	return l.report(how)
}

// Cut is the end of the feeding where the stream may go on: nothing is said of
// what is unfinished. The linter is ready for another stream.
func (l *Linter) Cut() Report {
	l.begin()
	r := l.report(unknown)
	r.Cut = true
	return r
}

func (l *Linter) begin() {
	if !l.begun {
		l.begun = true
		l.line.begin(1, 0)
		l.block.only = true
	}
}

// within reads bytes of a line.
func (l *Linter) within(b []byte) {
	if len(b) == 0 {
		return
	}
	l.afterCR = false
	l.bytes += int64(len(b))
	l.line.add(b)
	l.validator.Feed(b, l.find)
}

// halfEnd reads the LF of a CRLF.
func (l *Linter) halfEnd(lf []byte) {
	l.afterCR, l.crlf = false, true
	l.bytes++
	l.line.offset++
	l.validator.Feed(lf, l.find)
}

// find keeps what the validator finds in the line that is being read. Where a
// field has no effect for lack of data, the place is that of the block.
func (l *Linter) find(f spec.Finding) {
	text, at := f.Text, place{offset: f.Offset + l.skipped, line: l.line.number, column: f.Column}
	switch f.Clause {
	case "dispatch-empty-data":
		at = l.block.field
	case "grammar-event":
		text = fmt.Sprintf("the last block, which begins in line %d, is not closed by an empty line", l.block.line)
	}
	l.onLine.add(Finding{Offset: at.offset, Line: at.line, Column: at.column, Excerpt: at.excerpt,
		Rule: f.Clause, Clause: f.Clause, Level: levelOf(f), Text: text, Hint: f.Hint})
}

func (l *Linter) endLine(end []byte) {
	blank := l.isBlank()
	if !blank {
		l.validator.Feed(end, l.find)
		l.takeLine()
	} else {
		l.validator.Feed(end, l.find)
		l.endBlock()
	}
	l.bytes++
	l.afterCR, l.crlf = end[0] == '\r', false
	l.line.begin(l.line.number+1, l.line.offset+l.line.size+1)
}

// isBlank takes the BOM out of the first line and reports whether nothing is left.
func (l *Linter) isBlank() bool {
	if l.bytes == l.line.size && bytes.HasPrefix(l.line.head, []byte("\uFEFF")) {
		l.line.bom = len("\uFEFF")
	}
	return l.line.size == int64(l.line.bom)
}

// takeLine takes account of a line that is not empty.
func (l *Linter) takeLine() {
	if l.isBlank() { // a BOM without a line end
		return
	}
	if l.block.line == 0 {
		l.block.line = l.line.number
	}
	hinted := false
	if l.line.text()[0] != ':' {
		hinted = l.takeField()
	}
	l.settleLine(hinted)
}

// settleLine hands the findings of the line on to the block. Where a hint says
// more of an unknown field, it stands alone.
func (l *Linter) settleLine(hinted bool) {
	for _, f := range l.onLine.findings {
		if f.Line == l.line.number && f.Rule != "dispatch-empty-data" {
			f.Excerpt = l.line.excerpt(int64(f.Column - 1))
		}
		if !hinted || f.Rule != "field-unknown" {
			l.block.pending.add(f)
		}
	}
	l.onLine = kept{}
}

// takeField takes account of a field and reports whether there is a hint on its
// name.
func (l *Linter) takeField() (hinted bool) {
	f := l.line.field()
	if l.block.field.line == 0 {
		l.block.field = l.line.at(0)
	}
	if name := f.known(); name != "" {
		l.chunkSize()
		l.block.known(name, &l.line, f)
		l.past.size = nil
		return false
	}
	l.past.size = nil
	if near(f.name) != "" || bytes.HasPrefix(f.name, []byte("\uFEFF")) {
		return false
	}
	return l.takeForeign(f)
}

// takeForeign takes account of a line whose name is none of the four.
func (l *Linter) takeForeign(f field) bool {
	slug := l.document()
	if slug == "" {
		slug = foreign(&l.line, f)
	}
	switch {
	case slug == "":
		return false
	case slug == "text":
		l.takeText()
	case isDocument(slug):
		l.past.open(found(slug, l.line.at(0)))
	default:
		l.block.raise(slug, l.line.at(0))
	}
	return true
}

// report ends the last block and returns all findings in order.
func (l *Linter) report(how ending) Report {
	l.settleLine(false)
	l.leave(how)
	r := Report{Bytes: l.bytes, Events: l.events, Head: l.head, Findings: l.past.close(l.all)}
	*l = Linter{}
	return r
}
