package baseline

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/spec"
)

// The ways in which an entry can be out of date.
const (
	Stale   = "stale"   // what it covers passes now
	Orphan  = "orphan"  // it matches no case of the whole suite
	Expired = "expired" // its day is over: the failure counts
	Changed = "changed" // the departure is another than the recorded one: it counts
)

// A Note is what is wrong with one entry. Text names the line and what to do.
type Note struct {
	Kind string
	Text string
}

// Apply marks the results that the baseline covers as known, and returns what
// is out of date. all is the whole suite; now decides what has expired. Only
// entries whose cases ran can be stale. results is changed.
func (f File) Apply(results []runner.Result, all []cases.Case, now time.Time) []Note {
	for _, e := range f.Entries {
		if !e.expired(now) {
			e.mark(results)
		}
	}
	var notes []Note
	for _, e := range f.Entries {
		notes = append(notes, f.apply(e, results, all, now)...)
	}
	return notes
}

// mark marks the results that the entry covers.
func (e Entry) mark(results []runner.Result) {
	for i := range results {
		r := &results[i]
		r.Known = r.Known || e.matches(r.Case) && e.covers(*r)
	}
}

func (f File) apply(e Entry, results []runner.Result, all []cases.Case, now time.Time) []Note {
	if !e.matchesAny(all) {
		return []Note{f.note(e, Orphan, "%q matches no case%s", e.Case, cases.DidYouMean(e.Case, cases.IDs(all)))}
	}
	if e.expired(now) {
		return []Note{f.note(e, Expired, "%s held until %s: mend it, or give it another day", e.Case, e.Until)}
	}
	return f.compare(e, results)
}

// compare holds a living entry against the results that it matches. What another
// entry covers has not changed.
func (f File) compare(e Entry, results []runner.Result) (notes []Note) {
	ran, departed := 0, 0
	for _, r := range results {
		switch {
		case !e.matches(r.Case), r.Verdict == runner.Skip, r.Verdict == runner.Error:
			continue
		case r.Verdict == runner.Pass:
			ran++
			continue
		}
		departed++
		if !r.Known {
			notes = append(notes, f.note(e, Changed, "%s is now %s at %q, recorded was %s at %s", r.Case.ID, r.Verdict, r.Rule, e.verdict(), e.rule()))
		}
	}
	if ran > 0 && departed == 0 {
		notes = append(notes, f.note(e, Stale, "%s passes now: take the entry out", e.Case))
	}
	return notes
}

// Reason returns why the departure r is known, "" if it is not.
func (f File) Reason(r runner.Result) string {
	for _, e := range f.Entries {
		if e.matches(r.Case) && e.covers(r) {
			return e.Reason
		}
	}
	return ""
}

func (f File) note(e Entry, kind, format string, args ...any) Note {
	return Note{kind, fmt.Sprintf("%s:%d: %s: %s", f.Path, e.Line, kind, fmt.Sprintf(format, args...))}
}

func (e Entry) verdict() runner.Verdict {
	if e.Verdict == "" {
		return runner.Fail
	}
	return runner.Verdict(e.Verdict)
}

func (e Entry) rule() string {
	if e.Rule == "" {
		return "any rule"
	}
	return strconv.Quote(e.Rule)
}

// covers reports whether r is the recorded departure. A trace may have several
// exact explanations, of which a partial run may show another.
func (e Entry) covers(r runner.Result) bool {
	explains := func(a spec.Act) bool { return a.Clause == e.Rule }
	return r.Verdict == e.verdict() && (e.Rule == "" || e.Rule == r.Rule || slices.ContainsFunc(r.Explanations, explains))
}

// matches reports whether the glob fits an id that c has or had.
func (e Entry) matches(c cases.Case) bool {
	for _, id := range append([]string{c.ID}, c.Formerly...) {
		if doublestar.MatchUnvalidated(e.Case, id) {
			return true
		}
	}
	return false
}

func (e Entry) matchesAny(all []cases.Case) bool {
	for _, c := range all {
		if e.matches(c) {
			return true
		}
	}
	return false
}

func (e Entry) expired(now time.Time) bool {
	until, err := time.Parse(time.DateOnly, e.Until)
	return err == nil && !now.Before(until.AddDate(0, 0, 1))
}

// Unexplained counts the entries that nobody has explained yet.
func (f File) Unexplained() (n int) {
	for _, e := range f.Entries {
		if e.Reason == Unexplained {
			n++
		}
	}
	return n
}
