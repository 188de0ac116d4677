package lint_test

import (
	"runtime"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/ssespec/ssespec/runner/lint"
	"github.com/ssespec/ssespec/spec"
)

// everyStream returns the streams of all tables.
func everyStream() (all []string) {
	for _, r := range raising {
		all = append(all, r.stream)
	}
	for _, m := range meant {
		all = append(all, m.stream)
	}
	return all
}

// anyStream is made of what mistakes consist of.
func anyStream(t *rapid.T) string {
	piece := rapid.SampledFrom([]string{
		"data", "event", "id", "retry", "Data", "message", "evnt", ":", ":", ": ", " ", "1", "x", "nn", `\n`, `\r\n`, "\r", "\n", "\n", "\r\n", "\n\n",
		"data: a\n", "data: {\"a\":1}\n", "data: {\n", "event: e\n", "event: e\n\n", "id: 1\n", "id: 1\n\n", "text\n", "{\n", "}\n", "}\n\n", "9\r\n", "<html>\n", "b'", "'",
		"<b>Warning</b>: x in y on line 1\n", "Content-Type: a\n", "# c\n", "data=a\n", "data: data: a\n\n", "\x1f\x8b", "\xff\xfe",
		"\x00", "\uFEFF", "\xEF\xBB", "é", "中", "\xE4\xBD", "\xFF", strings.Repeat("y", 70), strings.Repeat("z ", 2100),
	})
	return strings.Join(rapid.SliceOfN(piece, 0, 24).Draw(t, "stream"), "")
}

func cuts(t *rapid.T, stream string) (chunks []string) {
	for range rapid.IntRange(0, 12).Draw(t, "cuts") {
		n := rapid.OneOf(rapid.IntRange(0, len(stream)), rapid.IntRange(0, min(2, len(stream)))).Draw(t, "chunk")
		chunks = append(chunks, stream[:n])
		stream = stream[n:]
	}
	return append(chunks, stream)
}

