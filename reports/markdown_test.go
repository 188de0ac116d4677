package reports_test

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/spec"
)

// rendered is the page that a reader sees of Markdown.
func rendered(markdown []byte) page {
	GinkgoHelper()
	p, err := pageOf(markdown)
	Expect(err).NotTo(HaveOccurred())
	return p
}

// spaced is a text as it is shown: one space for many.
func spaced(text string) string { return strings.Join(strings.Fields(text), " ") }

// hostileTexts are texts that would be something else than text in Markdown, in HTML or
// on a terminal.
var hostileTexts = []string{ // never written to
	"<script>alert(1)</script>", "</code></summary></details><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!-- comment", "]]>", "<a href=javascript:alert(1)>x</a>",
	"`", "``` \n</pre>", "\n```\n<b>out</b>\n```text\n", "~~~\n# out", "`````````", "`a` <b>b</b> `",
	"[link](https://evil.example)", "![image](https://evil.example/x.png)", "[ref]: https://evil.example\n[ref]", "<https://evil.example>", "https://evil.example/x", "www.evil.example", "me@evil.example",
	"@octocat", "#1", "octocat/hello#1", "a | b | c", "| a |\n|---|\n| b |", "\n\n# heading", "\n\n- item", "1. item", "> quote", "***bold***", "__bold__", "~~gone~~", "$x^2$", "&lt;script&gt;&#64;octocat",
	"\\", "\\`", "\\`a\\`", "\\<b>x</b>", "\\[e](f)", "a\\", "\x1b[2J\x1b]0;title\x07", "\u202egnp.exe\u2066", "\x00", "\u2028<b>x</b>", "\xff\xfe", "\r\n<b>x</b>", "    indented", "\t# tab", "{{ x }}", "- [ ] task", ":tada:", "---", "===", "<details>",
}

// hostileEverywhere is a run in which the text stands wherever others have a word.
func hostileEverywhere(text string) reports.Run {
	var list []runner.Result
	for i, v := range []runner.Verdict{runner.Fail, runner.Error, runner.Warn, runner.Fail, runner.Fail} {
		r := shown(spec.DispatchStep(spec.Event{Type: text, Data: text, LastEventID: text}), spec.Step{Kind: spec.Fail, Text: text, Chunk: -1})
		r.Case.ID, r.Case.Title, r.Reason, r.Stderr, r.Chunks = fmt.Sprintf("a/%d%s", i, text), text, text, text, [][]byte{[]byte(text)}
		r.Verdict, r.Known, r.Provisional = v, i == 3, i == 4
		list = append(list, r)
	}
	list[0].Rule, list[1].Delivery = text, text
	run := runOf(list...)
	run.Target.Name, run.Target.Version, run.Version, run.Platform, run.Suite.Version = text, text, text, text, text
	run.Remarks, run.Command = []string{text}, []string{"ssespec", "client", "--", text}
	run.Diagnosis = runner.Diagnosis{Departures: 3, Unexplained: []string{text},
		Causes: []runner.Cause{{Model: runner.Model{Name: text, Clause: text, Text: text}, Explains: []string{text}, Or: []runner.Model{{Name: text, Clause: text, Text: text}}}}}
	return run
}

