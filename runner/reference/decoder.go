package reference

import (
	"bytes"
	"unicode/utf8"
)

const (
	byteOrderMark = "\uFEFF"
	replacement   = "\uFFFD"
)

// A decoder turns bytes into text: UTF-8 decode of the Encoding Standard. What
// is malformed becomes U+FFFD, and one byte order mark at the very beginning
// goes.
type decoder struct {
	bugs
	started   bool   // the place for a byte order mark is past
	marked    bool   // there was one
	begun     []byte // the bytes of an unfinished character
	length    int    // how many it will have
	low, high byte   // the bounds of its next byte
	again     bool   // what came before was malformed as well
	failed    bool   // a bug has given up
	wide      wide
}

// decode returns the text of the next bytes. An unfinished character waits.
func (d *decoder) decode(chunk []byte) []byte {
	if d.has("utf16-sniffed") && d.wide.sniffs(&chunk) {
		return d.wide.decode(chunk)
	}
	var text []byte
	for _, c := range chunk {
		if len(d.begun) > 0 && (c < d.low || c > d.high) && !d.has("truncated-eats-next") {
			if text = d.cutShort(text, c); d.swallows(c) {
				continue
			}
		}
		switch {
		case len(d.begun) > 0:
			text = d.proceed(text, c)
		case c < utf8.RuneSelf:
			text, d.again = append(text, c), false
		default:
			text = d.lead(text, c)
		}
		if d.failed {
			break
		}
	}
	if d.has("utf8-per-chunk") && len(d.begun) > 0 {
		text, d.begun = d.malformed(text, d.begun), nil
	}
	return d.unmarked(text)
}

// lead takes the first byte of a character of several.
func (d *decoder) lead(text []byte, c byte) []byte {
	d.low, d.high = 0x80, 0xBF
	switch {
	case d.has("latin1"):
		return utf8.AppendRune(text, rune(c))
	case d.has("ascii-only"):
		return append(text, replacement...)
	case 0xC2 <= c && c <= 0xDF, c&^1 == 0xC0 && d.has("overlong-taken"):
		d.length = 2
	case 0xE0 <= c && c <= 0xEF:
		d.length = 3
	case 0xF0 <= c && c <= 0xF4:
		d.length = 4
	default:
		return d.malformed(text, []byte{c})
	}
	d.bound(c)
	d.begun = []byte{c}
	return text
}

// bound leaves out what is overlong, surrogates, and what is beyond U+10FFFF.
func (d *decoder) bound(c byte) {
	switch {
	case c == 0xE0 && !d.has("overlong-taken"):
		d.low = 0xA0
	case c == 0xED && !d.has("surrogates-taken"):
		d.high = 0x9F
	case c == 0xF0 && !d.has("overlong-taken"):
		d.low = 0x90
	case c == 0xF4 && !d.has("beyond-unicode-taken"):
		d.high = 0x8F
	}
}

// proceed takes a further byte of a character.
func (d *decoder) proceed(text []byte, c byte) []byte {
	d.begun = append(d.begun, c)
	d.low, d.high = 0x80, 0xBF
	if len(d.begun) < d.length {
		return text
	}
	whole := d.begun
	d.begun, d.again = nil, false
	if d.has("truncated-eats-next") && !utf8.Valid(whole) {
		return d.malformed(text, whole)
	}
	if d.has("overlong-taken") {
		return utf8.AppendRune(text, codePoint(whole))
	}
	return append(text, whole...)
}

// codePoint reads a sequence without asking whether it is the shortest.
func codePoint(sequence []byte) rune {
	r := rune(sequence[0]) & (0x7F >> len(sequence))
	for _, c := range sequence[1:] {
		r = r<<6 | rune(c)&0x3F
	}
	return r
}

// cutShort ends an unfinished character in front of c, which is no part of it.
func (d *decoder) cutShort(text []byte, c byte) []byte {
	bad := d.begun
	d.begun = nil
	if d.has("truncated-dropped") && isLineEnd(c) {
		return text
	}
	return d.malformed(text, bad)
}

// end ends an unfinished character where the stream ends.
func (d *decoder) end() []byte {
	bad := d.begun
	if d.begun = nil; len(bad) == 0 {
		return nil
	}
	return d.malformed(nil, bad)
}

// swallows reports whether c goes with the unfinished character that it ended.
func (d *decoder) swallows(c byte) bool { return d.has("truncated-eats-end") && isLineEnd(c) }

func isLineEnd(c byte) bool { return c == '\r' || c == '\n' }

// malformed writes what stands for bytes that are no character.
func (d *decoder) malformed(text, bad []byte) []byte {
	again := d.again
	d.again = true
	switch {
	case d.has("invalid-fails"), d.has("invalid-ends"):
		d.failed = true
		return text
	case d.has("invalid-kept"):
		return append(text, bad...)
	case d.has("invalid-dropped"), again && d.has("invalid-per-run"), bad[0] < 0xC0 && d.has("continuation-dropped"):
		return text
	case d.has("invalid-question-mark"):
		return append(text, '?')
	case d.has("invalid-per-byte"):
		return append(text, bytes.Repeat([]byte(replacement), len(bad))...)
	case d.has("invalid-latin1"):
		for _, c := range bad {
			text = utf8.AppendRune(text, rune(c))
		}
		return text
	case !d.started && len(text) == 0 && bad[0] == byteOrderMark[0] && d.has("bom-begun-dropped"):
		return text
	}
	return append(text, replacement...)
}

// unmarked takes the byte order mark off the beginning of the stream.
func (d *decoder) unmarked(text []byte) []byte {
	if d.has("bom-everywhere") {
		return bytes.ReplaceAll(text, []byte(byteOrderMark), nil)
	}
	if d.started && !d.has("bom-per-chunk") || len(text) == 0 {
		return text
	}
	d.started = true
	switch {
	case d.has("bom-kept"), d.has("bom-per-line"), d.has("bom-per-part"):
		return text
	case d.has("bom-all"):
		rest := bytes.TrimLeft(text, byteOrderMark)
		d.started = len(rest) > 0
		return rest
	}
	rest := bytes.TrimPrefix(text, []byte(byteOrderMark))
	d.marked = len(rest) < len(text)
	return rest
}
