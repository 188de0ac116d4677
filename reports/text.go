package reports

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/spec"
)

// Terminal writes a run for people. Whatever comes from the target is quoted:
// no byte of it reaches the terminal as a control.
type Terminal struct {
	W       io.Writer
	Color   bool
	Command []string // what the user typed, for the command that repeats a failure
	Most    int      // failures shown, and as many warnings; 0 is 20
	Verbose bool     // passes and skips are shown as well

	failures, warnings int // seen so far
}

// Result writes one result: failures, errors and warnings in full.
func (t *Terminal) Result(r runner.Result) error {
	if r.Verdict == runner.Pass || r.Verdict == runner.Skip || r.Known {
		return t.brief(r)
	}
	if t.enough(r.Verdict) {
		return nil
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s  %s%s\n", t.paint(r.Verdict), r.Case.ID, deliveryWords(r))
	fmt.Fprintf(&b, "      %s\n", clean(r.Case.Title))
	for _, row := range rows(r, t.Command) {
		fmt.Fprintf(&b, "      %-6s %s\n", row[0], row[1])
	}
	b.WriteByte('\n')
	_, err := t.W.Write(b.Bytes())
	return err
}

// enough counts a result and reports whether it is one too many to show.
// Warnings do not use up the places of failures.
func (t *Terminal) enough(v runner.Verdict) bool {
	n := &t.failures
	if v == runner.Warn {
		n = &t.warnings
	}
	*n++
	return *n > t.most()
}

// most is how many results of a kind are shown.
func (t *Terminal) most() int {
	if t.Most == 0 {
		return 20
	}
	return t.Most
}

func (t *Terminal) brief(r runner.Result) error {
	if !t.Verbose {
		return nil
	}
	reason := ""
	if said := cmp.Or(r.Reason, r.Outcome); said != "" {
		reason = "  " + short(said)
	}
	_, err := fmt.Fprintf(t.W, "%s  %s%s\n", t.paint(r.Verdict), r.Case.ID, reason)
	return err
}

// Hidden says how many results were not shown, if any.
func (t *Terminal) Hidden() error {
	hidden := max(0, t.failures-t.most()) + max(0, t.warnings-t.most())
	if hidden == 0 {
		return nil
	}
	_, err := fmt.Fprintf(t.W, "… %d more, see --report\n\n", hidden)
	return err
}

var colors = map[runner.Verdict]color.Attribute{ // never written to
	runner.Pass: color.FgGreen, runner.Fail: color.FgRed, runner.Warn: color.FgYellow, runner.Error: color.FgMagenta, runner.Skip: color.FgCyan,
}

func (t *Terminal) paint(v runner.Verdict) string {
	word := fmt.Sprintf("%-5s", strings.ToUpper(string(v)))
	if !t.Color {
		return strings.TrimRight(word, " ")
	}
	c := color.New(colors[v], color.Bold)
	c.EnableColor()
	return c.Sprint(strings.TrimRight(word, " "))
}

func deliveryWords(r runner.Result) string {
	words := map[string]string{
		"": "", "as-written": "", "whole": "  (in one chunk)", "bytes": "  (byte by byte)",
		"cut-eol": "  (cut at every CR and LF)", "empty": "  (with empty chunks)", "cut-16k": "  (cut every 16 KiB)",
	}
	if w, ok := words[r.Delivery]; ok {
		return w
	}
	return "  (" + clean(strings.Replace(r.Delivery, "cut-", "cut after byte ", 1)) + ")"
}

// Headline writes the first line of a run that observed a server: what explains
// most of what is wrong, or that nothing is.
func (t *Terminal) Headline(run Run) error {
	line := "no problem found"
	main, wrong := runner.Main(run.Results)
	switch {
	case !run.Complete:
		line = "interrupted: this is what was seen until then"
	case wrong && len(main.Findings) > 0:
		line = "problem: " + short(main.Reason) + ": " + short(main.Findings[0].Hint)
	case len(run.Results) > 0 && Count(run.Results).Skip == len(run.Results):
		line = "nothing was judged: " + short(run.Results[0].Reason)
	case len(run.Remarks) > 0:
		line = run.Remarks[0]
	}
	_, err := fmt.Fprintf(t.W, "%s\n\n", line)
	return err
}

// rows returns the labelled lines of one result.
func rows(r runner.Result, command []string) (rows [][2]string) {
	add := func(label string, lines ...string) {
		for i, l := range lines {
			if i > 0 {
				label = ""
			}
			rows = append(rows, [2]string{label, l})
		}
	}
	add("clause", clauseLines(r.Case.Clauses)...)
	if r.Case.Observed && len(r.Findings) > 0 {
		for _, f := range firstFindings(r) {
			add("why", findingLine(f))
			add("bytes", excerptLines(f)...)
			add("do", short(f.Hint))
		}
		add("again", Reproduce(command, r))
		return rows
	}
	if r.Rule != "" {
		add("rule", ruleLine(r))
	}
	if r.Reason != "" {
		add("why", short(r.Reason))
	}
	if r.Contested {
		add("note", "contested: of the browsers that were put to it none does what this case expects")
	}
	if r.Verdict != runner.Error && !r.Case.Observed {
		add("sent", sentLines(r)...)
		add("want", stepLines(r.Want, r.Want.CommonPrefix(r.Got))...)
		add("got", stepLines(r.Got, r.Want.CommonPrefix(r.Got))...)
	}
	if r.Stderr != "" {
		add("stderr", tail(r.Stderr)...)
	}
	add("again", Reproduce(command, r))
	return rows
}

func clauseLines(ids []string) []string {
	lines := make([]string, len(ids))
	for i, id := range ids {
		c, _ := spec.ClauseByID(id)
		lines[i] = strings.TrimRight(clean(id)+"  "+c.URL, " ")
	}
	return lines
}

func ruleLine(r runner.Result) string {
	c, _ := spec.ClauseByID(r.Rule)
	if r.Offset < 0 {
		return clean(r.Rule) + "   " + c.URL
	}
	return fmt.Sprintf("%s, diverged at byte %d   %s", clean(r.Rule), r.Offset, c.URL)
}

const (
	sentBytes = 600 // shown of what was sent
	stepCount = 12  // shown of a trace
)

// sentLines shows the chunks, those around the divergence when there are many.
func sentLines(r runner.Result) []string {
	chunks := sent(r)
	if len(chunks) == 0 {
		return []string{"nothing"}
	}
	var words []string
	at, from := 0, max(0, r.Offset-sentBytes/2)
	for _, c := range chunks {
		if end := at + len(c); end >= from && at <= from+sentBytes {
			words = append(words, spec.Quote(string(c)))
		}
		at += len(c)
	}
	line := strings.Join(words, " | ")
	if len(words) < len(chunks) {
		line = fmt.Sprintf("… %s … (%d bytes in %d chunks)", line, at, len(chunks))
	}
	return []string{line}
}

// sent returns the body's chunks, or what went over the wire when the case is
// more than one plain stream.
func sent(r runner.Result) [][]byte {
	if len(r.Chunks) > 0 {
		return r.Chunks
	}
	var list [][]byte
	for _, p := range r.Wire {
		if p.End == "" {
			list = append(list, p.Bytes)
		}
	}
	return list
}

// stepLines shows a trace; of a long one the steps around the first difference.
func stepLines(t spec.Trace, differ int) []string {
	if len(t) == 0 {
		return []string{"nothing"}
	}
	from := max(0, min(differ-stepCount/2, len(t)-stepCount))
	to := min(len(t), from+stepCount)
	var lines []string
	if from > 0 {
		lines = append(lines, fmt.Sprintf("… %d steps before", from))
	}
	for _, s := range t[from:to] {
		line := s.String()
		if s.Kind == spec.Reestablish || s.Kind == spec.Fail {
			if s.Text != "" {
				line += " (" + short(s.Text) + ")"
			}
		}
		lines = append(lines, line)
	}
	if to < len(t) {
		lines = append(lines, fmt.Sprintf("… %d steps more", len(t)-to))
	}
	return lines
}

// tail returns the last lines of the target's standard error, cleaned.
func tail(s string) []string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	lines = lines[max(0, len(lines)-6):]
	for i, l := range lines {
		lines[i] = clean(l[:min(len(l), 300)])
	}
	return lines
}

// reasonBytes is how much of one text of the target is shown.
const reasonBytes = 2000

// short is clean for a text that may be of any length.
func short(s string) string {
	if len(s) <= reasonBytes {
		return clean(s)
	}
	return fmt.Sprintf("%s… (%d bytes)", clean(s[:reasonBytes]), len(s))
}

// clean makes text of the target safe to print: everything that is not
// printable is escaped, quotes and backslashes stay.
func clean(s string) string {
	var b strings.Builder
	for _, r := range washed(s) {
		if quoted := spec.Quote(string(r)); len(quoted) > 3 && r != '"' && r != '\\' && quoted[1] == '\\' {
			b.WriteString(quoted[1 : len(quoted)-1])
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Summary writes the totals and notes of a run.
func (t *Terminal) Summary(run Run) error {
	_, err := fmt.Fprintf(t.W, "%d cases: %s (%.1f s)\n", len(run.Results), totalWords(Count(run.Results)), run.Elapsed.Seconds())
	for _, note := range Notes(run) {
		if err == nil {
			_, err = fmt.Fprintf(t.W, "note: %s\n", note)
		}
	}
	return err
}
