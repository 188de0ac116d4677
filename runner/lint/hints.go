package lint

import "slices"

// A Hint is a mistake that authors make, and how it shows. Text is one sentence
// on what there is, Do on what to write in its place. Clause is why a client
// reads it otherwise than its author.
type Hint struct {
	Slug   string
	Level  Level
	Clause string
	Text   string
	Do     string

	explains []string // rules whose findings in the same block are its consequence
}

// Hints returns the table of all.
func Hints() []Hint { return slices.Clone(hints) }

// hintNamed returns the hint with that slug, nil if there is none.
func hintNamed(slug string) *Hint {
	i := slices.IndexFunc(hints, func(h Hint) bool { return h.Slug == slug })
	if i < 0 {
		return nil
	}
	return &hints[i]
}

// What follows when fields are no fields, and when blocks are not closed.
var (
	ignored    = []string{"field-unknown", "dispatch-empty-data"}                     // never written to
	unfinished = []string{"grammar-event", "grammar-field", "grammar-comment"}        // never written to
	both       = slices.Concat(ignored, unfinished)                                   // never written to
	noData     = []string{"dispatch-empty-data"}                                      // never written to
	noLineEnd  = slices.Concat(noData, unfinished)                                    // never written to
	lostLines  = []string{"field-unknown", "text-without-data", "lines-without-data"} // never written to
)

