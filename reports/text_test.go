package reports_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/spec"
)

// written is what a terminal gets of results.
func written(t reports.Terminal, results ...runner.Result) string {
	GinkgoHelper()
	var b strings.Builder
	t.W = &b
	for _, r := range results {
		Expect(t.Result(r)).To(Succeed())
	}
	Expect(t.Hidden()).To(Succeed())
	return b.String()
}

// twoLines is the failure that style.md shows.
func twoLines() runner.Result {
	r := resultOf(runner.Fail)
	r.Case.ID, r.Case.Title = "interpreting/data/two-lines", "Two data fields are joined by one line feed"
	r.Delivery, r.Rule, r.Offset = cases.CutEOL, "line-crlf", 8
	r.Reason = "step 1: want dispatch message \"a\\nb\", got dispatch message \"a\""
	r.Chunks = [][]byte{[]byte("data: a\r"), []byte("\n"), []byte("data: b\r"), []byte("\n"), []byte("\r"), []byte("\n")}
	r.Want, r.Got = spec.Trace{dispatch("a\nb")}, spec.Trace{dispatch("a"), dispatch("b")}
	return r
}

var _ = Describe("a failure on the terminal", func() {
	It("can be acted on alone", func() {
		text := written(reports.Terminal{Command: []string{"ssespec", "client", "--", "node", "adapter.mjs"}}, twoLines())
		Expect(text).To(Equal(`FAIL  interpreting/data/two-lines  (cut at every CR and LF)
      Two data fields are joined by one line feed
      clause field-data-append  https://html.spec.whatwg.org/multipage/server-sent-events.html#processField
      rule   line-crlf, diverged at byte 8   https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
      why    step 1: want dispatch message "a\nb", got dispatch message "a"
      sent   "data: a\r" | "\n" | "data: b\r" | "\n" | "\r" | "\n"
      want   dispatch message "a\nb"
      got    dispatch message "a"
             dispatch message "b"
      again  ssespec client --run interpreting/data/two-lines --delivery cut-eol -- node adapter.mjs

`))
	})

	DescribeTable("shows",
		func(change func(r *runner.Result), want string) {
			r := twoLines()
			change(&r)
			Expect(written(reports.Terminal{}, r)).To(ContainSubstring(want))
		},
		Entry("no step as nothing", func(r *runner.Result) { r.Got = nil }, "      got    nothing\n"),
		Entry("no byte as nothing", func(r *runner.Result) { r.Chunks = nil }, "      sent   nothing\n"),
		Entry("a rule without a byte", func(r *runner.Result) { r.Offset = -1 }, "      rule   line-crlf   https://"),
		Entry("one cut by its byte", func(r *runner.Result) { r.Delivery = "cut-9" }, "two-lines  (cut after byte 9)\n"),
		Entry("why a connection failed", func(r *runner.Result) { r.Got = spec.Trace{{Kind: spec.Fail, Text: "boom"}} }, "fail (boom)\n"),
		Entry("the end of standard error", func(r *runner.Result) { r.Stderr = "1\n2\n3\n4\n5\n6\n7\n" }, "      stderr 2\n             3\n"),
		Entry("of many steps those around the first difference", func(r *runner.Result) {
			r.Want = slices.Repeat(spec.Trace{dispatch("a")}, 100)
			r.Got = append(slices.Clone(r.Want[:50]), slices.Repeat(spec.Trace{dispatch("b")}, 50)...)
		}, "… 44 steps before\n"),
		Entry("of many bytes those around the divergence", func(r *runner.Result) {
			r.Chunks, r.Offset = slices.Repeat([][]byte{[]byte("data: x\n\n")}, 1000), 4500
		}, "(9000 bytes in 1000 chunks)"),
	)

	It("is an error without traces", func() {
		r := twoLines()
		r.Verdict = runner.Error
		Expect(written(reports.Terminal{}, r)).To(And(HavePrefix("ERROR  "), Not(ContainSubstring("want"+"   "))))
	})
})

