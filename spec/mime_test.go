package spec_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/spec"
)

var _ = Describe("The content type", func() {
	DescribeTable("is an event stream", func(values ...string) {
		Expect(spec.IsEventStream(values)).To(BeTrue())
	},
		Entry("plain", "text/event-stream"),
		Entry("in any case", "Text/Event-STREAM"),
		Entry("with a charset", "text/event-stream; charset=utf-8"),
		Entry("with any charset", "text/event-stream;charset=iso-8859-1"),
		Entry("with an unknown parameter", "text/event-stream;x=y;z"),
		Entry("with a trailing semicolon", "text/event-stream;"),
		Entry("with a space before the semicolon", "text/event-stream ;"),
		Entry("with white space around", " \ttext/event-stream\t "),
		Entry("with a comma in a quoted string", `text/event-stream; x="a,text/html"`),
		Entry("with an escaped quote in it", `text/event-stream; x="\",text/html"`),
		Entry("with a quoted string that does not end", `text/event-stream; x="a, text/html`),
		Entry("last of two in one value", "text/html, text/event-stream"),
		Entry("last of two values", "text/html", "text/event-stream;"),
		Entry("before what does not parse", "text/event-stream, text"),
		Entry("before an empty value", "text/event-stream", ""),
		Entry("before */*", "text/event-stream, */*"),
		Entry("after */*", "*/*", "text/event-stream"),
		Entry("twice", "text/event-stream", "text/event-stream"),
	)

	DescribeTable("is none", func(values ...string) {
		Expect(spec.IsEventStream(values)).To(BeFalse())
	},
		Entry("missing"),
		Entry("empty", ""),
		Entry("longer", "text/event-streamfoo"),
		Entry("shorter", "text/event-strea"),
		Entry("with a suffix", "text/event-stream+json"),
		Entry("with a space after the slash", "text/ event-stream"),
		Entry("with a space before the slash", "text /event-stream"),
		Entry("with a space inside", "text/event-stream charset=utf-8"),
		Entry("with the wrong separator", "text/event-stream:charset=utf-8"),
		Entry("first of two in one value", "text/event-stream, text/html"),
		Entry("first of two values", "text/event-stream", "text/html"),
		Entry("only in a quoted string", `text/html; x=", text/event-stream"`),
		Entry("*/* alone", "*/*"),
		Entry("another type", "text/plain"),
		Entry("another top-level type", "application/event-stream"),
		Entry("an underscore", "text/event_stream"),
		Entry("no slash", "text"),
		Entry("no type", "/event-stream"),
		Entry("no subtype", "text/"),
		Entry("a semicolon before the slash", "text;x/event-stream"),
		Entry("in quotes", `"text/event-stream"`),
		Entry("letters that fold to ASCII", "text/event-\u017Ftream"),
		Entry("a form feed around it", "\ftext/event-stream"),
		Entry("NUL behind it", "text/event-stream\x00"),
	)
})
