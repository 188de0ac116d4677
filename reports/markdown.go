package reports

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/spec"
)

const (
	// MaxMarkdown is how many bytes a Markdown report has at most: GitHub takes no
	// more as the summary of a step.
	MaxMarkdown = 1 << 20

	forLeftOut = 1 << 10 // bytes kept free to say what is left out
)

// WriteMarkdown writes the run as GitHub's Markdown: the verdict in words, probable
// causes, and what departs, by clause. What comes from others is code or escaped, so
// that it is shown and nothing else.
func WriteMarkdown(w io.Writer, run Run) error {
	_, err := w.Write(Markdown(run, MaxMarkdown))
	return err
}

// Markdown is the report of [WriteMarkdown] in at most that many bytes, and nothing
// where they do not even hold its verdict. What does not fit is counted at its end.
func Markdown(run Run, most int) []byte {
	d := document{most: most - forLeftOut}
	if !d.add("", mdHead(run)) {
		return nil
	}
	d.causes(run)
	for _, s := range mdSections {
		d.section(run, s)
	}
	d.notes(run)
	return d.whole()
}

// A document is Markdown that grows until it is full.
type document struct {
	bytes.Buffer
	most    int
	titles  [2]string // of section and clause, which the next item brings along
	leftOut map[string]int
}

// add writes an item where there is room for all of it, else it counts one more of
// what is left out.
func (d *document) add(what, item string) bool {
	text := d.titles[0] + d.titles[1] + item
	if d.Len()+len(text) > d.most {
		if d.leftOut == nil {
			d.leftOut = map[string]int{}
		}
		d.leftOut[what]++
		return false
	}
	d.WriteString(text)
	d.titles = [2]string{}
	return true
}

// entitle begins a section, and ends the list that may be before it.
func (d *document) entitle(section string) {
	d.titles = [2]string{fmt.Sprintf("\n### %s\n\n", section)}
}

// whole returns what was written, and how much was not.
func (d *document) whole() []byte {
	var words []string
	for _, what := range slices.Sorted(maps.Keys(d.leftOut)) {
		words = append(words, fmt.Sprintf("%d %s", d.leftOut[what], what))
	}
	if len(words) > 0 {
		fmt.Fprintf(d, "\nLeft out, since this is as long as GitHub takes: %s. `--report json=FILE` has all.\n", strings.Join(words, ", "))
	}
	return d.Bytes()
}

// mdHead is the verdict, who was checked, and the counts.
func mdHead(run Run) string {
	t := Count(run.Results)
	kind := string(run.Target.Kind)
	if run.BuiltIn {
		kind = "built-in"
	}
	return fmt.Sprintf("## %s\n\n%s (%s), suite %s, ssespec %s, %s in %.1f s on %s\n\n", mdText(judgement(run)), codeSpan(targetWords(run.Target, titleBytes)),
		mdText(kind), mdText(run.Suite.Version), mdText(cutTo(run.Version, titleBytes)), run.Started.UTC().Format(time.DateOnly), run.Elapsed.Seconds(), mdText(run.Platform)) +
		"| passed | failed | warned | skipped | errors | known | provisional |\n|---:|---:|---:|---:|---:|---:|---:|\n" +
		fmt.Sprintf("| %d | %d | %d | %d | %d | %d | %d |\n", t.Pass, t.Fail, t.Warn, t.Skip, t.Error, t.Known, t.Provisional)
}

// causes adds the diagnosis.
func (d *document) causes(run Run) {
	d.entitle("Probable causes")
	for i, c := range run.Diagnosis.Causes {
		text := fmt.Sprintf("%d. Explains %d of %s: %s (%s)\n", i+1, len(c.Explains), departures(run), mdText(sentence(c.Text)), clauseLink(c.Clause))
		for _, or := range c.Or[:min(len(c.Or), fewAlternatives)] {
			text += "   - or: " + mdText(sentence(or.Text)) + "\n"
		}
		if more := len(c.Or) - fewAlternatives; more > 0 {
			text += fmt.Sprintf("   - or %d more that fit as well\n", more)
		}
		d.add("causes", text)
	}
	if n := len(run.Diagnosis.Unexplained); n > 0 {
		d.add("causes", fmt.Sprintf("\n%s no known cause.\n", few(n, departures(run))))
	}
}

