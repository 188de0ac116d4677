package reference

import (
	"bytes"
	"slices"
	"strings"

	"github.com/ssespec/ssespec/spec"
)

// blank is an empty line: the id is committed, and the block becomes an event
// if it has data. The buffers are empty after it.
func (p *interpreter) blank() {
	before := p.memory.lastEventID
	if len(p.data) > 0 || !p.has("id-without-data-lost") {
		p.memory.lastEventID = p.id
	} else {
		p.id = before
	}
	if p.retry != "" && !p.has("retry-after-event") && (len(p.data) > 0 || !p.has("retry-with-data")) {
		p.show(spec.Step{Kind: spec.Retry, Text: p.retry})
	}
	if p.dispatches() {
		p.dispatch(before)
		if p.retry != "" && p.has("retry-after-event") {
			p.show(spec.Step{Kind: spec.Retry, Text: p.retry})
		}
	}
	p.retry = ""
	if len(p.data) == 0 && p.has("id-reset-by-empty-block") {
		p.id, p.memory.lastEventID = "", ""
	}
	p.clear()
}

// dispatches reports whether the block becomes an event: if it has a data field.
func (p *interpreter) dispatches() bool {
	switch {
	case len(p.data) > 0:
		return string(p.data) != "\n" || !p.has("empty-data-dropped")
	case p.typ != "" && p.has("type-alone-dispatches"),
		p.named && p.has("known-field-dispatches"),
		p.fielded && p.has("field-dispatches"),
		p.lined && p.id != "" && p.has("block-after-id-dispatches"),
		p.id != "" && p.has("blank-after-id-dispatches"),
		p.has("blank-dispatches"):
		return true
	}
	return false
}

// dispatch shows the event. before is the last event ID that was in force.
func (p *interpreter) dispatch(before string) {
	e := spec.Event{Type: p.eventType(), Data: string(p.eventData()), LastEventID: p.memory.lastEventID}
	switch {
	case p.has("id-not-sticky") && !p.identified:
		e.LastEventID, p.id, p.memory.lastEventID = "", "", ""
	case p.has("id-one-late"):
		e.LastEventID = before
	case p.has("id-not-shown"):
		e.LastEventID = ""
	}
	if p.dropped(e.Type) {
		return
	}
	if slices.Contains([]string{"close", "end", "abort"}, e.Type) && p.has("reserved-ends") {
		p.end()
		return
	}
	if e.Type == "error" && p.has("error-type-fails") {
		p.fail()
		return
	}
	p.show(spec.DispatchStep(e))
	if e.Type != spec.DefaultType && p.has("type-also-message") {
		e.Type = spec.DefaultType
		p.show(spec.DispatchStep(e))
	}
}

// dropped reports whether bugs take the type for something of their own.
func (p *interpreter) dropped(typ string) bool {
	known := func(types ...string) bool { return slices.Contains(types, typ) }
	folded := strings.ToLower(typ)
	return known("open", "error") && p.has("reserved-dropped") ||
		typ != folded && (folded == "open" || folded == "error") && p.has("reserved-folded") ||
		known("connecting", "closed", "readystatechange") && p.has("reserved-states") ||
		known("onopen", "onmessage", "onerror") && p.has("reserved-handlers") ||
		known(inherited...) && p.has("inherited-dropped")
}

// inherited are names that every object of JavaScript has: a table of listeners
// finds something there that is none.
var inherited = []string{"__proto__", "constructor", "hasOwnProperty", "toString", "valueOf"} // never written to

// eventType is the type buffer, or message.
func (p *interpreter) eventType() string {
	switch {
	case p.typ == "" && p.has("default-type-empty"):
		return ""
	case p.typ == "", p.has("type-always-message"):
		return spec.DefaultType
	case p.has("type-folded"):
		return strings.ToLower(p.typ)
	case p.has("type-trimmed"):
		return strings.TrimSpace(p.typ)
	}
	return p.typ
}

// eventData is the data buffer without its last line feed.
func (p *interpreter) eventData() []byte {
	switch {
	case p.has("last-lf-kept"):
		return p.data
	case p.has("all-lfs-stripped"):
		return bytes.TrimRight(p.data, "\n")
	case p.has("data-trimmed"):
		return bytes.TrimSpace(p.data)
	}
	return bytes.TrimSuffix(p.data, []byte("\n"))
}

// clear empties the data buffer and the event type buffer.
func (p *interpreter) clear() {
	empty := len(p.data) == 0
	p.told = told{}
	if !p.has("data-not-cleared") {
		p.data = p.data[:0]
	}
	if !p.has("type-not-cleared") && (!empty || !p.has("type-survives-empty")) {
		p.typ = ""
	}
}
