package spec

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// characters decodes a value, and takes the wrong readings of bad bytes and NUL.
func (r *reading) characters(v []byte, at int) []byte {
	if i := firstForeign(v); i >= 0 {
		switch {
		case r.errs("parse-utf8-always", at+i):
			return latin1(v)
		case r.errs("parse-utf8-always/ascii", at+i):
			return ascii(v)
		}
	}
	if i := firstInvalid(v); i >= 0 {
		return r.repair(v, at+i)
	}
	return v
}

// firstForeign returns the index of the first byte that is not ASCII, or -1.
func firstForeign(v []byte) int {
	return slices.IndexFunc(v, func(c byte) bool { return c >= utf8.RuneSelf })
}

// latin1 decodes v as a client does that believes another charset.
func latin1(v []byte) []byte {
	var b []byte
	for _, c := range v {
		b = utf8.AppendRune(b, rune(c))
	}
	return b
}

// ascii decodes v as a client does that knows nothing else.
func ascii(v []byte) []byte {
	var b []byte
	for _, c := range v {
		if c < utf8.RuneSelf {
			b = append(b, c)
		} else {
			b = append(b, "\uFFFD"...)
		}
	}
	return b
}

// replaced decodes v and replaces what is ill-formed as the caller says.
func replaced(v []byte, replacement func(bad []byte) []byte) []byte {
	var b []byte
	for len(v) > 0 {
		n, ok := sequence(v)
		if ok {
			b = append(b, v[:n]...)
		} else {
			b = append(b, replacement(v[:n])...)
		}
		v = v[n:]
	}
	return b
}

// overlong decodes v as a client does that takes sequences longer than needed,
// and reports whether there are any.
func overlong(v []byte) (b []byte, any bool) {
	for len(v) > 0 {
		n, ok := sequence(v)
		if size, c := lenient(v); !ok && size > 0 {
			b, v, any = utf8.AppendRune(b, c), v[size:], true
			continue
		}
		b = appendDecoded(b, v[:n])
		v = v[n:]
	}
	return b, any
}

// lenient reads an overlong sequence; size is 0 where v begins with none.
func lenient(v []byte) (size int, c rune) {
	for lead, n := range map[byte]int{0xC0: 2, 0xC1: 2, 0xE0: 3, 0xF0: 4} {
		if v[0] == lead && n <= len(v) {
			size = n
		}
	}
	if size == 0 {
		return 0, 0
	}
	c = rune(v[0]) & (0x7F >> size)
	for _, more := range v[1:size] {
		if more&0xC0 != 0x80 {
			return 0, 0
		}
		c = c<<6 | rune(more)&0x3F
	}
	return size, c
}

// swallowed is the reading of a line end that goes with the unfinished character
// in front of it.
const swallowed = "parse-invalid-utf8-before-eol/swallowed"

// withoutEnds decodes v so.
func withoutEnds(v []byte) []byte {
	var b []byte
	for len(v) > 0 {
		n, ok := sequence(v)
		b = appendDecoded(b, v[:n])
		eats := !ok && isLead(v[0]) && n < len(v) && (v[n] == '\r' || v[n] == '\n')
		if v = v[n:]; eats {
			v = v[1:]
		}
	}
	return b
}

// announced is the reading of a lead byte that takes as many bytes with it as it
// announces, whatever they are.
const announced = "parse-invalid-utf8-subparts/announced"

// announcedBytes returns how many bytes the first of v announces, and whether
// they are a character.
func announcedBytes(v []byte) (n int, ok bool) {
	if n, ok = sequence(v); ok {
		return n, true
	}
	more, _, _ := lead(v[0])
	return 1 + more, false
}

// wholeAnnounced reports whether line has all that its bytes announce.
func wholeAnnounced(line []byte) bool {
	for len(line) > 0 {
		n, _ := announcedBytes(line)
		if n > len(line) {
			return false
		}
		line = line[n:]
	}
	return true
}

// decodeAnnounced decodes v so.
func decodeAnnounced(v []byte) []byte {
	var b []byte
	for len(v) > 0 {
		n, ok := announcedBytes(v)
		n = min(n, len(v))
		if ok {
			b = append(b, v[:n]...)
		} else {
			b = append(b, "\uFFFD"...)
		}
		v = v[n:]
	}
	return b
}

func firstInvalid(v []byte) int {
	for i := 0; i < len(v); {
		n, ok := sequence(v[i:])
		if !ok {
			return i
		}
		i += n
	}
	return -1
}

// truncated returns the length of the unfinished sequence at the end of v.
func truncated(v []byte) int {
	n := 0
	for i := 0; i < len(v); i += n {
		var ok bool
		if n, ok = sequence(v[i:]); !ok && i+n == len(v) && isLead(v[i]) {
			return n
		}
	}
	return 0
}

func isLead(c byte) bool {
	more, _, _ := lead(c)
	return more > 0
}

func (r *reading) repair(v []byte, at int) []byte {
	right := appendDecoded(nil, v)
	long, anyOverlong := overlong(v)
	perByte := []byte(string([]rune(string(v))))
	perRun := bytes.ToValidUTF8(v, []byte("\uFFFD"))
	cut := len(v) - truncated(v) // where a sequence that the line end breaks off begins
	switch {
	case cut < len(v) && r.errs("parse-invalid-utf8-before-eol", at):
		return appendDecoded(nil, v[:cut])
	case r.errs("parse-invalid-utf8", at):
		return v
	case r.errs(announced, at):
		return decodeAnnounced(v)
	case r.errs(swallowed, at):
		return withoutEnds(v)
	case r.errs("parse-invalid-utf8-subparts/continuation", at):
		return replaced(v, func(bad []byte) []byte {
			if isLead(bad[0]) || bad[0] >= 0xC0 {
				return []byte("\uFFFD")
			}
			return nil
		})
	case r.errs("parse-invalid-utf8/dropped", at):
		return bytes.ToValidUTF8(v, nil)
	case r.errs("parse-invalid-utf8/question-mark", at):
		return replaced(v, func([]byte) []byte { return []byte("?") })
	case r.errs("parse-invalid-utf8/latin1", at):
		return replaced(v, latin1)
	case anyOverlong && r.errs("parse-invalid-utf8/overlong", at):
		return long
	case !bytes.Equal(perByte, right) && r.errs("parse-invalid-utf8-subparts/each-byte", at):
		return perByte
	case !bytes.Equal(perRun, right) && r.errs("parse-invalid-utf8-subparts/each-run", at):
		return perRun
	}
	return right
}