var hints = []Hint{ // never written to
	// The whole is no event stream.
	{"gzip-bytes", Warning, "format-utf8", "the bytes are compressed, so a client sees no line of them",
		"look at what a client sees after decoding (curl --compressed); send Content-Encoding with what is compressed", nil},
	{"utf-16", Warning, "parse-no-utf16-sniffing", "the bytes are UTF-16, but a client reads every event stream as UTF-8",
		"encode the stream as UTF-8 (PowerShell's > writes UTF-16: use curl.exe -o)", nil},
	{"html-page", Warning, "field-unknown", "this is an HTML page and no event stream, so nothing of it is dispatched",
		"read the page: it is probably the error or login page of a framework or proxy; answer errors with a status other than 200", slices.Concat(both, lostLines)},
	{"error-message", Warning, "field-unknown", "the program's own error message stands in the stream, where a client ignores it",
		"mend what it says, and let errors go to the log, not to the response", slices.Concat(ignored, lostLines)},
	{"json-document", Warning, "field-unknown", "this is a JSON document and no event stream, so nothing of it is dispatched",
		"send it as application/json, or write \"data: \" before each line and an empty line after the last", both},
	{"json-lines", Warning, "field-unknown", "each line is a JSON text without a field name, so nothing of it is dispatched",
		"write \"data: \" before each JSON text and an empty line after it: newline-delimited JSON is another format", both},
	{"quoted-stream", Warning, "field-unknown", "the stream is quoted as one string, so its line ends are the letters \\n",
		"send the text itself: tell a framework not to turn it into JSON, decode bytes of Python", both},
	{"head-in-body", Warning, "field-unknown", "a header stands in the body, where a client ignores it",
		"set headers by the server's own means, before the first byte of the body", slices.Concat(ignored, lostLines)},
	{"chunk-sizes", Warning, "field-unknown", "the sizes of HTTP chunks stand in the body, where they are lines of the stream",
		"leave the chunked coding to the HTTP server; if this is a capture of a raw socket, capture with curl instead", slices.Concat(ignored, lostLines)},

	// Line ends.
	{"literal-crlf", Warning, "format-line-ends", "the letters \\r\\n stand where a line end was meant",
		"write the control characters CR and LF: in most languages \"\\r\\n\" in double quotes, and not escaped twice", noLineEnd},
	{"literal-newline", Warning, "format-line-ends", "the letters \\n stand where a line end was meant",
		"write the control character LF: in most languages \"\\n\" in double quotes, and not escaped twice (in a shell: printf)", noLineEnd},
	{"letters-nn", Warning, "format-line-ends", "the letters nn stand where two line ends were meant",
		"write \"\\n\\n\" with its backslashes, in double quotes", noLineEnd},
	{"one-newline", Warning, "grammar-event", "blocks run together: no empty line stands between them, so they are one",
		"end each block with two line ends: one for its last line, one for the empty line that dispatches it", noLineEnd},
	{"no-empty-line", Warning, "grammar-event", "no block ends in an empty line, so nothing is ever dispatched",
		"end each block with two line ends: one for its last line, one for the empty line that dispatches it", unfinished},
	{"broken-off", Warning, "grammar-event", "the stream breaks off in the middle of a line, so its last block is lost",
		"end the last block with two line ends; if something cut the stream off, look there", unfinished},

	// Field names.
	{"text-without-data", Warning, "field-no-colon", "the text has no field name, so this block dispatches nothing",
		"write \"data: \" before each line of it and an empty line after the last", both},
	{"json-over-lines", Warning, "field-no-colon", "the JSON goes on over lines without a field name, which are lost",
		"write \"data: \" before each line, or the JSON on one line", ignored},
	{"lines-without-data", Warning, "field-no-colon", "the line has no field name, so it is lost from the block",
		"write \"data: \" before each line of a text; a line that begins with a colon is a comment", ignored},
	{"missing-colon", Warning, "field-no-colon", "the field name is not followed by a colon, so the line is ignored",
		"write a colon (U+003A) right after the name, as in \"data: \"", slices.Concat(ignored, lostLines)},
	{"other-name", Warning, "field-unknown", "the field has a name that no client knows, where another is usual",
		"the fields are data, event, id and retry, and no others: what a listener gets is data, its type is event", noData},
	{"comment-style", Advice, "line-comment", "a comment begins with a colon; this line is a field that no client knows",
		"write a colon in place of # or //", noData},

	// Blocks.
	{"event-on-one-line", Warning, "field-data-append", "data stands in the value of another field, so this block has no data",
		"write each field on a line of its own", slices.Concat(noData, []string{"field-retry-invalid"})},
	{"event-apart", Warning, "dispatch-empty-data-resets-type", "an empty line parts the event field from its data, which is dispatched as a message",
		"write the empty line only after the last field of a block", noData},
	{"id-apart", Advice, "dispatch-id-commit", "the id stands in a block of its own after the data, whose event does not have it",
		"write the empty line only after the last field of a block", nil},

	// Values.
	{"double-data", Warning, "line-first-colon", "the data itself begins with a field name",
		"hand over the bare value: the library or framework writes \"data: \" already", nil},
	{"python-bytes", Warning, "field-data-append", "this is Python's way to print bytes, with its b and its quotes",
		"decode the bytes first: .decode()", nil},
	{"object-text", Warning, "field-data-append", "an object was turned into text that says nothing of what is in it",
		"serialise it, for example as JSON", nil},
	{"python-dict", Advice, "field-data-append", "this is Python's way to print a dict, and no JSON",
		"use json.dumps", nil},
	{"html-escaped", Warning, "field-data-append", "the JSON has been escaped for HTML",
		"send it without the escaping of a template: an event stream is no HTML", nil},
	{"json-twice", Advice, "field-data-append", "the data is a JSON string with JSON in it",
		"serialise it once", nil},
	{"undefined-value", Warning, "field-event", "the value is a name for what is not there",
		"leave the field out where there is no value", nil},
	{"handler-name", Warning, "dispatch-type-override", "the event type is the name of a handler, which does not hear it",
		"for onmessage leave the event field out; else name the type that addEventListener is given", nil},
	{"quoted-type", Warning, "dispatch-type-override", "the quotes are a part of the event type",
		"write the type without quotes", nil},
	{"space-in-type", Warning, "dispatch-type-override", "white space at its begin or end is a part of the event type",
		"write one space after the colon and none at the end", nil},
	{"retry-in-seconds", Advice, "field-retry", "retry counts in milliseconds, so this is less than a tenth of a second",
		"multiply by 1,000 if seconds were meant", nil},
}
