package lint

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/agext/levenshtein"
)

// A lineHint is a hint on a line that is neither a field that clients know nor
// a comment. It begins with one of the bytes in first: see [valueHint].
type lineHint struct {
	slug, first string
	fits        func(text string) bool
}

// lineHints is the table of all: the first that fits a line is taken.
var lineHints = []lineHint{ // never written to
	{"html-page", "< \t", matches(`(?i)^\s*<(!doctype html|html[\s>])`)},
	{"error-message", "<PWNDFTEgp", matches(`^(<b>|PHP )?(Warning|Notice|Deprecated|Fatal error|Parse error)(</b>)?:.* in .* on line (<b>)?\d+|^Traceback \(most recent call last\):$|^Exception in thread "|^goroutine \d+ \[running\]:$|^panic: `)},
	{"quoted-stream", "\"b", matches(`^"(data|event|id|retry|:).*\\n"?$|^b['"](data|event|id|retry|:).*['"]$`)},
	{"head-in-body", "HhSsCcXxTtAa", matches(`(?i)^(HTTP/\d(\.\d)? \d{3}|status: \d{3}|(content-type|cache-control|x-accel-buffering|transfer-encoding|access-control-allow-origin): *\S|connection: *(keep-alive|close)$)`)},
	{"comment-style", "#/", matches(`^(#|//)`)},
	{"missing-colon", "deir", matches(`^(data|event|id|retry)( *=|：|﹕| *;|[ \t]+["{\[])`)},
}

// hexOnly is how the size of a chunk looks.
var hexOnly = regexp.MustCompile(`^[0-9A-Fa-f]{1,8}$`)

// token is how a field name looks that somebody chose.
var token = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)

// foreign returns the slug of the hint on a line without a known name: one of
// lineHints, "other-name", or "text" for what is no field at all. An unknown
// field that may be an extension has none.
func foreign(l *line, f field) string {
	text := string(l.text())
	for _, h := range lineHints {
		if begins(text, h.first) && h.fits(text) {
			return h.slug
		}
	}
	switch {
	case !f.colon || !token.Match(f.name):
		return "text"
	case meant(string(f.name)) != "":
		return "other-name"
	}
	return ""
}

// usual are names that authors take for one of the four.
var usual = map[string][]string{ // never written to
	"data":  {"message", "msg", "body", "payload", "content", "text", "value"},
	"event": {"type", "event-type", "eventtype", "name"},
	"id":    {"last-event-id", "lasteventid", "event-id", "eventid", "event_id"},
	"retry": {"reconnect", "retry-after", "reconnection-time", "timeout"},
}

// meant returns the field that a name probably stands for, "" if it is none's.
// White space and case around the four are the validator's.
func meant(name string) string {
	name = strings.ToLower(name)
	for _, known := range []string{"data", "event", "id", "retry"} {
		for _, u := range usual[known] {
			if name == u {
				return known
			}
		}
		if len(known) > 2 && levenshtein.Distance(name, known, nil) == 1 {
			return known
		}
	}
	return ""
}

// near reports whether the name is one of the four but for case and white space.
func near(name []byte) string {
	name = bytes.ToLower(bytes.Trim(name, " \t"))
	return field{name: name}.known()
}
