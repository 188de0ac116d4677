package runner_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing/fstest"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A visitor is a client that does in a spec whatever is wrong or right.
type visitor struct {
	ctx     context.Context
	sub     target.Subscription
	observe func(spec.Step)
}

// asks sends a request with pairs of header names and values, and returns the
// body of the answer, as far as it came.
func (v visitor) asks(headers ...string) string { return v.sends("GET", "", headers...) }

func (v visitor) sends(method, body string, headers ...string) string {
	GinkgoHelper()
	req := v.request(method, body).WithContext(v.ctx)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return err.Error()
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body) // how it ends is the origin's business
	return string(text)
}

func (v visitor) request(method, body string) *http.Request {
	GinkgoHelper()
	req, err := http.NewRequest(method, v.sub.URL, bytes.NewReader([]byte(body)))
	Expect(err).NotTo(HaveOccurred())
	return req
}

func (v visitor) shows(steps ...any) {
	for _, s := range steps {
		if data, ok := s.(string); ok {
			s = event("message", data, "")
		} else if kind, ok := s.(spec.Kind); ok {
			s = spec.Step{Kind: kind, Chunk: -1}
		}
		v.observe(s.(spec.Step))
	}
}

// visiting is a client that shows all steps and does this.
func visiting(do func(v visitor)) *fake { return visitingAs(target.Hello{}, do) }

func visitingAs(h target.Hello, do func(v visitor)) *fake {
	h.Kind = target.Client
	return &fake{h, func(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
		do(visitor{ctx, sub, observe})
		return nil
	}}
}

// loaded is the case that these lines of a file say, below its clauses.
func loaded(lines string) cases.Case {
	GinkgoHelper()
	all, err := cases.Load(fstest.MapFS{"test/a.yaml": {Data: []byte("cases:\n- id: a\n  title: A\n  clauses: [reconnect-same-request]\n" + lines)}})
	Expect(err).NotTo(HaveOccurred())
	return all[0]
}

const (
	oneStream = "  - {body: [\"retry: 10\\ndata: a\\n\\n\"]}\n"
	twoShown  = "  expect: [announce, dispatch: {data: \"a\"}, reestablish, announce, dispatch: {data: \"b\"}, reestablish]\n"
)

// second is a case whose second request is wanted to be so.
func second(request string) cases.Case {
	GinkgoHelper()
	return loaded("  connections:\n" + oneStream + "  - {request: " + request + ", body: [\"data: b\\n\\n\"]}\n  expect:\n  - dispatch: {data: \"a\"}\n  - dispatch: {data: \"b\"}\n")
}

// twice visits both connections, the second time by again.
func twice(again func(v visitor)) *fake {
	return visiting(func(v visitor) {
		v.asks()
		v.shows(spec.Announce, "a", spec.Reestablish)
		again(v)
		v.shows(spec.Announce, "b", spec.Reestablish)
	})
}

