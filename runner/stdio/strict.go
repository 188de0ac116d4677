package stdio

import (
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// decode reads text strictly: valid UTF-8, no lone surrogates, no member
// twice. Members that T does not have are ignored, told or refused, as d says.
func decode[T any](d dictionary, text []byte) (T, error) {
	var v T
	if d.unknown == nil && !d.strict {
		return v, json.Unmarshal(text, &v)
	}
	err := json.Unmarshal(text, &v, json.RejectUnknownMembers(true))
	if !errors.Is(err, json.ErrUnknownName) {
		return v, err
	}
	if d.unknown != nil {
		d.unknown(text, pointer(err))
	}
	if d.strict {
		return v, err
	}
	var again T // the first try stopped at the unknown member
	return again, json.Unmarshal(text, &again)
}

// pointer returns where err arose, "" when it does not say.
func pointer(err error) string {
	if e, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return string(e.JSONPointer)
	}
	if e, ok := errors.AsType[*json.SemanticError](err); ok {
		return string(e.JSONPointer)
	}
	return ""
}

// complaint says in an adapter author's words what is wrong with a line that
// could not be decoded.
func complaint(err error) string {
	where := member(pointer(err))
	if errors.Is(err, json.ErrUnknownName) {
		return where + " is not known"
	}
	if errors.Is(err, jsontext.ErrDuplicateName) {
		return where + " is there twice" + remedy(pointer(err))
	}
	if _, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return where + " is not valid Unicode (bytes that are no UTF-8, or a lone surrogate)" + remedy(pointer(err))
	}
	e, ok := errors.AsType[*json.SemanticError](err)
	switch {
	case !ok:
		return err.Error()
	case e.Err != nil:
		return fmt.Sprintf("%s: %v", where, e.Err)
	default:
		return fmt.Sprintf("%s has the wrong JSON type (%v)", where, e.JSONKind)
	}
}

// member names what a JSON Pointer points to.
func member(pointer string) string {
	if pointer == "" {
		return "the line"
	}
	return fmt.Sprintf("member %q", strings.TrimPrefix(excerpt(pointer, shown), "/"))
}

// remedy names the member that carries any bytes in place of the one at pointer.
func remedy(pointer string) string {
	switch name := strings.TrimPrefix(pointer, "/event/"); name {
	case "data", "type", "lastEventId":
		return fmt.Sprintf(": what is not valid Unicode goes, once, into %q", name+"Base64")
	}
	return ""
}
