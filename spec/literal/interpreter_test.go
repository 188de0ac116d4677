package literal_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/spec"
	"github.com/ssespec/ssespec/spec/literal"
)

var _ = Describe("lines", func() {
	DescribeTable("end in CRLF, LF or CR",
		func(stream string, want ...string) { dispatches(stream, messages(want...)...) },
		Entry("LF", "data: a\n\n", "a"),
		Entry("CR", "data: a\r\r", "a"),
		Entry("CRLF", "data: a\r\n\r\n", "a"),
		Entry("one CRLF is one line end", "data: a\r\ndata: b\r\n\r\n", "a\nb"),
		Entry("LF then CR is two", "data: a\n\rdata: b\n\r", "a", "b"),
		Entry("CR then CRLF is two", "data: a\r\r\n", "a"),
		Entry("LF then CRLF is two", "data: a\n\r\n", "a"),
		Entry("CR LF LF is two", "data: a\r\n\n", "a"),
		Entry("CR at the end of the stream ends its line", "data: a\n\r", "a"),
		Entry("an LF at the start is a blank line", "\ndata: a\n\n", "a"),
		Entry("VT and FF end no line", "data: a\v\fb\n\n", "a\v\fb"),
		Entry("NEL, LS and PS end no line", "data: \u0085\u2028\u2029\n\n", "\u0085\u2028\u2029"),
		Entry("an empty stream has none", ""),
	)

	DescribeTable("what is not finished at the end of the stream is discarded",
		func(stream string) { dispatches(stream) },
		Entry("a line", "data: a"),
		Entry("a block", "data: a\n"),
		Entry("a block that ended in CR", "data: a\r"),
		Entry("a block that ended in CRLF", "data: a\r\n"),
		Entry("a block whose next line has begun", "data: a\nx"),
	)
})

