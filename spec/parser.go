package spec

import (
	"bytes"
	"unicode/utf8"
)

// Parser interprets an event stream (§9.2.6) that arrives in chunks. The zero
// value is ready for the first byte of a stream. Any cut of a stream gives the
// same events, and no byte sequence is an error.
//
// Memory is bounded by the longest line plus the largest event; both buffers
// are kept for reuse. A Parser must not be used by two goroutines at once, nor
// fed from its own callbacks.
type Parser struct {
	// OnRetry, when set, is called as soon as a valid retry line ends, with its
	// digits as written (at least one). The bytes are valid during the call only.
	OnRetry func(digits []byte)
	// OnComment, when set, is called with the decoded text after the colon of
	// each comment line. The bytes are valid during the call only.
	OnComment func(text []byte)

	begun   bool   // the first line was seen: no BOM any more
	afterCR bool   // the last line ended in CR: a LF that follows belongs to it
	carry   []byte // the bytes of an unfinished line

	fields  int    // data fields in the block so far
	first   []byte // the value of the first of them, borrowed from the input until spilled
	spilled bool   // data holds first as well
	data    []byte // the data buffer without its last LF

	typed     bool   // the event type buffer is not empty: it is eventType
	eventLine []byte // the last event line, to recognise it when it comes again
	eventType []byte // what that line sets

	renewed bool   // the last event ID buffer differs from the string: it is idBuffer
	idBuf   []byte // the last event ID buffer, when renewed
	id      []byte // the last event ID string

	scratch  []byte // repaired UTF-8
	typeText string // the last owned type, data and id: usual ones are not copied again
	idText   string
}

// Feed interprets chunk and calls dispatch for each event that it completes,
// with strings that may be kept. An unfinished event waits for the next call.
func (p *Parser) Feed(chunk []byte, dispatch func(Event)) {
	p.FeedViews(chunk, func(v View) {
		dispatch(Event{intern(&p.typeText, v.Type), string(v.Data), intern(&p.idText, v.LastEventID)})
	})
}

// intern returns b as a string, which is *last when that is equal.
func intern(last *string, b []byte) string {
	if string(b) != *last {
		*last = string(b)
	}
	return *last
}

// FeedViews is Feed without a copy and without an allocation: each [View] is
// valid until dispatch returns.
func (p *Parser) FeedViews(chunk []byte, dispatch func(View)) {
	chunk = p.resume(chunk, dispatch)
	for len(chunk) > 0 {
		n := p.lineLen(chunk)
		if n < 0 {
			p.carry = append(p.carry, chunk...)
			break
		}
		if end := p.single(chunk[:n], chunk[n:], dispatch); end > 0 {
			chunk = chunk[n+end:]
			continue
		}
		p.line(chunk[:n], dispatch)
		chunk = p.endLine(chunk[n:])
	}
	p.spill()
}

// single dispatches a block at once when line is its only data field and an
// empty line follows: the usual event, for which nothing need be stored. It
// returns how much of rest that took, 0 when the block is another.
func (p *Parser) single(line, rest []byte, dispatch func(View)) int {
	if p.fields > 0 || !p.begun || len(line) == 0 || line[0] != 'd' {
		return 0
	}
	end := blockEnd(rest)
	if end == 0 {
		return 0
	}
	v, ok := value(line, "data")
	if !ok {
		return 0
	}
	p.first, p.fields = v, 1
	p.blank(dispatch)
	return end
}

// End is the end of the stream: an unfinished line and an unfinished block are
// discarded (§9.2.6). The parser is ready for the next stream and keeps the
// last event ID string.
func (p *Parser) End() {
	p.begun, p.afterCR, p.renewed = false, false, false
	p.carry = p.carry[:0]
	p.clear()
}

// LastEventID returns the last event ID string: the id that the last blank
// line committed.
func (p *Parser) LastEventID() string { return intern(&p.idText, p.id) }

// SetLastEventID sets the last event ID string and buffer, as a client does
// that was given an initial one.
func (p *Parser) SetLastEventID(id string) {
	p.id = append(p.id[:0], id...)
	p.renewed = false
}

