package runner

import (
	"time"

	"github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/spec"
)

var _ = ginkgo.Describe("A departure while this machine stood still", func() {
	a, b := spec.DispatchStep(spec.Event{Type: "message", Data: "a"}), spec.DispatchStep(spec.Event{Type: "message", Data: "b"})
	want := spec.Trace{a, b}
	closes := new(plan)
	closes.c.Requests.Closed = true

	ginkgo.DescribeTable("is void where something did not come in time", func(p *plan, a attempt, void bool) {
		a.want = want
		Expect((&check{Runner: &Runner{}}).void(p, a)).To(Equal(void))
	},
		ginkgo.Entry("late, by much of a second", new(plan), attempt{verdict: Fail, late: true, lost: 501 * time.Millisecond}, true),
		ginkgo.Entry("and warned of", new(plan), attempt{verdict: Warn, late: true, lost: 501 * time.Millisecond}, true),
		ginkgo.Entry("but not for little of it", new(plan), attempt{verdict: Fail, late: true, lost: 500 * time.Millisecond}, false),
		ginkgo.Entry("the connection after close", new(plan), attempt{verdict: Fail, network: network{open: true}, got: want, lost: time.Second}, true),
		ginkgo.Entry("a step, for half of the time limit", new(plan), attempt{verdict: Fail, limited: true, got: want[:1], lost: 16 * time.Second}, true),
		ginkgo.Entry("but not for less of it", new(plan), attempt{verdict: Fail, limited: true, got: want[:1], lost: 14 * time.Second}, false),
		ginkgo.Entry("a step of a run that we ended", closes, attempt{verdict: Fail, got: want[:1], lost: time.Second}, true),
		ginkgo.Entry("the next request of a run that we ended", closes, attempt{verdict: Fail, got: want, absent: true, lost: time.Second}, true),
		ginkgo.Entry("but not where the target ended it", new(plan), attempt{verdict: Fail, got: want[:1], lost: time.Second}, false),
		ginkgo.Entry("nor for a step too many", closes, attempt{verdict: Fail, got: append(want, b), lost: time.Second}, false),
		ginkgo.Entry("nor for another step", closes, attempt{verdict: Fail, got: spec.Trace{b}, lost: time.Second}, false),
		ginkgo.Entry("nor for a storm", closes, attempt{verdict: Fail, network: network{storm: true}, lost: time.Second}, false),
		ginkgo.Entry("nor for what passed", closes, attempt{verdict: Pass, late: true, got: want[:1], lost: time.Second}, false),
	)

	ginkgo.It("is said to be nobody's where it is so again", func() {
		s := attempt{verdict: Fail, rule: "response-incremental", reason: "held", offset: 7, lost: 1500 * time.Millisecond}.stalled()
		Expect([]any{s.verdict, s.rule, s.offset}).To(Equal([]any{Error, "", -1}))
		Expect(s.reason).To(Equal("host stalled: this machine stood still for 1.5s of the run, so that times cannot be told; put it again when less else runs (held)"))
	})
})
