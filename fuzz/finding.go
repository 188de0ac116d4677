package fuzz

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// A Finding is a departure that is as small as it gets, and what is known of it.
type Finding struct {
	Departure
	Rule    string  // the clause that it breaks; "" of a breakdown, which breaks none
	Offset  int     // the byte at which that shows
	Causes  []Model // each explains it by itself; nothing here tells them apart
	Looks   int     // scripts that were looked at to make it smaller
	Spare   string  // what could be left out: "" is 1-minimal
	Stopped bool    // it was not made as small as it gets: that took too many looks
}

// Minimal reports whether it is 1-minimal: no connection, block, line, byte or cut
// can be left out.
func (f Finding) Minimal() bool { return f.Spare == "" && !f.Stopped }

// Name is the same for the same rule and the same bytes and cuts.
func (f Finding) Name() string {
	h := sha256.New()
	for _, c := range f.Script.Connections {
		fmt.Fprintf(h, "%d:", len(c.Body))
		for _, chunk := range c.Chunks() {
			fmt.Fprintf(h, "%d:%s", len(chunk), chunk)
		}
	}
	const digits = 8
	of := f.Rule
	if f.Broken != nil {
		of = f.Broken.How
	}
	return of + "-" + hex.EncodeToString(h.Sum(nil))[:digits]
}

// mostAbout bounds what is said of how the target departs, in characters.
const mostAbout = 400

// titles say of a breakdown what happened.
var titles = map[string]string{"crashed": "The target crashed", hung: "The target hung", "garbage": "The target wrote garbage"} // never written to

// Title is the fact that the target departs from, or that it broke down.
func (f Finding) Title() string {
	if f.Broken != nil {
		return titles[f.Broken.How]
	}
	clause, _ := spec.ClauseByID(f.Rule)
	return strings.TrimSuffix(clause.Summary, ".")
}

// About says what the target does.
func (f Finding) About() string {
	about := []rune(f.Departure.String())
	if len(about) > mostAbout {
		about = append(about[:mostAbout], '…')
	}
	text := strings.ToUpper(string(about[:1])) + string(about[1:]) + "."
	for _, m := range f.Causes {
		text += " As if: " + m.Text
	}
	return text
}

// Case is the finding as a case: what a conforming client makes of the script.
// target names where it was seen, and its version.
func (f Finding) Case(target string) cases.Case {
	c := cases.Case{
		ID: f.Name() + "/found", Title: f.Title(), Clauses: []string{f.Rule}, About: f.About(), Seen: []string{target}, Script: f.Script,
		Kills: cases.Kills{None: "no mutant departs in this way"},
	}
	if f.Broken != nil {
		c.Clauses, c.Level = []string{"delivery"}, spec.Must // whatever it does with the stream: it is to live on
	}
	if len(f.Causes) > 0 {
		c.Kills = cases.Kills{}
		for _, m := range f.Causes {
			c.Kills.Mutants = append(c.Kills.Mutants, m.Name)
		}
	}
	kinds := []spec.Kind{spec.Announce, spec.Dispatch, spec.Reestablish, spec.Fail}
	for _, k := range f.compared() {
		c.Comments, c.Retries = c.Comments || k == spec.Comment, c.Retries || k == spec.Retry
		c.Requires = append(c.Requires, capabilities[k])
		kinds = append(kinds, k)
	}
	c.Expect = f.Script.Trace().Only(kinds...)
	return c
}

// capabilities are what a target must declare to be compared in a kind of steps.
var capabilities = map[spec.Kind]string{spec.Comment: "comments", spec.Retry: "retry"} // never written to

// compared returns the kinds of steps without which the departure is none, of
// those that a case does not compare unless it names one.
func (f Finding) compared() (kinds []spec.Kind) {
	for _, named := range [][]spec.Kind{nil, {spec.Comment}, {spec.Retry}} {
		if f.departsIn(append(named, spec.Dispatch, spec.Announce, spec.Reestablish, spec.Fail)) {
			return named
		}
	}
	return []spec.Kind{spec.Comment, spec.Retry}
}

func (f Finding) departsIn(kinds []spec.Kind) bool {
	return f.Broken != nil || View{Timed: f.Shape.timing()}.shape(f.Want.Only(kinds...), f.Got.Only(kinds...)) != Agrees
}
