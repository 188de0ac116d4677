package spec_test

import (
	"math/rand/v2"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/fuzz"
	"github.com/ssespec/ssespec/spec"
)

// parsed returns what the parser makes of stream: dispatches and retries.
func parsed(stream []byte) spec.Trace { return commented(stream).Only(spec.Dispatch, spec.Retry) }

// commented returns what the parser makes of stream, with the comments.
func commented(stream []byte) (t spec.Trace) {
	p := spec.Parser{
		OnRetry: func(digits []byte) {
			t = append(t, spec.Step{Kind: spec.Retry, Text: spec.Canonical(string(digits))})
		},
		OnComment: func(text []byte) { t = append(t, spec.Step{Kind: spec.Comment, Text: string(text)}) },
	}
	p.Feed(stream, func(e spec.Event) { t = append(t, spec.DispatchStep(e)) })
	return t
}

// m, t, i and r are the steps that a broken parser shows.
func m(data string) spec.Step { return t("message", data) }

func t(typ, data string) spec.Step {
	return spec.DispatchStep(spec.Event{Type: typ, Data: data})
}

func i(id, data string) spec.Step {
	return spec.DispatchStep(spec.Event{Type: "message", Data: data, LastEventID: id})
}

func r(ms string) spec.Step { return spec.Step{Kind: spec.Retry, Text: ms} }

func failed() spec.Step { return spec.Step{Kind: spec.Fail} }

func got(steps ...spec.Step) spec.Trace { return steps }

