package lint

import (
	"fmt"
	"mime"
	"strings"

	"github.com/ssespec/ssespec/spec"
)

// A Head is the head of a response: what a client looks at before the stream.
type Head struct {
	Status int
	Fields []HeaderField
	line   headLine // of the status
}

// A HeaderField is one line of a head.
type HeaderField struct {
	Name, Value string
	line        headLine
}

// A headLine is a line of a head in what was fed: the zero value if it was not.
type headLine struct {
	offset int64
	number int
	text   string
}

// at is the place of the byte at index of the line.
func (l headLine) at(index int) place {
	if l.number == 0 {
		return place{}
	}
	kept := line{number: l.number, offset: l.offset}
	kept.add([]byte(l.text))
	return kept.at(index)
}

// values returns the values of all fields of that name, and the last of them.
func (h Head) values(name string) (values []string, last HeaderField) {
	for _, f := range h.Fields {
		if strings.EqualFold(f.Name, name) {
			values, last = append(values, f.Value), f
		}
	}
	return values, last
}

// Refused reports whether a client interprets nothing of what follows the head.
func (h Head) Refused() bool {
	types, _ := h.values("Content-Type")
	return h.Status != 200 || !spec.IsEventStream(types)
}

// findings judges the head: the status, then the type.
func (h Head) findings() []Finding {
	if h.Status != 200 {
		return []Finding{h.wrongStatus()}
	}
	types, last := h.values("Content-Type")
	switch {
	case len(types) == 0:
		return []Finding{aboutHead(h.line.at(0), "format-mime-type", Error, "the response has no Content-Type, so every client fails the connection",
			"send Content-Type: text/event-stream")}
	case !spec.IsEventStream(types):
		return []Finding{aboutHead(last.line.at(0), "format-mime-type", Error,
			fmt.Sprintf("the Content-Type is %s, so every client fails the connection", spec.Quote(strings.Join(types, ", "))),
			"send Content-Type: text/event-stream")}
	}
	return wrongCharset(last)
}

func (h Head) wrongStatus() Finding {
	if h.Status == 204 {
		return aboutHead(h.line.at(0), "conn-204-fail", Advice, "the status 204 tells every client to stop and not to come back",
			"nothing, where the stream is over")
	}
	return aboutHead(h.line.at(0), "response-status-not-200", Error,
		fmt.Sprintf("the status is %d, so every client fails the connection and reads nothing of what follows", h.Status),
		"answer 200 where there is a stream")
}

func wrongCharset(f HeaderField) []Finding {
	_, parameters, err := mime.ParseMediaType(f.Value)
	charset, given := parameters["charset"]
	if err != nil || !given || strings.EqualFold(charset, "utf-8") {
		return nil
	}
	return []Finding{aboutHead(f.line.at(0), "iana-charset", Error,
		fmt.Sprintf("the charset is %s, which has no effect: an event stream is UTF-8", spec.Quote(charset)),
		"leave charset out, or send charset=utf-8")}
}

func aboutHead(at place, clause string, level Level, text, hint string) Finding {
	return Finding{Offset: at.offset, Line: at.line, Column: at.column, Rule: clause, Clause: clause,
		Level: level, Text: text, Hint: hint, Excerpt: at.excerpt}
}

// Judge judges the head of the response that brings the stream. It is called at
// most once, before Feed.
func (l *Linter) Judge(h Head) {
	l.begin()
	l.head = &h
	l.keep(h.findings())
}
