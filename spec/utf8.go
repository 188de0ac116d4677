package spec

// appendDecoded appends src to dst as the UTF-8 decoder of the Encoding Standard
// reads it: each maximal subpart of an ill-formed sequence becomes one U+FFFD.
// Neither utf8.DecodeRune (one for each byte) nor bytes.ToValidUTF8 (one for
// each run) counts so.
func appendDecoded(dst, src []byte) []byte {
	for len(src) > 0 {
		n, ok := sequence(src)
		if ok {
			dst = append(dst, src[:n]...)
		} else {
			dst = append(dst, "\uFFFD"...)
		}
		src = src[n:]
	}
	return dst
}

// sequence returns the length of the code point that b begins with, or of the
// maximal subpart of a sequence that is ill-formed. b is not empty.
func sequence(b []byte) (n int, ok bool) {
	if b[0] < 0x80 {
		return 1, true
	}
	more, lower, upper := lead(b[0])
	if more == 0 {
		return 1, false
	}
	for n = 1; n <= more; n++ {
		if n == len(b) || b[n] < lower || b[n] > upper {
			return n, false
		}
		lower, upper = 0x80, 0xBF
	}
	return n, true
}

// lead returns how many bytes follow the lead byte c and the bounds of the
// first of them; 0 when c cannot begin a sequence.
func lead(c byte) (more int, lower, upper byte) {
	switch {
	case c >= 0xC2 && c <= 0xDF:
		return 1, 0x80, 0xBF
	case c == 0xE0:
		return 2, 0xA0, 0xBF
	case c == 0xED:
		return 2, 0x80, 0x9F
	case c >= 0xE1 && c <= 0xEF:
		return 2, 0x80, 0xBF
	case c == 0xF0:
		return 3, 0x90, 0xBF
	case c >= 0xF1 && c <= 0xF3:
		return 3, 0x80, 0xBF
	case c == 0xF4:
		return 3, 0x80, 0x8F
	}
	return 0, 0, 0
}

// Decode returns b as the UTF-8 decoder of the Encoding Standard reads it,
// without looking for a BOM: always valid UTF-8.
func Decode(b []byte) string { return string(appendDecoded(nil, b)) }
