package reference

import "strings"

// framingMutants write something else than they mean.
func framingMutants() []ServerMutant {
	return []ServerMutant{
		{Name: "latin1", Case: "framing/utf-8", Verdict: fail, Text: "The text is ISO 8859-1.", bend: text("event 3\n", "\xe9v\xe9nement 3\n")},
		{Name: "character-cut", Case: "framing/utf-8", Verdict: fail, Text: "Data is cut in the middle of a character.", bend: text("event 3\n", "event \xf0\x9f\x98\n")},
		{Name: "surrogates", Case: "framing/utf-8", Verdict: fail, Text: "Characters are written as two surrogates.", bend: text("event 3\n", "event \xed\xa0\xbd\xed\xb8\x80\n")},
		{Name: "no-last-blank-line", Case: "framing/final-blank-line", Verdict: fail, Text: "The blank line after the last event is missing.", bend: text("event 5\n\n", "event 5\n")},
		{Name: "no-last-line-end", Case: "framing/final-blank-line", Verdict: fail, Text: "The last event ends without a line end.", bend: text("event 5\n\n", "event 5")},
		{Name: "page", Case: "framing/document", Verdict: warn, Text: "An error page comes under the type of a stream.", bend: document("<!DOCTYPE html>\n<html><head><title>Error</title></head>\n<body><h1>Internal Server Error</h1></body></html>\n\n")},
		{Name: "json-document", Case: "framing/final-blank-line", Verdict: fail, Text: "A JSON document comes under the type of a stream.", bend: document("{\"error\": \"not found\"}\n")},
		{Name: "no-field-name", Case: "framing/fields", Verdict: warn, Text: "Text is sent without data: in front.", bend: text("data: event 3\n", "event 3\n")},
		{Name: "capitals", Case: "framing/fields", Verdict: warn, Text: "A field begins with a capital.", bend: text("data: event 3\n", "Data: event 3\n")},
		{Name: "indented", Case: "framing/fields", Verdict: warn, Text: "Lines are indented as they were in the program.", bend: text("data: event 3\n", "    data: event 3\n")},
		{Name: "space-before-colon", Case: "framing/fields", Verdict: warn, Text: "There is a space in front of the colon.", bend: text("data: event 3\n", "data : event 3\n")},
		{Name: "json-lines", Case: "framing/fields", Verdict: warn, Text: "JSON over several lines has data: on the first alone.", bend: text("event 3\n", "{\n  \"event\": 3\n}\n")},
		{Name: "line-break-in-data", Case: "framing/fields", Verdict: warn, Text: "A line break in the data is not followed by data:.", bend: text("event 3\n", "event\nnumber 3\n")},
		{Name: "one-newline", Case: "framing/blank-lines", Verdict: warn, Text: "Events have one newline after them, not two.", bend: oneNewline},
		{Name: "type-alone", Case: "framing/data", Verdict: warn, Text: "An event has a type and no data.", bend: text("id: 3\ndata: event 3\n\n", "event: ping\n\nid: 3\ndata: event 3\n\n")},
		{Name: "bytes-literal", Case: "framing/values", Verdict: warn, Text: "Python's bytes are printed, not sent.", bend: text("data: event 3\n", "data: b'event 3'\n")},
		{Name: "object", Case: "framing/values", Verdict: warn, Text: "JavaScript's object is printed, not its JSON.", bend: text("event 3\n", "[object Object]\n")},
		{Name: "data-twice", Case: "framing/values", Verdict: warn, Text: "Every event has data: data: in front.", bend: text("data: ", "data: data: ")},
		{Name: "handler-as-type", Case: "framing/values", Verdict: warn, Text: "The type is onmessage, as the handler is called.", bend: text("data: ", "event: onmessage\ndata: ")},
		{Name: "escaped-newline", Case: "framing/blank-lines", Verdict: warn, Text: "A newline is written as a backslash and n.", bend: text("event 3\n", `{"event": 3}\n\n`+"\n")},
		{Name: "fields-on-one-line", Case: "framing/data", Verdict: warn, Text: "Type and data stand on one line.", bend: text("data: event 3\n", "event: updatedata: event 3\n")},
		{Name: "bom-each", Case: "framing/bom", Verdict: warn, Text: "Every event begins with a BOM.", bend: text("data: ", "\ufeffdata: ")},
		{Name: "retry-unit", Case: "retry/valid", Verdict: warn, Text: "The reconnection time has a unit.", bend: text("retry: 1000", "retry: 1000ms")},
		{Name: "retry-fraction", Case: "retry/valid", Verdict: warn, Text: "The reconnection time has a fraction.", bend: text("retry: 1000", "retry: 1.5")},
		{Name: "retry-sign", Case: "retry/valid", Verdict: warn, Text: "The reconnection time has a sign.", bend: text("retry: 1000", "retry: -1")},
		{Name: "retry-seconds", Case: "retry/range", Verdict: warn, Text: "The reconnection time is given in seconds.", bend: text("retry: 1000", "retry: 3")},
		{Name: "retry-zero", Case: "retry/range", Verdict: warn, Text: "The reconnection time is 0.", bend: text("retry: 1000", "retry: 0")},
		{Name: "retry-microseconds", Case: "retry/range", Verdict: warn, Text: "The reconnection time is given in microseconds.", bend: text("retry: 1000", "retry: 10000000")},
	}
}

// document makes the body one text.
func document(text string) bend {
	return parts(func([]part) []part { return []part{{pace, text}} })
}

// oneNewline takes the blank lines out but for the last, so that the stream itself is complete.
func oneNewline(q query, a *answer) {
	last := len(a.parts) - 1
	each(func(n int, p part) part {
		if n < last {
			p.text = strings.TrimSuffix(p.text, "\n")
		}
		return p
	})(q, a)
}

// idMutants write ids that cannot serve.
func idMutants() []ServerMutant {
	return []ServerMutant{
		{Name: "id-again", Case: "ids/unique", Verdict: warn, Text: "An id is used for two events.", bend: text("id: 3\n", "id: 2\n")},
		{Name: "id-empty", Case: "ids/not-empty", Verdict: warn, Text: "An id is empty.", bend: text("id: 3\n", "id:\n")},
		{Name: "id-nul", Case: "ids/valid", Verdict: warn, Text: "An id has a NUL in it.", bend: text("id: 3\n", "id: 3\x00\n")},
		{Name: "id-control", Case: "ids/header-safe", Verdict: warn, Text: "An id has a control character in it.", bend: text("id: 3\n", "id: 3\x01\n")},
		{Name: "id-spaces", Case: "ids/header-safe", Verdict: warn, Text: "An id ends in a space.", bend: text("id: 3\n", "id: 3 \n")},
	}
}
