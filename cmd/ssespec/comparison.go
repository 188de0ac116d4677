package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/baseline"
)

// tell prints new deviations in full, then every case where an engine departs.
func (f *compareFlags) tell(w io.Writer, done []compared, picked []cases.Case) error {
	if f.format == "markdown" {
		return markdown(w, done, picked)
	}
	for _, c := range done {
		t := reports.Terminal{W: w, Command: []string{"ssespec", "client", "--browser", c.engine.Name}}
		for _, r := range c.results {
			if !news(r) {
				continue
			}
			if err := t.Result(r); err != nil {
				return err
			}
		}
	}
	rows, agreed, skipped := differences(done, picked)
	if len(rows) > 0 {
		if err := table(w, "text", nil, append([][]string{columns(done)}, rows...)); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	_, err := fmt.Fprintf(w, "%d cases: %d as the model in every engine, %d with a difference, %d not put (a browser has no means for them)\n",
		len(picked), agreed, len(rows), skipped)
	return errors.Join(err, tellCauses(w, done, "known  %s %s: %s (%d cases)\n"))
}

func columns(done []compared) []string {
	names := []string{"case"}
	for _, c := range done {
		names = append(names, c.engine.Title+" "+c.version)
	}
	return names
}

// markdown prints the same as a page.
func markdown(w io.Writer, done []compared, picked []cases.Case) error {
	rows, agreed, skipped := differences(done, picked)
	fmt.Fprintf(w, "# Browsers and the model\n\nMade by `ssespec compare`. Of %d cases %d are as the model in every engine, %d with a difference, and %d were not put, "+
		"since a browser has no means for them.\n\n", len(picked), agreed, len(rows), skipped)
	err := tellCauses(w, done, "- **%s %s**: %s (%d cases)\n")
	for i, row := range append([][]string{columns(done)}, rows...) {
		if i == 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			fmt.Fprintf(w, "|%s\n", strings.Repeat("---|", len(row)))
		}
	}
	return err
}

// news reports whether a result departs in a way that is not known.
func news(r runner.Result) bool { return !settled(r) && !r.Known }

// differences returns a row for each case that some engine departs from.
func differences(done []compared, picked []cases.Case) (rows [][]string, agreed, skipped int) {
	for i, c := range picked {
		row, departs, put := []string{c.ID}, false, false
		for _, d := range done {
			r := d.results[i]
			row = append(row, cell(r))
			departs, put = departs || !settled(r), put || r.Verdict != runner.Skip
		}
		switch {
		case departs:
			rows = append(rows, row)
		case put:
			agreed++
		default:
			skipped++
		}
	}
	return rows, agreed, skipped
}

func cell(r runner.Result) string {
	switch {
	case r.Known:
		return "known " + r.Rule
	case news(r):
		return "NEW " + did(r)
	}
	return string(r.Verdict)
}

// did is what stands in the file of confirmations.
func did(r runner.Result) string { return strings.TrimSpace(string(r.Verdict) + " " + r.Rule) }

// tellCauses prints each known cause with the number of cases that it explains.
func tellCauses(w io.Writer, done []compared, format string) error {
	for _, c := range done {
		explains := map[string]int{}
		for _, r := range c.results {
			if r.Known {
				explains[c.known.Reason(r)]++
			}
		}
		var reasons []string
		for reason := range explains {
			reasons = append(reasons, reason)
		}
		slices.SortFunc(reasons, func(a, b string) int { return cmp.Or(explains[b]-explains[a], strings.Compare(a, b)) })
		for _, reason := range reasons {
			if _, err := fmt.Fprintf(w, format, c.engine.Title, c.version, reason, explains[reason]); err != nil {
				return err
			}
		}
	}
	return nil
}

// status holds what was seen against what was known.
func (f *compareFlags) status(w io.Writer, done []compared) error {
	worst, differs := error(nil), f.differs(w, done)
	for _, c := range done {
		for _, n := range c.notes {
			fmt.Fprintln(w, n.Text)
			if n.Kind == baseline.Stale || n.Kind == baseline.Orphan {
				worst = status(exitStale)
			}
		}
	}
	for _, c := range done {
		n := reports.Count(c.results)
		switch {
		case n.Error > 0:
			return status(exitTarget)
		case n.Fail+n.Warn > 0, differs:
			worst = status(exitDeparts)
		}
	}
	return worst
}

// differs says where an engine did not do what the file of --check says, and
// reports whether there was any.
func (f *compareFlags) differs(w io.Writer, done []compared) (any bool) {
	if f.check == "" {
		return false
	}
	for _, c := range done {
		for _, r := range c.results {
			if was := f.recorded.Cases[r.Case.ID][c.engine.Title]; r.Verdict != runner.Skip && was != did(r) {
				fmt.Fprintf(w, "%s: %s did %q with %s, recorded is %q: ssespec compare --write %s\n", f.check, c.engine.Title, did(r), r.Case.ID, was, f.check)
				any = true
			}
		}
	}
	return any
}

// save writes what was seen; of engines that did not run it keeps what is there.
func (f *compareFlags) save(done []compared) error {
	if f.write == "" {
		return nil
	}
	for _, c := range done {
		c.record(f.kept)
	}
	text, err := f.kept.Write()
	if err != nil {
		return err
	}
	return writeFile(f.write, func(w io.Writer) error { _, err := w.Write(text); return err })
}

// record notes what the engine did, and forgets cases that there are no more.
func (c compared) record(confirmed cases.Confirmations) {
	confirmed.Engines[c.engine.Title] = c.version
	for _, did := range confirmed.Cases {
		delete(did, c.engine.Title)
	}
	for _, r := range c.results {
		if r.Verdict == runner.Skip {
			continue
		}
		if confirmed.Cases[r.Case.ID] == nil {
			confirmed.Cases[r.Case.ID] = map[string]string{}
		}
		confirmed.Cases[r.Case.ID][c.engine.Title] = did(r)
	}
	for id, did := range confirmed.Cases {
		if len(did) == 0 {
			delete(confirmed.Cases, id)
		}
	}
}
