package lint_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/lint"
	"github.com/ssespec/ssespec/spec"
)

// raising are streams with a mistake, and all that is to be said of them.
var raising = []struct {
	name, stream string
	want         []string
}{
	// The whole is no event stream.
	{"a compressed stream", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03KI,I\xb4R\xc8\xe1\x02\x00", []string{"1:1 error gzip-bytes folds 6"}},
	{"a stream in UTF-16 with a BOM", "\xff\xfed\x00a\x00t\x00a\x00:\x00 \x00x\x00\n\x00\n\x00", []string{"1:1 error utf-16 folds 7"}},
	{"a stream in UTF-16 without", "d\x00a\x00t\x00a\x00:\x00 \x00x\x00\n\x00\n\x00", []string{"1:1 error utf-16 folds 5"}},
	{"an error page", "<!DOCTYPE html>\n<html><head>\n<title>502: Bad Gateway</title>\n\n</head>\n<body>", []string{"1:1 error html-page folds 5"}},
	{"an error page after events", "data: 1\n\n<html>\n<body>No</body>\n</html>\n", []string{"3:1 error html-page folds 2"}},
	{"an error page in capitals after a BOM", "\uFEFF <HTML lang=en>\n\n", []string{"1:4 warning html-page folds 1"}},
	{"an error page in the middle of a block", "data: 1\n<html>\n<body>\n\n", []string{"2:1 warning html-page folds 1"}},
	{"a message of PHP", "<br />\n<b>Warning</b>:  Undefined variable $x in <b>/var/www/sse.php</b> on line <b>3</b><br />\ndata: 1\n\n", []string{"2:1 warning error-message folds 1"}},
	{"a message of PHP without markup", "PHP Warning:  Undefined variable $x in /var/www/sse.php on line 3\n\n", []string{"1:1 warning error-message folds 1"}},
	{"a traceback", "data: 1\n\nTraceback (most recent call last):\n  File \"a.py\", line 3, in <module>\nKeyError: 'x'\n\n", []string{"3:1 warning error-message folds 3"}},
	{"a JSON document", "{\"error\":\"unauthorized\"}", []string{"1:1 error json-document folds 2"}},
	{"a JSON document over lines", "{\n  \"error\": \"unauthorized\"\n}\n", []string{"1:1 error json-document folds 1"}},
	{"a JSON list", "[\n 1,\n 2\n]", []string{"1:1 error json-document folds 2"}},
	{"JSON at the end of events", "data: 1\n\n{\"error\":1}", []string{"3:1 error text-without-data folds 2"}},
	{"newline-delimited JSON", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n", []string{"1:1 error json-lines folds 1"}},
	{"a stream quoted as a string", `"data: a\n\ndata: b\n\n"`, []string{"1:1 error quoted-stream folds 2"}},
	{"headers in the body", "Content-Type: text/event-stream\nCache-Control: no-cache\n\ndata: 1\n\n", []string{"1:1 warning head-in-body folds 1", "2:1 warning head-in-body"}},
	{"a status line in the body", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n", []string{"1:1 warning head-in-body folds 1", "2:1 warning head-in-body"}},
	{"the sizes of chunks", "9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\n\r\n", []string{"1:1 warning chunk-sizes folds 1", "5:1 warning chunk-sizes", "9:1 warning chunk-sizes folds 1"}},

	{"a number that is no size of a chunk", "9\ndata: 1\n\n", []string{"1:1 warning lines-without-data"}},

	// Line ends.
	{"letters for CRLF", `data: a\r\n\r\n`, []string{"1:8 error literal-crlf folds 2"}},
	{"letters for CRLF between fields", `event: a\r\ndata: b\r\n` + "\n\n", []string{"1:9 warning literal-crlf folds 1"}},
	{"letters for LF", `data: hello\n\n`, []string{"1:12 error literal-newline folds 2"}},
	{"letters for LF, and a line end by echo", `data: hello\n\n` + "\n", []string{"1:12 error literal-newline folds 1"}},
	{"letters for LF in each line", `data: a\n\n` + "\n" + `data: b\n\n` + "\n", []string{"1:8 error literal-newline folds 1"}},
	{"letters for LF before another block", `data: a\n\ndata: b\n\n`, []string{"1:8 error literal-newline folds 2"}},
	{"letters for LF after JSON", `data: {"a":1}\n\n` + "\n\n", []string{"1:14 warning literal-newline"}},
	{"letters for LF between fields", `event: add\ndata: 1\n\n` + "\n\n", []string{"1:11 warning literal-newline folds 1"}},
	{"slashes the wrong way", "data: a/n/n", []string{"1:8 error literal-newline folds 2"}},
	{"letters of a URL", "data: a%0A%0A", []string{"1:8 error literal-newline folds 2"}},
	{"nn after JSON", `data: {"a":1}nn`, []string{"1:14 error letters-nn folds 2"}},
	{"nn after JSON, closed", "data: [1]nn\n\n", []string{"1:10 warning letters-nn"}},
	{"nn before another block", "data: hellonndata: worldnn", []string{"1:12 error letters-nn folds 2"}},
	{"nn after each of two lines", "data: onenn\ndata: twonn\n", []string{"1:10 error letters-nn folds 1"}},
	{"nn after a full stop", "data: Done.nn", []string{"1:12 error letters-nn folds 2"}},
	{"a word in nn that nothing closes", "data: Finn\n", []string{"2:1 error no-empty-line folds 1"}},
	{"one newline after each JSON", "data: {\"a\":1}\ndata: {\"a\":2}\ndata: [DONE]\n", []string{"2:1 error one-newline folds 1"}},
	{"one newline between events", "event: a\ndata: 1\nevent: b\ndata: 2\n\n", []string{"3:1 warning one-newline"}},
	{"one newline between ids", "id: 1\ndata: 1\nid: 2\ndata: 2\n\n", []string{"3:1 warning one-newline"}},
	{"one newline at the end of all", "data: hello\n", []string{"2:1 error no-empty-line folds 1"}},
	{"no newline at all", "data: hello", []string{"1:12 error no-empty-line folds 2"}},
	{"many lines, none empty", "data: a\ndata: b\ndata: c\n", []string{"4:1 error no-empty-line folds 1"}},
	{"a stream that breaks off", "data: a\n\ndata: {\"b", []string{"3:10 error broken-off folds 2"}},

	// Field names.
	{"text without data", "hello\n\n", []string{"1:1 warning text-without-data folds 1"}},
	{"text over lines without data", "hello world\nhow are you?\n\n", []string{"1:1 warning text-without-data folds 1"}},
	{"text without data and without line end", "hello", []string{"1:1 error text-without-data folds 2"}},
	{"text beside an id", "id: 1\nhello\n\n", []string{"2:1 warning text-without-data folds 1"}},
	{"JSON without data, one to a block", "{\"a\":1}\n\n{\"a\":2}\n\n", []string{"1:1 warning text-without-data folds 1", "3:1 warning text-without-data folds 1"}},
	{"JSON over lines", "data: {\n  \"a\": 1,\n  \"b\": [\n  ]\n}\n\n", []string{"2:1 warning json-over-lines"}},
	{"a list of JSON over lines", "event: a\ndata: [\n1,\n2\n]\n\n", []string{"3:1 warning json-over-lines"}},
	{"text that goes on without data", "data: first line\nsecond line\n\n", []string{"2:1 warning lines-without-data"}},
	{"text that begins without data", "first line\ndata: second line\n\n", []string{"1:1 warning lines-without-data"}},
	{"an equals sign", "data=hello\n\n", []string{"1:1 warning missing-colon folds 1"}},
	{"a colon of another script", "data：hello\n\n", []string{"1:1 warning missing-colon folds 1"}},
	{"no colon before JSON", "event: a\ndata {\"a\":1}\n\n", []string{"2:1 warning missing-colon folds 1"}},
	{"a message field", "message: hello\n\n", []string{"1:1 warning other-name folds 1"}},
	{"a type field", "type: add\ndata: 1\n\n", []string{"1:1 warning other-name"}},
	{"a misspelt field", "evnt: add\ndata: 1\n\n", []string{"1:1 warning other-name"}},
	{"a field too many letters", "datas: 1\n\n", []string{"1:1 warning other-name folds 1"}},
	{"a comment with a hash", "# a comment\ndata: 1\n\n", []string{"1:1 advice comment-style"}},
	{"a comment with slashes", "data: 1\n// a comment\n\n", []string{"2:1 advice comment-style"}},

	// Blocks.
	{"an event and its data on one line", "event: errordata: {\"a\":1}\n\n", []string{"1:13 warning event-on-one-line folds 1"}},
	{"the same with a space", "event: add data: 1\n\n", []string{"1:12 warning event-on-one-line folds 1"}},
	{"an id and its data on one line", "id: 7 data: hello\n\n", []string{"1:7 warning event-on-one-line"}},
	{"a retry and its data on one line", "retry: 1000data: hello\n\n", []string{"1:12 warning event-on-one-line folds 1"}},
	{"a type with data: in it, alone", "event: metadata:updated\n\n", []string{"1:1 warning dispatch-empty-data"}},
	{"an empty line after the event", "event: add\n\ndata: 1\n\n", []string{"1:1 warning event-apart folds 1"}},
	{"an empty line after event and id, and a heartbeat", "id: 1\nevent: add\n\n: ping\n\n\ndata: 1\n\n", []string{"2:1 warning event-apart folds 1"}},
	{"an empty line before the id", "data: 1\n\nid: 1\n\ndata: 2\n\nid: 2\n\n", []string{"3:1 advice id-apart", "7:1 advice id-apart"}},

	// Values.
	{"data twice", "data: data: hello\n\n", []string{"1:7 warning double-data"}},
	{"data twice without the space, before JSON", "data: data:{\"a\":1}\n\n", []string{"1:7 warning double-data"}},
	{"a whole block in data", "data: event: add\ndata: data: 1\n\n", []string{"1:7 warning double-data"}},
	{"bytes of Python", "data: b'hello'\n\n", []string{"1:7 warning python-bytes"}},
	{"bytes of Python with other quotes", "data: b\"it's\"\n\n", []string{"1:7 warning python-bytes"}},
	{"a whole stream in bytes of Python", `b'data: hello\n\n'` + "\n", []string{"1:1 error quoted-stream folds 1"}},
	{"an object of JavaScript", "data: [object Object]\n\n", []string{"1:7 warning object-text"}},
	{"a promise", "data: [object Promise]\n\n", []string{"1:7 warning object-text"}},
	{"an object of Python", "data: <app.models.Event object at 0x7f3c2a1b0d90>\n\n", []string{"1:7 warning object-text"}},
	{"a coroutine of Python", "data: <coroutine object fetch at 0x7f3c2a1b0d90>\n\n", []string{"1:7 warning object-text"}},
	{"an object of Java", "data: com.example.Event@1b2c3d4\n\n", []string{"1:7 warning object-text"}},
	{"a dict of Python", "data: {'a': 1, 'b': None}\n\n", []string{"1:7 advice python-dict"}},
	{"JSON escaped for HTML", "data: {&quot;a&quot;:1}\n\n", []string{"1:7 warning html-escaped"}},
	{"JSON in JSON", `data: "{\"a\":1}"` + "\n\n", []string{"1:7 advice json-twice"}},
	{"undefined data", "data: undefined\n\n", []string{"1:7 warning undefined-value"}},
	{"an undefined type", "event: undefined\ndata: 1\n\n", []string{"1:8 warning undefined-value"}},
	{"an id that is None", "id: None\ndata: 1\n\n", []string{"1:5 warning undefined-value"}},
	{"onmessage as a type", "event: onmessage\ndata: 1\n\n", []string{"1:8 warning handler-name"}},
	{"onopen and onerror as types", "event:onopen\ndata: 1\n\nevent: onerror\ndata: 2\n\n", []string{"1:7 warning handler-name", "4:8 warning handler-name"}},
	{"a type in quotes", "event: \"add\"\ndata: 1\n\n", []string{"1:8 warning quoted-type"}},
	{"a type after two spaces", "event:  add\ndata: 1\n\n", []string{"1:8 warning space-in-type"}},
	{"a type with a space behind", "event: add \ndata: 1\n\n", []string{"1:8 warning space-in-type"}},
	{"a retry in seconds", "retry: 5\n\n", []string{"1:8 advice retry-in-seconds"}},

	// What the validator says, and what follows.
	{"a name in capitals", "Data: hello\n\n", []string{"1:1 warning field-name-literal folds 1"}},
	{"a space before the colon", "data : hello\n\n", []string{"1:1 warning field-name-no-trim folds 1"}},
	{"an indented block", "  event: a\n  data: hello\n\n", []string{"1:1 warning field-name-no-trim folds 1", "2:1 warning field-name-no-trim"}},
	{"a BOM in the middle", "data: 1\n\n\uFEFFdata: 2\n\n", []string{"3:1 warning parse-bom-midstream folds 1"}},
	{"NUL in an id", "id: 1\x002\ndata: 1\n\n", []string{"1:6 warning field-id-nul"}},
	{"a retry with a unit", "retry: 5s\n\n", []string{"1:9 warning field-retry-invalid"}},
	{"a retry with a point", "retry: 1.5\n\n", []string{"1:9 warning field-retry-invalid"}},
	{"a retry without a value", "retry:\n\n", []string{"1:1 warning field-retry-empty"}},
	{"a type without data", "event: ping\n\n", []string{"1:1 warning dispatch-empty-data"}},
	{"a type without data before one with", "event: a\n\nevent: b\ndata: 1\n\n", []string{"1:1 warning dispatch-empty-data"}},
	{"a type without data at the end", "data: 1\n\nevent: a\n\n", []string{"3:1 warning dispatch-empty-data"}},
	{"a heartbeat of a type before data", "event: ping\n\ndata: 1\n\n", []string{"1:1 warning dispatch-empty-data"}},
	{"an unknown field", "data: 1\nx-trace: 7\n\n", []string{"2:1 advice field-unknown"}},
	{"an unknown field alone", "x-trace: 7\n\n", []string{"1:1 advice field-unknown", "1:1 warning dispatch-empty-data"}},
	{"malformed UTF-8", "data: caf\xe9\n\n", []string{"1:10 error format-utf8"}},
	{"a last block without its empty line", "data: 1\n\ndata: 2\n", []string{"4:1 error grammar-event"}},
	{"a last comment without its empty line", ": hi\n", []string{"2:1 error grammar-event"}},
	{"a mistake beside an unknown field", "x-a: 1\ndata: 1nn\n", []string{"1:1 advice field-unknown", "2:8 error letters-nn folds 1"}},
	{"a value that does not explain the end", "data: 0\n\ndata: b'x'\n", []string{"3:7 warning python-bytes", "4:1 error grammar-event"}},
	{"two mistakes in one block", "Event: a\ndata: b'x'\n\n", []string{"1:1 warning field-name-literal", "2:7 warning python-bytes"}},
}

// meant are streams near a mistake that are right: nothing is to be said of them.
var meant = []struct{ name, stream string }{
	{"nothing", ""},
	{"a BOM alone", "\uFEFF"},
	{"empty lines", "\n\r\n\r"},
	{"heartbeats", ": ping\n\n:\n\n"},
	{"a page in data", "data: <!DOCTYPE html>\ndata: <html>\n\n"},
	{"JSON in data", "data: {\"error\":\"unauthorized\"}\n\n"},
	{"JSON over lines of data", "data: {\ndata:   \"a\": 1\ndata: }\n\n"},
	{"a JSON list over lines of data", "data: [\ndata: {\"a\":1},\ndata: {\"a\":2}\ndata: ]\n\n"},
	{"a number on each line of data", "data: 1\ndata: 2\n\n"},
	{"one JSON text to a block", "data: {\"a\":1}\n\ndata: {\"a\":2}\n\ndata: [DONE]\n\n"},
	{"JSON and a text in one block", "data: {\"a\":1}\ndata: and more\n\n"},
	{"a JSON string that holds letters for LF", `data: {"text":"a\n\nb"}` + "\n\n"},
	{"JSON that ends in such a string", `data: ["a\n\n"]` + "\n\n" + `data: "a\n\n"` + "\n\n"},
	{"somebody's stream in JSON", `data: {"raw":"event: x\ndata: {}\n\ndata: b"}` + "\n\n" + `data: "data: a\ndata: b"` + "\n\n"},
	{"a token whose newline an application escapes", `data: Hello\n` + "\n\n" + `data: \n\n` + "\n\n"},
	{"a path of Windows", `data: C:\new\n` + "\n\n" + `data: C:\r\nodes` + "\n\n"},
	{"a message of PHP in data", "data: PHP Warning:  x in /a.php on line 3\n\n"},
	{"words that end in nn", "data: Ann\ndata: Finn\ndata: Inn and out\n\n"},
	{"one word that ends in nn", "data: Finn\n\n"},
	{"a word before data:", "data: inn data: 1\n\n"},
	{"event after data", "data: 1\nevent: a\nid: 1\n\n"},
	{"event and id twice before data", "event: a\nevent: b\nid: 1\nid: 2\ndata: 1\n\n"},
	{"a type with data: in it", "event: metadata:updated\ndata: 1\n\n"},
	{"an id with data: in it, beside data", "id: data: 7\ndata: 1\n\n"},
	{"an id alone", "id: 1\n\n"},
	{"an id that goes on ahead", "id: 1\ndata: 1\n\nid: 5\n\n"},
	{"an id that goes on behind an event without one", "id: 1\ndata: 1\n\ndata: 2\n\nid: 5\n\n"},
	{"an id before its data", "id: 1\n\ndata: 1\n\n"},
	{"an id that is reset after data", "data: 1\n\nid\n\n"},
	{"a retry alone before data", "retry: 3000\n\ndata: 1\n\n"},
	{"a retry of nothing", "retry: 0\n\n"},
	{"a retry of a tenth of a second", "retry: 100\n\n"},
	{"the word data", "data: data\n\ndata: database: down\n\n"},
	{"a data: URL", "data: data:image/png;base64,iVBORw0KGgo=\n\ndata:data:,x\n\n"},
	{"YAML with data:", "data: kind: Secret\ndata: data:\ndata:   a: b\n\n"},
	{"YAML with data: and a value among others", "data: kind: X\ndata: data: 1\n\n"},
	{"a word that begins with b", "data: b'\n\ndata: b'coz it's so\n\ndata: b'a' or b'b'\n\n"},
	{"a list with the word object", "data: [object Object] and more\n\n"},
	{"an address", "data: joe.Doe@example.org\n\ndata: a.b@c\n\n"},
	{"a hash after a name", "data: user@deadbeef\n\n"},
	{"entities in a text", "data: &quot;a&quot;\n\ndata: <p>{&quot;a&quot;}</p>\n\n"},
	{"a JSON string", "data: \"hello\"\n\ndata: \"{not json}\"\n\n"},
	{"null as data", "data: null\n\n"},
	{"a type that is a word", "event: message\ndata: 1\n\nevent: error\ndata: 2\n\nevent: open\ndata: 3\n\nevent: onclose\ndata: 4\n\n"},
	{"a type of two words", "event: order placed\ndata: 1\n\n"},
	{"an id that is a word", "id: nullable\ndata: 1\n\n"},
	{"no space after the colon", "data:1\nevent:a\nid:1\n\n"},
	{"CR alone", "data: 1\rdata: 2\r\rdata: 3\r\r"},
	{"a comment that is like a field", ":data: 1\n: event: a\n\n"},
	{"hexadecimal data", "data: 9\r\ndata: a\r\n\r\n"},
	{"a colon of another script in data", "data: data：1\n\n"},
}

var _ = Describe("The hints", func() {
	for _, r := range raising {
		It("are right about "+r.name, func() {
			Expect(brief(linted(r.stream))).To(Equal(r.want))
		})
	}

	for _, m := range meant {
		It("have nothing to say about "+m.name, func() {
			Expect(brief(linted(m.stream))).To(BeEmpty())
		})
	}

	It("are all raised by some stream", func() {
		raised := map[string]bool{}
		for _, r := range raising {
			for _, f := range linted(r.stream).Findings {
				raised[f.Rule] = true
			}
		}
		for _, h := range lint.Hints() {
			Expect(raised).To(HaveKey(h.Slug))
		}
	})

	It("have a slug of their own, a clause that exists, a sentence and what to do", func() {
		seen := map[string]bool{}
		for _, h := range lint.Hints() {
			Expect(seen[h.Slug]).To(BeFalse(), h.Slug)
			seen[h.Slug] = true
			_, isClause := spec.ClauseByID(h.Slug)
			Expect(isClause).To(BeFalse(), "%s is a clause", h.Slug)
			_, isClause = spec.ClauseByID(h.Clause)
			Expect(isClause).To(BeTrue(), "%s: %s", h.Slug, h.Clause)
			Expect(h.Slug).To(MatchRegexp(`^[a-z0-9]+(-[a-z0-9]+)*$`))
			Expect(h.Level).To(Or(Equal(lint.Warning), Equal(lint.Advice)), "of itself a hint breaks no clause")
			Expect(h.Text).NotTo(BeEmpty())
			Expect(strings.HasSuffix(h.Text, ".")).To(BeFalse())
			Expect(h.Do).NotTo(BeEmpty())
		}
	})

	It("cannot be changed by who reads them", func() {
		lint.Hints()[0].Slug = "x"
		Expect(lint.Hints()[0].Slug).NotTo(Equal("x"))
	})
})
