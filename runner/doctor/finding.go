package doctor

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// Class says what a finding means.
type Class string

// The classes.
const (
	OK      Class = "ok"   // as it should be
	Look    Class = "look" // the adapter's or the implementation's: somebody has to look
	Bad     Class = "BAD"  // the adapter is at fault
	Skipped Class = "--"   // not looked at, What says why
)

// A Finding is the outcome of one check. Evidence is quoted, and safe on any
// terminal; Change is one sentence; Write is a line to write, where that helps.
type Finding struct {
	Check    string
	Class    Class
	What     string
	Evidence string
	Change   string
	Write    string
}

// A Report is all that was found.
type Report struct {
	Hello    target.Hello
	Findings []Finding
}

// Faulty reports whether the adapter is at fault.
func (r Report) Faulty() bool { return Faulty(r.Findings) }

// Faulty reports whether one of the findings is [Bad].
func Faulty(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Class == Bad })
}

func ok(what string) Finding { return Finding{Class: OK, What: what} }

func bad(check, what, evidence, change string) Finding {
	return Finding{Check: check, Class: Bad, What: what, Evidence: evidence, Change: change}
}

func look(what, evidence, change string) Finding {
	return Finding{Class: Look, What: what, Evidence: evidence, Change: change}
}

// writing returns f with a line to write.
func (f Finding) writing(line string) Finding {
	f.Write = line
	return f
}

// Print writes r as text, one line for each check, and under what is not as it
// should be the evidence and what to change.
func (r Report) Print(w io.Writer) error {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%-5s %-16s %s\n", f.Class, f.Check, f.What)
		f.detail(&b)
	}
	b.WriteString(r.verdict())
	_, err := io.WriteString(w, b.String())
	return err
}

func (f Finding) detail(b *strings.Builder) {
	for _, row := range []struct{ name, text string }{{"saw", f.Evidence}, {"change", f.Change}, {"write", f.Write}} {
		if row.text != "" {
			fmt.Fprintf(b, "%-22s %-6s %s\n", "", row.name, row.text)
		}
	}
}

// verdict is the last line of a report.
func (r Report) verdict() string {
	faults, looks := 0, 0
	for _, f := range r.Findings {
		switch f.Class {
		case Bad:
			faults++
		case Look:
			looks++
		}
	}
	line := "the adapter is fine"
	if faults > 0 {
		line = "the adapter is at fault: " + plural(faults, "thing") + " to change"
	}
	if looks > 0 {
		line += ", " + plural(looks, "thing") + " to look at"
	}
	return line + "\n"
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// quoted is a line of the adapter as evidence.
func quoted(text string) string { return spec.Quote(text) }
