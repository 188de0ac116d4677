package runner_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// shows is a bend to other steps.
func shows(steps ...spec.Step) bend { return func(spec.Trace) spec.Trace { return steps } }

// also is a bend to further steps.
func also(steps ...spec.Step) bend {
	return func(t spec.Trace) spec.Trace { return append(t, steps...) }
}

// delayed is a bend in which event i comes with chunk chunks[i].
func delayed(chunks ...int) bend {
	return func(t spec.Trace) spec.Trace {
		for i := range t {
			t[i].Chunk = chunks[i]
		}
		return t
	}
}

// nothing is a bend that shows no step.
func nothing(spec.Trace) spec.Trace { return nil }

// reader is a stream reader that is right but for the bend.
func reader(b bend) *fake {
	return &fake{target.Hello{Kind: target.StreamReader}, func(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
		req, err := http.NewRequestWithContext(ctx, "GET", sub.URL, nil)
		if err != nil {
			return err
		}
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		for _, s := range b(parsed([][]byte{text})) {
			s.Chunk = -1
			observe(s)
		}
		return err
	}}
}

// errs is a parser whose every run ends in err.
func errs(err error) *fake {
	return &fake{target.Hello{Kind: target.Parser, Capabilities: []string{"retry"}}, func(context.Context, target.Subscription, func(spec.Step)) error { return err }}
}