var _ = Describe("A request", func() {
	DescribeTable("is compared with what is wanted of it", func(request string, again func(v visitor), verdict runner.Verdict, reason string) {
		r := one(twice(again), second(request))
		Expect([]any{r.Verdict, r.Reason}).To(Equal([]any{verdict, reason}))
		if verdict != runner.Pass {
			Expect(r.Rule).To(Equal("reconnect-same-request"))
			Expect(r.Requests).To(HaveLen(2))
		}
	},
		Entry("its method", "{method: GET}", func(v visitor) { v.asks() }, runner.Pass, ""),
		Entry("another method", "{method: GET}", func(v visitor) { v.sends("PUT", "") }, runner.Fail, `request 2 is a "PUT", not a GET`),
		Entry("a header that must be absent and is", "{headers: {X-A: ~}}", func(v visitor) { v.asks() }, runner.Pass, ""),
		Entry("a header that must be absent and is not", "{headers: {X-A: ~}}", func(v visitor) { v.asks("x-a", "b") }, runner.Fail, `request 2 carries X-A: "b", which must be absent`),
		Entry("a header that must be absent and is empty", "{headers: {X-A: ~}}", func(v visitor) { v.asks("X-A", "") }, runner.Fail, `request 2 carries X-A: "", which must be absent`),
		Entry("the bytes of a header", "{headers: {X-A: é}}", func(v visitor) { v.asks("X-A", "é") }, runner.Pass, ""),
		Entry("other bytes of a header", "{headers: {X-A: é}}", func(v visitor) { v.asks("X-A", "\xe9") }, runner.Fail, `request 2 carries X-A: "\xe9", not "é"`),
		Entry("a header that is missing", "{headers: {X-A: b}}", func(v visitor) { v.asks() }, runner.Fail, `request 2 carries no X-A; wanted "b"`),
		Entry("a header that is there twice", "{headers: {X-A: b}}", func(v visitor) { v.asks("X-A", "b", "X-A", "b") }, runner.Fail, `request 2 carries X-A 2 times`),
		Entry("a long header, of which the beginning is shown", `{headers: {X-A: {repeat: "x", times: 100}}}`, func(v visitor) { v.asks("X-A", "y") }, runner.Fail,
			`request 2 carries X-A: "y", not "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"… (100 bytes)`),
		Entry("its body", `{method: POST, body: "ä"}`, func(v visitor) { v.sends("POST", "ä") }, runner.Pass, ""),
		Entry("another body", `{body: ""}`, func(v visitor) { v.sends("POST", "x") }, runner.Fail, `request 2 has the body "x" (1 bytes), not ""`),
		Entry("not sooner than", "{after: 1ms}", func(v visitor) { v.waits(time.Millisecond); v.asks() }, runner.Pass, ""),
	)

	It("that comes sooner than it may says how long it waited", func() {
		r := one(twice(func(v visitor) { v.asks() }), second("{after: 30s}"))
		Expect(r.Verdict).To(Equal(runner.Fail))
		Expect(r.Reason).To(MatchRegexp(`^request 2 came \d.*s after the end of the connection before, not 30s$`))
	})

	It("that comes later than it should is put once more, and then a failure of its level", func() {
		runs := 0
		c := second("{before: 1ms}")
		c.Level = spec.Should
		r := one(twice(func(v visitor) {
			runs++
			v.waits(20 * time.Millisecond)
			v.asks()
		}), c)
		Expect(r.Verdict).To(Equal(runner.Warn))
		Expect(r.Reason).To(MatchRegexp(`^request 2 came \d.*s after the end of the connection before, later than 1ms$`))
		Expect(runs).To(Equal(2))
	})

	It("that comes late only once passes", func() {
		runs := 0
		r := one(twice(func(v visitor) {
			if runs++; runs == 1 {
				v.waits(2 * time.Second)
			}
			v.asks()
		}), second("{before: 1s}"))
		Expect([]any{r.Verdict, r.Reason, runs}).To(Equal([]any{runner.Pass, "", 2}))
	})
})

// waits until d is over or the run is.
func (v visitor) waits(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-v.ctx.Done():
	}
}

