package reports_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// FuzzRender: whatever a hostile target puts into a result, each format is
// written: the JUnit report is well-formed XML, the JSON report is read back,
// Markdown has no element but ours, and each line for GitHub is a command. Run
// it with -fuzzminimizetime 10x, as the targets of package fuzz.
func FuzzRender(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, name, reason, rule, stderr string, stream []byte, data string, kind uint8) {
		run := hostileRun(name, reason, rule, stderr, stream, data, kind)
		for _, format := range reports.Formats {
			var out bytes.Buffer
			if err := format.Write(&out, run); err != nil {
				t.Fatalf("%s: %v", format.Name, err)
			}
			if !utf8.Valid(out.Bytes()) {
				t.Fatalf("%s is no UTF-8", format.Name)
			}
			switch format.Name {
			case "junit", "badge-svg":
				wellFormed(t, out.Bytes())
			case "json":
				readBack(t, out.Bytes(), run)
			case "markdown":
				harmlessOnly(t, out.Bytes())
			case "github":
				commandsOnly(t, out.String())
			}
		}
	})
}

// hostileRun returns a run with one result that the target, the network and the
// fuzzer have filled.
func hostileRun(name, reason, rule, stderr string, stream []byte, data string, kind uint8) reports.Run {
	verdicts := []runner.Verdict{runner.Pass, runner.Skip, runner.Warn, runner.Error, runner.Fail}
	chunks := [][]byte{stream[:len(stream)/2], stream[len(stream)/2:]}
	step := spec.DispatchStep(spec.Event{Type: name, Data: data, LastEventID: reason})
	return reports.Run{
		Version: name, Suite: reports.Suite{Version: "0.1", Digest: "d", Cases: 1}, Transport: "stdio",
		Target:  target.Hello{Protocol: 1, Kind: target.Parser, Name: name, Version: reason, Language: data},
		Started: time.Unix(1_700_000_000, 0), Elapsed: time.Second, Command: []string{"ssespec", "client", "--", name, data},
		Complete: kind&32 != 0, Remarks: []string{reason},
		Results: []runner.Result{{
			Case:    cases.Case{ID: "a/fuzzed", Title: "What came", Clauses: []string{"field-data-append"}, Level: spec.Must, Script: cases.One(chunks...)},
			Verdict: verdicts[int(kind)%len(verdicts)], Reason: reason, Rule: rule, Offset: int(kind) - 1, Known: kind&64 != 0, Provisional: kind&128 != 0,
			Delivery: cases.AsWritten, Deliveries: 1, Failed: []string{cases.AsWritten}, Cuts: "exact", Chunks: chunks,
			Want: spec.Trace{}, Got: spec.Trace{step, {Kind: spec.Fail, Text: stderr, Chunk: -1}, {Kind: spec.Comment, Text: data}, {Kind: spec.Retry, Text: rule}},
			Stderr: stderr,
		}},
	}
}

func wellFormed(t *testing.T, text []byte) {
	for d := xml.NewDecoder(bytes.NewReader(text)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("no XML: %v\n%s", err, text)
		}
	}
}

// workflowCommand is one line that GitHub takes for an annotation, and nothing else.
var workflowCommand = regexp.MustCompile(`^::(error|warning|notice) title=([^\x00-\x1f\x7f:,]*)::([^\x00-\x1f\x7f]*)$`) // never written to

func commandsOnly(t *testing.T, text string) {
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if !workflowCommand.MatchString(line) {
			t.Fatalf("no workflow command: %q", line)
		}
	}
}

func readBack(t *testing.T, text []byte, run reports.Run) {
	shard, err := reports.ReadShard("fuzzed.json", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	merged, err := reports.Merge([]reports.Shard{shard})
	if err != nil {
		t.Fatal(err)
	}
	if merged.Totals() != reports.Count(run.Results) || merged.Complete() != run.Complete {
		t.Fatalf("read back %+v of %+v", merged.Totals(), reports.Count(run.Results))
	}
}

// FuzzShard: what reads as a report is merged to a report that reads as well.
func FuzzShard(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		shard, err := reports.ReadShard("fuzzed.json", bytes.NewReader(text))
		if err != nil {
			if !strings.HasPrefix(err.Error(), "fuzzed.json: ") || len(err.Error()) > 4<<10 {
				t.Fatalf("%.200s", err)
			}
			return
		}
		merged, err := reports.Merge([]reports.Shard{shard})
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := merged.WriteJSON(&out); err != nil {
			t.Fatal(err)
		}
		if !json.Valid(out.Bytes()) || !utf8.Valid(out.Bytes()) {
			t.Fatalf("no JSON: %s", out.Bytes())
		}
		again, err := reports.ReadShard("fuzzed.json", &out)
		if err != nil {
			t.Fatalf("what was merged does not read: %v", err)
		}
		twice, err := reports.Merge([]reports.Shard{again})
		if err != nil || twice.Totals() != merged.Totals() || twice.Complete() != merged.Complete() {
			t.Fatalf("merged again it is another: %v, %+v, %+v", err, twice.Totals(), merged.Totals())
		}
	})
}
