package lint

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Marked returns the excerpt as a line that is safe on any terminal, and a line
// with a caret below the place. Controls are shown as their pictures (U+2400 and
// on), what cannot be printed as ‹U+202E›, bytes that are no UTF-8 as ‹FF›.
func (e Excerpt) Marked() (text, caret string) {
	var line strings.Builder
	column, at := 0, 0
	put := func(s string, cells int) {
		line.WriteString(s)
		column += cells
	}
	if e.Before {
		put("…", 1)
	}
	for i := 0; i < len(e.Text); {
		r, size := utf8.DecodeRuneInString(e.Text[i:])
		if i <= e.At {
			at = column
		}
		put(visible(r, e.Text[i:i+size]))
		i += size
	}
	if e.At >= len(e.Text) {
		at = column
	}
	if e.After {
		put("…", 1)
	}
	return line.String(), strings.Repeat(" ", at) + "^"
}

// visible returns how a character is shown, and in how many cells.
func visible(r rune, encoded string) (string, int) {
	switch {
	case r == utf8.RuneError && len(encoded) == 1:
		return fmt.Sprintf("‹%02X›", encoded[0]), 4
	case r < ' ':
		return string('␀' + r), 1
	case r == 0x7f:
		return "␡", 1
	case !unicode.IsPrint(r):
		s := fmt.Sprintf("‹%U›", r)
		return s, utf8.RuneCountInString(s)
	case unicode.Is(unicode.M, r):
		return encoded, 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return encoded, 2
	}
	return encoded, 1
}
