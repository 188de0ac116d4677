package reports_test

import (
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

func TestReports(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "reports")
}

// runOf returns a complete run of a client with those results.
func runOf(results ...runner.Result) reports.Run {
	return reports.Run{
		Version: "v1", Suite: reports.Suite{Version: "0.1", Digest: "d", Cases: len(results)},
		Target:    target.Hello{Protocol: 1, Kind: target.Client, Name: "fake", Version: "1", Capabilities: []string{"retry"}},
		Transport: "stdio", Started: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC), Elapsed: 1500 * time.Millisecond, Seed: 1,
		Command: []string{"ssespec", "client", "--", "node", "adapter.mjs"}, Platform: "linux/amd64", Complete: true, Results: results,
	}
}

// resultOf returns a result of a case that holds every client.
func resultOf(verdict runner.Verdict) runner.Result {
	chunks := [][]byte{[]byte("data: a\n\n")}
	return runner.Result{
		Case: cases.Case{ID: "interpreting/data/one", Title: "One data field", Clauses: []string{"field-data-append"}, Level: spec.Must,
			Script: cases.One(chunks...)},
		Verdict: verdict, Offset: -1, Delivery: cases.AsWritten, Deliveries: 1, Cuts: "exact", Chunks: chunks,
		Want: spec.Trace{dispatch("a")}, Got: spec.Trace{dispatch("a")},
	}
}

// shown returns a failure in which the target showed got.
func shown(got ...spec.Step) runner.Result {
	r := resultOf(runner.Fail)
	r.Got, r.Offset, r.Rule, r.Reason = got, 0, "field-data-append", "a step too many"
	r.Failed = []string{cases.AsWritten}
	return r
}

func dispatch(data string) spec.Step {
	return spec.DispatchStep(spec.Event{Type: "message", Data: data})
}
