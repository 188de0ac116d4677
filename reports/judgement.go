package reports

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// judgement says in words what the run comes to, with its denominators: what who
// decides reads first. It is one line, and all of it is ours.
func judgement(run Run) string {
	p := newProfile(run)
	switch {
	case run.BuiltIn:
		return fmt.Sprintf("No target was checked: the built-in reference passes %d of %s", Count(run.Results).Pass, counted(len(run.Results), "case"))
	case p.Verdict == doesNotConform:
		return brokenWords(run, p)
	case p.Verdict == partly:
		return fmt.Sprintf("Partly checked as a %s: %d of %d applicable cases pass, none fails (%s)", p.Name, p.Passed, p.Applicable, strings.Join(lacks(run, p), ", "))
	}
	line := fmt.Sprintf("Conforms as a %s: all %d applicable cases pass", p.Name, p.Applicable)
	if n := Count(run.Results).Warn; n > 0 {
		line += fmt.Sprintf(", %d of them with a warning", n)
	}
	return line
}

// brokenWords says how much is broken. A requirement is the clause of a must that a case
// is for.
func brokenWords(run Run, p *Profile) string {
	broken, all := map[string]bool{}, map[string]bool{}
	failed, known := 0, 0
	for _, r := range run.Results {
		if r.Provisional || r.Verdict == runner.Skip && !bound(r.Case, run.Target.Kind) {
			continue
		}
		clause := r.Case.Clauses[0]
		if r.Case.Level == spec.Must || breaks(r) {
			all[clause] = true
		}
		if !breaks(r) {
			continue
		}
		broken[clause] = true
		failed++
		if r.Known {
			known++
		}
	}
	line := fmt.Sprintf("Does not conform as a %s: %d of %s broken (%d of %d applicable cases fail", p.Name, len(broken), counted(len(all), "requirement"), failed, p.Applicable)
	if known > 0 {
		line += fmt.Sprintf(", %d of them known", known)
	}
	return strings.Join(append([]string{line}, unput(run)...), "; ") + ")"
}

// unput says why the run is not of the whole suite.
func unput(run Run) (list []string) {
	if !run.Complete {
		list = append(list, "interrupted")
	}
	if n := len(run.Results); n < run.Suite.Cases {
		list = append(list, fmt.Sprintf("%d of the suite's %d cases are in this run", n, run.Suite.Cases))
	}
	return list
}

// lacks says what keeps a run without a failure from conforming.
func lacks(run Run, p *Profile) []string {
	t, list := Count(run.Results), unput(run)
	if p.Applicable == 0 {
		list = append(list, "nothing applies")
	}
	for _, of := range []struct {
		n    int
		what string
	}{{p.Skipped, "skipped"}, {t.Error, "without a verdict for an error"}, {t.Known, "known not to pass"}} {
		if of.n > 0 {
			list = append(list, fmt.Sprintf("%d %s", of.n, of.what))
		}
	}
	return list
}

// counted is a number and its noun.
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// targetWords names the target, in at most that many bytes of each of its words.
func targetWords(h target.Hello, most int) string {
	name := cmp.Or(clean(cutTo(h.Name, most)), "(no name)")
	if h.Version == "" {
		return name
	}
	return name + " " + clean(cutTo(h.Version, most))
}

// cutTo is s, or its beginning, in at most that many bytes and a sign of what is missing.
func cutTo(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "…"
}

// totalWords is what became of how many cases, as "1 passed, 2 failed".
func totalWords(t Totals) string {
	parts := []string{fmt.Sprintf("%d passed", t.Pass)}
	for _, p := range []struct {
		n    int
		word string
	}{{t.Fail, "failed"}, {t.Warn, "warned"}, {t.Skip, "skipped"}, {t.Error, "errors"}, {t.Known, "known"}, {t.Provisional, "provisional"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.word))
		}
	}
	return strings.Join(parts, ", ")
}