var _ = Describe("The divergence", func() {
	named := func(stream string, observed spec.Trace, clause string, offset int) {
		want := parsed([]byte(stream))
		act, ok := spec.Divergence([]byte(stream), want, observed)
		Expect(ok).To(BeTrue())
		Expect(act.Clause).To(Equal(clause), "by the reading %s, at %d", act.Reading, act.Offset)
		Expect(act.Offset).To(Equal(offset), "by the reading %s", act.Reading)
		_, known := spec.ClauseByID(act.Clause)
		Expect(known).To(BeTrue())
	}

	DescribeTable("names the clause of decoding", named,
		Entry("a BOM kept", "\uFEFFdata: a\n\n", got(), "parse-bom", 0),
		Entry("a second BOM removed", "\uFEFF\uFEFFdata: a\n\n", got(m("a")), "parse-bom-double", 3),
		Entry("a BOM removed from a later line", "data: a\n\uFEFFdata: b\n\n", got(m("a\nb")), "parse-bom-midstream", 8),
		Entry("Latin-1", "data: é\n\n", got(m("Ã©")), "parse-utf8-always", 6),
		Entry("bad bytes let through", "data: a\xFFb\n\n", got(m("a\xFFb")), "parse-invalid-utf8", 7),
		Entry("bad bytes dropped", "data: a\xFFb\n\n", got(m("ab")), "parse-invalid-utf8", 7),
		Entry("Go's one for each byte", "data: \xF0\x9F\x98\n\n", got(m("���")), "parse-invalid-utf8-subparts", 6),
		Entry("Go's one for each run", "data: \xED\xA0\x80\n\n", got(m("�")), "parse-invalid-utf8-subparts", 6),
		Entry("a truncated sequence lost before a line end", "data: a\xE4\xBD\n\n", got(m("a")), "parse-invalid-utf8-before-eol", 7),
		Entry("bad bytes as question marks", "data: a\xFFb\n\n", got(m("a?b")), "parse-invalid-utf8", 7),
		Entry("bad bytes as Latin-1", "data: é\xFF\n\n", got(m("éÿ")), "parse-invalid-utf8", 8),
		Entry("an overlong sequence taken", "data: \xC0\xAF\n\n", got(m("/")), "parse-invalid-utf8", 6),
		Entry("nothing but ASCII known", "data: é\n\n", got(m("��")), "parse-utf8-always", 6),
		Entry("a truncated sequence that swallows the line end", "data: a\xF0\x9F\ndata: b\n\n", got(m("a\uFFFDdata: b")), "parse-invalid-utf8-before-eol", 9),
		Entry("the beginning of a BOM lost", "\xEF\xBBdata: a\n\n", got(m("a")), "parse-bom", 0),
		Entry("a line end after the BOM taken for text", "\uFEFF\ndata: a\n\ndata: b\n\n", got(m("b")), "parse-bom", 3),
		Entry("every BOM removed", "data: a\uFEFFb\n\n", got(m("ab")), "parse-bom-midstream", 7),
		Entry("bad bytes in a name dropped", "da\xFFta: a\n\n", got(m("a")), "parse-invalid-utf8", 2),
		Entry("UTF-16 sniffed", "\xFF\xFE\ndata: a\n\n", got(), "parse-no-utf16-sniffing", 0),
	)

	DescribeTable("names the clause of lines", named,
		Entry("LF ends no line", "data: a\n\ndata: b\r\r", got(m("a\n\ndata: b")), "line-lf", 7),
		Entry("CR ends no line", "data: a\rdata: b\n\n", got(m("a\rdata: b")), "line-cr", 7),
		Entry("CR ends no line, at all", "data: a\r\r", got(), "line-cr", 7),
		Entry("CR ends no line, and stays before LF", "data: a\r\ndata: b\n\n", got(m("a\r\nb")), "line-cr", 7),
		Entry("a CR at the end of the stream ends no line", "data: a\r\rdata: b\r\r", got(m("a")), "line-cr", 17),
		Entry("only CRLF ends a line", "data: a\n\ndata: b\rdata: c\r\n\r\n", got(m("a\n\ndata: b\rdata: c")), "line-lf", 7),
		Entry("LF CR is one line end", "data: a\n\rdata: b\n\n", got(m("a\nb")), "line-mixed", 8),
		Entry("a blank line wants two equal line ends", "data: a\r\n\ndata: b\n\n", got(m("a\nb")), "line-mixed", 9),
		Entry("a line of white space is blank", "data: a\n\u00a0\ndata: b\nfoo\ndata: c\n\n", got(m("a"), m("b\nc")), "line-blank", 8),
		Entry("FF ends a line, and VT does not", "data: a\fdata: b\vdata: c\n\n", got(m("a\nb\vdata: c")), "line-other-separators", 7),
		Entry("events in another order", "data: a\n\ndata: b\n\n", got(m("b"), m("a")), "line-order", 0),
		Entry("CRLF ends two lines", "data: a\r\ndata: b\r\n\r\n", got(m("a"), m("b")), "line-crlf", 8),
		Entry("only the first style ends lines", "data: a\r\rdata: b\n\ndata: c\r\r", got(m("a"), m("b\n\ndata: c")), "line-mixed", 16),
		Entry("U+2028 ends a line", "data: a\u2028b\n\n", got(m("a")), "line-other-separators", 7),
		Entry("VT ends a line", "data: a\vdata: b\n\n", got(m("a\nb")), "line-other-separators", 7),
		Entry("U+0085 ends a line", "data: a\u0085b\n\n", got(m("a")), "line-other-separators", 7),
		Entry("an unterminated retry counts", "retry: 5\nretry: 6", got(r("5"), r("6")), "line-unterminated", 9),
		Entry("an unfinished block is dispatched", "data: a\n\ndata: b\n", got(m("a"), m("b")), "eof-discard", 17),
		Entry("an unfinished line is dispatched", "data: a\ndata: b", got(m("a\nb")), "eof-discard", 15),
		Entry("the finished lines are dispatched", "data: a\ndata: b", got(m("a")), "eof-discard", 15),
		Entry("a blank line dispatches nothing", "data: a\n\ndata: b\n\n", got(), "line-blank", 8),
		Entry("a comment ends the block", "data: a\n: c\ndata: b\n\n", got(m("a"), m("b")), "line-comment", 8),
		Entry("a comment is an event", ": c\ndata: a\n\n", got(m(" c"), m("a")), "line-comment", 0),
		Entry("a comment is data", "data: a\n: c\n\n", got(m("a\n c")), "line-comment", 8),
		Entry("a comment is a field", ":data: a\ndata: b\n\n", got(m("a\nb")), "line-comment", 0),
		Entry("a colon alone is a blank line", "data: a\n:\ndata: b\n\n", got(m("a"), m("b")), "line-comment", 8),
		Entry("a comment is an error", "data: a\n\n: c\ndata: b\n\n", got(m("a"), failed()), "line-comment", 9),
		Entry("the second colon ends the value", "data: a:b\n\n", got(m("a")), "line-first-colon", 4),
		Entry("a line without a colon has its name for a value", "data\n\n", got(m("data")), "field-no-colon", 0),
		Entry("a line without a colon is an error", "data\n\n", got(failed()), "field-no-colon", 0),
		Entry("the last colon ends the name", "data: a:b\n\n", got(m("b")), "line-first-colon", 4),
		Entry("all space at the front is removed", "data:  a\n\n", got(m("a")), "value-one-space", 5),
		Entry("no space is removed", "data: a\n\n", got(m(" a")), "value-one-space", 5),
		Entry("a space is required", "data:ab\n\n", got(m("b")), "value-one-space", 5),
		Entry("a field without a space is no field", "data:a\n\ndata: b\n\n", got(m("b")), "value-one-space", 5),
		Entry("a value is trimmed", "data: a \n\n", got(m("a")), "value-other-whitespace", 7),
		Entry("a tab is removed", "data:\ta\n\n", got(m("a")), "value-other-whitespace", 5),
		Entry("a line without a colon is ignored", "data\n\n", got(), "field-no-colon", 0),
	)

	DescribeTable("names the clause of fields", named,
		Entry("names are folded", "DATA: a\n\n", got(m("a")), "field-name-literal", 0),
		Entry("names are trimmed", "data : a\n\n", got(m("a")), "field-name-no-trim", 0),
		Entry("NUL is left out of a name", "da\x00ta: a\n\n", got(m("a")), "field-name-nul", 0),
		Entry("a name ends at NUL", "data\x00x: a\n\n", got(m("a")), "field-name-nul", 0),
		Entry("a name is known by how it begins", "database: a\n\n", got(m("a")), "field-unknown", 0),
		Entry("an unknown field is an error", "foo: a\n\ndata: b\n\n", got(failed()), "field-unknown", 0),
		Entry("white space before a name is skipped", "  data: a\n\n", got(m("a")), "field-name-no-trim", 0),
		Entry("an unknown field spoils the block", "data: a\nfoo: b\n\n", got(), "field-unknown", 8),
		Entry("an unknown field ends the block", "data: a\nfoo: b\ndata: c\n\n", got(m("a"), m("c")), "field-unknown", 8),
		Entry("an unknown line is data", "data: a\nfoo\n\n", got(m("a\nfoo")), "field-unknown", 8),
		Entry("the last data wins", "data: a\ndata: b\n\n", got(m("b")), "field-data-append", 8),
		Entry("the first data wins", "data: a\ndata: b\n\n", got(m("a")), "field-data-append", 8),
		Entry("data is joined by CRLF", "data: a\ndata: b\n\n", got(m("a\r\nb")), "field-data-append", 8),
		Entry("each data is an event", "data: a\ndata: b\n\n", got(m("a"), m("b")), "field-data-append", 0),
		Entry("NUL in data is replaced", "data: a\x00b\n\n", got(m("a\uFFFDb")), "field-data-nul", 0),
		Entry("data is joined without LF", "data: a\ndata: b\n\n", got(m("ab")), "field-data-append", 8),
		Entry("an empty first data is lost", "data:\ndata: a\n\n", got(m("a")), "field-data-append", 6),
		Entry("an empty data in between is lost", "data: a\ndata:\ndata: b\n\n", got(m("a\nb")), "field-data-append", 8),
		Entry("NUL is removed from data", "data: a\x00b\n\n", got(m("ab")), "field-data-nul", 0),
		Entry("data ends at NUL", "data: a\x00b\n\n", got(m("a")), "field-data-nul", 0),
		Entry("event is ignored", "event: x\ndata: a\n\n", got(m("a")), "field-event", 0),
		Entry("the first event wins", "event: x\nevent: y\ndata: a\n\n", got(t("x", "a")), "field-event-last-wins", 9),
		Entry("two event fields are joined", "event: x\nevent: y\ndata: a\n\n", got(t("xy", "a")), "field-event-last-wins", 9),
		Entry("event after data is ignored", "data: a\nevent: x\n\nevent: y\ndata: b\n\n", got(m("a"), t("y", "b")), "field-event", 8),
		Entry("id after data is ignored", "data: a\nid: 1\n\nid: 2\ndata: b\n\n", got(m("a"), i("2", "b")), "field-id-last-wins", 8),
		Entry("an id that is no number is ignored", "id: x\ndata: a\n\nid: 2\ndata: b\n\n", got(m("a"), i("2", "b")), "field-id", 0),
		Entry("NUL is removed from an id", "id: 1\x002\ndata: a\n\n", got(i("12", "a")), "field-id-nul", 0),
		Entry("an id with NUL spoils the block", "data: a\nid: 1\x00\ndata: b\n\n", got(m("b")), "field-id-nul-keeps-previous", 8),
		Entry("id is ignored", "id: 1\ndata: a\n\n", got(m("a")), "field-id", 0),
		Entry("the first id wins", "id: 1\nid: 2\ndata: a\n\n", got(i("1", "a")), "field-id-last-wins", 6),
		Entry("an empty id is ignored", "id: 1\ndata: a\n\nid:\ndata: b\n\n", got(i("1", "a"), i("1", "b")), "field-id-empty", 15),
		Entry("an id with NUL is taken", "id: 1\x002\ndata: a\n\n", got(i("1\x002", "a")), "field-id-nul", 0),
		Entry("an id ends at NUL", "id: 1\x002\ndata: a\n\n", got(i("1", "a")), "field-id-nul", 0),
		Entry("an id with NUL resets", "id: 1\nid: x\x00\ndata: a\n\n", got(m("a")), "field-id-nul-keeps-previous", 6),
		Entry("retry is ignored", "retry: 5\ndata: a\n\n", got(m("a")), "field-retry", 0),
		Entry("a retry is read as octal", "retry: 010\n", got(r("8")), "field-retry-base-ten", 0),
		Entry("a retry with a unit is taken", "retry: 5\nretry: 7s\n", got(r("5"), r("7")), "field-retry-invalid", 9),
		Entry("a retry with a sign is taken", "retry: 6\nretry: +5\n", got(r("6"), r("5")), "field-retry-invalid", 9),
		Entry("a negative retry is taken", "retry: 6\nretry: -5\n", got(r("6"), r("-5")), "field-retry-invalid", 9),
		Entry("a retry with white space is taken", "retry: 6\nretry: 5 \n", got(r("6"), r("5")), "field-retry-invalid", 9),
		Entry("a retry with a fraction is taken", "retry: 6\nretry: 1.5e3\n", got(r("6"), r("1500")), "field-retry-invalid", 9),
		Entry("a hexadecimal retry is taken", "retry: 6\nretry: 0x10\n", got(r("6"), r("16")), "field-retry-invalid", 9),
		Entry("a retry in other digits is taken", "retry: 6\nretry: ١٠\n", got(r("6"), r("10")), "field-retry-invalid", 9),
		Entry("a bad retry brings the default back", "retry: 5\nretry: x\n", got(r("5"), r("3000")), "field-retry-invalid", 9),
		Entry("a retry is in seconds", "retry: 5\n", got(r("5000")), "field-retry", 0),
		Entry("a retry waits for the blank line", "retry: 5\n\nretry: 6\n", got(r("5")), "field-retry-immediate", 10),
		Entry("a retry wants data", "retry: 5\n\nretry: 6\ndata: a\n\n", got(r("6"), m("a")), "field-retry-immediate", 0),
		Entry("a retry of more than 63 bits is ignored", "retry: 9999999999\nretry: 99999999999999999999\n", got(r("9999999999")), "field-retry-range", 18),
		Entry("an empty retry is zero", "retry: 5\nretry:\n", got(r("5"), r("0")), "field-retry-empty", 9),
		Entry("a large retry is ignored", "retry: 5\nretry: 4294967297\n", got(r("5")), "field-retry-range", 9),
		Entry("a large retry wraps around", "retry: 4294967297\n", got(r("1")), "field-retry-range", 0),
		Entry("a large retry is clamped", "retry: 4294967297\n", got(r("2147483647")), "field-retry-range", 0),
		Entry("a retry of zero is ignored", "retry: 5\nretry: 0\n", got(r("5")), "field-retry-range", 9),
	)

	DescribeTable("names the clause of dispatch", named,
		Entry("an id without data is not committed", "id: 1\n\ndata: a\n\n", got(m("a")), "dispatch-id-commit", 6),
		Entry("an id does not stay", "id: 1\ndata: a\n\ndata: b\n\n", got(i("1", "a"), m("b")), "dispatch-id-sticky", 23),
		Entry("a block of event alone is dispatched", "event: x\n\n", got(t("x", "")), "dispatch-empty-data", 9),
		Entry("a block of id alone is dispatched", "id: 1\n\n", got(i("1", "")), "dispatch-empty-data", 6),
		Entry("a blank line alone is dispatched", "\ndata: a\n\n", got(m(""), m("a")), "dispatch-empty-data", 0),
		Entry("a type outlives a block without data", "event: x\n\ndata: a\n\n", got(t("x", "a")), "dispatch-empty-data-resets-type", 9),
		Entry("empty data is not dispatched", "data:\n\n", got(), "dispatch-empty-string", 6),
		Entry("the last LF stays", "data: a\n\n", got(m("a\n")), "dispatch-strip-lf", 8),
		Entry("every last LF goes", "data: a\ndata:\ndata: b\ndata:\n\n", got(m("a\n\nb")), "dispatch-strip-lf", 28),
		Entry("the type is left empty", "data: a\n\n", got(t("", "a")), "dispatch-type-default", 8),
		Entry("a block of retry alone is dispatched", "retry: 5\n\ndata: a\n\n", got(r("5"), m(""), m("a")), "dispatch-empty-data", 9),
		Entry("the end is an event", "data: a\n\ndata: b\n", got(m("a"), m("")), "eof-discard", 17),
		Entry("a name without a line end ends the event", "data: a\n\ndata: b\ndata", got(m("a"), m("b\n")), "line-unterminated", 17),
		Entry("a type at the end of the stream is dispatched", "data: a\n\nevent: t\n", got(m("a"), t("t", "")), "eof-discard", 18),
		Entry("white space around data goes", "data:  a\ndata:  b \n\n", got(m("a\n b")), "dispatch-strip-lf", 19),
		Entry("a type is folded", "event: Add\ndata: a\n\n", got(t("add", "a")), "dispatch-type-override", 19),
		Entry("a type is trimmed", "event: add \ndata: a \n\n", got(t("add", "a ")), "dispatch-type-override", 21),
		Entry("an event is a message as well", "event: x\ndata: a\n\n", got(t("x", "a"), m("a")), "dispatch-type-override", 17),
		Entry("a type that objects inherit is lost", "event: __proto__\ndata: a\n\ndata: b\n\n", got(m("b")), "dispatch-type-override", 25),
		Entry("an event of type error is an error", "event: error\ndata: a\n\ndata: b\n\n", got(failed()), "dispatch-type-reserved", 21),
		Entry("a block without data resets the id", "id: 1\ndata: a\n\ndata: b\n\n\ndata: c\n\n", got(i("1", "a"), i("1", "b"), m("c")), "dispatch-id-sticky", 24),
		Entry("two event fields are ignored", "event: x\nevent: y\ndata: a\n\n", got(m("a")), "field-event", 9),
		Entry("a reserved type is not dispatched", "event: error\ndata: a\n\n", got(), "dispatch-type-reserved", 21),
		Entry("the type stays for the next event", "event: x\ndata: a\n\ndata: b\n\n", got(t("x", "a"), t("x", "b")), "dispatch-type-reset", 17),
		Entry("the data stays for the next event", "data: a\n\ndata: b\n\n", got(m("a"), m("a\nb")), "dispatch-type-reset", 8),
		Entry("the event reports the id before", "id: 1\ndata: a\n\nid: 2\ndata: b\n\n", got(m("a"), i("1", "b")), "dispatch-last-event-id", 14),
	)

	DescribeTable("names the first of several", named,
		Entry("CR unknown, then a space kept", "data: a\n\ndata: b\rdata: c\n\n", got(m("a"), m(" b\rdata: c")), "line-cr", 16),
		Entry("a trimmed value, and later a lost one", "data: a \n\ndata: b\n\ndata: c\n\n", got(m("a"), m("b"), m("?")), "value-other-whitespace", 7),
		Entry("a folded name, and later a changed text", "DATA: a\n\ndata: b\n\n", got(m("a"), m("?")), "field-name-literal", 0),
		Entry("a comment taken for data beside a NUL, and later a changed text", "data: a\x00\n: c\n\ndata: b\n\n", got(m("a\x00\n c"), m("?")), "line-comment", 9),
		Entry("nobody's text in a block with NUL", "data: a\n\ndata: b\x00\n\n", got(m("a"), m("?")), "field-data-nul", 9),
		Entry("events out of thin air", "data: a\n\n", got(m("a"), m("?")), "dispatch-type-reset", 8),
		Entry("an event for an empty stream", "", got(m("?")), "eof-discard", 0),
	)

	It("brings a second reading in where the first one needs it", func() {
		stream := []byte("\uFEFFdata: a\n\ndata: b\n\n")
		acts := spec.Explanations(stream, parsed(stream), got(m(""), m("b")))
		Expect(acts).NotTo(BeEmpty())
		Expect([]any{acts[0].Reading, acts[0].Also, acts[0].Guess}).To(Equal([]any{"parse-bom", "dispatch-empty-data/always", false}))
	})

	It("says when it is a guess", func() {
		stream := []byte("data: a\n\n")
		Expect(spec.Explanations(stream, parsed(stream), got(m("?")))[0].Guess).To(BeTrue())
		Expect(spec.Explanations(stream, parsed(stream), got(m(" a")))[0].Guess).To(BeFalse())
	})

	DescribeTable("of an event that came too early", func(stream string, event, read int, clauses ...string) {
		var named []string
		for _, a := range spec.Premature([]byte(stream), spec.Dispatch, event, read) {
			named = append(named, a.Reading)
		}
		Expect(named).To(ConsistOf(clauses))
	},
		Entry("before the blank line of a CRLF", "data: a\r\n\r\n", 0, 9, "line-crlf", "field-data-append/apart", "parse-chunk-boundaries"),
		Entry("with its data line", "data: a\n\n", 0, 8, "field-data-append/apart", "parse-chunk-boundaries"),
		Entry("after a comment that ended it", "data: a\n:\n\n", 0, 10, "field-data-append/apart", "line-comment/blank", "line-comment/colon", "parse-chunk-boundaries"),
		Entry("at the end of a chunk in its line", "data: a\n\n", 0, 7, "parse-chunk-boundaries"),
		Entry("before its bytes were there", "data: a\n\n", 0, 6),
		Entry("one that there is not", "data: a\n\n", 1, 9),
	)

	It("is told of a reconnection time as well", func() {
		acts := spec.Premature([]byte("retry: 5\n"), spec.Retry, 0, 8)
		Expect(acts).To(HaveLen(1))
		Expect(acts[0].Clause).To(Equal("parse-chunk-boundaries"))
		Expect(spec.Premature([]byte("retry: 50\n"), spec.Retry, 0, 8)).To(BeEmpty())
	})

	DescribeTable("matters where the stream shows it", func(stream, reading string, matters bool) {
		Expect(spec.Matters([]byte(stream), reading, spec.Dispatch)).To(Equal(matters))
	},
		Entry("a space kept", "data: a\n\n", "value-one-space/kept", true),
		Entry("no space to keep", "data:a\n\n", "value-one-space/kept", false),
		Entry("a reconnection time is no event", "retry: 5\n\n", "field-retry", false),
	)

	It("is none for equal traces, whatever else they hold", func() {
		stream := []byte("retry: 5\ndata: a\n\n")
		_, ok := spec.Divergence(stream, parsed(stream), append(parsed(stream), spec.Step{Kind: spec.Reestablish}))
		Expect(ok).To(BeFalse())
		_, ok = spec.Divergence(stream, got(m("a")), parsed(stream))
		Expect(ok).To(BeFalse(), "retries that are not wanted are not compared")
	})
})

