package spec

import (
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
	if r.retry != "" && (len(r.data) > 0 || !r.needsData) {
		r.take(Step{Kind: Retry, Text: r.retry})
	}
	r.retry = ""
	if r.dispatches(at) {
		r.dispatch(before, at)
	}
	if len(r.data) == 0 && r.lastID != "" && r.errs("dispatch-id-sticky/empty", at) {
		r.id, r.lastID = nil, ""
	}
	if len(r.data) == 0 || !r.errs("dispatch-type-reset/data", at) {
		r.data = nil
	}
	if len(r.typ) > 0 && !r.errs("dispatch-type-reset", at) {
		r.typ = nil
	}
	r.named = false
}

func (r *reading) dispatches(at int) bool {
	switch {
	case len(r.data) == 0:
		named := len(r.typ) > 0
		return named && r.errs("dispatch-empty-data/typed", at) || r.named && r.errs("dispatch-empty-data/field", at) ||
			(named || string(r.id) != "") && r.errs("dispatch-empty-data", at) || r.errs("dispatch-empty-data/always", at)
	case string(r.data) == "\n" && r.errs("dispatch-empty-string", at):
		return false
	case len(r.typ) > 0 && (string(r.typ) == "open" || string(r.typ) == "error") && r.errs("dispatch-type-reserved", at):
		return false
	case string(r.typ) == "error" && r.fails("dispatch-type-reserved/fails", at):
		return false
	case slices.Contains(inherited, string(r.typ)) && r.errs("dispatch-type-override/inherited", at):
		return false
	}
	return !r.errs("line-blank", at)
}

// inherited are names that objects of JavaScript have without being given them.
var inherited = []string{"__proto__", "constructor", "hasOwnProperty", "toString", "valueOf"} // never written to

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
		return bare
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
