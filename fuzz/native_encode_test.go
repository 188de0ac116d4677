package fuzz_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ssespec/ssespec/spec"
	"github.com/ssespec/ssespec/spec/literal"
)

// FuzzEncoder: what the encoder writes conforms, and both parsers read in it what
// was meant; what it refuses it does not touch. present has a bit for each field.
// Run it as FuzzParser.
func FuzzEncoder(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, event, data, id, retry, comment string, present uint8) {
		b := block(event, data, id, retry, comment, present)
		e := spec.Encoder{Normalise: present&0x20 != 0}
		before := []byte("id: before\n\n")
		text, err := e.Append(slices.Clip(before), b)
		if err != nil {
			refusedAt(t, err, b)
			if !bytes.Equal(text, before) {
				t.Fatalf("refused, and wrote %q", text)
			}
			return
		}
		if !conforms(text) {
			t.Fatalf("wrote %q: %+v", text, found([][]byte{text}))
		}
		want := meant(b)
		if what := difference("literal", literal.Parse(text), want); what != "" {
			t.Fatalf("%s\nwrote %q", what, text)
		}
		if what := difference("Feed", newObserver(false).stream([][]byte{text}), want); what != "" {
			t.Fatalf("%s\nwrote %q", what, text)
		}
	})
}

// block is a block of the fields whose bits are set.
func block(event, data, id, retry, comment string, present uint8) (b spec.Block) {
	for i, field := range []struct {
		into  **string
		value string
	}{{&b.Event, event}, {&b.Data, data}, {&b.ID, id}, {&b.Retry, retry}, {&b.Comment, comment}} {
		if present&(1<<i) != 0 {
			*field.into = &field.value
		}
	}
	return b
}

// refusedAt fails where a refusal does not name a place in the field.
func refusedAt(t *testing.T, err error, b spec.Block) {
	var refused *spec.EncodeError
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	value := map[string]*string{"event": b.Event, "data": b.Data, "id": b.ID, "retry": b.Retry, "comment": b.Comment}[refused.Field]
	_, known := spec.ClauseByID(refused.Clause)
	if value == nil || refused.Offset < 0 || refused.Offset > len(*value) || !known {
		t.Fatalf("%+v of %+v", refused, b)
	}
}

// meant is what a client makes of a block that follows an event-less one with
// the id "before", by the words of the standard and not by a parser.
func meant(b spec.Block) literal.Result {
	want := literal.Result{LastEventID: "before"}
	if b.Comment != nil {
		for line := range strings.SplitSeq(asText(*b.Comment), "\n") {
			if line != "" {
				line = " " + line
			}
			want.Comments = append(want.Comments, line)
		}
	}
	if b.ID != nil {
		want.LastEventID = *b.ID
	}
	if b.Retry != nil {
		want.Retries = []string{*b.Retry}
	}
	if b.Data == nil {
		return want
	}
	e := spec.Event{Type: spec.DefaultType, Data: asText(*b.Data), LastEventID: want.LastEventID}
	if b.Event != nil && *b.Event != "" {
		e.Type = *b.Event
	}
	want.Events = []spec.Event{e}
	return want
}

// asText is a value with its line ends as LF, decoded.
func asText(value string) string {
	return spec.Decode([]byte(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(value)))
}
