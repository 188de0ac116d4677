package stdio_test

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ssespec/ssespec/runner/stdio"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// FuzzLine: a line of an adapter is read strictly or not at all: what another
// reader of JSON would repair is refused, and what is read is written and read
// the same. Run it with -fuzzminimizetime 10x, as the targets of package fuzz.
func FuzzLine(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		line, err := stdio.ReadLine(text, func(_ []byte, member string) {
			if !strings.HasPrefix(member, "/") {
				t.Fatalf("member %q is no JSON Pointer", member)
			}
		})
		again, err2 := stdio.ReadLine(text, nil)
		if !reflect.DeepEqual(line, again) || (err == nil) != (err2 == nil) {
			t.Fatalf("read twice: %+v %v, %+v %v", line, err, again, err2)
		}
		if err != nil || line.Err != nil {
			return
		}
		unrepaired(t, text, line)
		if !line.End {
			sameStep(t, line.Step)
		}
	})
}

// unrepaired fails where text is not what encoding/json reads in it, member by
// member: no byte that is no UTF-8, no lone surrogate, nothing twice.
func unrepaired(t *testing.T, text []byte, line stdio.Line) {
	var members, event map[string]any
	numbers := json.NewDecoder(bytes.NewReader(text))
	numbers.UseNumber()
	if !utf8.Valid(text) || numbers.Decode(&members) != nil || twice(json.NewDecoder(bytes.NewReader(text))) {
		t.Fatalf("read %+v", line)
	}
	event, _ = members["event"].(map[string]any)
	e := line.Step.Event
	if e == nil {
		e = &spec.Event{}
	}
	for _, m := range []struct {
		in   map[string]any
		name string
		read string
	}{
		{members, "run", line.Run}, {event, "type", e.Type}, {event, "data", e.Data}, {event, "lastEventId", e.LastEventID},
	} {
		value, there := m.in[m.name].(string)
		if there && line.Step.Event != nil || m.name == "run" {
			literal := bytes.Contains(text, []byte("\uFFFD")) || bytes.Contains(bytes.ToLower(text), []byte(`\ufffd`))
			if value != m.read || strings.Contains(value, "\uFFFD") && !literal {
				t.Fatalf("%s is %q, read %q", m.name, value, m.read)
			}
		}
	}
}

// twice reports whether an object in the next value has a member twice.
func twice(d *json.Decoder) bool {
	token, err := d.Token()
	delim, nested := token.(json.Delim)
	if err != nil || !nested {
		return false
	}
	found, names := false, map[string]bool{}
	for d.More() {
		if delim == '{' {
			name, _ := d.Token()
			text, _ := name.(string)
			found = found || names[text]
			names[text] = true
		}
		found = twice(d) || found
	}
	_, err = d.Token()
	return found || err != nil
}

// sameStep fails where our adapters do not write the step so that it is read as
// it was.
func sameStep(t *testing.T, step spec.Step) {
	kinds := []spec.Kind{spec.Announce, spec.Dispatch, spec.Reestablish, spec.Fail, spec.Comment, spec.Retry}
	if !slices.Contains(kinds, step.Kind) || step.Chunk < -1 || (step.Kind == spec.Dispatch) != (step.Event != nil) {
		t.Fatalf("read %+v", step)
	}
	if step.Kind == spec.Announce {
		step.Text = "" // a message that nobody writes
	}
	lines := said(t, oneStep(step), `{"parse":{"run":"7","chunks":[]}}`)
	if len(lines) != 3 {
		t.Fatalf("wrote %q", lines)
	}
	read, err := stdio.ReadLine([]byte(lines[1]), nil)
	if want := (stdio.Line{Run: "7", Step: step}); err != nil || !reflect.DeepEqual(read, want) {
		t.Fatalf("wrote %s\nread  %+v %v\nwas   %+v", lines[1], read, err, want)
	}
}

// oneStep is a target that shows one step of each run.
type oneStep spec.Step

func (oneStep) Hello(context.Context) (target.Hello, error) { return target.Hello{}, nil }

func (s oneStep) Subscribe(_ context.Context, _ target.Subscription, observe func(spec.Step)) error {
	observe(spec.Step(s))
	return nil
}

// said returns the lines that Serve writes.
func said(t *testing.T, it stdio.Served, orders string) []string {
	var out bytes.Buffer
	if err := stdio.Serve(context.Background(), it, strings.NewReader(orders), &out); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

// FuzzHello: a hello that is taken says all that it must.
func FuzzHello(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := stdio.ReadHello(text, nil)
		if err != nil {
			if len(err.Error()) > 4<<10 {
				t.Fatalf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		if h.Protocol != target.Protocol || h.Name == "" || !slices.Contains([]target.Profile{target.Parser, target.Client, target.StreamReader}, h.Kind) {
			t.Fatalf("took %+v", h)
		}
		if shown := h.Shown(); !slices.Contains(shown, spec.Dispatch) {
			t.Fatalf("shows %q", shown)
		}
	})
}

// FuzzOrders: whatever the runner writes, our adapters answer each run that was
// opened by one end, and each line that they write can be read.
func FuzzOrders(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		var out bytes.Buffer
		_ = stdio.Serve(context.Background(), oneStep{Kind: spec.Announce, Chunk: -1}, bytes.NewReader(text), &out) // what it cannot read, it says
		lines := strings.SplitAfter(out.String(), "\n")
		began, ended := map[string]int{}, map[string]int{}
		for _, text := range lines[1 : len(lines)-1] {
			l, err := stdio.ReadLine([]byte(text), nil)
			switch {
			case err != nil || l.Err != nil:
				t.Fatalf("wrote %q: %v %v", text, err, l.Err)
			case l.End:
				ended[l.Run]++
			default:
				began[l.Run]++
			}
		}
		for run, n := range began {
			if ended[run] < n {
				t.Fatalf("run %q began %d times and ended %d times", run, n, ended[run])
			}
		}
	})
}
