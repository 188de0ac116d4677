package reference

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// wide is how a bug reads a stream that begins with a byte order mark of UTF-16:
// as UTF-16. The standard knows UTF-8 only.
type wide struct {
	order   func(pair []byte) uint16 // nil: it is UTF-8 after all
	decided bool
	odd     []byte // bytes that were not looked at yet
}

// sniffs reports whether the stream is taken for UTF-16. A first byte that could
// be the half of a mark is kept, and given back in front of the next chunk.
func (w *wide) sniffs(chunk *[]byte) bool {
	if w.decided {
		return w.order != nil
	}
	*chunk = append(w.odd, *chunk...)
	w.odd = nil
	switch c := *chunk; {
	case bytes.HasPrefix(c, []byte("\xFE\xFF")):
		w.order = func(pair []byte) uint16 { return uint16(pair[0])<<8 | uint16(pair[1]) }
	case bytes.HasPrefix(c, []byte("\xFF\xFE")):
		w.order = func(pair []byte) uint16 { return uint16(pair[1])<<8 | uint16(pair[0]) }
	case len(c) == 0, len(c) == 1 && c[0] >= 0xFE:
		w.odd, *chunk = c, nil
		return false
	}
	w.decided = true
	return w.order != nil
}

// decode returns the text of the next pairs of bytes, without the mark.
func (w *wide) decode(chunk []byte) []byte {
	chunk = append(w.odd, chunk...)
	var text []byte
	for ; len(chunk) >= 2; chunk = chunk[2:] {
		if unit := w.order(chunk); unit != 0xFEFF && !utf16.IsSurrogate(rune(unit)) {
			text = utf8.AppendRune(text, rune(unit))
		}
	}
	w.odd = bytes.Clone(chunk)
	return text
}