var _ = Describe("A linter", func() {
	It("finds the same however a stream of the tables is cut, and counts what the model dispatches", func() {
		for _, stream := range everyStream() {
			want := linted(stream)
			Expect(want.Events).To(Equal(dispatched(stream)), "%q", stream)
			Expect(want.Bytes).To(Equal(int64(len(stream))))
			Expect(linted(bytewise(stream)...)).To(Equal(want), "%q", stream)
			for i := range len(stream) {
				Expect(linted(stream[:i], "", stream[i:])).To(Equal(want), "%q at %d", stream, i)
			}
		}
	})

	It("finds the same however any stream is cut, and counts what the model dispatches", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			g := NewWithT(t)
			stream := anyStream(t)
			want := linted(stream)
			g.Expect(want.Events).To(Equal(dispatched(stream)))
			g.Expect(linted(cuts(t, stream)...)).To(Equal(want))
		})
	})

	It("tells every error of the grammar, as itself or folded into a hint that is an error", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			stream := anyStream(t)
			var v spec.Validator
			errors := 0
			count := func(f spec.Finding) {
				if f.Level == spec.Must {
					errors++
				}
			}
			v.Feed([]byte(stream), count)
			v.End(count)
			if got := linted(stream).Count(lint.Error); (got > 0) != (errors > 0) {
				t.Fatalf("%+q: %d errors, of the grammar %d", stream, got, errors)
			}
		})
	})

	It("places findings in the stream, and shows the line", func() {
		f := linted("\uFEFFdata: 1\r\n\r\nid: 1\r\nevent: onerror\r\ndata: 中\r\n\r\n").Findings[0]
		Expect([]int{int(f.Offset), f.Line, f.Column}).To(Equal([]int{28, 4, 8}))
		Expect(f.Excerpt).To(Equal(lint.Excerpt{Text: "event: onerror", At: 7}))
	})

	DescribeTable("shows a part of a long line, in whole characters",
		func(stream string, want lint.Excerpt) {
			f := linted(stream).Findings[0]
			Expect(f.Excerpt).To(Equal(want))
			Expect(linted(bytewise(stream)...).Findings[0].Excerpt).To(Equal(want))
		},
		Entry("from its begin", "Data: "+strings.Repeat("中", 100)+"\n\n",
			lint.Excerpt{Text: "Data: " + strings.Repeat("中", 38), At: 0, After: true}),
		Entry("around the place", "data: "+strings.Repeat("中", 100)+"\xff"+strings.Repeat("中", 100)+"\n\n",
			lint.Excerpt{Text: strings.Repeat("中", 16) + "\xff" + strings.Repeat("中", 23), At: 48, Before: true, After: true}),
		Entry("up to its end", "data: 1\n\ndata: "+strings.Repeat("中", 100)+"\\n\\n",
			lint.Excerpt{Text: strings.Repeat("中", 16) + `\n\n`, At: 48, Before: true}),
		Entry("at the end of one that is longer than what is kept", "data: 1\n\ndata: "+strings.Repeat("中", 2000),
			lint.Excerpt{Text: strings.Repeat("中", 16), At: 48, Before: true}),
		Entry("of which nothing near is kept", "data: "+strings.Repeat("x", 5000)+"\xff"+strings.Repeat("x", 5000)+"\n\n",
			lint.Excerpt{Before: true, After: true}),
	)

	It("keeps ten findings of a rule and counts the rest, so that a flood hides no other", func() {
		r := linted(strings.Repeat("Data: x\n\n", 1000) + "event: onerror\ndata: 1\n\n" + strings.Repeat("hello\n\n", 11))
		Expect(brief(r)).To(HaveLen(21))
		Expect(brief(r)[9]).To(Equal("19:1 warning field-name-literal folds 991 and 990 more"))
		Expect(brief(r)[10]).To(Equal("2001:8 warning handler-name"))
		Expect(brief(r)[20]).To(Equal("2022:1 warning text-without-data folds 2 and 1 more"))
		Expect(r.Count(lint.Warning)).To(Equal(1012))
		Expect(r.Count(lint.Error)).To(BeZero())
	})

	It("counts what it keeps of no block", func() {
		r := linted(strings.Repeat(strings.Repeat("x-a: 1\n", 30)+"data: 1\n\n", 3))
		Expect(brief(r)).To(HaveLen(10))
		Expect(r.Count(lint.Advice)).To(Equal(90))
	})

	DescribeTable("cites the clause that is broken, or else the one that says why",
		func(stream, clause string) {
			r := linted(stream)
			Expect(r.Findings).To(HaveLen(1))
			Expect(r.Findings[0].Clause).To(Equal(clause))
		},
		Entry("of a hint that breaks none", "hello\n\n", "field-no-colon"),
		Entry("of one that breaks the grammar", "hello\n", "grammar-event"),
		Entry("of one that is about it", "data: 1\n\ndata: 2", "grammar-event"),
		Entry("of no hint", "data: \xff\n\n", "format-utf8"),
	)

	It("keeps no more of one line that is all mistakes", func() {
		r := linted("data: " + strings.Repeat("\xff", 100000) + "\n\n")
		Expect(r.Findings).To(HaveLen(10))
		Expect(r.Count(lint.Error)).To(Equal(100000))
	})

	It("says nothing of the end where it is cut", func() {
		for _, stream := range []string{"data: a", "data: a\n", "event: a\n", "hello", "{\"a\":1}", `data: a\n\n`, "data: a\n\ndata: {", "id: 1 data: 2\n"} {
			var l lint.Linter
			l.Feed([]byte(stream))
			r := l.Cut()
			Expect(brief(r)).To(BeEmpty(), stream)
			Expect(r.Cut).To(BeTrue())
		}
	})

	It("says what is certain of a stream that is cut", func() {
		var l lint.Linter
		l.Feed([]byte("data: {\"a\":1}\ndata: {\"a\":2}\ndata: \xff"))
		Expect(brief(l.Cut())).To(Equal([]string{"2:1 warning one-newline", "3:7 error format-utf8"}))
	})

	It("is ready for another stream after the end of one", func() {
		var l lint.Linter
		l.Feed([]byte("\uFEFFevent: a\n\n<html>\r"))
		first := l.End()
		l.Feed([]byte("\uFEFFevent: a\n\n<html>\r"))
		Expect(l.End()).To(Equal(first))
		Expect(l.End()).To(Equal(lint.Report{}))
	})

	It("counts what is no part of the stream for places only", func() {
		var l lint.Linter
		l.Skip(int64(len("HTTP/1.1 200 OK\r\n\r\n")), 2)
		l.Feed([]byte("\uFEFFevent: a\n"))
		l.Skip(int64(len("* a note\n")), 1)
		l.Feed([]byte("id: 1\n\nData: 1\n\n"))
		r := l.End()
		Expect(brief(r)).To(Equal([]string{"3:4 warning dispatch-empty-data", "7:1 warning field-name-literal folds 1"}))
		Expect(r.Findings[1].Offset).To(Equal(int64(len("HTTP/1.1 200 OK\r\n\r\n\uFEFFevent: a\n* a note\nid: 1\n\n"))))
		Expect(r.Bytes).To(Equal(int64(len("\uFEFFevent: a\nid: 1\n\nData: 1\n\n"))))
	})

	It("needs a bounded amount of memory", func() {
		var l lint.Linter
		block := []byte("event: onmessage\nData: " + strings.Repeat("x", 30000) + "\nhello\n\n" + strings.Repeat("data: y\xff", 4000) + "\n")
		var before, after runtime.MemStats
		for range 20 {
			l.Feed(block)
		}
		runtime.GC()
		runtime.ReadMemStats(&before)
		for range 200 {
			l.Feed(block)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		Expect(int64(after.HeapAlloc)-int64(before.HeapAlloc)).To(BeNumerically("<", 1<<20), "more after %d MiB", 200*len(block)>>20)
		Expect(l.End().Findings).NotTo(BeEmpty())
	})
})

var _ = Describe("The main finding", func() {
	DescribeTable("is the one that explains most",
		func(stream, rule string) {
			f, found := linted(stream).Main()
			Expect(found).To(BeTrue())
			Expect(f.Rule).To(Equal(rule))
		},
		Entry("a hint before an error that is only a consequence", "hello\n\ndata: 1\n\ndata: 2\n", "text-without-data"),
		Entry("an error before advice", "x-a: 1\ndata: 1\n\n# c\ndata: 2\n", "grammar-event"),
		Entry("the frequent before the rare", "event: onerror\ndata: 1\n\n"+strings.Repeat("data: data: 1\n\n", 3), "double-data"),
		Entry("the first of equals", "data: undefined\n\nevent: onerror\ndata: 1\n\n", "undefined-value"),
	)

	It("is none where nothing is found", func() {
		_, found := linted("data: 1\n\n").Main()
		Expect(found).To(BeFalse())
	})
})

func bytewise(stream string) (chunks []string) {
	for i := range len(stream) {
		chunks = append(chunks, stream[i:i+1])
	}
	return chunks
}
