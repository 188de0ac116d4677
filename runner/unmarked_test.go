package runner_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

var _ = Describe("a client that cannot show reestablish", func() {
	two := about("line-lf", "retry: 1\ndata: a\n\n")
	steps := target.Hello{Steps: []spec.Kind{spec.Announce, spec.Dispatch, spec.Fail}}

	It("passes when it is right, though it announces the connection that brings the mark", func() {
		Expect(one(client(steps, asItIs), two).Verdict).To(Equal(runner.Pass))
	})

	It("passes whatever it makes of the connection that brought the mark: how much of that is heard is chance", func() {
		talkative := client(steps, func(s spec.Step) spec.Trace {
			if s.Kind == spec.Dispatch && strings.HasPrefix(s.Event.Data, "ssespec-end-") {
				return spec.Trace{s, {Kind: spec.Dispatch, Event: &spec.Event{Type: "message"}}}
			}
			return spec.Trace{s}
		})
		Expect(one(talkative, two).Verdict).To(Equal(runner.Pass))
	})

	It("passes however often it asks again after the event that ended the run", func() {
		eager := &fake{steps, func(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
			err := client(steps, asItIs).subscribe(ctx, sub, observe)
			for range 60 {
				if res, err := http.Get(sub.URL); err == nil {
					Expect(res.Body.Close()).To(Succeed())
				}
			}
			return err
		}}
		eager.hello.Kind = target.Client
		Expect(one(eager, two).Verdict).To(Equal(runner.Pass))
	})

	It("passes when it has asked again and again before it tells of the event that ends the run", func() {
		slow := &fake{steps, func(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
			return client(steps, func(s spec.Step) spec.Trace {
				if s.Kind != spec.Dispatch || !strings.HasPrefix(s.Event.Data, "ssespec-end-") {
					return spec.Trace{s}
				}
				for range 60 {
					if res, err := http.Get(sub.URL); err == nil {
						Expect(res.Body.Close()).To(Succeed())
					}
				}
				if ctx.Err() != nil {
					return nil // closed
				}
				return spec.Trace{s}
			}).subscribe(ctx, sub, observe)
		}}
		slow.hello.Kind = target.Client
		Expect(one(slow, two)).To(HaveField("Verdict", runner.Pass))
	})

	It("fails when it does not come back", func() {
		once := &fake{steps, func(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			return client(steps, func(s spec.Step) spec.Trace {
				if s.Kind == spec.Reestablish {
					cancel()
				}
				return spec.Trace{s}
			}).subscribe(ctx, sub, observe)
		}}
		once.hello.Kind = target.Client
		r := one(once, two)
		Expect(r.Verdict).To(Equal(runner.Fail))
		Expect(r.Rule).To(Equal("response-end-reconnect"))
		Expect(r.Reason).To(HavePrefix("the client did not come back"))
	})
})

var _ = Describe("a parser that reports an event before its bytes", func() {
	It("is an error of the adapter", func() {
		r := one(parser(delayed(0)), about("line-lf", "data: ", "a\n\n"))
		Expect(r.Verdict).To(Equal(runner.Error))
		Expect(r.Reason).To(ContainSubstring("before chunk 1 made it possible"))
	})
})

var _ = Describe("a parser that does not wait for the blank line", func() {
	It("fails, by the rule that shows the event so early", func() {
		r := one(parser(delayed(0)), about("line-crlf", "data: a\r\n", "\r\n"))
		Expect(r.Verdict).To(Equal(runner.Fail))
		Expect(r.Rule).To(Equal("line-crlf"))
		Expect(r.Reason).To(Equal(`dispatch message "a" was due with chunk 1 and came too early, with chunk 0`))
	})

	It("fails also where the stream is too long to look for the rule", func() {
		r := one(parser(delayed(0)), about("line-crlf", ":"+strings.Repeat("x", 70_000)+"\ndata: a\n", "\n"))
		Expect(r.Verdict).To(Equal(runner.Fail))
		Expect(r.Rule).To(Equal("line-blank"))
	})
})

var _ = Describe("a target that declares more runs than any machine has", func() {
	It("gets as many as are sensible", func() {
		p := parser(unbent)
		p.hello.Parallel = 2_000_000_000
		Expect(one(p, about("line-lf", "data: a\n\n")).Verdict).To(Equal(runner.Pass))
	})
})

var _ = Describe("a target that breaks down again and again", func() {
	It("is given up when it has not completed one run", func() {
		runs := 0
		p := parser(unbent)
		p.subscribe = func(context.Context, target.Subscription, func(spec.Step)) error {
			runs++
			return &target.Broken{How: target.Crashed, Detail: "exit status 7"}
		}
		list := results(runner.Runner{}, p, about("line-lf", "data: a\n\n"), about("line-cr", "data: b\r\r"),
			about("line-crlf", "data: c\r\n\r\n"), about("line-blank", "data: d\n\n"), about("field-data-append", "data: e\n\n"))
		Expect(list[0].Verdict).To(Equal(runner.Fail))
		Expect(list[0].Reason).To(HavePrefix("crashed"))
		Expect(list[4].Verdict).To(Equal(runner.Error))
		Expect(list[4].Reason).To(HavePrefix("not put: the target breaks down again and again"))
		Expect(runs).To(BeNumerically("<", 20))
	})

	It("keeps what it passed when only some streams do it", func() {
		p := parser(unbent)
		right := p.subscribe
		p.subscribe = func(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
			if bytes.HasPrefix(bytes.Join(sub.Chunks, nil), []byte("x")) {
				return &target.Broken{How: target.Crashed, Detail: "exit status 7"}
			}
			return right(ctx, sub, observe)
		}
		list := results(runner.Runner{Timeout: time.Second}, p, about("line-lf", "data: a\n\n"), about("line-cr", "x: y\n\n"))
		Expect(list[0].Verdict).To(Equal(runner.Pass))
		Expect(list[1].Verdict).To(Equal(runner.Fail))
		Expect(list[1].Reason).To(HavePrefix("crashed"))
	})
})
