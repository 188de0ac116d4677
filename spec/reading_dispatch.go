package spec

import (
	"cmp"
	"slices"
	"strings"
)

// blank is the standard's dispatch steps with their wrong readings.
func (r *reading) blank(at int) {
	switch {
	case len(r.data) == 0 && string(r.id) != r.lastID && r.errs("dispatch-id-commit", at):
		r.id = []byte(r.lastID)
	case len(r.data) == 0 && len(r.typ) > 0 && r.errs("dispatch-empty-data-resets-type", at):
		return
	}
	before := r.lastID
	r.lastID = string(r.id)
	r.takeRetry(false)
	if r.dispatches(at) {
		r.dispatch(before, at)
		r.takeRetry(true)
	}
	r.retry = ""
	if len(r.data) == 0 && r.lastID != "" && r.errs("dispatch-id-sticky/empty", at) {
		r.id, r.lastID = nil, ""
	}
	if len(r.data) == 0 || !r.errs("dispatch-type-reset/data", at) {
		r.data = nil
	}
	if len(r.typ) > 0 && !r.errs("dispatch-type-reset", at) {
		r.typ = nil
	}
	r.named, r.deaf = false, false
}

func (r *reading) dispatches(at int) bool {
	switch {
	case len(r.data) == 0:
		named := len(r.typ) > 0
		return named && r.errs("dispatch-empty-data/typed", at) || r.named && r.errs("dispatch-empty-data/field", at) ||
			(named || string(r.id) != "") && r.errs("dispatch-empty-data", at) || r.errs("dispatch-empty-data/always", at)
	case string(r.data) == "\n" && r.errs("dispatch-empty-string", at):
		return false
	case r.dropped(string(r.typ), at):
		return false
	case r.last && r.errs("line-blank/last", at):
		return false
	case slices.Contains([]string{"close", "end", "abort"}, string(r.typ)) && r.errs("dispatch-type-reserved/ends", at):
		r.over = true
		return false
	case string(r.typ) == "error" && r.fails("dispatch-type-reserved/fails", at):
		return false
	}
	return !r.errs("line-blank", at)
}

// reserved are the types that some clients take for something of their own.
var reserved = []struct { // never written to
	reading string
	types   []string
}{
	{"dispatch-type-reserved", []string{"open", "error"}},
	{"dispatch-type-reserved/folded", []string{"Open", "OPEN", "Error", "ERROR"}},
	{"dispatch-type-reserved/states", []string{"connecting", "closed", "readystatechange"}},
	{"dispatch-type-reserved/handlers", []string{"onopen", "onmessage", "onerror"}},
	{"dispatch-type-override/inherited", []string{"__proto__", "constructor", "hasOwnProperty", "toString", "valueOf"}}, // of any object of JavaScript
}

// dropped takes the wrong readings that drop the events of a type.
func (r *reading) dropped(typ string, at int) bool {
	for _, t := range reserved {
		if slices.Contains(t.types, typ) && r.errs(t.reading, at) {
			return true
		}
	}
	return false
}

func (r *reading) dispatch(before string, at int) {
	e := Event{r.eventType(at), r.eventData(at), r.lastID}
	switch {
	case before != e.LastEventID && r.errs("dispatch-last-event-id", at):
		e.LastEventID = before
	case e.LastEventID == "":
	case before == e.LastEventID && r.errs("dispatch-id-sticky", at):
		e.LastEventID, r.id, r.lastID = "", nil, ""
	case r.errs("dispatch-last-event-id/none", at):
		e.LastEventID = ""
	}
	r.observe(e)
	if e.Type != DefaultType && r.errs("dispatch-type-override/twice", at) {
		e.Type = DefaultType
		r.observe(e)
	}
}

func (r *reading) eventType(at int) string {
	typ := string(r.typ)
	switch {
	case typ == "" && r.errs("dispatch-type-default", at), typ == DefaultType:
		return typ
	case typ == "", r.errs("dispatch-type-override", at):
		return DefaultType
	}
	if folded := strings.ToLower(typ); folded != typ && r.errs("dispatch-type-override/folded", at) {
		return folded
	}
	if bare := strings.TrimSpace(typ); bare != typ && r.errs("dispatch-type-override/trimmed", at) {
		return cmp.Or(bare, DefaultType)
	}
	return typ
}

func (r *reading) eventData(at int) string {
	data, trimmed := string(r.data), strings.TrimSpace(string(r.data))
	switch {
	case r.errs("dispatch-strip-lf/kept", at):
		return data
	case strings.HasSuffix(data, "\n\n") && r.errs("dispatch-strip-lf/all", at):
		return strings.TrimRight(data, "\n")
	case trimmed+"\n" != data && r.errs("dispatch-strip-lf/trimmed", at):
		return trimmed
	}
	return strings.TrimSuffix(data, "\n")
}

func (r *reading) observe(e Event) { r.take(Step{Kind: Dispatch, Event: &e}) }
