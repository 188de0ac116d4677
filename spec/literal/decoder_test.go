package literal_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/spec/literal"
)

const (
	bom = "\xEF\xBB\xBF"
	fd  = "\uFFFD"
)

// decoded is what becomes of bytes in the middle of a data field.
func decoded(bytes string) string {
	GinkgoHelper()
	events := literal.Parse([]byte("data:<" + bytes + ">\n\n")).Events
	Expect(events).To(HaveLen(1))
	data := events[0].Data
	Expect(data).To(HavePrefix("<"))
	Expect(data).To(HaveSuffix(">"))
	return strings.TrimSuffix(strings.TrimPrefix(data, "<"), ">")
}

var _ = Describe("UTF-8 decode", func() {
	DescribeTable("a well-formed sequence is its code point",
		func(bytes string) { Expect(decoded(bytes)).To(Equal(bytes)) },
		Entry("one byte, the first", "\x00"),
		Entry("one byte, the last", "\x7F"),
		Entry("two bytes, the first", "\u0080"),
		Entry("two bytes, next line, which ends no line", "\u0085"),
		Entry("two bytes, the last", "\u07FF"),
		Entry("three bytes, the first", "\u0800"),
		Entry("three bytes, the last before the surrogates", "\uD7FF"),
		Entry("three bytes, the first after the surrogates", "\uE000"),
		Entry("three bytes, line separator, which ends no line", "\u2028"),
		Entry("three bytes, paragraph separator, which ends no line", "\u2029"),
		Entry("three bytes, U+FFFD itself", "\uFFFD"),
		Entry("three bytes, the last", "\uFFFF"),
		Entry("four bytes, the first", "\U00010000"),
		Entry("four bytes, the last", "\U0010FFFF"),
	)

	DescribeTable("each maximal subpart of a malformed sequence is one U+FFFD",
		func(bytes string, want string) { Expect(decoded(bytes)).To(Equal(want)) },
		Entry("a lone continuation byte", "\x80", fd),
		Entry("two lone continuation bytes", "\xBF\x80", fd+fd),
		Entry("bytes that are never valid", "\xC1\xF5\xFE\xFF", fd+fd+fd+fd),
		Entry("overlong NUL, two bytes", "\xC0\x80", fd+fd),
		Entry("overlong slash, three bytes", "\xE0\x80\xAF", fd+fd+fd),
		Entry("overlong, three bytes, the last", "\xE0\x9F\xBF", fd+fd+fd),
		Entry("overlong, four bytes", "\xF0\x80\x80\xAF", fd+fd+fd+fd),
		Entry("overlong, four bytes, the last", "\xF0\x8F\xBF\xBF", fd+fd+fd+fd),
		Entry("a high surrogate", "\xED\xA0\x80", fd+fd+fd),
		Entry("a low surrogate", "\xED\xBF\xBF", fd+fd+fd),
		Entry("a surrogate pair", "\xED\xA0\xBD\xED\xB8\x80", strings.Repeat(fd, 6)),
		Entry("beyond U+10FFFF", "\xF4\x90\x80\x80", fd+fd+fd+fd),
		Entry("a lead beyond U+10FFFF", "\xF5\x80\x80\x80", fd+fd+fd+fd),
		Entry("a five-byte lead", "\xF8\x88\x80\x80\x80", strings.Repeat(fd, 5)),
		Entry("two bytes, cut after one", "\xC3", fd),
		Entry("three bytes, cut after one", "\xE4", fd),
		Entry("three bytes, cut after two", "\xE4\xBD", fd),
		Entry("four bytes, cut after one", "\xF0", fd),
		Entry("four bytes, cut after two", "\xF0\x9F", fd),
		Entry("four bytes, cut after three", "\xF0\x9F\x92", fd),
		Entry("a cut sequence before ASCII", "\xE4\xBDx", fd+"x"),
		Entry("a cut sequence before a lead", "\xF0\x9F\xC3\xA4", fd+"\u00E4"),
		Entry("cut sequences in a row", "\xE4\xE4\xBD\xF0\x9F\x92", fd+fd+fd),
		Entry("boundaries do not outlive their sequence", "\xE0\xED\x80\x80\xE4\x80\x80", fd+"\uD000\u4000"),
		Entry("the upper boundary does not outlive an error", "\xED\xC3\xBF\xF4\xC3\xBF", fd+"\u00FF"+fd+"\u00FF"),
	)

	It("lets the byte that ends a malformed sequence end the line", func() {
		dispatches("data: \xE4\xBD\ndata: \xF0\x9F\x92\r\n\n", message(fd+"\n"+fd))
		dispatches("data: \xC3\r\r", message(fd))
	})

	It("lets the byte that ends a malformed sequence be the colon", func() {
		dispatches("data\xE4\xBD: a\ndata: b\n\n", message("b"))
	})

	DescribeTable("one leading byte order mark is stripped",
		func(stream string, want ...string) { dispatches(stream, messages(want...)...) },
		Entry("none", "data: a\n\n", "a"),
		Entry("one", bom+"data: a\n\n", "a"),
		Entry("one before a colon leaves a comment", bom+": a\ndata: b\n\n", "b"),
		Entry("two: the second belongs to the field name", bom+bom+"data: a\n\ndata: b\n\n", "b"),
		Entry("not at the start of a later line", "data: a\n"+bom+"data: b\n\n", "a"),
		Entry("not after a blank line", "\n"+bom+"data: a\n\n"),
		Entry("kept in a value", "data: "+bom+"a\n\n", "\uFEFFa"),
		Entry("kept in a value of a stream that began with one", bom+"data:"+bom+"\n\n", "\uFEFF"),
		Entry("not one byte of it", "\xEFdata: a\n\ndata: b\n\n", "b"),
		Entry("not two bytes of it", "\xEF\xBBdata: a\n\ndata: b\n\n", "b"),
		Entry("not that of UTF-16", "\xFE\xFFdata: a\n\ndata: b\n\n", "b"),
		Entry("alone it is an empty stream", bom),
	)

	It("reads an unfinished byte order mark as nothing at the end of the stream", func() {
		for _, stream := range []string{"", "\xEF", "\xEF\xBB", bom} {
			Expect(literal.Parse([]byte(stream))).To(Equal(literal.Result{}))
		}
	})
})