var _ = Describe("Requests together", func() {
	single := "  connections:\n" + oneStream + "  expect: [dispatch: {data: \"a\"}]\n"

	It("are watched for as long as the case says, and one too many fails with their number", func() {
		r := one(visiting(func(v visitor) {
			v.asks()
			v.shows(spec.Announce, "a", spec.Reestablish)
			v.asks()
			v.asks()
			<-v.ctx.Done()
		}), loaded(single+"  requests: {max: 2, for: 50ms}\n"))
		Expect(r.Verdict).To(Equal(runner.Fail))
		Expect(r.Reason).To(MatchRegexp(`^3 requests where at most 2 may be, within \d.*s$`))
	})

	It("that are as many as may be pass", func() {
		r := one(visiting(func(v visitor) {
			v.asks()
			v.shows(spec.Announce, "a", spec.Reestablish)
			<-v.ctx.Done()
		}), loaded(single+"  requests: {max: 1, for: 50ms}\n"))
		Expect([]any{r.Verdict, r.Reason}).To(Equal([]any{runner.Pass, ""}))
	})

	It("are watched also after the target has ended its run", func() {
		over := make(chan struct{})
		DeferCleanup(func() { Eventually(over).Should(BeClosed()) })
		r := one(visiting(func(v visitor) {
			v.asks()
			v.shows(spec.Fail)
			v.ctx = context.WithoutCancel(v.ctx)
			go func() {
				defer close(over)
				v.waits(5 * time.Millisecond)
				v.asks()
			}()
		}), loaded("  connections:\n  - {status: 404}\n  expect: [fail]\n  requests: {max: 1, for: 2s}\n"))
		Expect(r.Verdict).To(Equal(runner.Fail))
		Expect(r.Reason).To(HavePrefix("2 requests where at most 1 may be"))
	})

	It("after close fail, however few", func() {
		r := one(visiting(func(v visitor) {
			v.asks()
			v.shows(spec.Announce, "a", spec.Reestablish)
			<-v.ctx.Done()
			v.ctx = context.WithoutCancel(v.ctx)
			time.AfterFunc(5*time.Millisecond, func() { v.asks() })
		}), loaded(single+"  requests: {for: 1s, closed: true}\n"))
		Expect(r.Verdict).To(Equal(runner.Fail))
		Expect(r.Reason).To(MatchRegexp(`^a request \d.*s after close$`))
	})

	It("that were sent before close pass", func() {
		r := one(visiting(func(v visitor) {
			v.asks()
			v.shows(spec.Announce, "a", spec.Reestablish)
			v.ctx = context.WithoutCancel(v.ctx)
			v.asks()
		}), loaded(single+"  requests: {for: 20ms, closed: true}\n"))
		Expect([]any{r.Verdict, r.Reason}).To(Equal([]any{runner.Pass, ""}))
	})

	It("that are a storm end the run, and fail whatever the case is about", func() {
		c := about("line-lf", "data: a\n\n")
		c.Level = spec.May
		r := one(visiting(func(v visitor) {
			for v.ctx.Err() == nil {
				v.asks()
			}
			v.shows(spec.Announce, "a", spec.Reestablish)
		}), c)
		Expect([]any{r.Verdict, r.Rule}).To(Equal([]any{runner.Fail, "reconnect-delay"}))
		Expect(r.Reason).To(MatchRegexp(`^a storm: \d\d+ requests within \d.*s, where the script answers 1$`))
	})
})

