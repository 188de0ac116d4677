package runner_test

import (
	"context"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gleak"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

var _ = Describe("The reference client", func() {
	DescribeTable("passes every case of the suite", func(r runner.Runner) {
		suite, err := cases.Load(cases.Files)
		Expect(err).NotTo(HaveOccurred())
		suite = cases.Selection{Sides: []cases.Side{cases.Clients}}.Of(suite)
		list := results(r, new(reference.Client), suite...)
		Expect(ids(list)).To(Equal(cases.IDs(suite)))
		for _, r := range list {
			Expect(r.Verdict).To(Equal(runner.Pass), "%s (%s): %s", r.Case.ID, r.Delivery, r.Reason)
			Expect(r.Deliveries).To(BeNumerically(">", 0), r.Case.ID)
			Expect(r.Cuts).To(BeElementOf(origin.Confirmed, origin.Paced), r.Case.ID)
		}
	},
		Entry("over TCP", runner.Runner{Parallel: 16}),
		Entry("with another seed", runner.Runner{Parallel: 16, Seed: 1 << 63, Deliveries: []string{"random-9223372036854775808"}}),
	)
})

var _ = Describe("A client over the network", func() {
	reconnects := about("line-lf", "retry: 1\ndata: a\n\n")
	dispatchOnly := target.Hello{Steps: []spec.Kind{spec.Dispatch}}

	It("is through at the reestablish that completes the number, and shows all steps", func() {
		r := one(client(target.Hello{}, asItIs), about("line-lf", "data: a\n\n"))
		Expect(r.Verdict).To(Equal(runner.Pass))
		Expect(cases.Brief(r.Got)).To(Equal(`announce; dispatch message "a"; reestablish`))
	})

	It("fails for an event after the last reestablish", func() {
		r := one(client(target.Hello{}, func(s spec.Step) spec.Trace {
			if s.Kind == spec.Reestablish {
				return spec.Trace{s, event("message", "late", "")}
			}
			return spec.Trace{s}
		}), about("line-lf", "data: a\n\n"))
		Expect([]any{r.Verdict, r.Reason}).To(Equal([]any{runner.Fail, `a step too many: dispatch message "late"`}))
		Expect(r.Requests).To(HaveLen(1))
		Expect(r.Wire).NotTo(BeEmpty())
	})

	It("fails for a listed step that is missing", func() {
		r := one(client(target.Hello{}, func(s spec.Step) spec.Trace {
			if s.Kind == spec.Announce {
				return nil
			}
			return spec.Trace{s}
		}), about("line-lf", "data: a\n\n"))
		Expect([]any{r.Verdict, r.Rule}).To(Equal([]any{runner.Fail, "response-open-on-headers"}))
	})

	It("may show any number of comments and retries where the case names none", func() {
		r := one(client(target.Hello{}, asItIs), about("line-comment", strings.Repeat(":\nretry: 1\n", 2000)+"data: a\n\n"))
		Expect([]any{r.Verdict, r.Reason}).To(Equal([]any{runner.Pass, ""}))
	})

	It("that cannot show reestablish is through at an event of ours", func() {
		r := one(client(dispatchOnly, func(s spec.Step) spec.Trace { return spec.Trace{s}.Only(spec.Dispatch) }), reconnects)
		Expect([]any{r.Verdict, r.Reason}).To(Equal([]any{runner.Pass, ""}))
		Expect(cases.Brief(r.Got)).To(Equal(`dispatch message "a"`), "the mark is not shown")
	})

	It("fails for an event that contains the mark but is more", func() {
		r := one(client(dispatchOnly, func(s spec.Step) spec.Trace {
			if s.Event != nil && s.Event.Data != "a" {
				return spec.Trace{event("message", "a\n"+s.Event.Data, "")}
			}
			return spec.Trace{s}.Only(spec.Dispatch)
		}), reconnects)
		Expect(r.Verdict).To(Equal(runner.Fail))
		Expect(r.Reason).To(MatchRegexp(`^a step too many: dispatch message "a\\nssespec-end-\d+"$`))
	})

	DescribeTable("is judged by what it showed when the time is over", func(c cases.Case, show func(spec.Step) spec.Trace, want runner.Verdict, reason string) {
		r := results(runner.Runner{Timeout: 300 * time.Millisecond, Deliveries: written}, client(target.Hello{}, show), c)[0]
		Expect([]any{r.Verdict, r.Reason}).To(Equal([]any{want, reason}))
	},
		Entry("all that was due", scripted("line-lf", cases.Script{Connections: []cases.Connection{{Body: []cases.Part{{Unit: []byte("data: a\n\n")}}, End: "hang"}}}), asItIs, runner.Pass, ""),
		Entry("too little", about("line-lf", "data: a\n\n"), func(s spec.Step) spec.Trace { return spec.Trace{s}.Only(spec.Announce, spec.Dispatch) },
			runner.Fail, "missing: reestablish (the time limit of 300ms ended the run)"),
	)

	It("is through when it has failed the connection", func() {
		c := scripted("response-status-not-200", cases.Script{Connections: []cases.Connection{{Status: 204}}})
		r := one(client(target.Hello{}, asItIs), c)
		Expect([]any{r.Verdict, cases.Brief(r.Got)}).To(Equal([]any{runner.Pass, "fail"}))
	})

	It("is put as written where the case cannot be cut, whatever delivery is asked for", func() {
		c := scripted("line-lf", cases.Script{Connections: []cases.Connection{
			{Body: []cases.Part{{Unit: []byte("retry: 1\ndata: a\n\n")}}}, {Body: []cases.Part{{Unit: []byte("data: b\n\n")}}},
		}})
		r := results(runner.Runner{Deliveries: []string{cases.Bytes}}, client(target.Hello{}, asItIs), c)[0]
		Expect([]any{r.Verdict, r.Reason, r.Delivery}).To(Equal([]any{runner.Pass, "", "as-written"}))
	})
})

var _ = Describe("Breaking off", func() {
	It("leaves no goroutine and no open origin", func() {
		before := gleak.Goroutines()
		var mu sync.Mutex
		var last string
		c := client(target.Hello{Parallel: 8}, asItIs)
		subscribe := c.subscribe
		c.subscribe = func(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
			mu.Lock()
			last = sub.URL
			mu.Unlock()
			return subscribe(ctx, sub, observe)
		}
		suite, err := cases.Load(cases.Files)
		Expect(err).NotTo(HaveOccurred())
		suite = cases.Selection{Sides: []cases.Side{cases.Clients}}.Of(suite)
		suite = cases.Selection{Run: []string{"parsing/**"}}.Of(suite) // the first one is not skipped
		for r := range new(runner.Runner).CheckClient(context.Background(), c, suite) {
			Expect(r.Case.ID).To(Equal(suite[0].ID))
			break
		}
		Eventually(gleak.Goroutines).WithTimeout(time.Minute).ShouldNot(gleak.HaveLeaked(before))
		u, err := url.Parse(last)
		Expect(err).NotTo(HaveOccurred())
		_, err = net.Dial("tcp", u.Host)
		Expect(err).To(MatchError(ContainSubstring("refused")))
	})

	It("leaves an origin open that is not its own", func() {
		o, err := origin.Listen("127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(o.Close)
		for range (&runner.Runner{Origin: o}).CheckClient(context.Background(), client(target.Hello{}, asItIs), numbered(3)) {
			break
		}
		conn, err := net.Dial("tcp", o.Addr().String())
		Expect(err).NotTo(HaveOccurred())
		Expect(conn.Close()).To(Succeed())
	})
})
