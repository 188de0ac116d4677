package spec

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// Lines are found before the bytes are decoded. That is exact: CR and LF are
// ASCII, and the UTF-8 decoder never swallows an ASCII byte into a broken
// sequence (Encoding Standard, UTF-8 decoder, step 5).

const (
	near   = 32   // up to here words are tested, which wins on short lines
	window = 1024 // beyond, two searches alternate on what the first-level cache holds
)

func isEnd(c byte) bool { return c == '\n' || c == '\r' }

// lineEnd returns the index of the first CR or LF in b, -1 if there is none.
func lineEnd(b []byte) int {
	i, limit := 0, min(len(b), near)
	for ; i+8 <= limit; i += 8 {
		if m := low(b[i:]); m != 0 {
			if n := i + bits.TrailingZeros64(m)/8; isEnd(b[n]) {
				return n
			}
			limit = i + 8 // a control that is no line end: look at each byte
			break
		}
	}
	for ; i < limit; i++ {
		if isEnd(b[i]) {
			return i
		}
	}
	if i == len(b) {
		return -1
	}
	return farEnd(b, i)
}

// low marks, among the first eight bytes of b, those below 0x0E: CR, LF, or a
// control that seldom occurs. Only the lowest mark is sure to be right.
func low(b []byte) uint64 {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	w := binary.LittleEndian.Uint64(b)
	return (w - 0x0E*ones) &^ w & high
}

// blockEnd returns the length of the line end and the empty line that rest
// begins with, 0 when they are not both there, or may not be whole.
func blockEnd(rest []byte) int {
	switch {
	case len(rest) > 1 && rest[0] == '\n' && rest[1] == '\n':
		return 2
	case len(rest) > 3 && string(rest[:4]) == "\r\n\r\n":
		return 4
	case len(rest) > 2 && rest[0] == '\r' && rest[1] == '\r' && rest[2] != '\n':
		return 2
	}
	return 0
}

// farEnd is lineEnd from i on for long lines. Each window is searched for LF
// and then, up to there, for CR, so that a stream of CR alone stays linear.
func farEnd(b []byte, i int) int {
	for ; i < len(b); i += window {
		w := b[i:min(i+window, len(b))]
		lf := bytes.IndexByte(w, '\n')
		if lf >= 0 {
			w = w[:lf]
		}
		if cr := bytes.IndexByte(w, '\r'); cr >= 0 {
			return i + cr
		}
		if lf >= 0 {
			return i + lf
		}
	}
	return -1
}
