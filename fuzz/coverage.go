package fuzz

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// longLine is from where a line counts as long.
const longLine = 512

// An account takes down the acts of one stream. It is quick and rough: what is
// right is the model's to say, not its.
type account struct {
	acts  []act
	first act // the line end that came first
	last  act // and the one that came last

	data     int    // data fields of the block
	value    bool   // they are not one empty field
	stripped bool   // the last of them is empty
	typ      []byte // the type of the block
	id, kept []byte // the id that the next blank line takes over, and the one that is in force
}

// of returns the acts of a stream that is cut into chunks. They are valid until
// the next call.
func (a *account) of(stream []byte, chunks [][]byte) []act {
	*a = account{acts: a.acts[:0]}
	rest := a.mark(stream)
	for len(rest) > 0 {
		rest = a.line(rest)
	}
	if a.data > 0 || len(a.typ) > 0 {
		a.note(actUnfinishedBlock)
	}
	a.cuts(stream, chunks)
	return a.acts
}

func (a *account) note(x act) { a.acts = append(a.acts, x) }

// mark looks at the start of the stream.
func (a *account) mark(stream []byte) []byte {
	switch {
	case bytes.HasPrefix(stream, []byte(bom+bom)):
		a.note(actBOMTwice)
	case bytes.HasPrefix(stream, []byte(bom)):
		a.note(actBOM)
	case len(stream) > 0 && stream[0] == bom[0]:
		a.note(actBOMBegun)
	case bytes.HasPrefix(stream, []byte("\xFF\xFE")), bytes.HasPrefix(stream, []byte("\xFE\xFF")):
		a.note(actUTF16)
	}
	return bytes.TrimPrefix(stream, []byte(bom))
}

// line looks at the first line of rest and returns what follows it.
func (a *account) line(rest []byte) []byte {
	n, end, size := lineEnd(rest)
	line := rest[:n]
	if end == noAct {
		a.note(actUnfinishedLine)
		return nil
	}
	a.lineEnds(end)
	switch {
	case n == 0:
		a.blank()
	case line[0] == ':':
		a.note(actComment)
	default:
		a.field(line)
	}
	a.characters(line)
	return rest[n+size:]
}

// lineEnds looks at how one line end differs from those before.
func (a *account) lineEnds(end act) {
	if a.first == noAct {
		a.first = end
	}
	if end != a.last {
		a.note(end)
		a.last = end
	}
	if end != a.first && (a.first != actCR || end == actLF) {
		a.note(actMixed)
	}
}

// lineEnd returns how long the first line of rest is, and what ends it.
func lineEnd(rest []byte) (n int, end act, size int) {
	for i, c := range rest {
		switch {
		case c == '\n':
			return i, actLF, 1
		case c == '\r' && i+1 < len(rest) && rest[i+1] == '\n':
			return i, actCRLF, 2
		case c == '\r':
			return i, actCR, 1
		}
	}
	return len(rest), noAct, 0
}

func (a *account) blank() {
	renewed := !bytes.Equal(a.id, a.kept)
	switch {
	case a.data > 0:
		a.dispatch(renewed)
	case len(a.typ) > 0:
		a.note(actBlankTyped)
	case renewed:
		a.note(actBlankID)
	default:
		a.note(actBlankIdle)
	}
	a.kept = a.id
	a.data, a.typ, a.value = 0, nil, false
}

func (a *account) dispatch(renewed bool) {
	a.note(actDispatch)
	switch typ := string(a.typ); {
	case typ == "open", typ == "error":
		a.note(actReserved)
	case typ != "" && typ != "message":
		a.note(actDispatchTyped)
	}
	switch {
	case renewed:
		a.note(actDispatchOwnID)
	case len(a.kept) > 0:
		a.note(actDispatchKeptID)
	}
	switch {
	case !a.value:
		a.note(actDispatchEmpty)
	case a.stripped:
		a.note(actStrip)
	}
}

func (a *account) field(line []byte) {
	name, value, colon := bytes.Cut(line, []byte(":"))
	switch {
	case !colon:
		a.note(actNoColon)
	case bytes.IndexByte(value, ':') >= 0:
		a.note(actColons)
	}
	value = a.space(value)
	switch string(name) {
	case "data":
		a.dataField(value)
	case "event":
		a.eventField(value)
	case "id":
		a.idField(value)
	case "retry":
		a.note(retryAct(value))
	default:
		a.note(nameAct(name))
	}
}

