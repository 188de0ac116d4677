package reports_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
)

// differences are those between two runs, as lines, and how many cases are the same.
func differences(before, after []runner.Result) (lines []string, same int) {
	GinkgoHelper()
	changes, same, err := reports.Diff(partOf("old", len(before), before...), partOf("new", len(after), after...))
	Expect(err).NotTo(HaveOccurred())
	for _, c := range changes {
		lines = append(lines, c.String())
	}
	return lines, same
}

var _ = Describe("The difference of two reports", func() {
	pass, warn, fail, skip := resultOf(runner.Pass), resultOf(runner.Warn), shown(), resultOf(runner.Skip)
	other, known, newer := fail, fail, fail
	other.Rule, known.Known, newer.Provisional = "line-crlf", true, true
	none := runner.Result{}

	DescribeTable("of a case that was and is",
		func(was, now runner.Result, want string) {
			list := func(r runner.Result) []runner.Result {
				if r.Verdict == "" {
					return []runner.Result{called("z", pass)}
				}
				return []runner.Result{called("a", r), called("z", pass)}
			}
			lines, same := differences(list(was), list(now))
			if want == "" {
				Expect(lines).To(BeEmpty())
				return
			}
			Expect(lines).To(Equal([]string{want}))
			Expect(same).To(Equal(1))
		},
		Entry("right and wrong", pass, fail, "NEW      a: fail at field-data-append, was: pass"),
		Entry("a warning and a failure", warn, fail, "NEW      a: fail at field-data-append, was: warn"),
		Entry("skipped and wrong", skip, fail, "NEW      a: fail at field-data-append, was: skip"),
		Entry("known and now counted", known, fail, "NEW      a: fail at field-data-append, was: fail at field-data-append (known)"),
		Entry("not there and wrong", none, fail, "NEW      a: fail at field-data-append, was: not in the old report"),
		Entry("wrong and right", fail, pass, "FIXED    a: pass, was: fail at field-data-append"),
		Entry("wrong in another way", fail, other, "CHANGED  a: fail at line-crlf, was: fail at field-data-append"),
		Entry("wrong and now known", fail, known, "CHANGED  a: fail at field-data-append (known), was: fail at field-data-append"),
		Entry("wrong and skipped, which mends nothing", fail, skip, "CHANGED  a: skip, was: fail at field-data-append"),
		Entry("right and a warning", pass, warn, "CHANGED  a: warn, was: pass"),
		Entry("not there and provisional", none, newer, "CHANGED  a: fail at field-data-append (provisional), was: not in the old report"),
		Entry("wrong and not there", fail, none, "GONE     a: not in the new report, was: fail at field-data-append"),
		Entry("right twice", pass, pass, ""),
		Entry("wrong twice", fail, fail, ""),
		Entry("not there and right", none, pass, ""),
	)

	It("is in the order of ids", func() {
		lines, same := differences([]runner.Result{called("a", pass), called("b", fail), called("c", pass), called("d", warn)},
			[]runner.Result{called("a", fail), called("b", pass), called("c", pass), called("e", fail)})
		Expect(strings.Join(lines, "\n")).To(MatchRegexp(`(?s)^NEW +a:.*\nFIXED +b:.*\nGONE +d:.*\nNEW +e:`))
		Expect(same).To(Equal(1))
	})

	It("is one line each, whatever stands in the reports", func() {
		hostile := fail
		hostile.Rule = "x\n\x1b[2J"
		lines, _ := differences([]runner.Result{called("a", pass)}, []runner.Result{called("a", hostile)})
		Expect(lines).To(Equal([]string{`NEW      a: fail at x\n\x1b[2J, was: pass`}))
	})

	It("is none of a report that has a case twice", func() {
		_, _, err := reports.Diff(partOf("old", 2, called("a", pass), called("a", fail)), partOf("new", 1, called("a", pass)))
		Expect(err).To(MatchError(`old: the case "a" is there twice`))
	})

	It("says what else differs", func() {
		before := partOf("old", 1, called("a", pass))
		after := changed("new", 1, func(r *reports.Report) {
			r.Complete, r.Target.Version, r.Target.Kind, r.Suite.Version = false, "2\x1b", "parser", "0.2"
		}, called("a", pass))
		Expect(reports.Differs(before, after)).To(Equal([]string{`the target is fake 2\x1b, was fake 1`, "the kind is parser, was client", "the suite is 0.2 d, was 0.1 d", "new is not complete"}))
		Expect(reports.Differs(before, before)).To(BeEmpty())
		nameless := changed("other", 1, func(r *reports.Report) { r.Target.Version = "" }, called("a", pass))
		Expect(reports.Differs(nameless, before)).To(Equal([]string{"the target is fake 1, was fake"}))
	})
})
