package fuzz_test

import (
	"bytes"
	"strings"
	"unicode/utf8"

	. "github.com/onsi/ginkgo/v2"

	"github.com/ssespec/ssespec/spec"
	"github.com/ssespec/ssespec/spec/literal"
)

// features is the table of what streams must be made of.
func features() []TableEntry {
	var all []TableEntry
	for _, rows := range [][]TableEntry{
		lineEnds(), fieldNames(), values(), characters(), malformations(), marks(), reconnectionTimes(), lengths(), effects(),
	} {
		all = append(all, rows...)
	}
	return all
}

func lineEnds() []TableEntry {
	return []TableEntry{
		Entry("an empty stream", func(s []byte) bool { return len(s) == 0 }),
		Entry("LF only", only(true, false, false)),
		Entry("CR only", only(false, true, false)),
		Entry("CRLF only", only(false, false, true)),
		Entry("all three line ends", only(true, true, true)),
		Entry("LF before CR", contains("\n\r")),
		Entry("an LF at the start", begins("\n")),
		Entry("a CR at the end", matches(`\r$`)),
		Entry("a blank line at the end", matches(`(\n\n|\r\r|\r\n\r\n)$`)),
		Entry("a line without an end", matches(`[^\r\n]$`)),
		Entry("three blank lines in a row", matches(`\n\n\n\n`)),
		Entry("U+2028", contains("\u2028")),
		Entry("U+2029", contains("\u2029")),
		Entry("NEL", contains("\u0085")),
		Entry("VT", contains("\v")),
		Entry("FF", contains("\f")),
	}
}

func fieldNames() []TableEntry {
	var rows []TableEntry
	for _, name := range []string{
		"data", "event", "id", "retry", "Data", "DATA", "dat", "data ", " data", "databa", "Event", "ID", "Retry",
		"data\x00", "da\x00ta", "data\xC0", "\xEF\xBB\xBFdata", "x", "dataevent",
	} {
		rows = append(rows, Entry("a field named "+quoted(name), named(name)))
	}
	return rows
}

func values() []TableEntry {
	return []TableEntry{
		Entry("data without a colon", line(func(l []byte) bool { return string(l) == "data" })),
		Entry("event without a colon", line(func(l []byte) bool { return string(l) == "event" })),
		Entry("id without a colon", line(func(l []byte) bool { return string(l) == "id" })),
		Entry("a colon and no value", matches(`data:[\r\n]`)),
		Entry("a colon, a space and no value", matches(`data: [\r\n]`)),
		Entry("no space after the colon", matches(`data:[a-z]`)),
		Entry("one space after the colon", matches(`data: [a-z]`)),
		Entry("two spaces after the colon", matches(`data:  [a-z]`)),
		Entry("a tab after the colon", contains("data:\t")),
		Entry("two colons", contains("data::")),
		Entry("trailing space", matches(`data: ?[a-z]+ +[\r\n]`)),
		Entry("a comment", line(begins(":"))),
		Entry("an empty comment", line(func(l []byte) bool { return string(l) == ":" })),
		Entry("an event line twice", repeats(2)),
		Entry("an event line fifty times", repeats(50)),
	}
}

func characters() []TableEntry {
	return []TableEntry{
		Entry("NUL", contains("\x00")),
		Entry("NUL in an id", matches(`[\r\n]id: ?[^\r\n]*\x00`)),
		Entry("a tab", contains("\t")),
		Entry("DEL", contains("\x7F")),
		Entry("two bytes", contains("\u00E9")),
		Entry("three bytes", contains("\u65E5")),
		Entry("four bytes", contains("\U0001F600")),
		Entry("the last code point", contains("\U0010FFFF")),
		Entry("U+FFFD itself", contains("\uFFFD")),
	}
}

func malformations() []TableEntry {
	return []TableEntry{
		Entry("a lone continuation byte", contains("a\x80")),
		Entry("overlong NUL", contains("\xC0\x80")),
		Entry("overlong LF", contains("\xC0\x8A")),
		Entry("overlong, three bytes", contains("\xE0\x80\x80")),
		Entry("overlong, four bytes", contains("\xF0\x80\x80\x80")),
		Entry("a high surrogate", contains("\xED\xA0\x80")),
		Entry("a low surrogate", contains("\xED\xBF\xBF")),
		Entry("a surrogate pair", contains("\xED\xA0\xBD\xED\xB8\x80")),
		Entry("beyond U+10FFFF", contains("\xF4\x90\x80\x80")),
		Entry("a lead of five bytes", contains("\xF8\x88\x80\x80\x80")),
		Entry("FE", contains("\xFE")),
		Entry("FF", contains("\xFF")),
		Entry("two bytes cut by LF", contains("\xC3\n")),
		Entry("three bytes cut by LF", contains("\xE4\xBD\n")),
		Entry("three bytes cut by CR", contains("\xE4\xBD\r")),
		Entry("three bytes cut by CRLF", contains("\xE4\xBD\r\n")),
		Entry("four bytes cut by LF", contains("\xF0\x9F\x92\n")),
		Entry("four bytes cut by CR", contains("\xF0\x9F\x92\r")),
		Entry("four bytes cut by a colon", contains("\xF0\x9F:")),
		Entry("two bytes cut by the end of the stream", ends("\xC3")),
		Entry("three bytes cut by the end of the stream", ends("\xE4\xBD")),
		Entry("four bytes cut by the end of the stream", ends("\xF0\x9F\x92")),
	}
}

