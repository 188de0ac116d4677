package cases_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ssespec/ssespec/cases"
)

// fuzzed is the name of the file that a fuzz target loads.
const fuzzed = "parsing/fuzzed.yaml"

// FuzzLoad: whatever stands in a case file, it is loaded or refused with its
// place, and what loads is formatted to what loads the same. Run it with
// -fuzzminimizetime 10x, as the targets of package fuzz.
func FuzzLoad(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		found, err := loaded(text)
		if err != nil {
			placed(t, err, text)
			return
		}
		canonical, err := cases.Format(fuzzed, text)
		if err != nil {
			t.Fatalf("what loads is not formatted: %v", err)
		}
		again, err := loaded(canonical)
		if err != nil {
			t.Fatalf("what was formatted does not load: %v\n%s", err, canonical)
		}
		if !reflect.DeepEqual(unplaced(again), unplaced(found)) {
			t.Fatalf("formatted it is another:\n%+v\nbefore:\n%+v\n%s", again, found, canonical)
		}
		if twice, err := cases.Format(fuzzed, canonical); err != nil || !bytes.Equal(twice, canonical) {
			t.Fatalf("formatted again it is another: %v\n%s\nbefore:\n%s", err, twice, canonical)
		}
	})
}

// FuzzDecodeStrict: the reader of baselines and configs refuses what it does not
// know with its place, and never panics.
func FuzzDecodeStrict(f *testing.F) {
	seed(f)
	type entry struct {
		Case, Reason string
		Until        string
		Times        int
		On           *bool
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var into struct {
			Suite   string
			Target  struct{ Name, Versions string }
			Entries []cases.Placed[entry]
			Targets []struct {
				Name   string
				Client []string
			}
		}
		if err := cases.DecodeStrict(fuzzed, text, &into); err != nil {
			placed(t, err, text)
			return
		}
		for _, e := range into.Entries {
			if e.Line < 1 || e.Line > 1+bytes.Count(text, []byte("\n"))+bytes.Count(text, []byte("\r")) {
				t.Fatalf("an entry in line %d", e.Line)
			}
		}
	})
}

func loaded(text []byte) ([]cases.Case, error) {
	return cases.Load(fstest.MapFS{fuzzed: {Data: text}})
}

// unplaced returns the cases without their lines.
func unplaced(all []cases.Case) []cases.Case {
	for i := range all {
		all[i].Line, all[i].Column = 0, 0
	}
	return all
}

// placed fails where an error does not say where it arose, or says too much.
func placed(t *testing.T, err error, text []byte) {
	var p *cases.Problem
	switch {
	case !errors.As(err, &p):
		t.Fatalf("an error without a place: %v", err)
	case p.File != fuzzed || p.Line < 0 || p.Line > 2+bytes.Count(text, []byte("\n"))+bytes.Count(text, []byte("\r"))+strings.Count(string(text), "\u0085")+strings.Count(string(text), "\u2028")+strings.Count(string(text), "\u2029"):
		t.Fatalf("a place that there is not: %+v", p)
	case len(err.Error()) > 4<<10:
		t.Fatalf("an error of %d bytes", len(err.Error()))
	}
}