// space looks at what is in front of a value and behind it.
func (a *account) space(value []byte) []byte {
	switch {
	case len(value) == 0:
		return value
	case value[0] == ' ':
		a.note(actSpace)
		value = value[1:]
	default:
		a.note(actNoSpace)
	}
	if len(bytes.Trim(value, " \t\v\f")) < len(value) {
		a.note(actWhite)
	}
	return value
}

func (a *account) dataField(value []byte) {
	if a.data++; a.data > 1 {
		a.note(actDataMore)
	} else {
		a.note(actData)
	}
	if bytes.IndexByte(value, 0) >= 0 {
		a.note(actDataNUL)
	}
	a.value = a.value || a.data > 1 || len(value) > 0
	a.stripped = len(value) == 0
}

func (a *account) eventField(value []byte) {
	switch {
	case len(a.typ) > 0:
		a.note(actEventAgain)
	case len(value) == 0:
		a.note(actEventEmpty)
	default:
		a.note(actEvent)
	}
	a.typ = value
}

func (a *account) idField(value []byte) {
	switch nul := bytes.IndexByte(value, 0) >= 0; {
	case nul && len(a.id) > 0:
		a.note(actIDNULKeeps)
		return
	case nul:
		a.note(actIDNUL)
		return
	case len(value) == 0:
		a.note(actIDEmpty)
	case !bytes.Equal(a.id, a.kept):
		a.note(actIDAgain)
	default:
		a.note(actID)
	}
	a.id = value
}

// retryAct says what becomes of a reconnection time.
func retryAct(value []byte) act {
	const digits = "0123456789"
	switch {
	case len(value) == 0:
		return actRetryEmpty
	case len(bytes.Trim(value, digits)) > 0:
		return actRetryInvalid
	case value[0] == '0' && len(bytes.Trim(value, "0")) > 0:
		return actRetryZeros
	case len(value) >= len("2147483647"):
		return actRetryRange
	}
	return actRetry
}

// nameAct says why a name is unknown.
func nameAct(name []byte) act {
	bare := bytes.Trim(name, " \t\v\f\x00")
	switch {
	case bytes.IndexByte(name, 0) >= 0:
		return actNameNUL
	case len(bare) < len(name):
		return actNameTrim
	}
	for _, field := range []string{"data", "event", "id", "retry"} {
		if len(name) == len(field) && strings.EqualFold(string(name), field) {
			return actNameCase
		}
	}
	return actUnknown
}

// characters looks at how a line is decoded.
func (a *account) characters(line []byte) {
	if len(line) >= longLine {
		a.note(actLong)
	}
	foreign, control := false, false
	for _, c := range line {
		foreign = foreign || c >= utf8.RuneSelf
		control = control || c < ' ' && c >= '\v'
	}
	switch {
	case foreign && !utf8.Valid(line):
		a.malformed(line)
	case foreign && bytes.Contains(line, []byte(bom)):
		a.note(actMidstreamBOM)
	case foreign:
		a.note(actForeign)
	}
	if (foreign || control) && bytes.ContainsAny(line, "\v\f\x1C\x1D\x1E\x1F\u0085\u2028\u2029") {
		a.note(actOtherEnd)
	}
}

func (a *account) malformed(line []byte) {
	last := line[len(line)-1]
	r, size := utf8.DecodeLastRune(line)
	switch {
	case r == utf8.RuneError && size == 1 && last >= 0xC0:
		a.note(actBeforeEnd)
	case bytes.Count(line, []byte("\x80")) > 0:
		a.note(actSubparts)
	default:
		a.note(actInvalid)
	}
}

// cuts looks at where the chunks end.
func (a *account) cuts(stream []byte, chunks [][]byte) {
	at := 0
	for _, c := range chunks[:max(len(chunks)-1, 0)] {
		if at += len(c); len(c) == 0 {
			a.note(actEmptyChunk)
		} else if at < len(stream) {
			a.note(cutAct(stream, at))
		}
	}
}

func cutAct(stream []byte, at int) act {
	before, after := stream[at-1], stream[at]
	switch {
	case before == '\r' && after == '\n':
		return actCutCRLF
	case at < len(bom) && before >= 0xEF:
		return actCutMark
	case after&0xC0 == 0x80:
		return actCutCharacter
	case before == ':':
		return actCutColon
	case after == '\n' || after == '\r':
		return actCutBlank
	}
	return actCutLine
}
