package stdio

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// shown is how many bytes of a bad line stand in an error.
const shown = 200

// A line is what an adapter writes of a run. null counts as left out. The
// members stand in the order of their names, as ours are written.
type line struct {
	Chunk         *int           `json:"chunk,omitzero"`
	Comment       *string        `json:"comment,omitzero"`
	Error         *string        `json:"error,omitzero"`
	Event         *event         `json:"event,omitzero"`
	Message       string         `json:"message,omitzero"`
	Retry         jsontext.Value `json:"retry,omitzero"`
	Run           *string        `json:"run,omitzero"`
	Step          *string        `json:"step,omitzero"`
	Unimplemented *string        `json:"unimplemented,omitzero"`
}

// An event is a dispatched one. A Base64 member stands in for its string where
// that is not valid Unicode.
type event struct {
	Data              *string `json:"data,omitzero"`
	DataBase64        *[]byte `json:"dataBase64,omitzero"`
	LastEventID       *string `json:"lastEventId,omitzero"`
	LastEventIDBase64 *[]byte `json:"lastEventIdBase64,omitzero"`
	Type              *string `json:"type,omitzero"`
	TypeBase64        *[]byte `json:"typeBase64,omitzero"`
}

// A report is what one line says of its run: a step, the end, or (fault,
// unimplemented) why there is none. Exactly one of them.
type report struct {
	run  string
	step spec.Step
	end  bool
	err  error
}

// A dictionary knows what to do with members that the contract does not name.
type dictionary struct {
	strict  bool
	unknown func(line []byte, member string)
}

// read returns what text says. An error means that it is garbage: no JSON
// object, or nobody knows of which run. Everything else that is wrong is a
// fault of that run.
func (d dictionary) read(text []byte) (report, error) {
	l, err := decode[line](d, text)
	if err != nil {
		return misread(text, err)
	}
	if l.Run == nil {
		return report{}, fmt.Errorf("no member \"run\": %q", excerpt(string(text), shown))
	}
	rep := report{run: *l.Run}
	if err := l.fill(&rep); err != nil {
		rep.err = &target.Fault{Reason: fmt.Sprintf("adapter error: run %q: %v", *l.Run, err)}
	}
	return rep, nil
}

// misread makes a fault of a line that is JSON but not as it should be, where
// the run can be told.
func misread(text []byte, err error) (report, error) {
	lenient := []json.Options{jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)}
	var l struct {
		Run string `json:"run"`
	}
	switch {
	case !jsontext.Value(text).IsValid(lenient...):
		return report{}, fmt.Errorf("no JSON: %q", excerpt(string(text), shown))
	case json.Unmarshal(text, &l, lenient...) != nil || l.Run == "" || pointer(err) == "/run":
		return report{}, fmt.Errorf("%s: %q", complaint(err), excerpt(string(text), shown))
	}
	return report{run: l.Run, err: &target.Fault{Reason: fmt.Sprintf("adapter error: run %q: %s", l.Run, complaint(err))}}, nil
}

// fill takes the one thing that l says.
func (l line) fill(r *report) error {
	said := l.said()
	if len(said) != 1 {
		return fmt.Errorf("a line says one of step, comment, retry, unimplemented, error; this one %q", said)
	}
	var err error
	switch said[0] {
	case "step":
		err = l.takeStep(r)
	case "comment":
		r.step = spec.Step{Kind: spec.Comment, Text: *l.Comment}
	case "retry":
		r.step.Kind = spec.Retry
		r.step.Text, err = milliseconds(l.Retry)
	case "unimplemented":
		r.err = &target.Unimplemented{Reason: *l.Unimplemented}
	case "error":
		r.err = &target.Fault{Reason: fmt.Sprintf("adapter error: run %q: %s", *l.Run, *l.Error)}
	}
	if err != nil {
		return err
	}
	r.step.Chunk, err = l.chunk()
	return err
}

// said lists which of the members that make a line are there.
func (l line) said() []string {
	var names []string
	for _, m := range []struct {
		name  string
		there bool
	}{
		{"step", l.Step != nil},
		{"comment", l.Comment != nil},
		{"retry", len(l.Retry) > 0 && l.Retry.Kind() != 'n'},
		{"unimplemented", l.Unimplemented != nil},
		{"error", l.Error != nil},
	} {
		if m.there {
			names = append(names, m.name)
		}
	}
	return names
}

func (l line) takeStep(r *report) error {
	kinds := []spec.Kind{spec.Announce, spec.Dispatch, spec.Reestablish, spec.Fail, "end"}
	switch kind := spec.Kind(*l.Step); {
	case kind == "end":
		r.end = true
	case kind == spec.Dispatch && l.Event == nil:
		return errors.New(`step "dispatch" without the member "event"`)
	case kind == spec.Dispatch:
		e, err := l.Event.decoded()
		r.step = spec.Step{Kind: kind, Event: &e}
		return err
	case slices.Contains(kinds, kind):
		r.step = spec.Step{Kind: kind, Text: l.Message}
	default:
		return fmt.Errorf("step %q is not known: say one of %q", excerpt(*l.Step, shown), kinds)
	}
	return nil
}

func (l line) chunk() (int, error) {
	switch {
	case l.Chunk == nil:
		return -1, nil
	case *l.Chunk < 0:
		return -1, fmt.Errorf("chunk %d: chunks count from 0", *l.Chunk)
	}
	return *l.Chunk, nil
}

// decoded returns the event with the bytes that it had. What was left out is
// empty: a type that is not said is not "message".
func (e event) decoded() (spec.Event, error) {
	var out spec.Event
	for _, m := range []struct {
		name   string
		text   *string
		base64 *[]byte
		into   *string
	}{
		{"type", e.Type, e.TypeBase64, &out.Type},
		{"data", e.Data, e.DataBase64, &out.Data},
		{"lastEventId", e.LastEventID, e.LastEventIDBase64, &out.LastEventID},
	} {
		switch {
		case m.text != nil && m.base64 != nil:
			return out, fmt.Errorf("event has both %q and %q", m.name, m.name+"Base64")
		case m.text != nil:
			*m.into = *m.text
		case m.base64 != nil:
			*m.into = string(*m.base64)
		}
	}
	return out, nil
}

// milliseconds returns a JSON number in digits. Languages without integers
// write 3000.0 or 3e3 for 3000; what has no exact integer stays as it is.
func milliseconds(number jsontext.Value) (string, error) {
	text := string(number)
	if number.Kind() != '0' {
		return "", fmt.Errorf("retry %s is not a number", excerpt(text, shown))
	}
	if !strings.ContainsAny(text, ".eE") {
		return text, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return text, nil // not a time, but what the adapter said: the judge compares it
	}
	return strconv.FormatFloat(f, 'f', -1, 64), nil
}
