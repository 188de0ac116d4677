package reports

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/ssespec/ssespec/runner"
)

const (
	mostAnnotations = 10   // of errors, and as many warnings: GitHub shows no more of one step
	annotationBytes = 3500 // of one message; GitHub cuts at 4,096 characters
	titleBytes      = 100  // of a text of others in a title, which GitHub cuts at 255
)

// WriteGitHub writes the run as workflow commands of GitHub Actions: an error for each
// failure, and for each run that broke down, a warning for each warning, at most ten of
// both, and a notice that says what it comes to and how many were left out. Each is one
// line, whatever the target has said. What a baseline covers, and what is provisional,
// is left to the other formats.
func WriteGitHub(w io.Writer, run Run) error {
	var b bytes.Buffer
	hidden := 0
	for _, of := range []struct {
		command  string
		verdicts []runner.Verdict
	}{{"error", []runner.Verdict{runner.Fail, runner.Error}}, {"warning", []runner.Verdict{runner.Warn}}} {
		list := counting(run.Results, of.verdicts...)
		shown := list[:min(len(list), mostAnnotations)]
		for _, r := range shown {
			writeCommand(&b, of.command, annotationTitle(r), annotation(run, r))
		}
		hidden += len(list) - len(shown)
	}
	words := judgement(run) + "\n" + totalWords(Count(run.Results))
	if hidden > 0 {
		words += fmt.Sprintf("\nnot annotated: %d more, since GitHub shows ten errors and ten warnings of one step; --report junit=FILE has them", hidden)
	}
	writeCommand(&b, "notice", "ssespec: "+targetWords(run.Target, titleBytes), words)
	_, err := w.Write(b.Bytes())
	return err
}

// counting returns the results with one of the verdicts that count, those with the
// first verdict first.
func counting(results []runner.Result, verdicts ...runner.Verdict) (list []runner.Result) {
	for _, v := range verdicts {
		for _, r := range results {
			if r.Verdict == v && !r.Known && !r.Provisional {
				list = append(list, r)
			}
		}
	}
	return list
}

func annotationTitle(r runner.Result) string {
	return strings.ToUpper(string(r.Verdict)) + " " + clean(cutTo(r.Case.ID, titleBytes)) + strings.Replace(deliveryWords(r), "  ", " ", 1)
}

// annotation is what a reader has to know of one result. The command comes before what
// may be long, since GitHub cuts the end.
func annotation(run Run, r runner.Result) string {
	lines := []string{clean(cutTo(r.Case.Title, reasonBytes))}
	if r.Verdict == runner.Error {
		lines = append(lines, "the adapter, this machine or ssespec broke: not the target's fault")
	}
	lines = append(lines, "rule: "+ruleOf(r), "again: "+Reproduce(run.Command, r))
	if r.Reason != "" {
		lines = append(lines, "why: "+short(r.Reason))
	}
	if len(r.Findings) > 0 && r.Findings[0].Hint != "" {
		lines = append(lines, "do: "+short(r.Findings[0].Hint))
	}
	return cutTo(strings.Join(lines, "\n"), annotationBytes)
}

// ruleOf names the clause where the bytes went wrong, else that of the case.
func ruleOf(r runner.Result) string {
	if r.Rule == "" {
		return r.Case.Clauses[0]
	}
	if r.Offset < 0 {
		return clean(r.Rule)
	}
	return fmt.Sprintf("%s, diverged at byte %d", clean(r.Rule), r.Offset)
}

var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")                         // never written to
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C") // never written to
)

// writeCommand writes one workflow command. Its title and its message are made valid
// Unicode, and end neither it nor its line.
func writeCommand(b *bytes.Buffer, command, title, message string) {
	fmt.Fprintf(b, "::%s title=%s::%s\n", command, commandProperty.Replace(washed(title)), commandData.Replace(washed(message)))
}
