package browser_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/browser"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A visitor does by hand what the script of the page does.
type visitor struct {
	page *browser.Page
	base string
}

func visit() visitor {
	GinkgoHelper()
	p := browser.NewPage()
	s := httptest.NewServer(p)
	DeferCleanup(s.Close)
	return visitor{p, s.URL + p.Path()}
}

// next polls for commands.
func (v visitor) next(ctx context.Context) string {
	GinkgoHelper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, v.base+"next", nil)
	Expect(err).NotTo(HaveOccurred())
	answer, err := http.DefaultClient.Do(r)
	Expect(err).NotTo(HaveOccurred())
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	Expect(err).NotTo(HaveOccurred())
	return string(text)
}

// say reports lines and returns the status.
func (v visitor) say(lines ...string) int {
	GinkgoHelper()
	answer, err := http.Post(v.base+"steps", "application/json", strings.NewReader("["+strings.Join(lines, ",")+"]"))
	Expect(err).NotTo(HaveOccurred())
	answer.Body.Close()
	return answer.StatusCode
}

// subscribe runs Subscribe and hands over how it ended.
func (v visitor) subscribe(ctx context.Context, sub target.Subscription, trace *spec.Trace) <-chan error {
	over := make(chan error, 1)
	go func() {
		over <- v.page.Subscribe(ctx, sub, func(s spec.Step) { *trace = append(*trace, s) })
	}()
	return over
}

var one = target.Subscription{Run: "1", URL: "http://127.0.0.1/", Types: []string{"message", "a"}}

const ending = `{"run":"1","step":"end"}`

