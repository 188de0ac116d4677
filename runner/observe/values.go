package observe

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ssespec/ssespec/runner/lint"
	"github.com/ssespec/ssespec/spec"
)

// mostRemembered bounds how many ids are told apart.
const mostRemembered = 100_000

// mostFindings is how many findings of one kind are shown; the last counts the rest.
const mostFindings = 10

// at makes a finding at a field.
func at(f field, rule, text, hint string) lint.Finding {
	return lint.Finding{Offset: f.offset, Line: f.line, Column: 1, Rule: rule, Clause: rule, Level: lint.Advice, Text: text, Hint: hint}
}

// each makes a judgement of what is wrong with the fields of the stream.
func each(o *Observation, of func(block) []field, wrong func(field, block) (lint.Finding, bool)) (j Judgement) {
	for b := range blocks(o.Exchanges[Stream]) {
		for _, f := range of(b) {
			if finding, bad := wrong(f, b); bad {
				j.add(finding)
			}
		}
	}
	return j
}

func idFields(b block) []field    { return b.ids }
func retryFields(b block) []field { return b.retries }

func unique(o *Observation) Judgement {
	seen := map[string]int{}
	return each(o, idFields, func(f field, b block) (lint.Finding, bool) {
		before, again := seen[f.value]
		if f.value == "" || !b.done || !b.data || len(f.value) == mostText || !again && len(seen) == mostRemembered {
			return lint.Finding{}, false
		}
		seen[f.value] = f.line
		return at(f, "dispatch-id-commit", fmt.Sprintf("the id %s is that of line %d again", spec.Quote(f.value), before),
			"give each event an id of its own: a client that comes back names the last one it has seen"), again
	})
}

func notEmpty(o *Observation) Judgement {
	return each(o, idFields, func(f field, _ block) (lint.Finding, bool) {
		return at(f, "field-id-empty", "an empty id resets the last event ID: whoever comes back after this starts anew",
			"leave the id field out where there is no id"), f.value == ""
	})
}

func headerSafe(o *Observation) Judgement {
	return each(o, idFields, func(f field, _ block) (lint.Finding, bool) {
		unsafe := strings.ContainsFunc(f.value, func(r rune) bool { return r > 0 && r < ' ' && r != '\t' || r == 0x7F })
		return at(f, "reconnect-last-event-id-utf8", fmt.Sprintf("the id %s does not come back as it is: headers lose white space at the ends and refuse control characters", spec.Quote(f.value)),
			"make ids of printable characters, without white space at the ends"), unsafe || strings.Trim(f.value, " \t") != f.value
	})
}

// mostRetry is the longest reconnection time that is not remarked on: an hour.
const mostRetry = 3_600_000

func retryRange(o *Observation) Judgement {
	low := found(o, rangeCase)
	rest := each(o, retryFields, func(f field, _ block) (lint.Finding, bool) {
		ms, err := strconv.ParseInt(f.value, 10, 64)
		switch {
		case f.value == "" || strings.Trim(f.value, "0123456789") != "":
			return lint.Finding{}, false // it is ignored
		case err == nil && ms == 0:
			return at(f, "field-retry-range", "retry: 0 lets every client come back at once, and all together when the server goes down",
				"let them wait for a second or more"), true
		}
		return at(f, "field-retry-range", fmt.Sprintf("retry: %s keeps clients away for more than an hour", f.value),
			"retry counts in milliseconds; answer 204 to those who are not to come back"), err != nil || ms > mostRetry
	})
	return Judgement{Findings: append(low.Findings, rest.Findings...)}
}