var _ = Describe("The reading of the standard", func() {
	It("is the parser's on 20,000 random streams", func() {
		random := rand.New(rand.NewPCG(9, 2))
		for range 20_000 {
			stream := fuzz.Stream(random)
			if right := spec.RightTrace(stream); !right.Equal(commented(stream)) {
				Expect(right).To(Equal(commented(stream)), "%q", stream)
			}
		}
	})

	It("names a clause in the stream for whatever is seen instead", func() {
		random := rand.New(rand.NewPCG(6, 5))
		for range 200 { // two readings are tried together: their number is squared
			stream := fuzz.Stream(random)
			act, ok := spec.Divergence(stream, parsed(stream), append(parsed(stream), m("?")))
			Expect(ok).To(BeTrue())
			_, known := spec.ClauseByID(act.Clause)
			Expect(known).To(BeTrue(), "%q: %q", stream, act.Clause)
			Expect(act.Offset).To(And(BeNumerically(">=", 0), BeNumerically("<=", len(stream))))
		}
	})

	DescribeTable("tells the acts of the standard's examples", func(stream string, want ...string) {
		var clauses []string
		last := 0
		for _, a := range spec.Acts([]byte(stream)) {
			Expect(a.Offset).To(BeNumerically("<=", len(stream)))
			Expect(a.Step).To(BeNumerically(">=", last))
			last = a.Step
			clauses = append(clauses, a.Clause)
		}
		for _, w := range want {
			Expect(clauses).To(ContainElement(w))
		}
	},
		Entry("stock prices", "data: YHOO\ndata: +2\ndata: 10\n\n", "field-data-append", "line-blank", "value-one-space", "dispatch-type-default"),
		Entry("comment, id, reset", ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n", "line-comment", "field-id", "field-id-empty", "field-no-colon", "eof-discard"),
		Entry("empty data", "data\n\ndata\ndata\n\ndata:\n", "dispatch-empty-string", "dispatch-strip-lf", "field-no-colon", "eof-discard"),
		Entry("optional space", "data:test\n\ndata: test\n\n", "value-one-space"),
	)

	It("lists the types of wrong readings too", func() {
		Expect(spec.TypesRead([]byte("event: x\nevent: y\ndata: a\n\n"))).To(ConsistOf("message", "x", "y", " y", "xy"))
		Expect(strings.Join(spec.TypesRead(nil), ",")).To(Equal("message"))
	})
})
