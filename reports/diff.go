package reports

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/ssespec/ssespec/runner"
)

// The ways in which a case can differ between two reports.
const (
	NewFailure = "new"     // it fails, and did not
	Fixed      = "fixed"   // it failed, and passes
	Changed    = "changed" // anything else
	Gone       = "gone"    // it is in the old report only
)

// A Change is one case that differs between two reports.
type Change struct {
	Kind     string
	Case     string
	Was, Now string // in words; "" for what is not there
}

// String is one line, whatever stands in the reports.
func (c Change) String() string {
	line := fmt.Sprintf("%-7s  %s: %s", strings.ToUpper(c.Kind), short(c.Case), cmp.Or(c.Now, "not in the new report"))
	return line + ", was: " + cmp.Or(c.Was, "not in the old report")
}

// compared is what two reports are compared by.
type compared struct {
	Case        string `json:"case"`
	Verdict     string `json:"verdict"`
	Rule        string `json:"rule"`
	Known       bool   `json:"known"`
	Provisional bool   `json:"provisional"`
}

// fails reports whether the case counts as a failure.
func (c compared) fails() bool {
	return c.Verdict == string(runner.Fail) && !c.Known && !c.Provisional
}

func (c compared) words() string {
	words := short(c.Verdict)
	if c.Rule != "" {
		words += " at " + short(c.Rule)
	}
	if c.Known {
		words += " (known)"
	}
	if c.Provisional {
		words += " (provisional)"
	}
	return words
}

// Diff returns the cases that differ, in the order of their ids, and how many are the
// same. A case that is new and passes, as the suite grows, is no difference.
func Diff(before, after Shard) (changes []Change, same int, err error) {
	was, err := before.compared()
	if err != nil {
		return nil, 0, err
	}
	now, err := after.compared()
	if err != nil {
		return nil, 0, err
	}
	for id, n := range now {
		w, there := was[id]
		kind := kindOf(w, n, there)
		if kind == "" {
			same++
			continue
		}
		c := Change{Kind: kind, Case: id, Now: n.words()}
		if there {
			c.Was = w.words()
		}
		changes = append(changes, c)
	}
	for id, w := range was {
		if _, there := now[id]; !there {
			changes = append(changes, Change{Kind: Gone, Case: id, Was: w.words()})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Compare(a.Case, b.Case) })
	return changes, same, nil
}

// kindOf says how n differs from w, "" where it does not.
func kindOf(w, n compared, there bool) string {
	switch {
	case n.fails() && !w.fails():
		return NewFailure
	case w == n, !there && n.Verdict == string(runner.Pass):
		return ""
	case w.fails() && n.Verdict == string(runner.Pass):
		return Fixed
	}
	return Changed
}

// compared returns the results by their ids. An id that is there twice is an error.
func (s Shard) compared() (map[string]compared, error) {
	by := make(map[string]compared, len(s.results))
	for _, r := range s.results {
		var c compared
		if err := json.Unmarshal(r.raw, &c); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name, err)
		}
		if _, twice := by[c.Case]; twice {
			return nil, fmt.Errorf("%s: the case %q is there twice", s.Name, c.Case)
		}
		by[c.Case] = c
	}
	return by, nil
}

// Differs says what else differs between two reports: their target, or their suite.
func Differs(before, after Shard) (notes []string) {
	b, a := before.report, after.report
	for _, of := range []struct{ what, was, now string }{
		{"target", b.Target.Name + " " + b.Target.Version, a.Target.Name + " " + a.Target.Version},
		{"kind", b.Target.Kind, a.Target.Kind},
		{"suite", b.Suite.Version + " " + b.Suite.Digest, a.Suite.Version + " " + a.Suite.Digest},
	} {
		if of.was != of.now {
			notes = append(notes, fmt.Sprintf("the %s is %s, was %s", of.what, short(strings.TrimSpace(of.now)), short(strings.TrimSpace(of.was))))
		}
	}
	for _, s := range []Shard{before, after} {
		if !s.report.Complete {
			notes = append(notes, s.Name+" is not complete")
		}
	}
	return notes
}
