package reports_test

import (
	"bytes"
	"encoding/json"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
)

// cause explains the named cases by the mutant of that name.
func cause(name string, or []string, explains ...string) runner.Cause {
	c := runner.Cause{Model: suspect(name), Explains: explains}
	for _, o := range or {
		c.Or = append(c.Or, suspect(o))
	}
	return c
}

func suspect(name string) runner.Model {
	return runner.Model{Name: name, Clause: "line-cr", Text: "It is " + name + "."}
}

// diagnosed is a run of that many departures with those causes.
func diagnosed(departures int, unexplained []string, causes ...runner.Cause) reports.Run {
	run := runOf(resultOf(runner.Fail))
	run.Diagnosis = runner.Diagnosis{Causes: causes, Departures: departures, Unexplained: unexplained}
	return run
}

var _ = Describe("The causes of a run on the terminal", func() {
	told := func(run reports.Run) string {
		GinkgoHelper()
		var b strings.Builder
		t := reports.Terminal{W: &b}
		Expect(t.Causes(run)).To(Succeed())
		return b.String()
	}

	It("are one sentence each, with what it explains and the clause", func() {
		Expect(told(diagnosed(3, nil, cause("m", nil, "a", "b"), cause("n", nil, "c")))).To(Equal(`Probable causes:
  1. It is m (explains 2 of 3 failures)
     line-cr  https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
  2. It is n (explains 1 of 3 failures)
     line-cr  https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation

`))
	})

	DescribeTable("show",
		func(run reports.Run, want string) { Expect(told(run)).To(ContainSubstring(want)) },
		Entry("what fits as well", diagnosed(1, nil, cause("m", []string{"n"}, "a")), "failures)\n     or: It is n\n     line-cr"),
		Entry("of many that fit as well the first three", diagnosed(1, nil, cause("m", []string{"n", "o", "p", "q", "r"}, "a")),
			"     or: It is p\n     or 2 more that fit as well\n"),
		Entry("that one failure has no known cause", diagnosed(1, []string{"a"}), "1 of 1 failures has no known cause: a\n"),
		Entry("that several have none", diagnosed(3, []string{"a", "b"}, cause("m", nil, "c")), "\n2 of 3 failures have no known cause: a, b\n"),
		Entry("of many without one the first five", diagnosed(7, []string{"a", "b", "c", "d", "e", "f", "g"}), "a, b, c, d, e, 2 more\n"),
	)

	It("are nothing where nothing departs", func() { Expect(told(diagnosed(0, nil))).To(BeEmpty()) })

	It("count warnings where there are some", func() {
		run := diagnosed(2, nil, cause("m", nil, "a"))
		run.Results = append(run.Results, resultOf(runner.Warn))
		Expect(told(run)).To(ContainSubstring("(explains 1 of 2 failures and warnings)"))
	})
})

var _ = Describe("The causes of a run for programs", func() {
	It("are in the JSON report with their alternatives, and so is what has none", func() {
		var b bytes.Buffer
		Expect(reports.WriteJSON(&b, reports.New(diagnosed(2, []string{"z"}, cause("m", []string{"n"}, "a"))))).To(Succeed())
		var doc map[string]any
		Expect(json.Unmarshal(b.Bytes(), &doc)).To(Succeed())
		Expect(doc["unexplained"]).To(Equal([]any{"z"}))
		Expect(doc["causes"]).To(Equal([]any{map[string]any{"mutant": "m", "text": "It is m.", "clause": "line-cr", "explains": []any{"a"},
			"or": []any{map[string]any{"mutant": "n", "text": "It is n.", "clause": "line-cr"}}}}))
	})

	It("are properties of the JUnit suites whose cases they explain", func() {
		run := diagnosed(2, nil, cause("m", nil, "interpreting/data/one"), cause("n", nil, "elsewhere/one"))
		var b bytes.Buffer
		Expect(reports.WriteJUnit(&b, run)).To(Succeed())
		Expect(b.String()).To(ContainSubstring(`<property name="cause" value="m: It is m (explains 1 of 2 failures)"></property>`))
		Expect(b.String()).NotTo(ContainSubstring("It is n"))
	})

	It("keep of several shards the alternatives that all of them have", func() {
		shard := func(explained string, or ...string) func(*reports.Report) {
			return func(r *reports.Report) {
				c := reports.Cause{Mutant: "m", Explains: []string{explained}}
				for _, o := range or {
					c.Or = append(c.Or, reports.Suspected{Mutant: o})
				}
				r.Causes, r.Unexplained = []reports.Cause{c}, []string{explained + "-unknown"}
			}
		}
		doc := merged(changed("1", 2, shard("b", "n", "o"), called("a", resultOf(runner.Pass))), changed("2", 2, shard("a", "o", "p"), called("b", resultOf(runner.Pass))))
		Expect(doc.Causes).To(Equal([]reports.Cause{{Mutant: "m", Explains: []string{"a", "b"}, Or: []reports.Suspected{{Mutant: "o"}}}}))
		Expect(doc.Unexplained).To(Equal([]string{"a-unknown", "b-unknown"}))
	})
})
