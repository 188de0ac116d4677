package baseline_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/baseline"
)

var _ = Describe("Update", func() {
	update := func(old string, results ...runner.Result) string {
		GinkgoHelper()
		text, err := baseline.Update([]byte(old), baseline.Target{Name: "x", Versions: ">=5 <6"}, results, false)
		Expect(err).NotTo(HaveOccurred())
		return string(text)
	}

	It("writes a baseline from nothing, its reasons unexplained", func() {
		Expect(update("", result(0, runner.Fail, "r"), result(1, runner.Pass, ""), result(2, runner.Warn, "w"))).To(Equal(
			"target: {name: \"x\", versions: \">=5 <6\"}\n" +
				"entries:\n" +
				"- {case: a/b/one, verdict: fail, rule: r, reason: unexplained}\n"))
	})

	It("writes no entry where nothing fails", func() {
		Expect(update("", result(0, runner.Pass, ""))).To(HaveSuffix("entries: []\n"))
	})

	It("keeps reasons, comments and what did not run, and drops what passes", func() {
		old := "# the baseline of x\n" +
			"target: {name: x}\n" +
			"entries:\n" +
			"# known since 2020\n" +
			"- {case: a/b/one, verdict: fail, rule: r, reason: \"because\", issue: \"https://example.org/1\"} # still\n" +
			"- {case: a/b/two, reason: mended}\n" +
			"- {case: a/c/three, reason: not put}\n"
		Expect(update(old, result(0, runner.Fail, "r"), result(1, runner.Pass, ""))).To(Equal("# the baseline of x\n" +
			"target: {name: x}\n" +
			"entries:\n" +
			"# known since 2020\n" +
			"- {case: a/b/one, verdict: fail, rule: r, reason: \"because\", issue: \"https://example.org/1\"} # still\n" +
			"- {case: a/c/three, reason: not put}\n"))
	})

	It("keeps what is known of a warning, and writes new ones for warnings when they count", func() {
		old := "target: {name: x}\nentries:\n- {case: a/b/one, verdict: warn, reason: because}\n"
		warned := []runner.Result{result(0, runner.Warn, "r"), result(1, runner.Warn, "w")}
		Expect(update(old, warned...)).To(Equal(old))
		text, err := baseline.Update([]byte(old), baseline.Target{Name: "x"}, warned, true)
		Expect(err).NotTo(HaveOccurred())
		Expect(string(text)).To(Equal(old + "- {case: a/b/two, verdict: warn, rule: w, reason: unexplained}\n"))
	})

	It("covers a departure that changed by a new entry", func() {
		old := "target: {name: x}\nentries:\n- {case: a/b/one, rule: q, reason: because}\n"
		Expect(update(old, result(0, runner.Fail, "r"))).To(HaveSuffix("entries:\n- {case: a/b/one, verdict: fail, rule: r, reason: unexplained}\n"))
	})

	It("reads what it wrote, and covers all that failed", func() {
		results := []runner.Result{result(0, runner.Fail, "r"), result(2, runner.Fail, "")}
		f := read(update("", results...))
		Expect(f.Apply(results, suite, today)).To(BeEmpty())
		Expect(results[0].Known && results[1].Known).To(BeTrue())
	})

	DescribeTable("refuses a text that is no baseline",
		func(old string) {
			_, err := baseline.Update([]byte(old), baseline.Target{Name: "x"}, nil, false)
			Expect(err).To(HaveOccurred())
		},
		Entry("because it is no YAML", "a: [\n"),
		Entry("because it is a list", "- a\n"),
	)
})