var _ = Describe("Outcomes", func() {
	either := "  connections:\n  - {status: 302, headers: [[Location, \"http://[::bad\"]]}\n" + oneStream +
		"  outcomes:\n  - {name: comes back, because: it may}\n  - {name: gives up, verdict: warn, because: it need not, expect: [fail]}\n"

	DescribeTable("are tried in their order", func(do func(v visitor), level spec.Level, verdict runner.Verdict, outcome, reason string) {
		c := loaded(either)
		c.Level = level
		r := one(visiting(do), c)
		Expect([]any{r.Verdict, r.Outcome, r.Reason}).To(Equal([]any{verdict, outcome, reason}))
	},
		Entry("the first", func(v visitor) {
			v.asks()
			v.shows(spec.Reestablish)
			v.asks()
			v.shows(spec.Announce, "a", spec.Reestablish)
		}, spec.Must, runner.Pass, "comes back", ""),
		Entry("the second, which is a warning", func(v visitor) { v.asks(); v.shows(spec.Fail) }, spec.Must, runner.Warn, "gives up", "gives up: it need not"),
		Entry("the second of what may be either way", func(v visitor) { v.asks(); v.shows(spec.Fail) }, spec.May, runner.Pass, "gives up", ""),
		Entry("none of them", func(v visitor) { v.asks(); v.shows(spec.Announce, spec.Fail) }, spec.Must, runner.Fail, "", "step 1: want reestablish, got announce"),
	)

	It("may end in a fail that the target has not listed", func() {
		c := loaded("  stream: [\"data: a\\n\\n\"]\n  outcomes:\n  - {name: read, because: b, expect: [dispatch: {data: a}]}\n  - {name: refused, verdict: warn, because: it may, expect: [announce, fail]}\n")
		r := one(parser(func(spec.Trace) spec.Trace { return spec.Trace{{Kind: spec.Fail, Chunk: -1}} }), c)
		Expect([]any{r.Verdict, r.Reason}).To(Equal([]any{runner.Warn, "refused: it may"}))
		r = one(parser(func(t spec.Trace) spec.Trace { return append(t, spec.Step{Kind: spec.Fail, Chunk: -1}) }), c)
		Expect(r.Verdict).To(Equal(runner.Fail))
	})

	It("are told apart by their requests where they show the same", func() {
		c := loaded("  connections:\n" + oneStream + "  - {body: [\"data: b\\n\\n\"]}\n  outcomes:\n" +
			"  - {name: sent, because: a, requests: {last: {headers: {X-A: b}}}}\n  - {name: not sent, because: b, requests: {last: {headers: {X-A: ~}}}}\n")
		Expect(one(twice(func(v visitor) { v.asks("X-A", "b") }), c).Outcome).To(Equal("sent"))
		Expect(one(twice(func(v visitor) { v.asks() }), c).Outcome).To(Equal("not sent"))
		r := one(twice(func(v visitor) { v.asks("X-A", "c") }), c)
		Expect([]any{r.Verdict, r.Reason}).To(Equal([]any{runner.Fail, `request 2 carries X-A: "c", not "b"`}))
	})

	It("are told apart by where the requests go", func() {
		c := loaded("  connections:\n" + oneStream + "  - {body: [\"data: b\\n\\n\"]}\n  outcomes:\n  - {name: elsewhere, because: a, requests: {paths: [/, /b]}}\n  - {name: here, because: b, requests: {paths: [/, /]}}\n")
		Expect(one(twice(func(v visitor) { v.asks() }), c).Outcome).To(Equal("here"))
	})

	It("have a repeat below the surface among them where a request may be one", func() {
		c := loaded("  connections:\n  - {status: 408}\n  - {request: {repeats: allowed, after: 30s}, body: [\"data: b\\n\\n\"]}\n  expect: [fail]\n")
		r := one(visiting(func(v visitor) {
			v.asks()
			v.asks()
			v.shows(spec.Announce, "b", spec.Reestablish)
		}), c)
		Expect([]any{r.Verdict, r.Outcome, r.Reason}).To(Equal([]any{runner.Pass, cases.Repeated, ""}))
	})
})

