package runner_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// dispatching is what a target or suspect dispatches, by the name of the case. Of
// others it dispatches what is right.
type dispatching map[string][]string

// trace is what is shown of the script of a case.
func (s dispatching) trace(script cases.Script) spec.Trace {
	right := script.Trace()
	for name, data := range s {
		if spec.DispatchStep(spec.Event{Type: spec.DefaultType, Data: name}).Equal(right.Only(spec.Dispatch)[0]) {
			return dispatches(data...)
		}
	}
	return right
}

func dispatches(data ...string) (t spec.Trace) {
	for _, d := range data {
		t = append(t, spec.DispatchStep(spec.Event{Type: spec.DefaultType, Data: d}))
	}
	return t
}

// of returns the results of a target that dispatching that of the named cases.
func (s dispatching) of(ids ...string) (results []runner.Result) {
	for _, id := range ids {
		script := cases.One([]byte("data: " + id + "\n\n"))
		r := runner.Result{Case: cases.Case{ID: id, Clauses: []string{"field-data-append"}, Script: script, Expect: script.Trace()},
			Verdict: runner.Pass, Delivery: cases.AsWritten, Passed: []string{cases.AsWritten}, Offset: -1}
		if _, departs := s[id]; departs {
			r.Verdict, r.Rule, r.Passed = runner.Fail, "field-data-append", nil
		}
		r.Want, r.Got = script.Trace().Only(spec.Dispatch), s.trace(script).Only(spec.Dispatch)
		results = append(results, r)
	}
	return results
}

// suspected makes suspects of what they show. Several at once show what the
// last of them dispatching, or else the others, and "both" of the case both.
func suspected(names []string, each map[string]dispatching) runner.Suspects {
	var s runner.Suspects
	for _, n := range names {
		s.Models = append(s.Models, runner.Model{Name: n, Trace: each[n].trace})
	}
	s.Combine = func(names ...string) func(cases.Script) spec.Trace {
		all := dispatching{}
		for _, n := range names {
			for id, data := range each[n] {
				all[id] = append(all[id], data...)
			}
		}
		return all.trace
	}
	return s
}

// told is a diagnosis in words: each cause with what cannot be told from it and
// the cases, and then what is unexplained.
func told(d runner.Diagnosis) []string {
	lines := []string{}
	for _, c := range d.Causes {
		line := c.Name
		for _, m := range c.Or {
			line += "|" + m.Name
		}
		for _, id := range c.Explains {
			line += " " + id
		}
		lines = append(lines, line)
	}
	if len(d.Unexplained) > 0 {
		line := "unknown"
		for _, id := range d.Unexplained {
			line += " " + id
		}
		lines = append(lines, line)
	}
	return lines
}

var parserHello = target.Hello{Kind: target.Parser} // never written to

var _ = Describe("A diagnosis", Label("computes"), func() {
	bad := func(ids ...string) dispatching {
		s := dispatching{}
		for _, id := range ids {
			s[id] = []string{"bad"}
		}
		return s
	}
	DescribeTable("names",
		func(it dispatching, names []string, each map[string]dispatching, want ...string) {
			Expect(told(runner.Diagnose(it.of("a", "b", "c", "d"), parserHello, suspected(names, each)))).To(HaveExactElements(want))
		},
		Entry("nothing where nothing departs", bad(), []string{"m"}, map[string]dispatching{"m": bad("a")}),
		Entry("the one that dispatching what was observed, not one that dispatching something else", bad("a"), []string{"m", "n"},
			map[string]dispatching{"m": {"a": {"else"}}, "n": bad("a")}, "n a"),
		Entry("no cause where none dispatching it", bad("a", "b"), []string{"m"}, map[string]dispatching{"m": bad("a")}, "m a", "unknown b"),
		Entry("one cause rather than two", bad("a", "b"), []string{"m", "n", "both"},
			map[string]dispatching{"m": bad("a"), "n": bad("b"), "both": bad("a", "b")}, "both a b"),
		Entry("two where one takes what explains most by itself, and leaves more to explain", bad("a", "b", "c", "d"), []string{"most", "m", "n"},
			map[string]dispatching{"most": bad("b", "c"), "m": bad("a", "b"), "n": bad("c", "d")}, "m a b", "n c d"),
		Entry("what explains more first", bad("a", "b", "c"), []string{"m", "n"}, map[string]dispatching{"m": bad("a"), "n": bad("b", "c")}, "n b c", "m a"),
		Entry("together what the run cannot tell apart", bad("a"), []string{"m", "n", "o"},
			map[string]dispatching{"m": bad("a"), "n": bad("a"), "o": bad("a", "b")}, "m|n a"),
		Entry("not what the target would have failed elsewhere", bad("a"), []string{"m", "n"},
			map[string]dispatching{"m": bad("a", "b"), "n": bad("a")}, "n a"),
		Entry("nothing where as much speaks against it as for it", bad("a"), []string{"m"}, map[string]dispatching{"m": bad("a", "b")}, "unknown a"),
		Entry("one against which less speaks than for it", bad("a", "b"), []string{"m"}, map[string]dispatching{"m": bad("a", "b", "c")}, "m a b"),
		Entry("two of which one alone never dispatching", dispatching{"a": {"x"}, "b": {"x", "y"}}, []string{"m", "n"},
			map[string]dispatching{"m": {"a": {"x"}, "b": {"x"}}, "n": {"b": {"y"}}}, "m a b", "n b"),
	)

	It("puts no failure down to an empty type that is let pass in that case", func() {
		c := about("line-lf", "data: a\n\n")
		c.ID, c.Expect = "a", c.Script.Trace()
		empty := func(cases.Script) spec.Trace { return spec.Trace{event("", "a", "")} }
		result := runner.Result{Case: c, Verdict: runner.Fail, Rule: "reconnect-delay", Delivery: cases.AsWritten, Want: c.Expect, Got: empty(c.Script)}
		m := runner.Model{Name: "empty-type", Trace: empty}
		s := runner.Suspects{Models: []runner.Model{m}, Combine: func(names ...string) func(cases.Script) spec.Trace {
			if len(names) == 0 {
				return cases.Script.Trace
			}
			return empty
		}}
		Expect(told(runner.Diagnose([]runner.Result{result}, parserHello, s))).To(Equal([]string{"unknown a"}))
		result.Case.Clauses = []string{"dispatch-type-default"}
		Expect(told(runner.Diagnose([]runner.Result{result}, parserHello, s))).To(Equal([]string{"empty-type a"}))
	})

	It("counts what showed no trace among what is unexplained", func() {
		results := bad("a", "b").of("a", "b")
		results[0].Rule, results[0].Reason, results[0].Got = "", "crashed", nil
		d := runner.Diagnose(results, parserHello, suspected([]string{"m"}, map[string]dispatching{"m": {"a": {}, "b": {"bad"}}}))
		Expect(told(d)).To(Equal([]string{"m b", "unknown a"}))
		Expect(d.Departures).To(Equal(2))
	})
})
