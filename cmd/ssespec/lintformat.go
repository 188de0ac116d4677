package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/lint"
	"github.com/ssespec/ssespec/spec"
)

// lintFormats is the table of how findings are told.
var lintFormats = map[string]func(io.Writer, linted) error{ // never written to
	"text":   lintText,
	"json":   lintJSON,
	"github": lintGitHub,
}

func lintFormatNames() []string { return slices.Sorted(maps.Keys(lintFormats)) }

// lintText tells people: the main mistake, each finding with its line, a summary.
func lintText(w io.Writer, in linted) error {
	var b strings.Builder
	if f, found := in.report.Main(); found {
		fmt.Fprintf(&b, "%s: %s\n\n", in.name, f.Text)
	}
	for _, f := range in.report.Findings {
		textFinding(&b, in.name, f)
	}
	fmt.Fprintf(&b, "%s: %s\n", in.name, lintSummary(in))
	_, err := io.WriteString(w, b.String())
	return err
}

func textFinding(b *strings.Builder, name string, f lint.Finding) {
	if f.Line > 0 {
		name = fmt.Sprintf("%s:%d:%d", name, f.Line, f.Column)
	}
	fmt.Fprintf(b, "%s: %s: %s\n", name, f.Level, f.Text)
	if f.Line > 0 {
		line, caret := f.Excerpt.Marked()
		if line == "" {
			line = "(the input ends here)"
		}
		fmt.Fprintf(b, "    %s\n    %s\n", line, caret)
	}
	fmt.Fprintf(b, "    hint: %s\n    %s\n", f.Hint, ruleAndClause(f))
	if f.Folded > 0 {
		fmt.Fprintf(b, "    explains %s\n", plural(f.Folded, "more finding"))
	}
	if f.Repeats > 0 {
		fmt.Fprintf(b, "    … and %d more of this rule\n", f.Repeats)
	}
	b.WriteByte('\n')
}

func ruleAndClause(f lint.Finding) string {
	clause, _ := spec.ClauseByID(f.Clause)
	if f.Rule == f.Clause {
		return "clause " + f.Clause + "  " + clause.URL
	}
	return f.Rule + ", by clause " + f.Clause + "  " + clause.URL
}

// lintSummary counts findings and events.
func lintSummary(in linted) string {
	var counts []string
	for _, level := range []lint.Level{lint.Error, lint.Warning} {
		if n := in.report.Count(level); n > 0 {
			counts = append(counts, plural(n, string(level)))
		}
	}
	if n := in.report.Count(lint.Advice); n > 0 {
		counts = append(counts, fmt.Sprintf("%d advice", n))
	}
	if counts == nil {
		counts = []string{"no findings"}
	}
	text := strings.Join(counts, ", ") + "; " + lintEvents(in.report)
	if in.note != "" {
		text += " (" + in.note + ")"
	}
	return text
}

// lintEvents says how many events a client would dispatch.
func lintEvents(r lint.Report) string {
	switch {
	case r.Head != nil && r.Head.Refused():
		return plural(r.Events, "event") + " in the body, but a client reads none of it"
	case r.Bytes == 0 && !r.Cut:
		return "the stream is empty, which is legal: 0 events would be dispatched"
	}
	return plural(r.Events, "event") + " would be dispatched"
}

func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}

// A lintDocument is what --format json writes.
type lintDocument struct {
	Schema   string        `json:"schema"`
	Input    string        `json:"input"`
	Complete bool          `json:"complete"`
	Note     string        `json:"note,omitempty"`
	Response *lintHead     `json:"response,omitempty"`
	Bytes    int64         `json:"bytes"`
	Events   int           `json:"events"`
	Errors   int           `json:"errors"`
	Warnings int           `json:"warnings"`
	Advice   int           `json:"advice"`
	Findings []lintFinding `json:"findings"`
}

type lintHead struct {
	Status  int  `json:"status"`
	Refused bool `json:"refused"`
}

type lintFinding struct {
	Offset  int64      `json:"offset"`
	Line    int        `json:"line"`
	Column  int        `json:"column"`
	Rule    string     `json:"rule"`
	Level   lint.Level `json:"level"`
	Text    string     `json:"text"`
	Hint    string     `json:"hint"`
	Clause  string     `json:"clause"`
	URL     string     `json:"url"`
	Folded  int        `json:"folded"`
	Repeats int        `json:"repeats"`
}

// lintJSON tells programs: one object, the findings in the order of the stream.
func lintJSON(w io.Writer, in linted) error {
	r := in.report
	doc := lintDocument{
		Schema: "ssespec.lint/v1", Input: in.name, Complete: !r.Cut, Note: in.note, Bytes: r.Bytes, Events: r.Events,
		Errors: r.Count(lint.Error), Warnings: r.Count(lint.Warning), Advice: r.Count(lint.Advice), Findings: []lintFinding{},
	}
	if r.Head != nil {
		doc.Response = &lintHead{r.Head.Status, r.Head.Refused()}
	}
	for _, f := range r.Findings {
		clause, _ := spec.ClauseByID(f.Clause)
		doc.Findings = append(doc.Findings, lintFinding{f.Offset, f.Line, f.Column, f.Rule, f.Level, f.Text, f.Hint,
			f.Clause, clause.URL, f.Folded, f.Repeats})
	}
	return indented(w, doc)
}

func listHints([]cases.Case) (columns []string, rows [][]any) {
	for _, h := range lint.Hints() {
		rows = append(rows, []any{h.Slug, string(h.Level), h.Clause, h.Text, h.Do})
	}
	return []string{"hint", "level", "clause", "text", "do"}, rows
}

// workflowCommand is what GitHub calls the levels.
var workflowCommand = map[lint.Level]string{lint.Error: "error", lint.Warning: "warning", lint.Advice: "notice"} // never written to

// lintGitHub tells GitHub Actions: an annotation for each finding, and a summary.
func lintGitHub(w io.Writer, in linted) error {
	var b strings.Builder
	for _, f := range in.report.Findings {
		place := ""
		if in.file != "" {
			place = fmt.Sprintf("file=%s,line=%d,col=%d,", property(in.file), f.Line, f.Column)
		}
		text := f.Text + "\n" + f.Hint + "\n" + ruleAndClause(f)
		fmt.Fprintf(&b, "::%s %stitle=%s::%s\n", workflowCommand[f.Level], place, property("ssespec lint: "+f.Rule), message(text))
	}
	fmt.Fprintf(&b, "ssespec lint: %s: %s\n", in.name, message(lintSummary(in)))
	_, err := io.WriteString(w, b.String())
	return err
}

// message escapes the text of a workflow command.
func message(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// property escapes a property of a workflow command.
func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(message(s))
}

// printable returns s, or its escapes where it holds what acts on a terminal.
func printable(s string) string {
	quoted := strconv.Quote(s)
	if quoted == `"`+s+`"` {
		return s
	}
	return quoted
}
