package reports

import (
	"encoding/json"

	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/spec"
)

// Omitted counts what a result leaves out because a report is bounded.
type Omitted struct {
	Want     int `json:"want,omitempty"` // steps; those left are around the first difference
	Got      int `json:"got,omitempty"`
	Requests int `json:"requests,omitempty"`
	Wire     int `json:"wire,omitempty"` // packets
}

const (
	allResults = 12 << 20  // bytes that the results may have together
	oneResult  = 256 << 10 // bytes that one of few may have
	listPart   = 2         // the lists get half of a result's share
	textPart   = 32        // a text gets this part, and may take six times as much escaped
	before     = 8         // steps kept before the first difference
)

// shareOf returns how many bytes each of n results may have.
func shareOf(n int) int { return min(oneResult, allResults/max(n, 1)) }

// headOf returns the beginning of a text of the target, made valid Unicode.
func headOf(s string, share int) string {
	if most := share / textPart; len(s) > most {
		return washed(s[:most]) + "…"
	}
	return washed(s)
}

// tailOf returns the end of a text of the target, made valid Unicode.
func tailOf(s string, share int) string {
	if most := share / textPart; len(s) > most {
		return "…" + washed(s[len(s)-most:])
	}
	return washed(s)
}

// bound fills in the steps and cuts every list down to what the share allows.
// What was got comes first; steps and requests take no more than half of what is left.
func (r *Result) bound(of runner.Result, share int) {
	var o Omitted
	left, differ := share/listPart, of.Want.CommonPrefix(of.Got)
	r.Got, o.Got = stepsWithin(of.Got, differ, &left)
	r.Want, o.Want = stepsWithin(of.Want, differ, &left)
	r.Requests, o.Requests = within(r.Requests, left/2, &left)
	r.Wire, o.Wire = within(r.Wire, left, &left)
	if o != (Omitted{}) {
		r.Omitted = &o
	}
}

// stepsWithin returns the steps of t, from shortly before the first difference
// when they are too many, and how many are left out.
func stepsWithin(t spec.Trace, differ int, left *int) ([]Step, int) {
	all := *left
	const least = len(`{"step":"fail"}`)
	if len(t) <= all/least {
		if steps, omitted := within(stepsOf(t), all/2, left); omitted == 0 {
			return steps, 0
		}
	}
	*left = all
	from := min(max(differ-before, 0), len(t))
	to := min(len(t), from+all/least)
	steps, _ := within(stepsOf(t[from:to]), all/2, left)
	return steps, len(t) - len(steps)
}

// within returns the first items of list whose JSON has at most that many
// bytes, which it takes from what is left, and how many items are left out.
func within[T any](list []T, most int, left *int) ([]T, int) {
	for i, item := range list {
		text, err := json.MarshalIndent(item, "        ", "  ") // as deep as it stands in a report
		if most -= len(text); err != nil || most < 0 {
			return list[:i], len(list) - i
		}
		*left -= len(text)
	}
	return list, 0
}