var _ = Describe("how much is shown on the terminal", func() {
	many := func(n int, v runner.Verdict) []runner.Result { return slices.Repeat([]runner.Result{resultOf(v)}, n) }
	shownOf := func(text, word string) int { return strings.Count(text, word+"  interpreting/data/one") }

	It("is 20 failures, and how many more there are", func() {
		text := written(reports.Terminal{}, many(300, runner.Fail)...)
		Expect(shownOf(text, "FAIL")).To(Equal(20))
		Expect(text).To(HaveSuffix("\n… 280 more, see --report\n\n"))
	})

	It("is all of 20, and no word of more", func() {
		text := written(reports.Terminal{}, many(20, runner.Fail)...)
		Expect(shownOf(text, "FAIL")).To(Equal(20))
		Expect(text).NotTo(ContainSubstring("more"))
	})

	It("is failures also after many warnings", func() {
		text := written(reports.Terminal{}, append(many(50, runner.Warn), many(3, runner.Fail)...)...)
		Expect(shownOf(text, "WARN")).To(Equal(20))
		Expect(shownOf(text, "FAIL")).To(Equal(3))
		Expect(text).To(HaveSuffix("… 30 more, see --report\n\n"))
	})

	It("is passes and skips only when asked", func() {
		results := append(many(1, runner.Pass), many(1, runner.Skip)...)
		Expect(written(reports.Terminal{}, results...)).To(BeEmpty())
		Expect(written(reports.Terminal{Verbose: true}, results...)).To(Equal("PASS  interpreting/data/one\nSKIP  interpreting/data/one\n"))
	})

	It("ends with totals and notes", func() {
		var b strings.Builder
		t := reports.Terminal{W: &b}
		run := runOf(resultOf(runner.Pass), resultOf(runner.Fail), resultOf(runner.Error))
		run.Complete = false
		Expect(t.Summary(run)).To(Succeed())
		Expect(b.String()).To(Equal("3 cases: 1 passed, 1 failed, 1 errors (1.5 s)\n" +
			"note: dispatch judged by the steps for web browsers, 9.2.6\nnote: interrupted: this report is partial\n"))
	})

	DescribeTable("says how long the run waits, and why", func(want []string, waits ...time.Duration) {
		var run reports.Run
		run.Complete = true
		for _, d := range waits {
			run.Results = append(run.Results, runner.Result{Verdict: runner.Pass, Waits: d})
		}
		Expect(reports.Notes(run)).To(Equal(want))
	},
		Entry("the longest, as many as are long", []string{"2 cases wait for reconnection times, side by side, up to 3.0 s"}, time.Second, 3*time.Second, time.Millisecond),
		Entry("one", []string{"1 case waits for reconnection times, 0.5 s"}, 500*time.Millisecond),
		Entry("nothing of short ones", []string{}, 499*time.Millisecond, time.Duration(0)),
	)
})

// ours are the colours that we write ourselves.
var ours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// unsafe returns the first rune that has no business on a terminal.
func unsafe(text string) string {
	for i, r := range text {
		_, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			return fmt.Sprintf("the byte %#x at %d", text[i], i)
		}
		if r != '\n' && !unicode.IsPrint(r) {
			return fmt.Sprintf("%+q at %d", r, i)
		}
	}
	return ""
}

// hostile are strings that do something to a terminal when written raw.
func hostile() []string {
	return []string{
		"\x1b[2J\x1b[H", "\x1b]0;owned\a", "\x1b]52;c;cm0gLXJm\x1b\\", "\x1bP+q544e\x1b\\", "\x00\b\b\b\x7f", "over\rwritten", "\v\f\x0e\x0f",
		"\u009b2J\u009d0;x\u009c\u0085", "\x9b2J", "\u202etxt.exe\u2066\u2069\u200f\u061c", "\u200b\ufeff\u00ad\u2028\u2029", "\xff\xfe\xc3\x28\xed\xa0\x80\xf8",
		"\U000e0041\ufff9", "line\nFAIL  forged/case\n      again  rm -rf\n", strings.Repeat("é\x1b", 500), "\\x1b'\"",
	}
}