var _ = Describe("What is waited for", func() {
	held := func(lines string, do func(v visitor)) runner.Result {
		GinkgoHelper()
		r := runner.Runner{Deliveries: written, TimeScale: 0.05}
		return results(r, visiting(do), loaded(lines))[0]
	}
	late := func(v visitor) {
		v.asks()
		v.shows(spec.Announce, "a", "b", spec.Reestablish)
	}

	It("and was not announced with its head is a failure", func() {
		r := held("  connections:\n  - {body: [{await: announce}, \"data: a\\n\\ndata: b\\n\\n\"]}\n  expect: [dispatch: {data: \"a\"}, dispatch: {data: \"b\"}]\n", late)
		Expect([]any{r.Verdict, r.Rule}).To(Equal([]any{runner.Fail, "response-open-on-headers"}))
	})

	It("is not waited for where the target cannot show it", func() {
		c := loaded("  connections:\n  - {body: [{await: announce}, \"data: a\\n\\ndata: b\\n\\n\"]}\n  expect: [dispatch: {data: \"a\"}, dispatch: {data: \"b\"}]\n")
		r := one(visitingAs(target.Hello{Steps: []spec.Kind{spec.Dispatch, spec.Reestablish, spec.Fail}}, func(v visitor) {
			v.asks()
			v.shows("a", "b", spec.Reestablish)
		}), c)
		Expect([]any{r.Verdict, r.Reason}).To(Equal([]any{runner.Pass, ""}))
	})

	It("and was held after a LF is a failure", func() {
		r := held("  connections:\n  - {body: [\"data: a\\n\\n\", {await: dispatch}, \"data: b\\n\\n\"]}\n  expect: [dispatch: {data: \"a\"}, dispatch: {data: \"b\"}]\n", late)
		Expect([]any{r.Verdict, r.Rule}).To(Equal([]any{runner.Fail, "response-incremental"}))
	})

	It("and was held after a CR is a warning", func() {
		r := held("  connections:\n  - {body: [\"data: a\\r\\r\", {await: dispatch}, \"data: b\\n\\n\"]}\n  expect: [dispatch: {data: \"a\"}, dispatch: {data: \"b\"}]\n", late)
		Expect([]any{r.Verdict, r.Rule}).To(Equal([]any{runner.Warn, "format-buffering"}))
	})

	It("and was held after a CR past a line of LF is a failure", func() {
		r := held("  connections:\n  - {body: [\"data: a\\r\\r\", {await: dispatch}, \":\\n\", {await: dispatch}, \"data: b\\n\\n\"]}\n  expect: [dispatch: {data: \"a\"}, dispatch: {data: \"b\"}]\n", late)
		Expect([]any{r.Verdict, r.Rule}).To(Equal([]any{runner.Fail, "response-incremental"}))
	})

	open := "  connections:\n  - {body: [\"data: a\\n\\n\"], end: hang}\n  expect: [dispatch: {data: \"a\"}]\n"
	leaves := func(leave bool) func(v visitor) {
		return func(v visitor) {
			resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(v.request("GET", ""))
			Expect(err).NotTo(HaveOccurred())
			v.shows(spec.Announce, "a")
			<-v.ctx.Done()
			if leave {
				resp.Body.Close()
			} else {
				DeferCleanup(resp.Body.Close)
			}
		}
	}

	It("and stays open after close is a failure", func() {
		r := held(open, leaves(false))
		Expect([]any{r.Verdict, r.Rule}).To(Equal([]any{runner.Fail, "close-aborts-fetch"}))
		Expect(r.Reason).To(Equal("50ms after close the connection was still open"))
	})

	It("and is left with close passes", func() {
		r := one(visiting(leaves(true)), loaded(open))
		Expect([]any{r.Verdict, r.Reason}).To(Equal([]any{runner.Pass, ""}))
	})

	It("is told of after close, of a connection that nobody ended, is a failure", func() {
		r := one(visiting(func(v visitor) {
			leaves(true)(v)
			v.shows(spec.Fail)
		}), loaded(open))
		Expect([]any{r.Verdict, r.Reason}).To(Equal([]any{runner.Fail, "a step too many: fail"}))
	})
})

var _ = Describe("A client that shows only events", func() {
	quiet := target.Hello{Steps: []spec.Kind{spec.Dispatch}, Capabilities: []string{"reconnection-time"}}
	gone := "  connections:\n" + oneStream + "  - {status: 404}\n  expect: [announce, dispatch: {data: \"a\"}, reestablish, fail]\n"

	It("passes when it does not come back after a failure, for which it is watched", func() {
		r := one(visitingAs(quiet, func(v visitor) {
			v.asks()
			v.shows("a")
			v.asks()
			<-v.ctx.Done()
		}), loaded(gone))
		Expect([]any{r.Verdict, r.Reason}).To(Equal([]any{runner.Pass, ""}))
	})

	It("is given a short reconnection time where it can take one", func() {
		var given *int64
		one(visitingAs(quiet, func(v visitor) {
			given = v.sub.ReconnectionTime
			v.asks()
			v.shows("a")
			v.asks()
			<-v.ctx.Done()
		}), loaded(gone))
		Expect(given).To(HaveValue(BeEquivalentTo(1)))
	})
})
