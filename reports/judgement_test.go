package reports_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/spec"
)

var _ = Describe("The verdict in words", func() {
	pass, warn, fail := resultOf(runner.Pass), resultOf(runner.Warn), shown()
	skip, broken := resultOf(runner.Skip), resultOf(runner.Error)
	knownFail, newer, other := fail, fail, fail
	knownFail.Known, newer.Provisional = true, true
	other.Case.Clauses = []string{"line-crlf", "field-data-append"}
	advice, adviceBroken := pass, fail
	advice.Case.Clauses, advice.Case.Level = []string{"advice"}, spec.Should
	adviceBroken.Case.Clauses, adviceBroken.Case.Level = []string{"advice"}, spec.Should
	free := skip
	free.Case.Requires = []string{"retry"}

	// words is the verdict as the notice of GitHub begins with it.
	words := func(change func(*reports.Run), results ...runner.Result) string {
		run := runOf(results...)
		change(&run)
		list := annotations(run)
		first, _, _ := strings.Cut(list[len(list)-1].message, "\n")
		return first
	}
	asItIs := func(*reports.Run) {}

	DescribeTable("has its denominators",
		func(want string, change func(*reports.Run), results ...runner.Result) {
			Expect(words(change, results...)).To(Equal(want))
		},
		Entry("all well", "Conforms as a client: all 2 applicable cases pass", asItIs, pass, pass),
		Entry("a warning", "Conforms as a client: all 2 applicable cases pass, 1 of them with a warning", asItIs, pass, warn),
		Entry("what needs a capability does not apply", "Conforms as a client: all 1 applicable cases pass", asItIs, pass, free),
		Entry("something bound is skipped", "Partly checked as a client: 1 of 2 applicable cases pass, none fails (1 skipped)", asItIs, pass, skip),
		Entry("an error", "Partly checked as a client: 1 of 2 applicable cases pass, none fails (1 without a verdict for an error)", asItIs, pass, broken),
		Entry("an interruption", "Partly checked as a client: 1 of 1 applicable cases pass, none fails (interrupted)", func(r *reports.Run) { r.Complete = false }, pass),
		Entry("a selection", "Partly checked as a client: 1 of 1 applicable cases pass, none fails (1 of the suite's 9 cases are in this run)", func(r *reports.Run) { r.Suite.Cases = 9 }, pass),
		Entry("nothing", "Partly checked as a client: 0 of 0 applicable cases pass, none fails (nothing applies)", asItIs, newer),
		Entry("a failure", "Does not conform as a client: 1 of 1 requirement broken (1 of 2 applicable cases fail)", asItIs, pass, fail),
		Entry("two failures of one requirement", "Does not conform as a client: 1 of 1 requirement broken (2 of 2 applicable cases fail)", asItIs, fail, fail),
		Entry("failures of two requirements", "Does not conform as a client: 2 of 2 requirements broken (2 of 3 applicable cases fail)", asItIs, pass, fail, other),
		Entry("advice is no requirement", "Does not conform as a client: 1 of 1 requirement broken (1 of 2 applicable cases fail)", asItIs, advice, fail),
		Entry("what fails is counted among all, whatever its level", "Does not conform as a client: 1 of 2 requirements broken (1 of 2 applicable cases fail)", asItIs, pass, adviceBroken),
		Entry("a known failure is one", "Does not conform as a client: 1 of 1 requirement broken (1 of 2 applicable cases fail, 1 of them known)", asItIs, pass, knownFail),
		Entry("what is newer does not count", "Does not conform as a client: 1 of 1 requirement broken (1 of 1 applicable cases fail)", asItIs, fail, newer),
		Entry("a failure before an interruption", "Does not conform as a client: 1 of 1 requirement broken (1 of 1 applicable cases fail; interrupted)", func(r *reports.Run) { r.Complete = false }, fail),
		Entry("the built-in target", "No target was checked: the built-in reference passes 1 of 2 cases", func(r *reports.Run) { r.BuiltIn = true }, pass, skip),
	)
})