var _ = Describe("what a target says", func() {
	places := []struct {
		name string
		put  func(r *runner.Result, s string)
	}{
		{"data", func(r *runner.Result, s string) { r.Got = spec.Trace{dispatch(s)} }},
		{"a type", func(r *runner.Result, s string) { r.Got = spec.Trace{spec.DispatchStep(spec.Event{Type: s})} }},
		{"an id", func(r *runner.Result, s string) { r.Got = spec.Trace{spec.DispatchStep(spec.Event{LastEventID: s})} }},
		{"a comment", func(r *runner.Result, s string) { r.Got = spec.Trace{{Kind: spec.Comment, Text: s}} }},
		{"a retry", func(r *runner.Result, s string) { r.Got = spec.Trace{{Kind: spec.Retry, Text: s}} }},
		{"the message of a reestablish", func(r *runner.Result, s string) { r.Got = spec.Trace{{Kind: spec.Reestablish, Text: s}} }},
		{"the message of a fail", func(r *runner.Result, s string) { r.Got = spec.Trace{{Kind: spec.Fail, Text: s}} }},
		{"standard error", func(r *runner.Result, s string) { r.Stderr = s }},
		{"the reason", func(r *runner.Result, s string) { r.Reason = s }},
		{"the title of a case", func(r *runner.Result, s string) { r.Case.Title = s }},
		{"what was sent", func(r *runner.Result, s string) { r.Chunks = [][]byte{[]byte(s)} }},
	}

	DescribeTable("never reaches the terminal raw, whatever the verdict",
		func(verdict runner.Verdict) {
			for _, p := range places {
				for _, s := range hostile() {
					r := resultOf(verdict)
					p.put(&r, s)
					text := written(reports.Terminal{Verbose: true, Command: []string{"ssespec", s, "--", s}}, r)
					Expect(unsafe(text)).To(BeEmpty(), "%s %q wrote %q", p.name, s, text)
					Expect(text).NotTo(ContainSubstring("\nFAIL  forged"), p.name)
					plain := text
					text = written(reports.Terminal{Verbose: true, Color: true, Command: []string{"ssespec", s, "--", s}}, r)
					Expect(ours.FindAllString(text, -1)).To(HaveLen(2), "on and off around the verdict")
					Expect(ours.ReplaceAllString(text, "")).To(Equal(plain))
				}
			}
		},
		Entry(nil, runner.Pass), Entry(nil, runner.Skip), Entry(nil, runner.Warn), Entry(nil, runner.Error), Entry(nil, runner.Fail),
	)

	It("would be noticed by this test", func() {
		for _, s := range hostile()[:13] {
			Expect(unsafe(s)).NotTo(BeEmpty(), "%q", s)
		}
		Expect(unsafe("é日 \"\\…\n")).To(BeEmpty())
	})

	It("stays readable where it is text", func() {
		r := resultOf(runner.Fail)
		r.Reason, r.Stderr = `café "日本" \ it's`, "naïve\n"
		Expect(written(reports.Terminal{}, r)).To(And(ContainSubstring(`why    café "日本" \ it's`), ContainSubstring("stderr naïve")))
	})

	It("in megabytes is shown as a few lines", func() {
		r := resultOf(runner.Fail)
		huge := strings.Repeat("\x1b", 1<<20)
		r.Stderr, r.Reason, r.Chunks, r.Got = huge, huge, [][]byte{[]byte(huge)}, slices.Repeat(spec.Trace{dispatch(huge)}, 30)
		Expect(len(written(reports.Terminal{}, r))).To(BeNumerically("<", 64<<10))
	})
})
