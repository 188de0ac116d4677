package runner

import (
	"time"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/lint"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/spec"
)

// Verdict is what became of a case.
type Verdict string

// The verdicts, from harmless to grave.
const (
	Pass  Verdict = "pass"
	Skip  Verdict = "skip"  // not put, for the reason given
	Warn  Verdict = "warn"  // a SHOULD is not met
	Error Verdict = "error" // adapter, host or harness broke: never the target's fault
	Fail  Verdict = "fail"  // a MUST is broken
)

// grave ranks verdicts, so that a case has the gravest of its deliveries.
func (v Verdict) grave() int {
	switch v {
	case Fail:
		return 4
	case Error:
		return 3
	case Warn:
		return 2
	case Pass:
		return 1
	}
	return 0
}

// Result is what one case showed. Delivery, Want, Got and the evidence are those
// of the smallest delivery with that verdict.
type Result struct {
	Case    cases.Case
	Verdict Verdict
	Reason  string // text, not an error: results round-trip through JSON
	Rule    string // the clause where the observed trace left the right one
	Offset  int    // the byte of the stream where that was, -1 when there is none
	Outcome string // which of several acceptable outcomes was seen
	Known   bool   // a baseline covers the departure

	Contested   bool // no browser confirms the expectation
	Provisional bool // the case is newer than the suite asked for: shown, never counted

	// Explanations are all acts that, taken wrongly, show exactly what was
	// observed; Rule and Offset are the first unless [Settle] finds better.
	Explanations []spec.Act

	Delivery   string
	Deliveries int      // how many were put
	Failed     []string // those whose verdict is not pass
	Passed     []string // those that passed whenever they were put
	Cuts       string   // exact, confirmed or paced

	Chunks   [][]byte // the body as it was cut, for cases of one stream
	Want     spec.Trace
	Got      spec.Trace
	Findings []lint.Finding // of a case that is observed, the most telling first
	Requests []origin.Request
	Wire     []origin.Packet
	Stderr   string // the tail of the target's standard error, when it broke down
	Elapsed  time.Duration
	Waits    time.Duration // what each run of it takes at least, for times that nobody can shorten
}
