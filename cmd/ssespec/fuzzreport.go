package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ssespec/ssespec/fuzz"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/spec"
)

// A teller tells what a search finds.
type teller struct {
	w          io.Writer
	out        string
	command    []string // ssespec client and the target
	fail, warn int
	refused    []string // findings that are none as cases, and why
	list       []string // one line for each finding
	clear      func()
}

// progress shows on a terminal how far the search is. What it returns takes that
// away.
func (t *teller) progress(w io.Writer, s *fuzz.Search, f *fuzzFlags) func() {
	t.clear = func() {}
	if !isTerminal(w) {
		return t.clear
	}
	t.clear = func() { fmt.Fprint(w, "\r\x1b[K") }
	s.Seen = everySoOften(func(tally fuzz.Tally) {
		fmt.Fprintf(w, "\r\x1b[K%s, %s, %d of %d clauses", pace(tally), counted(t.fail+t.warn, "finding"), len(tally.Clauses), len(fuzz.Clauses()))
	})
	return t.clear
}

// everySoOften leaves out what would only make a terminal flicker.
func everySoOften(show func(fuzz.Tally)) func(fuzz.Tally) {
	var last time.Duration
	return func(t fuzz.Tally) {
		const pause = 100 * time.Millisecond
		if t.Elapsed-last >= pause {
			last = t.Elapsed
			show(t)
		}
	}
}

// pace is how many streams were put, and how many a second.
func pace(t fuzz.Tally) string {
	return fmt.Sprintf("%d streams in %.1f s, %.0f a second", t.Cases, t.Elapsed.Seconds(), float64(t.Cases)/max(t.Elapsed.Seconds(), 1e-9))
}

// found tells one finding, and how ssespec client judges it.
func (t *teller) found(f fuzz.Finding, r runner.Result, file string) error {
	word := strings.ToUpper(string(r.Verdict))
	switch r.Verdict {
	case runner.Fail:
		t.fail++
	case runner.Warn:
		t.warn++
	default:
		t.refused = append(t.refused, fmt.Sprintf("%s (%s): %s", sent(f), f.Departure.String(), cmp.Or(r.Reason, "put as a case by itself it is right: "+string(r.Verdict))))
		return nil
	}
	t.clear()
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", word, f.Name())
	fmt.Fprintf(&b, "      %s\n", f.Title())
	if f.Broken == nil {
		labelled(&b, "rule", fmt.Sprintf("%s, diverged at byte %d   %s", f.Rule, f.Offset, ruleURL(f.Rule)))
	}
	labelled(&b, "sent", sent(f))
	if f.Broken != nil {
		labelled(&b, "got", "the target "+spec.Quote(f.Broken.Error()))
		labelled(&b, "stderr", tail(f.Broken.Stderr)...)
	} else {
		at := f.Want.CommonPrefix(f.Got)
		labelled(&b, "want", about(f.Want, at)...)
		labelled(&b, "got", about(f.Got, at)...)
		labelled(&b, "shows", string(f.Shape))
	}
	for i, m := range f.Causes {
		labelled(&b, map[bool]string{true: "as if", false: "or"}[i == 0], m.Text+" ("+m.Name+")")
	}
	t.minimal(&b, f)
	t.again(&b, f, file)
	t.list = append(t.list, fmt.Sprintf("%-4s  %s  %s", word, f.Name(), sent(f)))
	_, err := fmt.Fprintln(t.w, b.String())
	return err
}

func ruleURL(rule string) string {
	clause, _ := spec.ClauseByID(rule)
	return clause.URL
}

// sent is the stream with a bar at each cut.
func sent(f fuzz.Finding) string {
	var all []string
	for _, c := range f.Script.Connections {
		for _, chunk := range c.Chunks() {
			all = append(all, spec.Quote(string(chunk)))
		}
	}
	if len(all) == 0 {
		return "nothing: the stream is empty"
	}
	return strings.Join(all, " | ")
}

// tail is the end of what a target wrote to standard error.
func tail(text string) (lines []string) {
	for line := range strings.Lines(text) {
		quoted := spec.Quote(strings.TrimRight(line, "\r\n"))
		lines = append(lines, quoted[1:len(quoted)-1])
	}
	return lines[max(0, len(lines)-20):]
}

// minimal says where a finding is not as small as it gets.
func (t *teller) minimal(b *strings.Builder, f fuzz.Finding) {
	switch {
	case f.Stopped:
		labelled(b, "note", fmt.Sprintf("not as small as it gets: after %d streams it was enough", f.Looks))
	case f.Spare != "":
		labelled(b, "note", "not as small as it gets: "+f.Spare+" can be left out")
	}
}

// again says how to put it once more.
func (t *teller) again(b *strings.Builder, f fuzz.Finding, file string) {
	if file == "" {
		labelled(b, "again", "with --out FOLDER it is a case file that ssespec client --cases runs")
		return
	}
	labelled(b, "file", file)
	words := append(slices.Clone(t.command[:2]), "--cases", t.out, "--run", f.Name()+"/found", "--delivery", "as-written")
	labelled(b, "again", reports.ShellCommand(append(words, t.command[2:]...)))
}

// summary tells what came of the search.
func (t *teller) summary(tally fuzz.Tally, it *subject, f *fuzzFlags, interrupted bool) error {
	var b strings.Builder
	for _, u := range tally.Unstable[:min(len(tally.Unstable), 5)] {
		fmt.Fprintf(&b, "unstable %d/%d  %s  %s\n", u.Departs, u.Times, sent(fuzz.Finding{Departure: u.Departure}), u.Departure.String())
	}
	for _, r := range t.refused {
		fmt.Fprintf(&b, "no finding as a case: %s\n", r)
	}
	for _, cause := range slices.Sorted(maps.Keys(it.known)) {
		fmt.Fprintf(&b, "known  %s: %s (%d streams)\n", it.named(), cause, it.known[cause])
	}
	if it.skipped.streams > 0 {
		fmt.Fprintf(&b, "skipped: %v\n", it.skipped)
	}
	for _, line := range t.list {
		fmt.Fprintf(&b, "%s\n", line)
	}
	fmt.Fprintf(&b, "%s: %s (%d fail, %d warn), %s, %d of %d clauses\n", pace(tally),
		counted(t.fail+t.warn, "finding"), t.fail, t.warn, counted(tally.Departures, "departure"), len(tally.Clauses), len(fuzz.Clauses()))
	if n := len(tally.Unstable); n > 0 {
		fmt.Fprintf(&b, "the target is not stable: with %d streams it does not always do the same\n", n)
	}
	if tally.Stopped != "" {
		fmt.Fprintf(&b, "stopped: %s\n", tally.Stopped)
	}
	switch {
	case interrupted && f.corpus != "":
		fmt.Fprintln(&b, "interrupted: the same command goes on from here")
	case interrupted:
		fmt.Fprintln(&b, "interrupted: this is what was found until then (--corpus FOLDER keeps where to go on)")
	case it.last != "":
		fmt.Fprintln(&b, it.last)
	}
	_, err := io.WriteString(t.w, b.String())
	return err
}

// departs reports whether something was found that counts.
func (t *teller) departs(strict bool, tally fuzz.Tally) bool {
	return t.fail > 0 || strict && t.warn > 0 || len(tally.Unstable) > 0
}
