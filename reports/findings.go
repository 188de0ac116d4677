package reports

import (
	"fmt"

	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/lint"
	"github.com/ssespec/ssespec/spec"
)

// Finding is one thing that was seen of a server. Line is 0 for what has no place
// in the stream.
type Finding struct {
	Offset  int64  `json:"offset"`
	Line    int    `json:"line"`
	Rule    string `json:"rule"`
	Level   string `json:"level"`
	Text    string `json:"text"`
	Hint    string `json:"hint"`
	Repeats int    `json:"repeats,omitempty"` // more of the kind, which are not listed
}

// mostFindings is how many findings of one case a report holds.
const mostFindings = 50

func findingsOf(r runner.Result, share int) (list []Finding) {
	for _, f := range r.Findings[:min(len(r.Findings), mostFindings)] {
		list = append(list, Finding{f.Offset, f.Line, f.Rule, string(f.Level), headOf(f.Text, share), headOf(f.Hint, share), f.Repeats})
	}
	return list
}

// shownFindings is how many findings of one case the terminal shows.
const shownFindings = 3

func firstFindings(r runner.Result) []lint.Finding {
	return r.Findings[:min(len(r.Findings), shownFindings)]
}

// findingLine says what a finding is, and where.
func findingLine(f lint.Finding) string {
	line := short(f.Text)
	if f.Line > 0 {
		line = fmt.Sprintf("line %d, byte %d: %s", f.Line, f.Offset, line)
	}
	if f.Repeats > 0 {
		line += fmt.Sprintf(" (and %d more)", f.Repeats)
	}
	return line
}

// excerptLines shows the bytes of a finding, if it has some.
func excerptLines(f lint.Finding) []string {
	if f.Line == 0 || f.Excerpt.Text == "" {
		return nil
	}
	before, after := "", ""
	if f.Excerpt.Before {
		before = "… "
	}
	if f.Excerpt.After {
		after = " …"
	}
	return []string{before + spec.Quote(f.Excerpt.Text) + after}
}
