package fuzz

// The tables of this file are what streams are made of. They are only read. An
// entry comes as often as it stands there.

const bom = "\xEF\xBB\xBF"

// anyEnd is the number of line ends; from there on a number means any of them.
const anyEnd = len(ends)

// ends are the ways in which a line can end (§9.2.5).
var ends = [...]string{"\n", "\r", "\r\n"}

// starts are what comes before the first line: mostly nothing, else a byte
// order mark, two, a part of one, or one of another encoding.
var starts = [...]string{
	"", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
	bom, bom, bom, bom, bom + bom, bom + bom, bom + "\xEF", bom + "\xEF\xBB",
	"\xEF", "\xEF\xBB", "\xEF\xBB\xEF\xBB\xBF", "\xEF\xBB\xBE", "\xEF\xBF\xBF", "\xFE\xFF",
}

// names are the fields' names and what a careless comparison takes for them.
var names = [...]string{
	"data", "data", "data", "data", "data", "data", "data", "data", "data", "data",
	"data", "data", "data", "data", "data", "data", "data", "data", "data", "data",
	"event", "event", "event", "event", "event", "event", "event",
	"id", "id", "id", "id", "id", "id", "retry", "retry",
	"Data", "DATA", "dat", "dat", "da", "d", "data ", " data", "\tdata", "databa", "data\x00",
	"\x00data", "da\x00ta", "data\xC0", bom + "data", "\xEF\xBB" + "data", "data\u00A0",
	"Event", "even", "events", "event ", " event", "ID", "i", "ids", "id ", "id\x00", "iD",
	"Retry", "retr", "retry ", " retry", "retryy", "x", "dataevent", "comment",
}

// separators stand between a name and its value.
var separators = [...]string{
	": ", ": ", ": ", ": ", ": ", ": ", ":", ":", ":", ":", "", "", "",
	":  ", ":\t", ": \t", ":\x00", "::", ": :", " : ", " ", ":\u00A0", ":" + bom, ": " + bom,
}

// words are plain values; the last ones look like what they are not here.
var words = [...]string{
	"a", "b", "x", "1", "2", "42", "add", "hello", "message", "open", "error", "0123456789abcdef",
	" ", " ", "  ", ":", "a:b", ": ", "data: x", "event", "id: 7", "retry: 1", "{\"a\":[1]}",
	"close", "end", "Open", "onmessage", "closed", "__proto__", "ADD",
}

// types are event types, also such as mean something to some client, or to
// JavaScript.
var types = [...]string{
	"a", "add", "message", "Message", "open", "error", "Open", "ERROR", "close", "end", "abort", "connecting", "closed",
	"readystatechange", "onopen", "onmessage", "onerror", "ping", "__proto__", "constructor", "toString",
	"hasOwnProperty", "valueOf", " a", "a ", "ADD", "\u00C4", "a b", "",
}

// characters are well-formed: of every length, at the edges of the lengths,
// invisible, or such as end a line elsewhere.
var characters = [...]string{
	"\x00", "\x00", "\x00", "\t", "\v", "\v", "\f", "\f", "\x1B", "\x1C", "\x7F",
	"\u0080", "\u0085", "\u0085", "\u00A0", "\u00E9", "\u07FF", "\u0800", "\u2028", "\u2028", "\u2029",
	"\u65E5\u672C", "\uD7FF", "\uE000", bom, bom, "\uFFFD", "\uFFFE", "\uFFFF",
	"\U00010000", "\U0001F600", "\U0001F468\u200D\U0001F469", "\U0010FFFF",
}

// malformed are the ways in which bytes are no UTF-8: continuation bytes
// alone, sequences cut short, overlong forms, surrogates, beyond U+10FFFF,
// bytes that never occur, and a byte order mark cut short.
var malformed = [...]string{
	"\x80", "\xBF", "\x80\xBF\x80", "\xA0",
	"\xC3", "\xDF", "\xE0", "\xE0\xA0", "\xE4", "\xE4\xBD", "\xED", "\xED\x9F", "\xEF\xBF",
	"\xF0", "\xF0\x9F", "\xF0\x9F\x92", "\xF1\x80", "\xF4\x8F", "\xF4\x8F\xBF",
	"\xC0\x80", "\xC0\x8A", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x80\x8A", "\xE0\x9F\xBF",
	"\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF",
	"\xED\xA0\x80", "\xED\xAF\xBF", "\xED\xB0\x80", "\xED\xBF\xBF", "\xED\xA0\xBD\xED\xB8\x80",
	"\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xF7\xBF\xBF\xBF", "\xF8\x88\x80\x80\x80",
	"\xFC\x84\x80\x80\x80\x80", "\xC0", "\xC1", "\xF5", "\xFE", "\xFF",
	"\xEF", "\xEF\xBB", "\xEF\xBB\xEF\xBB\xBF", "\xE4\xBD\xF0\x9F\x92\xC3",
}

// retries are reconnection times, and what must not be taken for one.
var retries = [...]string{
	"0", "1", "10", "007", "010", "08", "0777", "3000", "3000", "86400000", "2147483647", "2147483648", "4294967296",
	"9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551616",
	"9999999999999999999999999999999999999999", "0000000000000000000000000000000000000001",
	"", " ", " 5", "5 ", "\t5", "-1", "+1", "1.5", "1e3", "0x10", "1_000", "1,000", "5s", "a5", "5:5",
	"5\x00", "\x005", "\u0661", "\uFF11", "\U0001D7CF", "5\xC0", "\xB2", "NaN", "Infinity", "/", "0:", "9;",
}

// openings begin a long line.
var openings = [...]string{
	"data: ", "data: ", "data: ", "data: ", "data:", "data", "event: ", "id: ", "retry: 1", ":", ": ",
	"x: ", "Data: ", "", "data: \x00", "data: \xE4", "data\xF0\x9F: ", "id: \x00",
}

// spoilers are bytes that change what a stream means, or how it is decoded.
const spoilers = "\n\n\r\r::  \x00\x00\t\v\f\x7F\x80\xBF\xBB\xC0\xC2\xE0\xE4\xED\xEF\xF0\xF4\xFF09diDe"

// plain are printable characters of ASCII without the colon, printable all of
// them with words that look like fields.
const (
	plain     = "abcdefghijklmnopqrstuvwxyz 0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	printable = plain + "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ data: event: id: retry:"
)
