package baseline_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/baseline"
	"github.com/ssespec/ssespec/spec"
)

var suite = []cases.Case{{ID: "a/b/one"}, {ID: "a/b/two", Formerly: []string{"old/two"}}, {ID: "a/c/three"}}

// result is what one case of the suite showed.
func result(i int, v runner.Verdict, rule string) runner.Result {
	return runner.Result{Case: suite[i], Verdict: v, Rule: rule}
}

var today = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

const head = "target: {name: x}\nentries:\n"

var _ = DescribeTable("a baseline that cannot be read",
	func(text, message string) {
		_, err := baseline.Read(write(text))
		Expect(err).To(MatchError(message))
	},
	Entry("has an unknown key", head+"- {case: a, reson: r}\n", `b.yaml:3:13: unknown key "reson" (did you mean "reason"?)`),
	Entry("gives no reason", head+"- {case: a/b/one}\n", `b.yaml:3: a/b/one has no reason: say why it is known`),
	Entry("names no case", head+"- {reason: r}\n", `b.yaml:3: case wants an id or a glob, found ""`),
	Entry("has a bad glob", head+"- {case: 'a[', reason: r}\n", `b.yaml:3: case wants an id or a glob, found "a["`),
	Entry("has another verdict", head+"- {case: a, reason: r, verdict: broken}\n", `b.yaml:3: verdict is fail or warn, found "broken"`),
	Entry("has a day that is none", head+"- {case: a, reason: r, until: soon}\n", `b.yaml:3: until is a day such as 2027-06-01, found "soon"`),
	Entry("is empty", "", `b.yaml:1:1: empty`),
)

var _ = DescribeTable("an entry",
	func(entry string, r runner.Result, known bool, notes ...string) {
		results := []runner.Result{r}
		got := read(head+"- "+entry+"\n").Apply(results, suite, today)
		Expect(results[0].Known).To(Equal(known))
		texts := []string{}
		for _, n := range got {
			texts = append(texts, n.Text)
		}
		Expect(texts).To(ConsistOf(notes))
	},
	Entry("covers the failure it names", "{case: a/b/one, verdict: fail, rule: r, reason: x}", result(0, runner.Fail, "r"), true),
	Entry("covers by a glob", "{case: 'a/*/one', reason: x}", result(0, runner.Fail, "r"), true),
	Entry("covers by an id that the case had before", "{case: old/two, reason: x}", result(1, runner.Fail, "r"), true),
	Entry("without a rule covers any", "{case: a/b/one, reason: x}", result(0, runner.Fail, "r"), true),
	Entry("covers a rule that explains the trace as well", "{case: a/b/one, rule: q, reason: x}",
		runner.Result{Case: suite[0], Verdict: runner.Fail, Rule: "r", Explanations: []spec.Act{{Clause: "r"}, {Clause: "q"}}}, true),
	Entry("covers a warning that it names", "{case: a/b/one, verdict: warn, reason: x}", result(0, runner.Warn, "r"), true),
	Entry("is not touched by a case that was skipped", "{case: a/b/one, reason: x}", result(0, runner.Skip, ""), false),
	Entry("is not stale when its case did not run", "{case: a/b/two, reason: x}", result(0, runner.Pass, ""), false),
	Entry("is stale when its case passes", "{case: a/b/one, reason: x}", result(0, runner.Pass, ""), false,
		"b.yaml:3: stale: a/b/one passes now: take the entry out"),
	Entry("is changed by another rule", "{case: a/b/one, rule: q, reason: x}", result(0, runner.Fail, "r"), false,
		`b.yaml:3: changed: a/b/one is now fail at "r", recorded was fail at "q"`),
	Entry("is changed by another verdict", "{case: a/b/one, verdict: warn, reason: x}", result(0, runner.Fail, "r"), false,
		`b.yaml:3: changed: a/b/one is now fail at "r", recorded was warn at any rule`),
	Entry("matches nothing", "{case: a/b/tow, reason: x}", result(0, runner.Pass, ""), false,
		`b.yaml:3: orphan: "a/b/tow" matches no case (did you mean "a/b/two"?)`),
	Entry("holds on its last day", "{case: a/b/one, until: '2026-11-21', reason: x}", result(0, runner.Fail, "r"), true),
	Entry("has expired on the day after", "{case: a/b/one, until: '2026-11-20', reason: x}", result(0, runner.Fail, "r"), false,
		"b.yaml:3: expired: a/b/one held until 2026-11-20: mend it, or give it another day"),
)

var _ = DescribeTable("a baseline fits",
	func(targetLine, name, version string, message string) {
		err := read("target: "+targetLine+"\nentries: []\n").Fits(name, version)
		if message == "" {
			Expect(err).NotTo(HaveOccurred())
		} else {
			Expect(err).To(MatchError(ContainSubstring(message)))
		}
	},
	Entry("its target", "{name: x}", "x", "1", ""),
	Entry("not another", "{name: x}", "y", "1", `b.yaml is the baseline of "x", the target is "y"`),
	Entry("a version in its range", `{name: x, versions: ">=5 <6"}`, "x", "5.1.5", ""),
	Entry("a version with a v", `{name: x, versions: ">=1.11 <2"}`, "x", "v1.11.0", ""),
	Entry("no version outside it", `{name: x, versions: ">=5 <6"}`, "x", "6.0.0", "b.yaml is for versions >=5 <6, the target is 6.0.0"),
	Entry("no version that is none", `{name: x, versions: ">=5 <6"}`, "x", "(devel)", `the target's "(devel)" is none`),
	Entry("nothing when its range is none", `{name: x, versions: "five"}`, "x", "5", `b.yaml: versions "five"`),
)

var _ = Describe("entries that share a case", func() {
	It("have not changed when one of them covers it", func() {
		results := []runner.Result{result(0, runner.Fail, "q"), result(1, runner.Fail, "r")}
		notes := read(head+"- {case: 'a/b/*', rule: q, reason: x}\n- {case: 'a/b/*', rule: r, reason: y}\n").Apply(results, suite, today)
		Expect(notes).To(BeEmpty())
		Expect(results[0].Known && results[1].Known).To(BeTrue())
	})

	It("do not live on by one that has expired", func() {
		results := []runner.Result{result(0, runner.Fail, "q")}
		notes := read(head+"- {case: a/b/one, rule: r, reason: x}\n- {case: a/b/one, reason: y, until: '2020-01-01'}\n").Apply(results, suite, today)
		Expect(results[0].Known).To(BeFalse())
		Expect(notes).To(HaveLen(2))
		Expect(notes[0].Kind).To(Equal(baseline.Changed))
		Expect(notes[1].Kind).To(Equal(baseline.Expired))
	})
})

var _ = Describe("Unexplained", func() {
	It("counts the entries that nobody has explained", func() {
		Expect(read(head + "- {case: a/b/one, reason: unexplained}\n- {case: a/b/two, reason: because}\n").Unexplained()).To(Equal(1))
	})
})
