package runner_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// forgetful is a bend that hands out the id of the block in place of the last
// event ID.
func forgetful(t spec.Trace) spec.Trace {
	last := ""
	for i, s := range t {
		id := s.Event.LastEventID
		if id == last {
			t[i].Event.LastEventID = ""
		}
		last = id
	}
	return t
}

var _ = Describe("Settle", func() {
	nul := about("field-id-nul-keeps-previous", "id: 1\ndata: a\n\nid: 2\x00\ndata: b\n\n")
	plain := about("dispatch-id-sticky", "id: 1\ndata: a\n\ndata: b\n\n")

	It("names the rule that explains most of the run", func() {
		list := results(runner.Runner{}, parser(forgetful), nul, plain)
		Expect(list[0].Rule).To(Equal("field-id-nul-keeps-previous"), "alone, the trace has two explanations")
		runner.Settle(list, target.Parser)
		Expect(list[0].Rule).To(Equal("dispatch-id-sticky"))
		Expect(list[0].Offset).To(Equal(30))
		Expect(list[1].Rule).To(Equal("dispatch-id-sticky"))
	})

	It("leaves a result alone that has one explanation", func() {
		list := results(runner.Runner{}, parser(shows()), about("field-no-colon", "data\n\n"))
		before := list[0].Rule
		runner.Settle(list, target.Parser)
		Expect(list[0].Rule).To(Equal(before))
	})
})

var _ = Describe("Runner.Repeat", func() {
	two := about("line-lf", "data: a\n\n")

	It("puts each delivery that often", func() {
		runs := 0
		list := results(runner.Runner{Repeat: 3, Deliveries: []string{cases.Whole, cases.Bytes}}, parser(func(t spec.Trace) spec.Trace {
			runs++
			return t
		}), two)
		Expect(runs).To(Equal(6))
		Expect(list[0].Verdict).To(Equal(runner.Pass))
		Expect(list[0].Deliveries).To(Equal(2))
	})

	It("fails a case whose verdict differs between repeats, and says how often", func() {
		runs := 0
		list := results(runner.Runner{Repeat: 4, Deliveries: []string{cases.Whole}}, parser(func(t spec.Trace) spec.Trace {
			if runs++; runs == 2 {
				return nil
			}
			return t
		}), two)
		Expect(list[0].Verdict).To(Equal(runner.Fail))
		Expect(list[0].Reason).To(HavePrefix("unstable 1/4: missing: dispatch message \"a\""))
	})

	It("is an ordinary failure when every repeat fails", func() {
		list := results(runner.Runner{Repeat: 2, Deliveries: []string{cases.Whole}}, parser(shows()), two)
		Expect(list[0].Reason).To(HavePrefix("missing"))
	})
})

var _ = Describe("a departure with a tolerable explanation", func() {
	It("is a warning for a stream reader", func() {
		list := results(runner.Runner{Deliveries: []string{cases.AsWritten}}, reader(forgetful), about("field-id-nul-keeps-previous", "id: 1\ndata: a\n\nid: 2\x00\ndata: b\n\n"))
		Expect(list[0].Verdict).To(Equal(runner.Warn))
		Expect(list[0].Rule).To(Equal("dispatch-id-sticky"))
	})
})