func marks() []TableEntry {
	return []TableEntry{
		Entry("one byte order mark", func(s []byte) bool { return begins(mark)(s) && !begins(mark+mark)(s) }),
		Entry("two", begins(mark+mark)),
		Entry("one before a field", begins(mark+"data")),
		Entry("one at the start of a later line", contains("\n"+mark)),
		Entry("one in a value", matches(`data: ?[a-z]*`+mark)),
		Entry("one byte of it at the start", func(s []byte) bool { return begins("\xEF")(s) && !begins("\xEF\xBB")(s) }),
		Entry("two bytes of it at the start", func(s []byte) bool { return begins("\xEF\xBB")(s) && !begins(mark)(s) }),
		Entry("two bytes of it and then all", begins("\xEF\xBB"+mark)),
		Entry("one and two bytes of another", func(s []byte) bool {
			return begins(mark+"\xEF\xBB")(s) && !begins(mark+mark)(s)
		}),
		Entry("that of UTF-16", begins("\xFE\xFF")),
		Entry("nothing but one", func(s []byte) bool { return string(s) == mark }),
	}
}

func reconnectionTimes() []TableEntry {
	var rows []TableEntry
	for _, value := range []string{
		"0", "007", "3000", "2147483648", "9223372036854775808", strings.Repeat("9", 40),
		"", " 5", "5 ", "-1", "+1", "1.5", "1e3", "0x10", "5\x00", "\u0661", "\U0001D7CF",
	} {
		rows = append(rows, Entry("a retry of "+quoted(value), retrying(value)))
	}
	return append(rows, Entry("a retry at the end of the stream, without a line end", matches(`retry: ?[0-9]+$`)))
}

func lengths() []TableEntry {
	crOnly := only(false, true, false)
	return []TableEntry{
		Entry("an ASCII line of more than 600 bytes", longValue(600)),
		Entry("an ASCII line of more than 4 KiB", longValue(4096)),
		Entry("a line of more than 4 KiB with other bytes", line(and(from(4096), notASCII))),
		Entry("a long comment", line(and(from(600), begins(":")))),
		Entry("a long id", line(and(from(600), begins("id: ")))),
		Entry("a long event type", line(and(from(600), begins("event: ")))),
		Entry("a long retry", line(and(from(600), begins("retry: ")))),
		Entry("a long line without a colon", line(func(l []byte) bool { return len(l) > 600 && !contains(":")(l) })),
		Entry("a long stream with CR only", and(from(600), crOnly)),
		Entry("a long stream with CR only and many lines", func(s []byte) bool {
			return crOnly(s) && bytes.Count(s, []byte("\r")) > 100
		}),
		Entry("a long stream with LF only and many lines", func(s []byte) bool {
			return only(true, false, false)(s) && bytes.Count(s, []byte("\n")) > 100
		}),
		Entry("a stream of more than 5,000 bytes", from(5000)),
	}
}

func effects() []TableEntry {
	return []TableEntry{
		Entry("an event of another type", dispatched(func(e spec.Event) bool { return e.Type != spec.DefaultType })),
		Entry("an event with an id", dispatched(func(e spec.Event) bool { return e.LastEventID != "" })),
		Entry("an event without data", dispatched(func(e spec.Event) bool { return e.Data == "" })),
		Entry("an event of three lines", dispatched(func(e spec.Event) bool { return strings.Count(e.Data, "\n") >= 2 })),
		Entry("an event with U+FFFD", dispatched(func(e spec.Event) bool { return strings.Contains(e.Data, "\uFFFD") })),
		Entry("an event with 4 KiB of data", dispatched(func(e spec.Event) bool { return len(e.Data) > 4096 })),
		Entry("an id that is reset", func(s []byte) bool {
			events := literal.Parse(s).Events
			return len(events) > 1 && events[0].LastEventID != "" && events[len(events)-1].LastEventID == ""
		}),
	}
}

const mark = "\xEF\xBB\xBF"

// ends is the predicate that a stream ends with text.
func ends(text string) func([]byte) bool {
	return func(s []byte) bool { return bytes.HasSuffix(s, []byte(text)) }
}

// notASCII is the predicate that a stream has bytes beyond 7F.
func notASCII(s []byte) bool {
	return bytes.ContainsFunc(s, func(c rune) bool { return c >= utf8.RuneSelf })
}
