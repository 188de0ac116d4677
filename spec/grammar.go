package spec

import (
	"fmt"
	"strconv"
)

// A Finding is one thing to say about an event stream. Offset is a byte of the
// stream (from 0); Line and Column (from 1, in bytes; a BOM counts) are the same
// place. Level [Must] is an error: the stream is none by the grammar of §9.2.5.
// Level [May] is advice: the stream conforms, but a client ignores part of it.
// Text says what there is, Hint what to do; bytes of the stream are quoted in
// them, and cut where they are long.
type Finding struct {
	Offset int64
	Line   int
	Column int
	Clause string
	Level  Level
	Text   string
	Hint   string
}

// A Validator reads an event stream against the grammar of §9.2.5. The zero
// value is ready. It keeps a constant amount of memory whatever the stream, and
// takes time linear in it; how many findings to keep is the caller's bound.
//
// Of well-formed UTF-8 the grammar forbids but two things: a last line without a
// line end and a last block without its empty line. Unknown fields, NUL and
// U+FEFF are grammatical. By the letter it could also read "data: x\r\n" as a
// line that ends in CR and an empty one that ends in LF; here, as to every
// client, CRLF is one line end (line-crlf).
type Validator struct {
	offset  int64 // of the next byte
	lines   int   // that have ended
	afterCR bool  // an LF now belongs to the line end before it
	hadBOM  bool
	subpart subpart
	line    grammarLine
	block   grammarBlock
}

// Feed reads the next bytes of the stream and calls found, which must not be
// nil, for each finding as soon as it is certain: malformed UTF-8 with the byte
// that proves it, advice on a line with its line end. How a stream is cut into
// chunks changes nothing.
func (v *Validator) Feed(chunk []byte, found func(Finding)) {
	for len(chunk) > 0 {
		n := v.skip(chunk)
		if n == 0 {
			v.take(chunk[0], found)
			n = 1
		}
		chunk = chunk[n:]
	}
}

// End is the end of the stream: it calls found for what is unfinished, and makes
// v ready for another stream. A line without its line end has no effect, so
// there is no advice on it.
func (v *Validator) End(found func(Finding)) {
	v.malformed(v.subpart.rest(), found)
	if !v.line.empty() {
		v.block.open(v.lines + 1)
		found(v.finding(v.offset, Must, v.line.clause(), "the last line has no line end", "end every line with LF, CR or CRLF"))
	}
	if v.block.first > 0 {
		text := fmt.Sprintf("the last block, which begins in line %d, is not closed by an empty line", v.block.first)
		found(v.finding(v.offset, Must, "grammar-event", text, "end the stream with an empty line; a client discards an unfinished block"))
	}
	*v = Validator{}
}

// skip returns how many bytes of chunk have no part in any finding: whole
// characters but controls where nothing depends on the value.
func (v *Validator) skip(chunk []byte) int {
	if !v.line.opaque() || v.subpart.needed > 0 {
		return 0
	}
	n := 0
	for n < len(chunk) && chunk[n] >= ' ' {
		if chunk[n] < 0x80 {
			n++
			continue
		}
		size, ok := sequence(chunk[n:])
		if !ok {
			break
		}
		n += size
	}
	v.offset += int64(n)
	return n
}

func (v *Validator) take(b byte, found func(Finding)) {
	v.decode(b, found)
	half := b == '\n' && v.afterCR
	v.afterCR = b == '\r'
	switch {
	case half:
		v.line = newGrammarLine(v.offset + 1)
	case b == '\n' || b == '\r':
		v.endLine(found)
	default:
		v.line.take(b, v.offset)
		v.removeBOM()
	}
	v.offset++
}

// decode reports the errors of UTF-8 that b proves. The sequence before b stands
// in the same line, because CR and LF cut every sequence.
func (v *Validator) decode(b byte, found func(Finding)) {
	if b < 0x80 && v.subpart.needed == 0 {
		return
	}
	cut, bad := v.subpart.take(b)
	v.malformed(cut, found)
	if bad {
		found(v.badUTF8(v.offset, []byte{b}))
	}
}

func (v *Validator) malformed(cut []byte, found func(Finding)) {
	if len(cut) > 0 {
		found(v.badUTF8(v.offset-int64(len(cut)), cut))
	}
}

func (v *Validator) badUTF8(at int64, bytes []byte) Finding {
	text := "malformed UTF-8 " + strconv.Quote(string(bytes))
	return v.finding(at, Must, "format-utf8", text, "encode the stream as UTF-8; a client reads U+FFFD here")
}

// removeBOM takes the one BOM that may begin the stream out of the first line.
func (v *Validator) removeBOM() {
	if v.lines > 0 || v.hadBOM || !v.line.isBOM() {
		return
	}
	v.hadBOM = true
	v.line = grammarLine{start: v.line.start, body: v.offset + 1}
}

// endLine gives the advice on the line, or on the block that an empty one ends.
func (v *Validator) endLine(found func(Finding)) {
	if v.line.empty() {
		v.endBlock(found)
	} else {
		v.endField(found)
	}
	v.lines++
	v.line = newGrammarLine(v.offset + 1)
}

func (v *Validator) endField(found func(Finding)) {
	v.block.open(v.lines + 1)
	if v.line.part == inComment {
		return
	}
	if !v.block.fields {
		v.block.field = v.finding(v.line.body, May, "dispatch-empty-data",
			"the block has no data field, so it dispatches nothing", "add a data field; an empty one will do")
	}
	v.block.add(v.line.known())
	if a, ok := v.line.advice(v.hadBOM && v.lines == 0); ok {
		found(v.finding(a.at, May, a.clause, a.text, a.hint))
	}
}

func (v *Validator) endBlock(found func(Finding)) {
	if v.block.lost() {
		found(v.block.field)
	}
	v.block = grammarBlock{}
}

func (v *Validator) finding(at int64, level Level, clause, text, hint string) Finding {
	column := int(at-v.line.start) + 1
	return Finding{at, v.lines + 1, column, clause, level, text, hint}
}
