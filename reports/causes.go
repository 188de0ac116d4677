package reports

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/spec"
)

// A Cause explains failures and warnings by one defect. What is in Or explains
// the run exactly as well.
type Cause struct {
	Mutant   string      `json:"mutant"`
	Text     string      `json:"text"`
	Clause   string      `json:"clause"`
	Explains []string    `json:"explains"`
	Or       []Suspected `json:"or,omitempty"`
}

// Suspected is a defect that nothing in the run tells from that of a cause.
type Suspected struct {
	Mutant string `json:"mutant"`
	Text   string `json:"text"`
	Clause string `json:"clause"`
}

func newCauses(d runner.Diagnosis) []Cause {
	list := make([]Cause, len(d.Causes))
	for i, c := range d.Causes {
		list[i] = Cause{Mutant: c.Name, Text: c.Text, Clause: c.Clause, Explains: c.Explains}
		for _, m := range c.Or {
			list[i].Or = append(list[i].Or, Suspected{m.Name, m.Text, m.Clause})
		}
	}
	return list
}

const (
	fewAlternatives = 3 // shown of those that cannot be told from a cause
	fewUnexplained  = 5 // shown of the cases without a cause
)

// Causes writes the diagnosis of a run, if there is anything to diagnose.
func (t *Terminal) Causes(run Run) error {
	d := run.Diagnosis
	if d.Departures == 0 {
		return nil
	}
	var b strings.Builder
	if len(d.Causes) > 0 {
		b.WriteString("Probable causes:\n")
	}
	for i, c := range d.Causes {
		fmt.Fprintf(&b, "  %d. %s (explains %d of %s)\n", i+1, sentence(c.Text), len(c.Explains), departures(run))
		for _, m := range c.Or[:min(len(c.Or), fewAlternatives)] {
			fmt.Fprintf(&b, "     or: %s\n", sentence(m.Text))
		}
		if more := len(c.Or) - fewAlternatives; more > 0 {
			fmt.Fprintf(&b, "     or %d more that fit as well\n", more)
		}
		clause, _ := spec.ClauseByID(c.Clause)
		fmt.Fprintf(&b, "     %s\n", strings.TrimRight(c.Clause+"  "+clause.URL, " "))
	}
	if n := len(d.Unexplained); n > 0 {
		fmt.Fprintf(&b, "%s no known cause: %s\n", few(n, departures(run)), strings.Join(shortList(d.Unexplained), ", "))
	}
	_, err := fmt.Fprintf(t.W, "%s\n", b.String())
	return err
}

// departures says how many results the diagnosis is about.
func departures(run Run) string {
	words := "failures"
	if slices.ContainsFunc(run.Results, func(r runner.Result) bool { return r.Verdict == runner.Warn }) {
		words = "failures and warnings"
	}
	return fmt.Sprintf("%d %s", run.Diagnosis.Departures, words)
}

func few(n int, of string) string {
	if n == 1 {
		return "1 of " + of + " has"
	}
	return fmt.Sprintf("%d of %s have", n, of)
}

func shortList(ids []string) []string {
	if len(ids) <= fewUnexplained {
		return ids
	}
	return append(slices.Clone(ids[:fewUnexplained]), fmt.Sprintf("%d more", len(ids)-fewUnexplained))
}

// sentence is a text without its full stop.
func sentence(text string) string { return strings.TrimSuffix(text, ".") }

// causeProperties are the causes that explain a case of the directory.
func causeProperties(run Run, dir string) (list []junitProperty) {
	for _, c := range run.Diagnosis.Causes {
		if slices.ContainsFunc(c.Explains, func(id string) bool { return path.Dir(id) == dir }) {
			list = append(list, junitProperty{"cause", fmt.Sprintf("%s: %s (explains %d of %s)", c.Name, sentence(c.Text), len(c.Explains), departures(run))})
		}
	}
	return list
}

// mergedCauses joins what is explained by the same mutant; an alternative stays
// where every shard has it.
func mergedCauses(list []Cause) []Cause {
	joined := []Cause{}
	for _, c := range list {
		i := slices.IndexFunc(joined, func(j Cause) bool { return j.Mutant == c.Mutant })
		if i < 0 {
			joined = append(joined, c)
			continue
		}
		j := &joined[i]
		j.Explains = slices.Sorted(slices.Values(slices.Concat(j.Explains, c.Explains)))
		j.Or = slices.DeleteFunc(slices.Clone(j.Or), func(s Suspected) bool { return !slices.Contains(c.Or, s) })
		if len(j.Or) == 0 {
			j.Or = nil
		}
	}
	return joined
}