// resume finishes what the chunk before left open and returns the rest.
func (p *Parser) resume(chunk []byte, dispatch func(View)) []byte {
	if p.afterCR && len(chunk) > 0 {
		p.afterCR = false
		if chunk[0] == '\n' {
			chunk = chunk[1:]
		}
	}
	if len(p.carry) == 0 {
		return chunk
	}
	n := lineEnd(chunk)
	if n < 0 {
		p.carry = append(p.carry, chunk...)
		return nil
	}
	p.carry = append(p.carry, chunk[:n]...)
	p.line(p.carry, dispatch)
	p.spill() // before the carried bytes are overwritten
	p.carry = p.carry[:0]
	return p.endLine(chunk[n:])
}

// lineLen returns the length of the line that chunk begins with, -1 when its
// end is not there yet.
func (p *Parser) lineLen(chunk []byte) int {
	if n := len(p.eventLine); n > 0 && n < len(chunk) && isEnd(chunk[n]) && bytes.Equal(chunk[:n], p.eventLine) {
		return n
	}
	return lineEnd(chunk)
}

// endLine drops the line end that rest begins with. A CR ends the line at once,
// also as the last byte that there is: the LF that may follow is swallowed later.
func (p *Parser) endLine(rest []byte) []byte {
	if rest[0] == '\r' {
		if len(rest) == 1 {
			p.afterCR = true
			return nil
		}
		if rest[1] == '\n' {
			return rest[2:]
		}
	}
	return rest[1:]
}

var bom = []byte("\uFEFF") // never written to

// line processes one line without its end.
func (p *Parser) line(line []byte, dispatch func(View)) {
	if !p.begun {
		p.begun = true
		line = bytes.TrimPrefix(line, bom)
	}
	if len(line) == 0 {
		p.blank(dispatch)
		return
	}
	switch line[0] {
	case 'd':
		if v, ok := value(line, "data"); ok {
			p.appendData(v)
		}
	case 'e':
		if v, ok := value(line, "event"); ok {
			p.setType(line, v)
		}
	case 'i':
		if v, ok := value(line, "id"); ok && bytes.IndexByte(v, 0) < 0 {
			p.setID(v)
		}
	case 'r':
		if v, ok := value(line, "retry"); ok && p.OnRetry != nil && isDigits(v) {
			p.OnRetry(v)
		}
	case ':':
		if p.OnComment != nil {
			p.OnComment(p.decoded(line[1:]))
		}
	}
}

func (p *Parser) appendData(v []byte) {
	p.fields++
	if p.fields == 1 {
		p.first = v
		return
	}
	p.spill()
	p.data = append(append(p.data, '\n'), v...)
}

// spill copies the borrowed value of the block's only data field.
func (p *Parser) spill() {
	if p.fields > 0 && !p.spilled {
		p.data = append(p.data[:0], p.first...)
		p.first, p.spilled = nil, true
	}
}

func (p *Parser) setType(line, v []byte) {
	p.typed = len(v) > 0
	if p.typed && !bytes.Equal(line, p.eventLine) {
		p.eventLine = append(p.eventLine[:0], line...)
		p.eventType = append(p.eventType[:0], p.decoded(v)...)
	}
}

func (p *Parser) setID(v []byte) {
	p.idBuf = append(p.idBuf[:0], p.decoded(v)...)
	p.renewed = true
}

// blank runs the dispatch steps: the id is committed before the data is looked
// at, and a block without a data field dispatches nothing.
func (p *Parser) blank(dispatch func(View)) {
	if p.renewed {
		p.id, p.idBuf = p.idBuf, p.id
		p.renewed = false
	}
	if p.fields > 0 {
		dispatch(View{p.eventTypeOrDefault(), p.decoded(p.joined()), p.id})
	}
	p.clear()
}

// clear empties the data buffer and the event type buffer.
func (p *Parser) clear() {
	p.typed, p.spilled, p.fields, p.first = false, false, 0, nil
}

var message = []byte(DefaultType) // never written to

func (p *Parser) eventTypeOrDefault() []byte {
	if p.typed {
		return p.eventType
	}
	return message
}

func (p *Parser) joined() []byte {
	if p.spilled {
		return p.data
	}
	return p.first
}

// decoded returns b as valid UTF-8: b itself when it is, else a repaired copy
// that the next call overwrites.
func (p *Parser) decoded(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	p.scratch = appendDecoded(p.scratch[:0], b)
	return p.scratch
}
