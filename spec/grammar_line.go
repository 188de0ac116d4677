package spec

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// quoteCap is how many bytes of a name are kept and shown. It is longer than
// any known name with something around it.
const quoteCap = 40

// linePart is where in a line the next byte stands.
type linePart int

const (
	inName linePart = iota
	inComment
	afterColon // one space may be removed
	inValue
)

// A grammarLine is what must be known of a line that has not ended; its length
// does not matter.
type grammarLine struct {
	start, body int64 // of the line, and of what follows a BOM that was removed
	part        linePart
	name        [quoteCap + 1]byte // one more shows that there is more
	size        int64              // of the whole name
	nul         bool               // in the name
	valued      bool
	ignored     bool // the value holds what a client ignores it for
	at          int64
}

func newGrammarLine(start int64) grammarLine { return grammarLine{start: start, body: start} }

// empty reports whether the line has no byte yet. A comment has its colon.
func (l *grammarLine) empty() bool { return l.part == inName && l.size == 0 }

// clause is the production that the line follows so far.
func (l *grammarLine) clause() string {
	if l.part == inComment {
		return "grammar-comment"
	}
	return "grammar-field"
}

// opaque reports whether no printable character can change what is known.
func (l *grammarLine) opaque() bool {
	return l.part == inComment || l.part == inValue && l.ignored || l.part == inValue && !l.judged()
}

func (l *grammarLine) judged() bool { return l.known() == "id" || l.known() == "retry" }

func (l *grammarLine) isBOM() bool { return l.size == 3 && string(l.kept()) == "\uFEFF" }

func (l *grammarLine) kept() []byte { return l.name[:min(l.size, int64(len(l.name)))] }

func (l *grammarLine) take(b byte, at int64) {
	switch {
	case l.part == inComment:
	case l.part == inName && b == ':':
		l.endName()
	case l.part == inName:
		l.takeName(b)
	case l.part == afterColon && b == ' ':
		l.part = inValue
	default:
		l.part = inValue
		l.takeValue(b, at)
	}
}

// endName is the first colon: with no name before it the line is a comment.
func (l *grammarLine) endName() {
	if l.size == 0 {
		l.part = inComment
		return
	}
	l.part = afterColon
}

func (l *grammarLine) takeName(b byte) {
	if l.size < int64(len(l.name)) {
		l.name[l.size] = b
	}
	l.size++
	l.nul = l.nul || b == 0
}

// takeValue remembers where the value first has a byte that makes a client
// ignore the field.
func (l *grammarLine) takeValue(b byte, at int64) {
	l.valued = true
	if l.ignored {
		return
	}
	name := l.known()
	l.ignored = name == "id" && b == 0 || name == "retry" && (b < '0' || b > '9')
	l.at = at
}

// known returns the name as a constant if it is one of the four, else "".
func (l *grammarLine) known() string {
	switch string(l.kept()) {
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

// An advice is a [Finding] before line and column are known.
type advice struct {
	at                 int64
	clause, text, hint string
}

// advice says why a client ignores the field, if it does. AfterBOM: the line
// is the first one, and a BOM was removed from it.
func (l *grammarLine) advice(afterBOM bool) (advice, bool) {
	switch name := l.known(); {
	case name == "":
		clause, text, hint := l.nameAdvice(afterBOM)
		return advice{l.body, clause, text, hint}, true
	case name == "retry" && !l.valued:
		return advice{l.body, "field-retry-empty", "retry without a value is read differently by every client",
			"give it a number of milliseconds, or leave the field out"}, true
	case name == "retry" && l.ignored:
		return advice{l.at, "field-retry-invalid", "retry has a value that is not all ASCII digits, so it is ignored",
			"give a whole number of milliseconds, without sign or unit"}, true
	case name == "id" && l.ignored:
		return advice{l.at, "field-id-nul", "the id holds NUL, so it is ignored", "leave NUL out of ids"}, true
	}
	return advice{}, false
}

// nameAdvice says why the name is none of the four.
func (l *grammarLine) nameAdvice(afterBOM bool) (clause, text, hint string) {
	const bom = "\uFEFF"
	name := string(l.kept())
	near := ""
	if l.size <= quoteCap {
		near = nearest(name)
	}
	switch {
	case strings.HasPrefix(name, bom) && afterBOM:
		return "parse-bom-double", "a second BOM is part of the field name, so the field is ignored", "write one BOM, or none"
	case strings.HasPrefix(name, bom):
		return "parse-bom-midstream", "a BOM after the start of the stream is part of the field name, so the field is ignored", "write a BOM only at the start, or none"
	case l.nul:
		return "field-name-nul", "the name " + quoted(name) + " holds NUL, so the field is ignored", "leave NUL out of names"
	case near == "":
		return "field-unknown", "the field " + quoted(name) + " is unknown, so it is ignored",
			"the fields are data, event, id and retry; a line that begins with a colon is a comment"
	case strings.EqualFold(name, near):
		return "field-name-literal", "the field " + quoted(name) + " is ignored: case counts in names", "write " + near
	}
	return "field-name-no-trim", "the field " + quoted(name) + " is ignored: white space counts in names", "write " + near + " without white space around it"
}

// nearest returns the field that name is but for case and white space, or "".
func nearest(name string) string {
	known := []string{"data", "event", "id", "retry"}
	trimmed := strings.TrimSpace(name)
	i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, trimmed) })
	if i < 0 {
		return ""
	}
	return known[i]
}

// quoted returns name in Go syntax, cut at a whole character within quoteCap.
func quoted(name string) string {
	if len(name) <= quoteCap {
		return strconv.Quote(name)
	}
	end := quoteCap
	for end > quoteCap-utf8.UTFMax && !utf8.RuneStart(name[end]) {
		end--
	}
	return strconv.Quote(name[:end]) + "..."
}

// A grammarBlock is what must be known of the lines since the last empty one.
type grammarBlock struct {
	first  int     // line, 0 if there is none
	field  Finding // what to say of its first field if the block has no data
	fields bool
	data   bool
	wasted bool // a field has no effect without data
}

func (b *grammarBlock) open(line int) {
	if b.first == 0 {
		b.first = line
	}
}

// add takes account of a field. An id or a retry has its effect in a block that
// dispatches nothing; whatever else there is has none.
func (b *grammarBlock) add(name string) {
	b.fields = true
	b.data = b.data || name == "data"
	b.wasted = b.wasted || name != "id" && name != "retry"
}

func (b *grammarBlock) lost() bool { return b.wasted && !b.data }