var _ = Describe("A page", func() {
	var trace spec.Trace
	BeforeEach(func() { trace = nil })

	It("is told what to subscribe to, and its steps are observed in their order", func(ctx SpecContext) {
		v := visit()
		over := v.subscribe(ctx, one, &trace)
		Expect(v.next(ctx)).To(MatchJSON(`[{"subscribe":{"run":"1","url":"http://127.0.0.1/","types":["message","a"]}}]`))
		Expect(v.say(`{"run":"1","step":"announce"}`, `{"run":"1","step":"dispatch","event":{"type":"a","data":"b\u0000","lastEventId":"c"}}`)).To(Equal(204))
		Expect(v.say(`{"run":"1","step":"reestablish"}`, ending)).To(Equal(204))
		Eventually(over).WithContext(ctx).Should(Receive(BeNil()))
		Expect(trace.Equal(spec.Trace{{Kind: spec.Announce}, {Kind: spec.Dispatch, Event: &spec.Event{Type: "a", Data: "b\x00", LastEventID: "c"}}, {Kind: spec.Reestablish}})).To(BeTrue(), "%v", trace)
	})

	It("is told to close when nobody waits any more, and owes the end", func(ctx SpecContext) {
		v := visit()
		run, cancel := context.WithCancel(ctx)
		over := v.subscribe(run, one, &trace)
		v.next(ctx)
		cancel()
		Expect(v.next(ctx)).To(MatchJSON(`[{"close":{"run":"1"}}]`))
		Expect(v.say(`{"run":"1","step":"announce"}`, ending)).To(Equal(204))
		Eventually(over).WithContext(ctx).Should(Receive(BeNil()))
		Expect(trace).To(HaveLen(1), "what was on its way counts")
	})

	It("has hung when it does not end what it was told to close", func(ctx SpecContext) {
		v := visit()
		v.page.CloseTime = time.Millisecond
		run, cancel := context.WithCancel(ctx)
		over := v.subscribe(run, one, &trace)
		v.next(ctx)
		cancel()
		var err error
		Eventually(over).WithContext(ctx).Should(Receive(&err))
		Expect(errors.As(err, new(*target.Broken))).To(BeTrue())
		Expect(err).To(MatchError(HavePrefix("hung: no end within 1ms of close")))
		Expect(v.page.Subscribe(ctx, one, nil)).To(MatchError(HavePrefix("hung")), "and stays so")
	})

	It("says what the browser calls itself, once", func(ctx SpecContext) {
		v := visit()
		Expect(v.say(`{"agent":"Mozilla/5.0"}`, `{"agent":"other"}`)).To(Equal(204))
		Expect(v.page.Agent(ctx)).To(Equal("Mozilla/5.0"))
	})

	It("waits for the page no longer than it is let", func(ctx SpecContext) {
		wait, cancel := context.WithCancelCause(ctx)
		cancel(io.ErrNoProgress)
		_, err := visit().page.Agent(wait)
		Expect(err).To(MatchError(io.ErrNoProgress))
	})

	It("answers an empty list when no command comes, and takes one that came between two polls", func(ctx SpecContext) {
		v := visit()
		v.page.Show("hello")
		Expect(v.next(ctx)).To(MatchJSON(`[{"state":"hello"}]`))
	})

	It("ignores lines of runs that are over or were never", func(ctx SpecContext) {
		Expect(visit().say(`{"run":"7","step":"announce"}`, ending)).To(Equal(204))
	})

	DescribeTable("is broken by a report that is none", func(ctx SpecContext, text string) {
		v := visit()
		over := v.subscribe(ctx, one, &trace)
		Expect(v.say(text)).To(Equal(400))
		var err error
		Eventually(over).WithContext(ctx).Should(Receive(&err))
		Expect(err).To(MatchError(HavePrefix("garbage: ")))
	},
		Entry("no JSON", `{`),
		Entry("another type", `{"run":7}`),
		Entry("half a surrogate pair", `{"run":"1","step":"dispatch","event":{"type":"a","data":"\ud800","lastEventId":""}}`),
		Entry("bytes that are no UTF-8", "{\"run\":\"\xff\"}"),
		Entry("a member twice", `{"run":"1","run":"2"}`),
	)

	It("passes on what went wrong in it as a fault, not as the browser's doing", func(ctx SpecContext) {
		v := visit()
		over := v.subscribe(ctx, one, &trace)
		v.next(ctx)
		Expect(v.say(`{"run":"1","error":"SyntaxError"}`)).To(Equal(204))
		var err error
		Eventually(over).WithContext(ctx).Should(Receive(&err))
		Expect(errors.As(err, new(*target.Fault))).To(BeTrue())
		Expect(err).To(MatchError("the page: SyntaxError"))
	})

	DescribeTable("says what an EventSource cannot be asked", func(ctx SpecContext, sub target.Subscription, reason string) {
		err := visit().page.Subscribe(ctx, sub, nil)
		Expect(errors.As(err, new(*target.Unimplemented))).To(BeTrue())
		Expect(err).To(MatchError("unimplemented: an EventSource has no " + reason))
	},
		Entry("an id to begin with", target.Subscription{Run: "1", LastEventID: "1"}, "initial last event ID"),
		Entry("a time to begin with", target.Subscription{Run: "1", ReconnectionTime: new(int64)}, "initial reconnection time"),
		Entry("headers", target.Subscription{Run: "1", Headers: map[string]string{"A": "b"}}, "custom headers"),
		Entry("a method", target.Subscription{Run: "1", Method: "POST"}, "method"),
	)

	It("is not told of a type that is not Unicode", func(ctx SpecContext) {
		v := visit()
		err := v.page.Subscribe(ctx, target.Subscription{Run: "1", Types: []string{"a", "\xff"}}, nil)
		Expect(errors.As(err, new(*target.Fault))).To(BeTrue())
		Expect(err).To(MatchError(`no page can be told of a type that is not Unicode: "\xff"`))
	})

	It("refuses a run that is open", func(ctx SpecContext) {
		v := visit()
		v.subscribe(ctx, one, &trace)
		v.next(ctx)
		Expect(v.page.Subscribe(ctx, one, nil)).To(MatchError(`run "1" is open already`))
	})

	DescribeTable("serves nothing else", func(ctx SpecContext, method, path string) {
		v := visit()
		r, err := http.NewRequestWithContext(ctx, method, v.base+path, nil)
		Expect(err).NotTo(HaveOccurred())
		answer, err := http.DefaultClient.Do(r)
		Expect(err).NotTo(HaveOccurred())
		answer.Body.Close()
		Expect(answer.StatusCode).To(Equal(404))
	},
		Entry("another path", "GET", "other"),
		Entry("a post of commands", "POST", "next"),
		Entry("a get of steps", "GET", "steps"),
		Entry("outside of its path", "GET", "../x/"),
	)
})
