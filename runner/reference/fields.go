package reference

import (
	"bytes"
	"strings"
)

// process does what the name of the field says.
func (p *interpreter) process(name string, value []byte) {
	switch name {
	case "data":
		p.appendData(p.dataValue(value))
	case "event":
		p.setType(string(value))
	case "id":
		p.setID(string(value))
	case "retry":
		p.setRetry(string(value))
	default:
		p.unknown(name, value)
	}
}

// unknown fields have no effect.
func (p *interpreter) unknown(name string, value []byte) {
	if p.has("unknown-is-data") {
		p.appendData(append([]byte(name), value...))
	}
	if p.has("unknown-clears") {
		p.block = block{}
	}
	if p.has("unknown-dispatches") {
		p.blank()
	}
	if p.has("unknown-fails") {
		p.fail()
	}
}

// dataValue is the value as it is; NUL is nothing special.
func (p *interpreter) dataValue(value []byte) []byte {
	switch {
	case p.has("data-nul-dropped"):
		return bytes.ReplaceAll(value, []byte{0}, nil)
	case p.has("data-nul-cut"):
		value, _, _ = bytes.Cut(value, []byte{0})
	case p.has("data-nul-replaced"):
		return bytes.ReplaceAll(value, []byte{0}, []byte(replacement))
	}
	return value
}

// appendData appends the value and a line feed to the data buffer.
func (p *interpreter) appendData(value []byte) {
	if n := len(p.data); n > 0 {
		switch {
		case p.has("data-first-wins"):
			return
		case p.has("data-last-wins"):
			p.data = nil
		case p.has("data-joined"):
			p.data = p.data[:n-1]
		case p.has("data-joined-by-space"):
			p.data[n-1] = ' '
		case p.has("data-joined-by-crlf"):
			p.data = append(p.data[:n-1], "\r\n"...)
		case n == 1 && p.has("data-empty-first-lost"):
			p.data = nil
		case len(value) == 0 && p.has("data-empty-lost"):
			return
		}
	}
	p.data = append(append(p.data, value...), '\n')
	if p.has("data-apart") {
		p.dispatch(p.memory.lastEventID)
		p.data = nil
	}
}

// setType sets the event type buffer.
func (p *interpreter) setType(value string) {
	switch {
	case p.has("event-ignored"),
		p.typ != "" && p.has("event-first-wins"),
		value == "" && p.has("event-empty-ignored"),
		len(p.data) > 0 && p.has("event-after-data-ignored"):
		return
	case p.has("event-appended"):
		value = p.typ + value
	}
	p.typ, p.named = value, true
}

// setID sets the last event ID buffer, unless the value contains NUL.
func (p *interpreter) setID(value string) {
	nul := strings.IndexByte(value, 0)
	p.deaf = p.deaf || nul >= 0 && p.has("id-nul-blocks-later")
	switch {
	case p.deaf:
	case p.has("id-ignored"),
		p.id != p.memory.lastEventID && p.has("id-first-wins"),
		value == "" && p.has("id-empty-ignored"),
		len(p.data) > 0 && p.has("id-after-data-ignored"):
	case nul >= 0 && p.has("id-nul-resets"):
		p.id = ""
	case nul >= 0 && p.has("id-nul-cut"):
		p.id = value[:nul]
	case nul >= 0 && p.has("id-nul-dropped"):
		p.id = strings.ReplaceAll(value, "\x00", "")
	case nul >= 0 && p.has("id-nul-clears-block"):
		p.block = block{}
	case nul >= 0 && !p.has("id-nul-taken"):
	case p.has("id-number") && strings.Trim(value, "0123456789") != "":
	default:
		p.id, p.named, p.identified = value, true, true
	}
}
