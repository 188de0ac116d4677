// Package reports renders a run. A report is a function of results: nothing
// here observes, judges or waits.
package reports

import (
	"fmt"
	"time"

	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// SchemaVersion names the JSON report that this package writes.
const SchemaVersion = "ssespec.report/v1"

// A Run is what a report tells of.
type Run struct {
	Version   string // of the tool
	Suite     Suite
	Target    target.Hello
	BuiltIn   bool   // the target is our own: no profile verdict
	Transport string // in-process, stdio
	Started   time.Time
	Elapsed   time.Duration
	Seed      uint64
	Command   []string // what the user typed
	Platform  string
	Complete  bool // false when the run was interrupted
	Results   []runner.Result
	Remarks   []string // what the baseline has to say
	Diagnosis runner.Diagnosis
}

// Suite identifies the cases that a run selected from.
type Suite struct {
	Version string `json:"version"`
	Digest  string `json:"digest"`
	Cases   int    `json:"cases"`
	HeldTo  string `json:"heldTo,omitempty"` // the older version that the target is held to
}

// Report is the JSON report, contracts section 5. The zero value of a member
// means that it does not apply.
type Report struct {
	Schema      string   `json:"schema"`
	Complete    bool     `json:"complete"`
	Tool        Tool     `json:"tool"`
	Suite       Suite    `json:"suite"`
	Standard    Standard `json:"standard"`
	Target      Target   `json:"target"`
	Run         Info     `json:"run"`
	Totals      Totals   `json:"totals"`
	Profile     *Profile `json:"profile,omitempty"`
	Causes      []Cause  `json:"causes"`
	Unexplained []string `json:"unexplained,omitempty"` // failures and warnings without a known cause
	Notes       []string `json:"notes"`
	Results     []Result `json:"results"`
}

// Tool is the program that wrote the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// Standard names the texts that the clauses were read from.
type Standard struct {
	HTML     string `json:"html"`
	Fetch    string `json:"fetch"`
	Encoding string `json:"encoding"`
}

// Target is what was checked.
type Target struct {
	Name         string      `json:"name"`
	Version      string      `json:"version"`
	Language     string      `json:"language"`
	Kind         string      `json:"kind"` // parser, client, stream-reader, or built-in
	Transport    string      `json:"transport"`
	Capabilities []string    `json:"capabilities"`
	Steps        []spec.Kind `json:"steps"`
}

// Info is how the run was made.
type Info struct {
	Started   string `json:"started"` // RFC 3339
	ElapsedMs int64  `json:"elapsedMs"`
	Seed      uint64 `json:"seed"`
	Command   string `json:"command"`
	Platform  string `json:"platform"`
}

// Totals counts results by verdict.
type Totals struct {
	Pass        int `json:"pass"`
	Fail        int `json:"fail"`
	Warn        int `json:"warn"`
	Skip        int `json:"skip"`
	Error       int `json:"error"`
	Known       int `json:"known"`
	Provisional int `json:"provisional"`
}

// New returns the report of run.
func New(run Run) Report {
	r := Report{
		Schema: SchemaVersion, Complete: run.Complete, Tool: Tool{"ssespec", run.Version}, Suite: run.Suite,
		Standard: Standard{spec.HTMLRevision, spec.FetchRevision, spec.EncodingRevision},
		Target:   newTarget(run), Run: newInfo(run), Totals: Count(run.Results),
		Causes: newCauses(run.Diagnosis), Unexplained: run.Diagnosis.Unexplained, Notes: Notes(run), Results: make([]Result, len(run.Results)),
	}
	if !run.BuiltIn {
		r.Profile = newProfile(run)
	}
	for i, result := range run.Results {
		r.Results[i] = newResult(run, result, shareOf(len(run.Results)))
	}
	return r
}

func newTarget(run Run) Target {
	h := run.Target
	t := Target{h.Name, h.Version, h.Language, string(h.Kind), run.Transport, h.Capabilities, h.Shown()}
	if run.BuiltIn {
		t.Kind = "built-in"
	}
	if t.Capabilities == nil {
		t.Capabilities = []string{}
	}
	return t
}

func newInfo(run Run) Info {
	return Info{run.Started.UTC().Format(time.RFC3339), run.Elapsed.Milliseconds(), run.Seed, ShellCommand(run.Command), run.Platform}
}

// Count counts results by verdict; those that a baseline covers, and those newer
// than the suite asked for, apart.
func Count(results []runner.Result) (t Totals) {
	for _, r := range results {
		switch {
		case r.Provisional:
			t.Provisional++
			continue
		case r.Known:
			t.Known++
			continue
		}
		switch r.Verdict {
		case runner.Pass:
			t.Pass++
		case runner.Fail:
			t.Fail++
		case runner.Warn:
			t.Warn++
		case runner.Skip:
			t.Skip++
		case runner.Error:
			t.Error++
		}
	}
	return t
}

// Notes returns what every reader of the run has to know.
func Notes(run Run) []string {
	notes := []string{}
	if run.Target.Kind == target.Client || run.Target.Kind == target.Parser {
		notes = append(notes, "dispatch judged by the steps for web browsers, 9.2.6")
	}
	if note := waits(run.Results); note != "" {
		notes = append(notes, note)
	}
	if !run.Complete {
		notes = append(notes, "interrupted: this report is partial")
	}
	return append(notes, run.Remarks...)
}

// longWait is the shortest wait that is worth a word.
const longWait = 500 * time.Millisecond

// waits says how long the run had to wait, and why, "" where it had not.
func waits(results []runner.Result) string {
	n, longest := 0, time.Duration(0)
	for _, r := range results {
		if r.Waits >= longWait {
			n++
			longest = max(longest, r.Waits)
		}
	}
	switch n {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("1 case waits for reconnection times, %.1f s", longest.Seconds())
	}
	return fmt.Sprintf("%d cases wait for reconnection times, side by side, up to %.1f s", n, longest.Seconds())
}

// stepsOf is the JSON form of a trace.
func stepsOf(t spec.Trace) []Step {
	steps := make([]Step, len(t))
	for i, s := range t {
		steps[i] = newStep(s)
	}
	return steps
}