// notes adds what every reader has to know, and what was typed.
func (d *document) notes(run Run) {
	d.entitle("About this run")
	for _, note := range Notes(run) {
		d.add("notes", "- note: "+mdText(short(note))+"\n")
	}
	d.add("notes", "- command: "+codeSpan(clean(cutTo(ShellCommand(run.Command), reasonBytes)))+"\n")
}

// An mdSection is the results that stand under one title.
type mdSection struct {
	title string
	what  string // what each of them is
	has   func(runner.Result) bool
	write func(*document, Run, mdSection, []runner.Result)
}

// mdSections is every section in its order.
var mdSections = []mdSection{ // never written to
	{"Failures", "failures", counts(runner.Fail), (*document).grouped},
	{"Errors: the adapter, the machine or ssespec broke, not the target's fault", "errors", counts(runner.Error), (*document).grouped},
	{"Warnings", "warnings", counts(runner.Warn), (*document).grouped},
	{"Known, by the baseline", "known departures", func(r runner.Result) bool { return r.Known && !r.Provisional }, (*document).listed},
	{"Provisional: newer than the suite asked for", "provisional departures", func(r runner.Result) bool {
		return r.Provisional && r.Verdict != runner.Pass && r.Verdict != runner.Skip
	}, (*document).listed},
}

func counts(v runner.Verdict) func(runner.Result) bool {
	return func(r runner.Result) bool { return r.Verdict == v && !r.Known && !r.Provisional }
}

func (d *document) section(run Run, s mdSection) {
	list := slices.DeleteFunc(slices.Clone(run.Results), func(r runner.Result) bool { return !s.has(r) })
	d.entitle(fmt.Sprintf("%s (%d)", s.title, len(list)))
	s.write(d, run, s, list)
}

// grouped adds results with their evidence, those of the clause with the most first.
func (d *document) grouped(run Run, s mdSection, list []runner.Result) {
	for _, g := range byClause(list) {
		d.titles[1] = fmt.Sprintf("#### %s (%d)\n\n%s", clauseLink(g.clause), len(g.results), clauseSummary(g.clause))
		for _, r := range g.results {
			d.add(s.what, mdDetails(run, r))
		}
	}
}

// listed adds results by their ids and reasons alone.
func (d *document) listed(_ Run, s mdSection, list []runner.Result) {
	for _, r := range list {
		d.add(s.what, fmt.Sprintf("- %s %s: %s\n", r.Verdict, codeSpan(clean(r.Case.ID)), mdText(short(r.Reason))))
	}
}

// A clauseGroup is the results in which the bytes went wrong at one clause.
type clauseGroup struct {
	clause  string
	results []runner.Result
}

func byClause(results []runner.Result) (groups []clauseGroup) {
	for _, r := range results {
		clause := r.Rule
		if clause == "" {
			clause = r.Case.Clauses[0]
		}
		i := slices.IndexFunc(groups, func(g clauseGroup) bool { return g.clause == clause })
		if i < 0 {
			i, groups = len(groups), append(groups, clauseGroup{clause: clause})
		}
		groups[i].results = append(groups[i].results, r)
	}
	slices.SortStableFunc(groups, func(a, b clauseGroup) int { return len(b.results) - len(a.results) })
	return groups
}

// clauseLink names a clause and leads to its text.
func clauseLink(id string) string {
	c, known := spec.ClauseByID(id)
	if !known {
		return codeSpan(short(id))
	}
	return fmt.Sprintf("[%s](%s)", codeSpan(id), c.URL)
}

func clauseSummary(id string) string {
	c, known := spec.ClauseByID(id)
	if !known {
		return ""
	}
	return mdText(c.Summary) + "\n\n"
}

// mdDetails is one result, folded: its evidence is what the terminal shows.
func mdDetails(run Run, r runner.Result) string {
	var lines []string
	for _, row := range rows(r, run.Command) {
		lines = append(lines, strings.TrimRight(fmt.Sprintf("%-6s %s", row[0], row[1]), " "))
	}
	return fmt.Sprintf("<details><summary><b>%s</b> <code>%s</code>%s: %s</summary>\n\n%s\n</details>\n\n", strings.ToUpper(string(r.Verdict)),
		htmlText(clean(r.Case.ID)), htmlText(strings.Replace(deliveryWords(r), "  ", " ", 1)), htmlText(short(r.Case.Title)), fenced(strings.Join(lines, "\n")))
}