var _ = Describe("fields", func() {
	DescribeTable("are told apart by name and first colon",
		func(stream string, want ...string) { dispatches(stream, messages(want...)...) },
		Entry("one space is removed", "data: a\n\n", "a"),
		Entry("no space is needed", "data:a\n\n", "a"),
		Entry("only one space is removed", "data:  a\n\n", " a"),
		Entry("a tab is not removed", "data:\ta\n\n", "\ta"),
		Entry("a no-break space is not removed", "data:\u00A0a\n\n", "\u00A0a"),
		Entry("trailing space stays", "data: a \n\n", "a "),
		Entry("only the first colon counts", "data::a:b\n\n", ":a:b"),
		Entry("a space before the colon makes another name", "data : a\n\n"),
		Entry("a space before the name makes another name", " data: a\n\n"),
		Entry("names are compared with case", "Data: a\nDATA: b\n\n"),
		Entry("a longer name is another name", "databa: a\n\n"),
		Entry("a shorter name is another name", "dat: a\n\n"),
		Entry("NUL in a name makes another name", "data\x00: a\n\n"),
		Entry("NUL in a value stays", "data: \x00\n\n", "\x00"),
	)

	DescribeTable("data is gathered line by line",
		func(stream string, want ...string) { dispatches(stream, messages(want...)...) },
		Entry("without a colon it is one empty line", "data\n\n", ""),
		Entry("without a value it is one empty line", "data:\n\n", ""),
		Entry("with a space for a value too", "data: \n\n", ""),
		Entry("two empty lines leave one LF", "data\ndata\n\n", "\n"),
		Entry("lines are joined by LF", "data: a\ndata\ndata: b\n\n", "a\n\nb"),
		Entry("other lines between do not matter", "data: a\n: c\nx: y\ndata: b\n\n", "a\nb"),
		Entry("it starts anew after a blank line", "data: a\n\ndata: b\n\n", "a", "b"),
		Entry("blank lines alone dispatch nothing", "\n\n\r\r\r\n\r\n"),
	)

	DescribeTable("event names the type",
		func(stream string, want ...spec.Event) { dispatches(stream, want...) },
		Entry("of this event", "event: add\ndata: a\n\n", spec.Event{Type: "add", Data: "a"}),
		Entry("after the data too", "data: a\nevent: add\n\n", spec.Event{Type: "add", Data: "a"}),
		Entry("and only of this one", "event: add\ndata: a\n\ndata: b\n\n",
			spec.Event{Type: "add", Data: "a"}, message("b")),
		Entry("the last one wins", "event: a\nevent: b\ndata\n\n", spec.Event{Type: "b"}),
		Entry("an empty one takes it back", "event: a\nevent\ndata\n\n", message("")),
		Entry("without data nothing is dispatched, and the type is gone", "event: a\n\ndata: b\n\n", message("b")),
		Entry("NUL in it stays", "event: \x00\ndata\n\n", spec.Event{Type: "\x00"}),
	)

	DescribeTable("id",
		func(stream string, lastEventID string, want ...spec.Event) {
			dispatches(stream, want...)
			Expect(literal.Parse([]byte(stream)).LastEventID).To(Equal(lastEventID))
		},
		Entry("is the event's", "id: 1\ndata\n\n", "1", spec.Event{Type: "message", LastEventID: "1"}),
		Entry("stays for later events", "id: 1\n\ndata\n\n", "1", spec.Event{Type: "message", LastEventID: "1"}),
		Entry("counts without data", "id: 1\n\n", "1"),
		Entry("counts at the blank line only", "id: 1\n\nid: 2\n", "1"),
		Entry("without a line end does not count", "id: 1", ""),
		Entry("the last one wins", "id: 1\nid: 2\n\n", "2"),
		Entry("an empty one resets", "id: 1\n\nid\n\n", ""),
		Entry("with NUL is ignored", "id: 1\nid: a\x00b\n\n", "1"),
		Entry("with nothing but NUL is ignored", "id: 1\nid:\x00\n\n", "1"),
		Entry("with an overlong NUL is not: it holds no U+0000", "id: \xC0\x80\n\n", fd+fd),
		Entry("of an unfinished block never reaches an event", "data\n\nid: 1\ndata\n", "", message("")),
	)

	DescribeTable("retry sets the reconnection time",
		func(stream string, want ...string) {
			Expect(literal.Parse([]byte(stream)).Retries).To(Equal(want))
		},
		Entry("at once, without a blank line", "retry: 1\n", "1"),
		Entry("as often as it comes", "retry: 1\nretry:2\r\nretry: 3\r", "1", "2", "3"),
		Entry("as written", "retry: 007\n", "007"),
		Entry("however large", "retry: "+strings.Repeat("9", 40)+"\n", strings.Repeat("9", 40)),
		Entry("zero", "retry: 0\n", "0"),
	)

	DescribeTable("retry is ignored",
		func(stream string) { Expect(literal.Parse([]byte(stream)).Retries).To(BeEmpty()) },
		Entry("when empty", "retry:\nretry: \nretry\n"),
		Entry("with a sign", "retry: -1\nretry: +1\n"),
		Entry("with a fraction or an exponent", "retry: 1.5\nretry: 1e3\n"),
		Entry("in base sixteen", "retry: 0x10\n"),
		Entry("with space around", "retry:  1\nretry: 1 \nretry: \t1\n"),
		Entry("with digits that are not ASCII", "retry: \u0661\uFF11\n"),
		Entry("with NUL", "retry: 1\x00\n"),
		Entry("on a line that does not end", "retry: 1"),
	)

	DescribeTable("comments are the text after the colon",
		func(stream string, want ...string) {
			Expect(literal.Parse([]byte(stream)).Comments).To(Equal(want))
		},
		Entry("with its space", ": a\n", " a"),
		Entry("with none", ":a\n", "a"),
		Entry("empty", ":\n", ""),
		Entry("with more colons", "::a:\n", ":a:"),
		Entry("repaired", ":\xC0\x80\n", fd+fd),
		Entry("between fields", "data: a\n:1\n:2\r\n\n", "1", "2"),
		Entry("and not when the line does not end", ":1\r:2", "1"),
	)
})

var _ = Describe("ParseFrom", func() {
	DescribeTable("begins with the id in force",
		func(stream string, want literal.Result) {
			Expect(literal.ParseFrom([]byte(stream), "7")).To(Equal(want))
		},
		Entry("which an empty stream keeps", "", literal.Result{LastEventID: "7"}),
		Entry("which events carry", "data\n\n", literal.Result{
			LastEventID: "7", Events: []spec.Event{{Type: "message", LastEventID: "7"}}}),
		Entry("which an unfinished block does not replace", "id: 8\n", literal.Result{LastEventID: "7"}),
		Entry("which a block replaces", "id: 8\n\n", literal.Result{LastEventID: "8"}),
		Entry("which an empty id resets", "id\n\n", literal.Result{}),
	)
})

var _ = Describe("the standard's examples", func() {
	DescribeTable("come out as §9.2.6 says",
		func(stream string, want ...spec.Event) { dispatches(stream, want...) },
		Entry("the stock ticker", "data: YHOO\ndata: +2\ndata: 10\n\n", message("YHOO\n+2\n10")),
		Entry("four blocks",
			": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
			spec.Event{Type: "message", Data: "first event", LastEventID: "1"},
			message("second event"), message(" third event")),
		Entry("two events, the third block is discarded", "data\n\ndata\ndata\n\ndata:",
			message(""), message("\n")),
		Entry("two identical events", "data:test\n\ndata: test\n\n", message("test"), message("test")),
	)
})