var _ = Describe("Markdown", func() {
	It("shows of a failure what the terminal shows, under its clause", func() {
		text := string(reports.Markdown(runOf(resultOf(runner.Pass), twoLines()), reports.MaxMarkdown))
		Expect(text).To(Equal("## Does not conform as a client: 1 of 1 requirement broken (1 of 2 applicable cases fail)\n\n" +
			"`fake 1` (client), suite 0.1, ssespec v1, 2026-11-01 in 1.5 s on linux/amd64\n\n" +
			"| passed | failed | warned | skipped | errors | known | provisional |\n|---:|---:|---:|---:|---:|---:|---:|\n| 1 | 1 | 0 | 0 | 0 | 0 | 0 |\n\n" +
			"### Failures (1)\n\n" +
			"#### [`line-crlf`](https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation) (1)\n\n" +
			"CRLF is one line end, not a line end plus an empty line.\n\n" +
			"<details><summary><b>FAIL</b> <code>interpreting/data/two-lines</code> (cut at every CR and LF): Two data fields are joined by one line feed</summary>\n\n" +
			"```text\n" +
			"clause field-data-append  https://html.spec.whatwg.org/multipage/server-sent-events.html#processField\n" +
			"rule   line-crlf, diverged at byte 8   https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation\n" +
			"why    step 1: want dispatch message \"a\\nb\", got dispatch message \"a\"\n" +
			"sent   \"data: a\\r\" | \"\\n\" | \"data: b\\r\" | \"\\n\" | \"\\r\" | \"\\n\"\n" +
			"want   dispatch message \"a\\nb\"\n" +
			"got    dispatch message \"a\"\n" +
			"       dispatch message \"b\"\n" +
			"again  ssespec client --run interpreting/data/two-lines --delivery cut-eol -- node adapter.mjs\n" +
			"```\n\n</details>\n\n" +
			"\n### About this run\n\n- note: dispatch judged by the steps for web browsers, 9.2.6\n- command: `ssespec client -- node adapter.mjs`\n"))
	})

	It("has sections for what does not pass, each result in one", func() {
		p := rendered(reports.Markdown(runOf(every()...), reports.MaxMarkdown))
		for _, title := range []string{"Failures (1)", "Errors: the adapter, the machine or ssespec broke, not the target's fault (1)", "Warnings (1)", "Known, by the baseline (1)", "Provisional: newer than the suite asked for (1)"} {
			Expect(strings.Count(p.text, title)).To(Equal(1), title)
		}
		Expect(p.elements["details"]).To(Equal(3))
		Expect(p.text).NotTo(ContainSubstring("Probable causes"))
	})

	It("has the clause with the most failures first", func() {
		one, two := shown(), shown()
		two.Rule = "line-crlf"
		text := string(reports.Markdown(runOf(called("a", one), called("b", two), called("c", two)), reports.MaxMarkdown))
		Expect(strings.Index(text, "#### [`line-crlf`]")).To(BeNumerically(">", 0))
		Expect(strings.Index(text, "#### [`line-crlf`]")).To(BeNumerically("<", strings.Index(text, "#### [`field-data-append`]")))
	})

	It("has probable causes, what fits as well, and how much is left", func() {
		run := runOf(shown())
		model := func(name string) runner.Model {
			return runner.Model{Name: name, Text: "It is " + name + ".", Clause: "line-crlf"}
		}
		run.Diagnosis = runner.Diagnosis{Departures: 3, Unexplained: []string{"a"},
			Causes: []runner.Cause{{Model: model("one"), Explains: []string{"b", "c"}, Or: []runner.Model{model("two"), model("three"), model("four"), model("five")}}}}
		p := rendered(reports.Markdown(run, reports.MaxMarkdown))
		Expect(p.text).To(And(ContainSubstring("Explains 2 of 3 failures: It is one ("), ContainSubstring("or: It is two"), ContainSubstring("or 1 more that fit as well"),
			ContainSubstring("1 of 3 failures has no known cause")))
		Expect([]int{p.elements["ol"], p.elements["ul"]}).To(Equal([]int{1, 2}))
	})

	DescribeTable("leaves what others wrote text",
		func(text string) {
			run := hostileEverywhere(text)
			markdown := reports.Markdown(run, reports.MaxMarkdown)
			Expect(strings.ContainsAny(string(markdown), "\x00\x1b\x07\r\u202e\u2066\u2028")).To(BeFalse())
			p := rendered(markdown)
			for e := range p.elements {
				Expect(harmless).To(ContainElement(e))
			}
			benign := rendered(reports.Markdown(hostileEverywhere("benign"), reports.MaxMarkdown))
			for _, e := range []string{"h2", "h3", "h4", "table", "tr", "td", "details", "summary", "pre", "ol", "ul", "li", "a", "b"} {
				Expect(p.elements[e]).To(Equal(benign.elements[e]), e)
			}
			Expect(p.links).To(Equal(benign.links))
			Expect(p.text).NotTo(Or(ContainSubstring("@"), ContainSubstring("$")), "nobody is called, nothing is mathematics")
			if quoted := strconv.Quote(text); quoted == `"`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text)+`"` { // nothing in it is escaped when it is shown
				Expect(spaced(p.text)).To(ContainSubstring(spaced("note: " + strings.NewReplacer("@", "", "$", "").Replace(text))))
				Expect(p.code).To(ContainSubstring(text))
			}
		},
		func() (entries []TableEntry) {
			for _, text := range hostileTexts {
				entries = append(entries, Entry(fmt.Sprintf("%q", text), text))
			}
			return entries
		}(),
	)

	It("has fences longer than any run of backticks between them", func() {
		text := string(reports.Markdown(hostileEverywhere("`````````"), reports.MaxMarkdown))
		Expect(strings.Count(text, "\n``````````text\n")).To(Equal(3))
		Expect(strings.Count(text, "\n``````````\n")).To(Equal(3))
	})

	It("shows what others wrote, readably", func() {
		p := rendered(reports.Markdown(hostileEverywhere("a<b>*c*`@d`\\x|[e](f)\x1b"), reports.MaxMarkdown))
		readable := "a<b>*c*`@d`\\x|[e](f)\\x1b"
		for _, at := range []string{"note: " + strings.ReplaceAll(readable, "@", ""), "or: " + strings.ReplaceAll(readable, "@", ""), "warnings: " + strings.ReplaceAll(readable, "@", "")} {
			Expect(p.text).To(ContainSubstring(at))
		}
		Expect(p.code).To(And(ContainSubstring(readable+" "+readable), ContainSubstring("stderr "+readable), ContainSubstring("a/0"+readable), ContainSubstring("@")))
	})

	Describe("as long as GitHub takes", func() {
		long := shown(dispatch(strings.Repeat("\x00", 4000)), dispatch(strings.Repeat("b", 4000)))
		long.Reason = strings.Repeat("\x00", 4000)

		It("says what is left out", func() {
			run := runOf(append(many(300, long), many(3, resultOf(runner.Warn))...)...)
			text := reports.Markdown(run, reports.MaxMarkdown)
			Expect(len(text)).To(And(BeNumerically("<=", reports.MaxMarkdown), BeNumerically(">", reports.MaxMarkdown*9/10)))
			shownOnes := bytes.Count(text, []byte("<b>FAIL</b>"))
			Expect(shownOnes).To(BeNumerically(">", 50))
			Expect(string(text)).To(ContainSubstring("Left out, since this is as long as GitHub takes: %d failures", 300-shownOnes))
		})

		It("is whole where there is room", func() {
			Expect(string(reports.Markdown(runOf(many(100, shown())...), reports.MaxMarkdown))).NotTo(ContainSubstring("Left out"))
		})

		It("keeps to any bound, and is nothing rather than half a verdict", func() {
			run := hostileEverywhere(strings.Repeat("`<@\x00", 2000))
			for most := range slices.Values([]int{0, 500, 1500, 2000, 4000, 10000, 100000}) {
				text := reports.Markdown(run, most)
				Expect(len(text)).To(BeNumerically("<=", most))
				Expect(len(text) == 0 || bytes.HasPrefix(text, []byte("## "))).To(BeTrue())
				rendered(text)
			}
			Expect(reports.Markdown(run, 500)).To(BeEmpty())
			Expect(reports.Markdown(run, 100000)).NotTo(BeEmpty())
		})
	})
})
