package reports_test

import (
	"bytes"
	"encoding/xml"
	"os"
	"os/exec"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
)

// forbidden is what may not stand in XML, or would end what it stands in.
const forbidden = "nul \x00 esc \x1b[2J fffe \ufffe ]]> <script>alert(1)</script> \" & bad \xff\xed\xa0\x80 \u202e"

// asJUnit returns the run as JUnit writes it.
func asJUnit(run reports.Run) string {
	GinkgoHelper()
	var b bytes.Buffer
	Expect(reports.WriteJUnit(&b, run)).To(Succeed())
	return b.String()
}

// every returns one result of each verdict, with forbidden in every text of the target.
func every() []runner.Result {
	var list []runner.Result
	for _, v := range []runner.Verdict{runner.Pass, runner.Fail, runner.Warn, runner.Skip, runner.Error} {
		r := shown(dispatch(forbidden))
		r.Case.ID, r.Case.Title = "interpreting/data/"+string(v), forbidden
		r.Verdict, r.Reason, r.Stderr, r.Elapsed = v, forbidden, forbidden, 1500*time.Millisecond
		list = append(list, r)
	}
	known, provisional := shown(), shown()
	known.Case.ID, known.Known, known.Reason = "interpreting/data/known", true, forbidden
	provisional.Case.ID, provisional.Provisional = "interpreting/id/provisional", true
	return append(list, known, provisional)
}

// everyRun is a run with every verdict of a target with such a name.
func everyRun() reports.Run {
	run := runOf(every()...)
	run.Target.Name, run.Target.Version = "ta/rget "+forbidden, forbidden
	return run
}

// junit is what a reader makes of the file.
type junit struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Suites   []struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Cases    []struct {
			Name    string   `xml:"name,attr"`
			Class   string   `xml:"classname,attr"`
			Failure *message `xml:"failure"`
			Error   *message `xml:"error"`
			Skipped *message `xml:"skipped"`
			Out     string   `xml:"system-out"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

type message struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

func parsed(text string) (doc junit) {
	GinkgoHelper()
	Expect(xml.Unmarshal([]byte(text), &doc)).To(Succeed())
	return doc
}

var _ = Describe("JUnit", func() {
	It("names what each result is", func() {
		doc := parsed(asJUnit(everyRun()))
		kinds := map[string]string{}
		for _, s := range doc.Suites {
			for _, c := range s.Cases {
				switch {
				case c.Failure != nil:
					kinds[c.Name] = "failure"
				case c.Error != nil:
					kinds[c.Name] = "error"
				case c.Skipped != nil:
					kinds[c.Name] = "skipped"
				case c.Out != "":
					kinds[c.Name] = "passed with words"
				default:
					kinds[c.Name] = "passed"
				}
			}
		}
		Expect(kinds).To(Equal(map[string]string{"pass": "passed", "fail": "failure", "warn": "passed with words", "skip": "skipped",
			"error": "error", "known": "skipped", "provisional": "skipped"}))
	})

	It("counts what stands in it, for each suite and for all", func() {
		doc := parsed(asJUnit(everyRun()))
		Expect([]int{doc.Tests, doc.Failures, doc.Errors}).To(Equal([]int{7, 1, 1}))
		Expect(doc.Suites).To(HaveLen(2))
		data, id := doc.Suites[0], doc.Suites[1]
		Expect([]int{data.Tests, data.Failures, data.Errors, data.Skipped}).To(Equal([]int{6, 1, 1, 2}))
		Expect([]int{id.Tests, id.Failures, id.Errors, id.Skipped}).To(Equal([]int{1, 0, 0, 1}))
	})

	It("has target and directory as class name", func() {
		run := runOf(resultOf(runner.Pass))
		run.Target.Name = "my client"
		c := parsed(asJUnit(run)).Suites[0].Cases[0]
		Expect([]string{c.Class, c.Name}).To(Equal([]string{"my-client.interpreting.data", "one"}))
	})

	It("has one suite for a directory whose cases do not stand together", func() {
		a, b, c := resultOf(runner.Pass), resultOf(runner.Pass), resultOf(runner.Pass)
		a.Case.ID, b.Case.ID, c.Case.ID = "a/a", "a/b/a", "a/c"
		doc := parsed(asJUnit(runOf(a, b, c)))
		Expect(doc.Suites).To(HaveLen(2))
		Expect([]int{doc.Tests, doc.Suites[0].Tests, doc.Suites[1].Tests}).To(Equal([]int{3, 2, 1}))
	})

	It("shows with a failure what the terminal shows", func() {
		f := parsed(asJUnit(runOf(shown(dispatch("b"))))).Suites[0].Cases[0].Failure
		Expect([]string{f.Message, f.Type}).To(Equal([]string{"a step too many", "field-data-append"}))
		Expect(f.Text).To(And(ContainSubstring(`dispatch message "b"`), ContainSubstring("again  ssespec client --run interpreting/data/one -- node adapter.mjs")))
	})

	It("escapes what XML forbids, readably, and loses nothing to U+FFFD", func() {
		text := asJUnit(everyRun())
		Expect(text).NotTo(ContainSubstring("<script>"))
		Expect(text).NotTo(ContainSubstring("]]>"))
		Expect(strings.ContainsAny(text, "\x00\x1b\ufffe\u202e")).To(BeFalse())
		m := parsed(text).Suites[0].Cases[1].Failure.Message
		Expect(m).To(And(ContainSubstring(`nul \x00`), ContainSubstring(`esc \x1b`), ContainSubstring(`fffe \ufffe`),
			ContainSubstring("]]> <script>alert(1)</script>")))
		Expect(parsed(text).Suites[0].Cases[4].Error.Text).To(ContainSubstring(`esc \x1b[2J`), "standard error")
	})
})

// xmllint validates text by testdata/junit.xsd and returns its words.
func xmllint(text string) (string, error) {
	cmd := exec.Command("xmllint", "--nonet", "--noout", "--schema", "testdata/junit.xsd", "-")
	cmd.Stdin = strings.NewReader(text)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// Where xmllint is not installed these specs are absent, and .ci/test names it
// as missing; with CI=true they are there and fail.
var _ = func() bool {
	if _, err := exec.LookPath("xmllint"); err != nil && os.Getenv("CI") != "true" {
		return false
	}
	return Describe("JUnit by its schema", func() {
		DescribeTable("is valid",
			func(run reports.Run) {
				words, err := xmllint(asJUnit(run))
				Expect(err).NotTo(HaveOccurred(), words)
			},
			Entry("with every verdict and such text", everyRun()),
			Entry("with nothing", runOf()),
			Entry("with one pass", runOf(resultOf(runner.Pass))),
		)

		DescribeTable("the schema refuses",
			func(old, wrong string) {
				text := asJUnit(everyRun())
				Expect(text).To(ContainSubstring(old))
				_, err := xmllint(strings.Replace(text, old, wrong, 1))
				Expect(err).To(HaveOccurred())
			},
			Entry("an unknown element", "<system-out>", "<system-inn/><system-out>"),
			Entry("an unknown attribute", "<testcase ", `<testcase verdict="x" `),
			Entry("a test without a name", ` name="fail"`, ""),
			Entry("a number that is none", ` failures="1"`, ` failures="one"`),
			Entry("a time with a unit", ` time="1.500"`, ` time="1.500s"`),
			Entry("a test twice", ` name="skip"`, ` name="pass"`),
			Entry("a control", "alert", "\x01"),
		)
	})
}()
