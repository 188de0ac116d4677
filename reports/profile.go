package reports

import (
	"slices"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
)

// Profile is the verdict over everything that binds the target.
type Profile struct {
	Name       string `json:"name"`
	Verdict    string `json:"verdict"` // conforms, partial, does-not-conform
	Passed     int    `json:"passed"`
	Applicable int    `json:"applicable"`
	Skipped    int    `json:"skipped"`
}

// The verdicts of a profile.
const (
	conforms       = "conforms"
	partly         = "partial"
	doesNotConform = "does-not-conform"
)

// newProfile counts what binds the target, and judges: any fail, known or not, does
// not conform; what is known, broken or skipped, and what did not run, never conforms.
func newProfile(run Run) *Profile {
	p := &Profile{Name: string(run.Target.Kind), Verdict: conforms}
	for _, r := range run.Results {
		skipped := r.Verdict == runner.Skip
		if r.Provisional || skipped && !bound(r.Case, run.Target.Kind) {
			continue
		}
		p.Applicable++
		switch r.Verdict {
		case runner.Skip:
			p.Skipped++
		case runner.Pass, runner.Warn:
			p.Passed++
		}
	}
	t := Count(run.Results)
	switch {
	case slices.ContainsFunc(run.Results, breaks):
		p.Verdict = doesNotConform
	case !run.Complete, p.Applicable == 0, t.Error+t.Known+p.Skipped > 0, len(run.Results) < run.Suite.Cases:
		p.Verdict = partly
	}
	return p
}

// breaks reports whether r shows that the target does not conform.
func breaks(r runner.Result) bool { return r.Verdict == runner.Fail && !r.Provisional }

// bound reports whether the case holds a target of that kind without a way out. One
// that has no connections is held by what one stream can show.
func bound(c cases.Case, kind target.Profile) bool {
	oneStream := kind == target.Parser || kind == target.StreamReader
	return runner.Bound(c) && (!oneStream || c.OneStream())
}
