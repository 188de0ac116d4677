package reference

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/ssespec/ssespec/spec"
)

// A block is what the lines since the last blank one have built up.
type block struct {
	data []byte // the data buffer: each value with its line feed
	typ  string // the event type buffer
}

// told is what the lines of a block have said, besides what is in the buffers.
type told struct {
	lined      bool // there were some
	fielded    bool // a field, known or not
	named      bool // an event type, an id or a reconnection time that counts
	identified bool // an id that counts
	deaf       bool // further ids do not count
}

// An interpreter makes events of lines.
type interpreter struct {
	bugs
	block
	memory *memory
	id     string // the last event ID buffer
	show   func(spec.Step)

	fail  func()
	end   func() // nothing is shown any more
	cut   int    // where in the line the chunk began
	retry string // a reconnection time that a bug has not taken over yet
	told
}

// take interprets a line.
func (p *interpreter) take(line []byte) {
	line = p.trimmed(line)
	p.lined = p.lined || len(line) > 0
	switch {
	case len(p.data) > 0 && bytes.HasPrefix(line, []byte(" ")) && p.has("continuation-line"):
		p.data = append(append(p.data[:len(p.data)-1], line...), '\n')
	case len(line) == 0:
		p.blank()
	case line[0] == ':':
		p.comment(line[1:])
	default:
		p.field(line)
	}
}

// trimmed takes off the line what bugs take off it.
func (p *interpreter) trimmed(line []byte) []byte {
	if p.has("bom-per-line") {
		line = bytes.TrimPrefix(line, []byte(byteOrderMark))
	}
	if p.has("line-indented") {
		line = bytes.TrimLeft(line, " \t")
	}
	if p.has("spaces-are-blank") && len(bytes.TrimSpace(line)) == 0 || p.has("nul-is-blank") && len(bytes.Trim(line, "\x00")) == 0 {
		return nil
	}
	return line
}

// comment has no effect.
func (p *interpreter) comment(text []byte) {
	p.show(spec.Step{Kind: spec.Comment, Text: string(text)})
	if p.has("comment-is-field") {
		p.field(text)
	}
	if p.has("comment-is-data") {
		p.appendData(text)
	}
	if p.has("comment-dispatches") || p.has("colon-is-blank") && len(text) == 0 {
		p.blank()
	}
	if p.has("comment-clears") {
		p.block = block{}
	}
	if p.has("comment-is-event") {
		p.show(spec.DispatchStep(spec.Event{Type: spec.DefaultType, Data: string(text)}))
	}
	if p.has("comment-fails") {
		p.fail()
	}
}

// field splits a line at its first colon and processes the field.
func (p *interpreter) field(line []byte) {
	p.fielded = true
	name, value, found := p.split(line)
	if !found {
		if p.has("no-colon-ignored") || p.has("no-colon-only-data") && string(name) != "data" {
			return
		}
		if p.has("no-colon-fails") {
			p.fail()
			return
		}
		if p.has("no-colon-repeats") {
			value = name
		}
	}
	if len(value) > 0 && value[0] != ' ' && p.has("space-required") {
		return
	}
	value = p.stripped(value, line)
	if p.has("bom-per-part") {
		name, value = bytes.TrimPrefix(name, []byte(byteOrderMark)), bytes.TrimPrefix(value, []byte(byteOrderMark))
	}
	p.process(p.known(name), value)
}

// split returns what stands before and after the first colon.
func (p *interpreter) split(line []byte) (name, value []byte, found bool) {
	name, value, found = bytes.Cut(line, []byte(":"))
	if last := bytes.LastIndexByte(line, ':'); found && p.has("last-colon") {
		name, value = line[:last], line[last+1:]
	}
	if p.has("second-colon") {
		value, _, _ = bytes.Cut(value, []byte(":"))
	}
	if p.has("value-after-last-colon") {
		value = value[bytes.LastIndexByte(value, ':')+1:]
	}
	return name, value, found
}

// stripped takes one space off the value, which the line ends in.
func (p *interpreter) stripped(value, line []byte) []byte {
	switch {
	case p.has("space-kept"), p.has("space-cut") && p.cut > 0 && p.cut == len(line)-len(value):
	case p.has("spaces-stripped"):
		value = bytes.TrimLeft(value, " ")
	case len(value) > 0 && p.has("first-character-lost"):
		_, size := utf8.DecodeRune(value)
		value = value[size:]
	case p.has("tab-stripped") && bytes.HasPrefix(value, []byte("\t")):
		value = value[1:]
	default:
		value = bytes.TrimPrefix(value, []byte(" "))
	}
	switch {
	case p.has("spaces-collapsed"):
		for bytes.Contains(value, []byte("  ")) {
			value = bytes.ReplaceAll(value, []byte("  "), []byte(" "))
		}
	case p.has("value-trimmed"):
		return bytes.TrimFunc(value, isWhite)
	case p.has("value-trimmed-right"):
		return bytes.TrimRight(value, " \t\v\f")
	case p.has("value-trimmed-left"):
		return bytes.TrimLeft(value, " \t\v\f")
	}
	return value
}

// isWhite reports what JavaScript's trim takes away.
func isWhite(c rune) bool { return unicode.IsSpace(c) || c == '\uFEFF' }

// known returns the name of the field, as a bug may read it.
func (p *interpreter) known(name []byte) string {
	switch {
	case p.has("name-folded"):
		name = bytes.ToLower(name)
	case p.has("name-trimmed"):
		name = bytes.TrimFunc(name, isWhite)
	case p.has("name-nul-dropped"):
		name = bytes.ReplaceAll(name, []byte{0}, nil)
	case p.has("name-nul-cut"):
		name, _, _ = bytes.Cut(name, []byte{0})
	case p.has("name-prefix"):
		for _, field := range []string{"data", "event", "id", "retry"} {
			if bytes.HasPrefix(name, []byte(field)) {
				return field
			}
		}
	}
	return string(name)
}
