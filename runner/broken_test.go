package runner_test

import (
	"context"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

var _ = Describe("A breakdown with five runs open", func() {
	// broken is a parser that breaks down once five runs are open, and again
	// by itself when again says so of the run.
	broken := func(again func(n int) error) *fake {
		g, how := newGate(5), &target.Broken{How: target.Crashed, Detail: "exit status 1", Stderr: "panic: oh"}
		var mu sync.Mutex
		seen := map[int]bool{}
		return parallel(5, func(ctx context.Context, n int) error {
			mu.Lock()
			first := !seen[n]
			seen[n] = true
			mu.Unlock()
			if first && g.pass(ctx) {
				return how
			}
			return again(n)
		})
	}

	It("is the failure of the run that repeats it, and of no other", func() {
		list := results(runner.Runner{Deliveries: written}, broken(func(n int) error {
			if n == 3 {
				return &target.Broken{How: target.Crashed, Detail: "exit status 2", Stderr: "panic: again"}
			}
			return nil
		}), numbered(5)...)
		Expect(verdicts(list)).To(Equal(map[runner.Verdict]int{runner.Pass: 4, runner.Fail: 1}))
		Expect([]string{list[3].Reason, list[3].Stderr}).To(Equal([]string{"crashed: exit status 2", "panic: again"}))
	})

	It("is one error when no run repeats it", func() {
		list := results(runner.Runner{Deliveries: written}, broken(func(int) error { return nil }), numbered(5)...)
		Expect(verdicts(list)).To(Equal(map[runner.Verdict]int{runner.Pass: 4, runner.Error: 1}))
		for _, r := range list {
			if r.Verdict == runner.Error {
				Expect(r.Reason).To(HavePrefix("the target crashed: exit status 1, which did not happen again"))
				Expect(r.Stderr).To(Equal("panic: oh"))
			}
		}
	})

	It("hides no failure that the runs then show", func() {
		f := broken(func(int) error { return nil })
		right := f.subscribe
		f.subscribe = func(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
			return right(ctx, sub, func(s spec.Step) {
				s.Event.Data += "!"
				observe(s)
			})
		}
		Expect(verdicts(results(runner.Runner{Deliveries: written}, f, numbered(5)...))).To(Equal(map[runner.Verdict]int{runner.Fail: 5}))
	})
})

var _ = Describe("The time limit", func() {
	hangs := func(ctx context.Context, n int) error {
		if n == 1 {
			<-ctx.Done()
		}
		return nil
	}

	It("makes a parser that owes the end hung", func() {
		list := results(runner.Runner{Timeout: 150 * time.Millisecond, Deliveries: written}, parallel(1, hangs), numbered(3)...)
		Expect(verdicts(list)).To(Equal(map[runner.Verdict]int{runner.Pass: 2, runner.Fail: 1}))
		Expect(list[1].Reason).To(Equal("hung: no end within the time limit of 150ms"))
		Expect(list[1].Elapsed).To(BeNumerically(">=", 150*time.Millisecond))
	})

	It("is stretched by the time scale", func() {
		list := results(runner.Runner{Timeout: 50 * time.Millisecond, TimeScale: 3, Deliveries: written}, parallel(1, hangs), numbered(2)...)
		Expect(list[1].Reason).To(Equal("hung: no end within the time limit of 150ms"))
	})
})
