package reports

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/ssespec/ssespec/runner"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Skipped *junitMessage `xml:"skipped,omitempty"`
	Error   *junitMessage `xml:"error,omitempty"`
	Failure *junitMessage `xml:"failure,omitempty"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// WriteJUnit writes the run in the JUnit format: one suite for each directory of
// cases, whose class name is the target's name and the directory. What a
// baseline covers and what is provisional is skipped, a warning passes with its text.
func WriteJUnit(w io.Writer, run Run) error {
	doc := junitSuites{Name: "ssespec", Tests: len(run.Results), Time: seconds(run.Elapsed)}
	for _, dir := range directories(run.Results) {
		s := newJUnitSuite(run, dir)
		doc.Suites, doc.Failures, doc.Errors = append(doc.Suites, s), doc.Failures+s.Failures, doc.Errors+s.Errors
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	if err := e.Encode(doc); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err := w.Write(b.Bytes())
	return err
}

// directories returns the directories of the results, in their order. Those of
// one need not stand together: a/z comes after a/b/c.
func directories(results []runner.Result) (dirs []string) {
	for _, r := range results {
		if d := path.Dir(r.Case.ID); !slices.Contains(dirs, d) {
			dirs = append(dirs, d)
		}
	}
	return dirs
}

func newJUnitSuite(run Run, dir string) junitSuite {
	class := className(run.Target.Name, dir)
	s := junitSuite{Name: class, Timestamp: run.Started.UTC().Format("2006-01-02T15:04:05"), Properties: []junitProperty{
		{"target", clean(run.Target.Name + " " + run.Target.Version)}, {"suite", run.Suite.Version}, {"seed", fmt.Sprint(run.Seed)},
	}}
	s.Properties = append(s.Properties, causeProperties(run, dir)...)
	var elapsed time.Duration
	for _, r := range run.Results {
		if path.Dir(r.Case.ID) == dir {
			elapsed += r.Elapsed
			s.add(newJUnitCase(run, class, r))
		}
	}
	s.Time = seconds(elapsed)
	return s
}

// add counts c by what a reader of the file finds in it.
func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Skipped != nil:
		s.Skipped++
	case c.Error != nil:
		s.Errors++
	case c.Failure != nil:
		s.Failures++
	}
}

// className joins target and directory with points, as readers of JUnit group.
func className(name, dir string) string {
	return clean(strings.NewReplacer("/", ".", " ", "-").Replace(name + "." + dir))
}

func newJUnitCase(run Run, class string, r runner.Result) junitCase {
	c := junitCase{Class: class, Name: path.Base(r.Case.ID), Time: seconds(r.Elapsed)}
	message := &junitMessage{Message: clean(r.Reason), Type: r.Rule}
	switch {
	case r.Verdict == runner.Skip:
		c.Skipped = &junitMessage{Message: clean(r.Reason)}
	case r.Known:
		c.Skipped = &junitMessage{Message: "known: " + clean(r.Reason)}
	case r.Provisional && r.Verdict != runner.Pass:
		c.Skipped = &junitMessage{Message: "provisional: " + clean(r.Reason)}
	case r.Verdict == runner.Fail:
		message.Text, c.Failure = plainText(run, r), message
	case r.Verdict == runner.Error:
		message.Text, c.Error = plainText(run, r), message
	case r.Verdict == runner.Warn:
		c.Out = plainText(run, r)
	}
	return c
}

// plainText is what the terminal shows of a result, without colour.
func plainText(run Run, r runner.Result) string {
	var b strings.Builder
	t := Terminal{W: &b, Command: run.Command}
	if err := t.Result(r); err != nil {
		return err.Error()
	}
	return b.String()
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