var _ = Describe("A verdict", func() {
	two := about("dispatch-type-reset", "event: add\ndata: a\n\n", "data: b\n\n")
	a, b := event("add", "a", ""), event("message", "b", "")

	DescribeTable("of a trace is", func(bent bend, c cases.Case, want runner.Verdict, reason string) {
		r := one(parser(bent), c)
		Expect(r.Verdict).To(Equal(want))
		Expect(r.Reason).To(Equal(reason))
	},
		Entry("pass when it is right", bend(unbent), two, runner.Pass, ""),
		Entry("fail for a step too many", also(b), two, runner.Fail, `a step too many: dispatch message "b"`),
		Entry("fail for a missing step", shows(a), two, runner.Fail, `missing: dispatch message "b"`),
		Entry("fail for nothing at all", shows(), two, runner.Fail, `missing: dispatch add "a"`),
		Entry("fail for steps in another order", shows(b, a), two, runner.Fail, `step 1: want dispatch add "a", got dispatch message "b"`),
		Entry("fail for other data", shows(a, event("message", "c", "")), two, runner.Fail, `step 2: want dispatch message "b", got dispatch message "c"`),
		Entry("fail for another id", shows(a, event("message", "b", "1")), two, runner.Fail, `step 2: want dispatch message "b", got dispatch message "b" id "1"`),
		Entry("warn when the case is a should", shows(a), at(spec.Should, two), runner.Warn, `missing: dispatch message "b"`),
		Entry("pass when the case is a may", shows(a), at(spec.May, two), runner.Pass, `missing: dispatch message "b"`),
		Entry("fail for a fail that is not listed", also(spec.Step{Kind: spec.Fail, Chunk: -1}), two, runner.Fail, `a step too many: fail`),
		Entry("pass for an announce that is not listed", also(spec.Step{Kind: spec.Announce, Chunk: -1}), two, runner.Pass, ""),
		Entry("pass for comments and retries that the case does not name", also(spec.Step{Kind: spec.Comment}, spec.Step{Kind: spec.Retry}), two, runner.Pass, ""),
	)

	DescribeTable("on a stream too long for other readings", func(c runner.Client, want runner.Verdict) {
		r := one(c, about("field-data-append", strings.Repeat(":\n", 40_000)+"data: a\n\n"))
		Expect([]any{r.Verdict, r.Rule}).To(Equal([]any{want, "field-data-append"}))
	},
		Entry("fails a parser", parser(nothing), runner.Fail),
		Entry("warns of a stream reader: it may be what a dispute tolerates", reader(nothing), runner.Warn),
	)

	It("on a may tells the outcome", func() {
		r := one(parser(shows(a)), at(spec.May, two))
		Expect(r.Outcome).To(Equal(`missing: dispatch message "b"`))
	})

	It("names the rule that diverged and its byte", func() {
		r := one(parser(shows(event("message", "a", ""), event("message", "b", ""))), about("parse-chunk-boundaries", "data: a\r\ndata: b\r\n\r\n"))
		Expect([]any{r.Verdict, r.Rule, r.Offset}).To(Equal([]any{runner.Fail, "line-crlf", 8}))
		Expect(r.Chunks).To(HaveLen(1), "what was sent is kept")
	})

	It("keeps no evidence of what passed", func() {
		r := one(parser(unbent), two)
		Expect(r.Chunks).To(BeNil())
		Expect(r.Offset).To(Equal(-1))
		Expect(r.Delivery).To(Equal("as-written"))
		Expect(r.Cuts).To(Equal("exact"))
	})

	It("compares comments where the case names one", func() {
		c := about("line-comment", ":c\ndata: a\n\n")
		c.Comments, c.Expect = true, c.Script.Trace()
		Expect(one(parser(unbent), c).Reason).To(HavePrefix(`step 1: want comment "c"`))
		Expect(one(parser(func(t spec.Trace) spec.Trace {
			return append(spec.Trace{{Kind: spec.Comment, Text: "c"}}, t...)
		}), c).Verdict).To(Equal(runner.Pass))
	})

	It("takes a comment without its one space for right", func() {
		c := about("line-comment", ": c\ndata: a\n\n")
		c.Comments, c.Expect = true, c.Script.Trace()
		Expect(one(parser(func(t spec.Trace) spec.Trace {
			return append(spec.Trace{{Kind: spec.Comment, Text: "c"}}, t...)
		}), c).Verdict).To(Equal(runner.Pass))
	})

	DescribeTable("of an empty type in place of message is", func(clause string, want runner.Verdict) {
		Expect(one(parser(shows(event("", "a", ""))), about(clause, "data: a\n\n")).Verdict).To(Equal(want))
	},
		Entry("warn where the case is about it", "dispatch-type-default", runner.Warn),
		Entry("pass elsewhere", "line-lf", runner.Pass),
	)

	DescribeTable("of a stream reader by dispute 12 is", func(bent bend, c cases.Case, want runner.Verdict, rule string) {
		r := one(reader(bent), c)
		Expect([]any{r.Verdict, r.Rule}).To(Equal([]any{want, rule}))
	},
		Entry("pass when it is right", bend(unbent), two, runner.Pass, ""),
		Entry("warn for an event of empty data left out", shows(), about("dispatch-empty-string", "data:\n\n"), runner.Warn, "dispatch-empty-string"),
		Entry("warn for an id that does not stay", shows(event("message", "a", "1"), event("message", "b", "")), about("dispatch-id-sticky", "id: 1\ndata: a\n\ndata: b\n\n"), runner.Warn, "dispatch-id-sticky"),
		Entry("fail for a type that is not cleared", shows(a, event("add", "b", "")), two, runner.Fail, "dispatch-type-reset"),
		Entry("fail for what 9.2.6 says of all", shows(event("message", " a", "")), about("value-one-space", "data: a\n\n"), runner.Fail, "value-one-space"),
	)

	It("of the same departure of a parser is fail", func() {
		Expect(one(parser(shows()), about("dispatch-empty-string", "data:\n\n")).Verdict).To(Equal(runner.Fail))
	})

	DescribeTable("of an error is", func(err error, c cases.Case, want runner.Verdict, reason string) {
		r := one(errs(err), c)
		Expect([]any{r.Verdict, r.Reason}).To(Equal([]any{want, reason}))
	},
		Entry("fail for what is unimplemented but bound", &target.Unimplemented{Reason: "no CR"}, two, runner.Fail, "unimplemented: no CR"),
		Entry("skip for what is unimplemented and needs a capability", &target.Unimplemented{Reason: "no retry"}, requiring("retry", two), runner.Skip, "unimplemented: no retry"),
		Entry("skip for what is unimplemented and a should", &target.Unimplemented{Reason: "no"}, at(spec.Should, two), runner.Skip, "unimplemented: no"),
		Entry("skip for what is unimplemented and binds browsers", &target.Unimplemented{Reason: "no"}, about("dispatch-origin", "data: a\n\n"), runner.Skip, "unimplemented: no"),
		Entry("error for a fault of the adapter", &target.Fault{Reason: "adapter bug"}, two, runner.Error, "adapter bug"),
		Entry("error for what nobody foresaw", errors.New("no route"), two, runner.Error, "no route"),
		Entry("fail for a breakdown that repeats", &target.Broken{How: target.Garbage, Detail: "<html>"}, two, runner.Fail, "garbage: <html>"),
	)

	DescribeTable("of when events come (dispute 16) is",
		func(bent bend, want runner.Verdict, rule, reason string, chunks ...string) {
			r := one(parser(bent), about("line-cr", chunks...))
			Expect([]any{r.Verdict, r.Rule, r.Reason}).To(Equal([]any{want, rule, reason}))
		},
		Entry("pass when they are due", delayed(0, 1), runner.Pass, "", "", "data: a\n\n", "data: b\n\n"),
		Entry("pass when the chunk is not known", delayed(-1, -1), runner.Pass, "", "", "data: a\n\n", "data: b\n\n"),
		Entry("warn when held after a CR to the next byte", delayed(1, 1), runner.Warn, "format-buffering",
			`dispatch message "a" was due with chunk 0 and came with chunk 1 of 2`, "data: a\r\r", "data: b\n\n"),
		Entry("warn when held after a CR past an empty chunk", delayed(2, 2), runner.Warn, "format-buffering",
			`dispatch message "a" was due with chunk 0 and came with chunk 2 of 3`, "data: a\r\r", "", "data: b\n\n"),
		Entry("warn when an empty chunk sets it free", delayed(1, 2), runner.Warn, "format-buffering",
			`dispatch message "a" was due with chunk 0 and came with chunk 1 of 3`, "data: a\r\r", "", "data: b\n\n"),
		Entry("fail when held after a CR past the next byte", delayed(2, 2), runner.Fail, "response-incremental",
			`dispatch message "a" was due with chunk 0 and came with chunk 2 of 3`, "data: a\r\r", "data: ", "b\n\n"),
		Entry("fail when held after a LF", delayed(1, 1), runner.Fail, "response-incremental",
			`dispatch message "a" was due with chunk 0 and came with chunk 1 of 2`, "data: a\n\n", "data: b\n\n"),
		Entry("fail when held after a CR to the end", delayed(2, 2), runner.Fail, "response-incremental",
			`dispatch message "a" was due with chunk 0 and came with chunk 2 of 2`, "data: a\r\r", "data: b\n\n"),
		Entry("fail when the last CR is held to the end", delayed(1), runner.Fail, "response-incremental",
			`dispatch message "a" was due with chunk 0 and came with chunk 1 of 1`, "data: a\r\r"),
		Entry("fail when the first is held after a CR and the second after a LF", delayed(1, 2), runner.Fail, "response-incremental",
			`dispatch message "b" was due with chunk 1 and came with chunk 2 of 2`, "data: a\r\r", "data: b\n\n"),
	)

	It("of an event held after a CR is pass where the case is a may", func() {
		r := one(parser(delayed(1, 1)), at(spec.May, about("format-buffering", "data: a\r\r", "data: b\n\n")))
		Expect(r.Verdict).To(Equal(runner.Pass))
		Expect(r.Outcome).To(ContainSubstring("came with chunk 1"))
	})

	It("does not take the chunks of one delivery for those of another", func() {
		c := about("line-lf", "data: a\n", "\n", "data: b\n", "\n")
		c.Expect = nil
		for _, s := range c.Script.Trace().Only(spec.Announce, spec.Dispatch, spec.Reestablish) {
			if s.Event != nil {
				s.Event.LastEventID = "7" // as a client that was given an initial id
			}
			c.Expect = append(c.Expect, s)
		}
		list := results(runner.Runner{Deliveries: []string{cases.Whole}}, parser(func(t spec.Trace) spec.Trace {
			for i := range t {
				t[i].Event.LastEventID, t[i].Chunk = "7", 1000
			}
			return t
		}), c)
		Expect(list[0].Verdict).To(Equal(runner.Pass))
	})
})
