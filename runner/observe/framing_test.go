package observe_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
)

// only returns the cases on the bytes that have something to say of a stream.
func only(text string, end probe.End) []string {
	ids := []string{}
	o := stream(body(2, text), ends(end, 3))
	for _, c := range observe.Checks() {
		inBytes := strings.HasPrefix(c.Case, "serving/framing/") || strings.HasPrefix(c.Case, "serving/ids/") || strings.HasPrefix(c.Case, "serving/retry/")
		if inBytes && len(c.Put(o).Findings) > 0 {
			ids = append(ids, strings.TrimPrefix(c.Case, "serving/"))
		}
	}
	return ids
}

var _ = Describe("The bytes of a stream", func() {
	DescribeTable("that are wrong are put down to one case", func(text string, want ...string) {
		Expect(only(text, probe.Closed)).To(Equal(append([]string{}, want...)))
	},
		Entry("nothing wrong", "id: 1\ndata: a\n\n"),
		Entry("CR line ends", "id: 1\rdata: a\r\r"),
		Entry("a BOM at the start", "\uFEFFdata: a\n\n"),
		Entry("no space after the colon", "data:a\n\n"),
		Entry("comments everywhere", ": a\ndata: a\n: b\n\n:\n\n"),
		Entry("nothing at all", ""),
		Entry("no UTF-8", "data: \xff\n\n", "framing/utf-8"),
		Entry("no blank line at the end", "data: a\n\ndata: b\n", "framing/final-blank-line"),
		Entry("no line end at the end", "data: a\n\ndata: b", "framing/final-blank-line"),
		Entry("an HTML page", "<!DOCTYPE html>\n<html><body>a</body></html>\n\n", "framing/document"),
		Entry("text without data", "hello\n\nworld\n\n", "framing/fields"),
		Entry("a capital letter", "Data: a\n\ndata: b\n\n", "framing/fields"),
		Entry("a type and no data", "event: a\n\n", "framing/data"),
		Entry("an unknown field", "foo: bar\ndata: b\n\n", "framing/fields"),
		Entry("bytes as Python prints them", "data: b'a'\n\n", "framing/values"),
		Entry("the name of a handler", "event: onmessage\ndata: a\n\n", "framing/values"),
		Entry("a BOM in the middle", "data: a\n\n\uFEFFdata: b\n\ndata: c\n\n", "framing/bom"),
		Entry("an id with NUL", "id: \x00\ndata: a\n\n", "ids/valid"),
		Entry("an id twice", "id: 1\ndata: a\n\nid: 1\ndata: b\n\n", "ids/unique"),
		Entry("an id twice in one block, the last counts", "id: 1\nid: 2\ndata: a\n\n"),
		Entry("an empty id", "id:\ndata: a\n\n", "ids/not-empty"),
		Entry("an id that ends in a space", "id: 1 \ndata: a\n\n", "ids/header-safe"),
		Entry("an id that ends in a tab", "id: 1\t\ndata: a\n\n", "ids/header-safe"),
		Entry("an id with a control character", "id: a\x1bb\ndata: a\n\n", "ids/header-safe"),
		Entry("an id of other letters", "id: ä-日本\ndata: a\n\n"),
		Entry("a retry with a unit", "retry: 3s\ndata: a\n\n", "retry/valid"),
		Entry("a retry of seconds", "retry: 3\ndata: a\n\n", "retry/range"),
		Entry("a retry of an hour", "retry: 3600000\ndata: a\n\n"),
		Entry("a retry of a day", "retry: 86400000\ndata: a\n\n", "retry/range"),
		Entry("a retry that no number holds", "retry: 99999999999999999999\ndata: a\n\n", "retry/range"),
	)

	DescribeTable("are not held against it where we cut them off", func(text string, end probe.End) {
		Expect(only(text, end)).To(BeEmpty())
	},
		Entry("in a line", "data: a\n\ndata: b", probe.Left),
		Entry("in a block", "data: a\n\nid: 2\n", probe.Left),
		Entry("in a character", "data: \xe6\x97", probe.Left),
		Entry("by our bound", "data: a\n\nevent: b", probe.Bound),
		Entry("after an id that came before", "id: 1\ndata: a\n\nid: 1\n", probe.Left),
	)

	It("are findings with their place", func() {
		check, _ := observe.Find("serving/ids/unique")
		f := check.Put(stream(body(2, "\uFEFFid: 1\r\ndata: a\r\n\r\nid: 1\r\ndata: b\r\n\r\n"))).Main()
		Expect([]any{f.Line, f.Column, f.Offset, f.Text}).To(Equal([]any{4, 1, int64(21), `the id "1" is that of line 1 again`}))
	})

	It("without any blank line and with pauses are one mistake by name", func() {
		lines := []option{body(1, "data: 1\n", 1001, "data: 2\n", 2001, "data: 3\n"), ends(probe.Left, 3001)}
		of("framing/blank-lines", "lines come one after the other, and never a blank one: nothing is ever dispatched", lines...)
		of("framing/blank-lines", "", body(1, "data: 1\n\n", 1001, "data: 2\n", 2001, "data: 3\n"), ends(probe.Left, 3001))
		of("framing/blank-lines", "", body(1, "data: 1\nda", 1001, "ta: 2\n", 2001, "data: 3\n"), ends(probe.Left, 3001))
		of("framing/blank-lines", "", body(1, "data: 1\n", 1001, "data: 2\n"), ends(probe.Left, 1500))
	})

	It("whose end was not seen have no last block", func() {
		of("framing/final-blank-line", "", body(2, "data: a\n"), ends(probe.Left, 8000))
	})
})
