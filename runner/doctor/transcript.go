package doctor

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/ssespec/ssespec/runner/stdio"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// The bounds of what one process may write.
const (
	maxLine  = 16 << 20
	maxLines = 20_000
	maxBytes = 64 << 20
	maxShown = 4 << 10 // bytes kept of a line as evidence
)

// A line is one line of standard output.
type line struct {
	text    string // its first 4 KiB, without the line end
	cr      bool   // it ended in CR LF
	cut     bool   // the process ended inside it
	late    bool   // it came after standard input was closed
	object  bool   // it begins with {
	hello   *target.Hello
	said    stdio.Line
	err     error    // why it says nothing
	unknown string   // the first member that the contract does not name
	absent  []string // members of an event that were left out
}

// A transcript is what one process wrote, and when it was told to close.
type transcript struct {
	lines  []line
	flood  error
	part   []byte // the line that has not ended yet
	bytes  int
	closed map[string]int  // run: the lines heard when its close was sent
	chunks map[string]int  // run: how many chunks its stream has
	over   map[string]bool // run: whether it may be over without a close
}

func newTranscript() transcript {
	return transcript{closed: map[string]int{}, chunks: map[string]int{}, over: map[string]bool{}}
}

// take cuts b into lines. The error is one of the bounds.
func (t *transcript) take(b []byte, late bool) error {
	if t.flood != nil {
		return t.flood
	}
	t.bytes += len(b)
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			t.part = append(t.part, b...)
			break
		}
		t.add(append(t.part, b[:i]...), late)
		t.part, b = nil, b[i+1:]
	}
	switch {
	case len(t.part) > maxLine:
		t.flood = fmt.Errorf("a line of more than %d bytes", maxLine)
	case len(t.lines) > maxLines:
		t.flood = fmt.Errorf("more than %d lines", maxLines)
	case t.bytes > maxBytes:
		t.flood = fmt.Errorf("more than %d bytes", maxBytes)
	}
	return t.flood
}

// finish takes what came after the last line end.
func (t *transcript) finish() {
	if len(t.part) == 0 || t.flood != nil {
		return
	}
	t.add(t.part, true)
	t.lines[len(t.lines)-1].cut = true
	t.part = nil
}

func (t *transcript) add(text []byte, late bool) {
	body, cr := bytes.CutSuffix(text, []byte("\r"))
	l := line{text: clip(body), cr: cr, late: late, object: bytes.HasPrefix(bytes.TrimLeft(body, " \t"), []byte("{"))}
	unknown := func(_ []byte, member string) { l.unknown = strings.TrimPrefix(member, "/") }
	switch {
	case !l.object:
	case t.hello() == nil:
		h, err := stdio.ReadHello(body, unknown)
		l.hello, l.err = &h, err
	default:
		l.said, l.err = stdio.ReadLine(body, unknown)
		if l.err == nil && l.said.Step.Kind == spec.Dispatch {
			l.absent = leftOut(body)
		}
	}
	t.lines = append(t.lines, l)
}

// clip returns the beginning of text, and says so.
func clip(text []byte) string {
	if len(text) <= maxShown {
		return string(text)
	}
	return string(text[:maxShown]) + "…"
}

// leftOut names the members of a dispatched event that are not there.
func leftOut(text []byte) []string {
	var l struct {
		Event map[string]jsontext.Value `json:"event"`
	}
	err := json.Unmarshal(text, &l, jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	if err != nil {
		return nil // said already, as the line's own error
	}
	var names []string
	for _, name := range []string{"type", "data", "lastEventId"} {
		if !there(l.Event[name]) && !there(l.Event[name+"Base64"]) {
			names = append(names, name)
		}
	}
	return names
}

func there(v jsontext.Value) bool { return len(v) > 0 && v.Kind() != 'n' }

// hello returns the first line that begins with {, nil while there is none.
func (t *transcript) hello() *line {
	for i := range t.lines {
		if t.lines[i].hello != nil {
			return &t.lines[i]
		}
	}
	return nil
}

// dispatches returns the lines that dispatch an event of run.
func (t *transcript) dispatches(run string) []line {
	return t.of(run, func(l line) bool { return l.said.Step.Kind == spec.Dispatch })
}

// ends returns the lines that end run.
func (t *transcript) ends(run string) []line {
	return t.of(run, func(l line) bool { return l.said.End })
}

// of returns the lines of run for which fact holds.
func (t *transcript) of(run string, fact func(line) bool) []line {
	var found []line
	for _, l := range t.lines {
		if l.hello == nil && l.object && l.said.Run == run && fact(l) {
			found = append(found, l)
		}
	}
	return found
}

// unimplemented returns why the adapter does not do run, "" if it does.
func (t *transcript) unimplemented(run string) string {
	for _, l := range t.of(run, func(l line) bool { return l.said.Err != nil }) {
		if u, is := errors.AsType[*target.Unimplemented](l.said.Err); is {
			return u.Reason
		}
	}
	return ""
}
