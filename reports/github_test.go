package reports_test

import (
	"bytes"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/lint"
)

// An annotation is what GitHub makes of one line.
type annotation struct{ kind, title, message string }

// annotations returns what GitHub shows of a run.
func annotations(run reports.Run) (list []annotation) {
	GinkgoHelper()
	var b bytes.Buffer
	Expect(reports.WriteGitHub(&b, run)).To(Succeed())
	unescape := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
	Expect(b.String()).To(HaveSuffix("\n"))
	for _, line := range strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n") {
		m := workflowCommand.FindStringSubmatch(line)
		Expect(m).NotTo(BeNil(), "%q", line)
		list = append(list, annotation{m[1], unescape.Replace(m[2]), unescape.Replace(m[3])})
	}
	return list
}

// many returns n results that are like r.
func many(n int, r runner.Result) (list []runner.Result) {
	for i := range n {
		list = append(list, called(fmt.Sprintf("many/%s-%03d", r.Verdict, i), r))
	}
	return list
}

var _ = Describe("Annotations for GitHub", func() {
	fail, warn, broken := shown(dispatch("b")), resultOf(runner.Warn), resultOf(runner.Error)

	It("tell of a failure all that is needed to act on it", func() {
		var b bytes.Buffer
		Expect(reports.WriteGitHub(&b, runOf(twoLines()))).To(Succeed())
		Expect(b.String()).To(Equal(`::error title=FAIL interpreting/data/two-lines (cut at every CR and LF)::Two data fields are joined by one line feed%0Arule: line-crlf, diverged at byte 8%0Aagain: ssespec client --run interpreting/data/two-lines --delivery cut-eol -- node adapter.mjs%0Awhy: step 1: want dispatch message "a\nb", got dispatch message "a"
::notice title=ssespec%3A fake 1::Does not conform as a client: 1 of 1 requirement broken (1 of 1 applicable cases fail)%0A0 passed, 1 failed
`))
	})

	It("say what to do where that is known", func() {
		r := shown()
		r.Findings = []lint.Finding{{Text: "no type", Hint: "send one\n::error::x"}, {Hint: "another"}}
		Expect(annotations(runOf(r))[0].message).To(HaveSuffix("why: a step too many\ndo: send one\\n::error::x"))
	})

	It("are one notice where nothing is wrong", func() {
		Expect(annotations(runOf(resultOf(runner.Pass)))).To(Equal([]annotation{
			{"notice", "ssespec: fake 1", "Conforms as a client: all 1 applicable cases pass\n1 passed"}}))
	})

	It("are errors for failures, then for what broke down, and warnings for warnings", func() {
		var said []string
		for _, a := range annotations(runOf(called("a", warn), called("b", broken), called("c", fail))) {
			said = append(said, a.kind+" "+a.title)
		}
		Expect(said).To(Equal([]string{"error FAIL c", "error ERROR b", "warning WARN a", "notice ssespec: fake 1"}))
	})

	It("blame the target for no error of ours", func() {
		Expect(annotations(runOf(broken))[0].message).To(ContainSubstring("not the target's fault"))
		Expect(annotations(runOf(fail))[0].message).NotTo(ContainSubstring("fault"))
	})

	DescribeTable("are no errors for", func(r runner.Result) {
		Expect(annotations(runOf(r))).To(HaveLen(1))
	},
		Entry("what is known", func() runner.Result { r := shown(); r.Known = true; return r }()),
		Entry("what is provisional", func() runner.Result { r := shown(); r.Provisional = true; return r }()),
		Entry("a skip", resultOf(runner.Skip)),
	)

	DescribeTable("are as many as GitHub shows, and the notice counts the rest", func(errors, warnings int, said string) {
		list := annotations(runOf(append(many(errors, fail), many(warnings, warn)...)...))
		kinds := map[string]int{}
		for _, a := range list {
			kinds[a.kind]++
		}
		Expect(kinds).To(Equal(map[string]int{"error": min(errors, 10), "warning": min(warnings, 10), "notice": 1}))
		Expect(list[len(list)-1].message).To(MatchRegexp(said))
	},
		Entry("ten of both", 10, 10, `10 failed, 10 warned$`),
		Entry("one failure too many", 11, 1, `\nnot annotated: 1 more, `),
		Entry("a warning too many", 1, 11, `: 1 more, `),
		Entry("many of both", 300, 40, `: 320 more, `),
	)

	It("stay lines of their own, whatever the target says", func() {
		r := shown(dispatch("b"))
		hostile := "100%25%0A%3A\r\n::error::forged\n::stop-commands::x, y: z \x1b[2J \u202e ##[error]"
		r.Reason, r.Case.Title, r.Case.ID = hostile, hostile, hostile
		run := runOf(r)
		run.Target.Name, run.Target.Version = hostile, hostile
		list := annotations(run)
		Expect(list).To(HaveLen(2))
		readable := `100%25%0A%3A\r\n::error::forged\n::stop-commands::x, y: z \x1b[2J \u202e ##[error]`
		Expect(list[0].title).To(Equal("FAIL " + readable))
		Expect(list[0].message).To(And(HavePrefix(readable), HaveSuffix("why: "+readable)))
		Expect(list[1].title).To(Equal("ssespec: " + readable + " " + readable))
	})

	It("are short enough for GitHub to keep the command that repeats it", func() {
		r := shown(dispatch("b"))
		r.Reason, r.Case.ID = strings.Repeat("é\x00", 1<<20), strings.Repeat("é", 200)
		a := annotations(runOf(r))[0]
		Expect(len(a.message)).To(BeNumerically("<", 4096))
		Expect(len(a.title)).To(BeNumerically("<", 255))
		Expect(a.message).To(ContainSubstring("again: ssespec client"))
	})
})
