package browser

import (
	"iter"
	"strings"

	"github.com/ssespec/ssespec/spec"
)

// dropIdleIDs drops the id lines of blocks without data.
func dropIdleIDs(stream []byte) []byte {
	var out, block, idle []byte // idle is the block without its ids
	data := false
	for at, l := range lines(string(stream)) {
		whole := l.text + l.end
		if at == 0 {
			l.text = strings.TrimPrefix(l.text, mark)
		}
		name, _, _ := strings.Cut(l.text, ":")
		block = append(block, whole...)
		if name != "id" {
			idle = append(idle, whole...)
		}
		data = data || name == "data"
		if l.text != "" {
			continue
		}
		if !data {
			block = idle
		}
		out, block, idle, data = append(out, block...), nil, nil, false
	}
	return append(out, block...)
}

// dropNUL leaves out the NULs that Firefox does not see: those at the beginning of
// a line, but for one after CR or at the start of the stream, and those in values.
func dropNUL(stream []byte) []byte {
	rest, marked := strings.CutPrefix(spec.Decode(stream), mark)
	var out []byte
	if marked {
		out = []byte(mark)
	}
	glued, before := "", "" // the name of a field that was given up, the line end before
	for _, l := range lines(rest) {
		if strings.HasSuffix(before, "\n") {
			l.text = strings.TrimLeft(l.text, "\x00")
		}
		switch {
		case l.text == "":
			glued = ""
		case l.text[0] != ':':
			l.text, glued = withoutNUL(glued + l.text)
		}
		out, before = append(out, l.text+l.end...), l.end
	}
	return out
}

// withoutNUL reads a field without the NULs of its value, but for one right after
// the colon. An id with one elsewhere is given up, and its name glued to that of
// the next field of the block.
func withoutNUL(field string) (read, glued string) {
	name, value, colon := strings.Cut(field, ":")
	if !colon || value == "" {
		return field, ""
	}
	first, rest := value[:1], value[1:]
	if name == "id" {
		if strings.Contains(rest, "\x00") {
			return ":", name
		}
		first = strings.Replace(first, "\x00", takenNUL, 1)
	}
	return name + ":" + first + strings.ReplaceAll(rest, "\x00", ""), ""
}

// A textLine is a line and what ends it, "" at the end of the stream.
type textLine struct{ text, end string }

// lines returns the lines of text with where they begin.
func lines(text string) iter.Seq2[int, textLine] {
	return func(yield func(int, textLine) bool) {
		for at := 0; at < len(text); {
			l := textLine{text: text[at:]}
			if i := strings.IndexAny(l.text, "\r\n"); i >= 0 {
				l.end = l.text[i : i+1]
				if strings.HasPrefix(l.text[i:], "\r\n") {
					l.end = "\r\n"
				}
				l.text = l.text[:i]
			}
			if !yield(at, l) {
				return
			}
			at += len(l.text) + len(l.end)
		}
	}
}
