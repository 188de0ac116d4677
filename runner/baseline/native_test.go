package baseline_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/baseline"
)

// FuzzBaseline: what reads as a baseline is written to one that reads, and says
// the same of what did not run. Run it with -fuzzminimizetime 10x, as the
// targets of package fuzz.
func FuzzBaseline(f *testing.F) {
	seed(f)
	all := []cases.Case{{ID: "a/b", Clauses: []string{"line-crlf"}}, {ID: "reconnecting/c"}}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := baseline.Parse("fuzzed.yaml", text)
		if err != nil {
			if len(err.Error()) > 4<<10 {
				t.Fatalf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		_ = file.Fits("eventsource", "5.1.0") // only that it returns
		results := []runner.Result{{Case: all[0], Verdict: runner.Fail, Rule: "line-crlf"}, {Case: all[1], Verdict: runner.Pass}}
		for _, n := range file.Apply(results, all, time.Unix(1_800_000_000, 0)) {
			if n.Kind == "" || n.Text == "" {
				t.Fatalf("note %+v", n)
			}
		}
		written, err := baseline.Update(text, file.Target, nil, false)
		if err != nil {
			t.Fatalf("what reads is not written: %v", err)
		}
		again, err := baseline.Parse("fuzzed.yaml", written)
		if err != nil {
			t.Fatalf("what was written does not read: %v\n%s", err, written)
		}
		if again.Target != file.Target || !reflect.DeepEqual(unplaced(again), unplaced(file)) {
			t.Fatalf("written it is another:\n%+v\nbefore:\n%+v\n%s", again, file, written)
		}
	})
}

// unplaced returns the entries without their lines.
func unplaced(f baseline.File) []baseline.Entry {
	entries := append([]baseline.Entry{}, f.Entries...)
	for i := range entries {
		entries[i].Line = 0
	}
	return entries
}
