package spec

import (
	"bytes"
	"encoding/binary"
)

// Lines are found before the bytes are decoded. That is exact: CR and LF are
// ASCII, and the UTF-8 decoder never swallows an ASCII byte into a broken
// sequence (Encoding Standard, UTF-8 decoder, step 5).

const (
	near   = 512  // up to here words are tested, which wins on short lines
	window = 4096 // beyond, two searches alternate within the first-level cache
)

func isEnd(c byte) bool { return c == '\n' || c == '\r' }

// lineEnd returns the index of the first CR or LF in b, -1 if there is none.
func lineEnd(b []byte) int {
	i, limit := 0, min(len(b), near)
	for ; i+8 <= limit; i += 8 {
		if mayEnd(binary.LittleEndian.Uint64(b[i:])) {
			for j := i; j < i+8; j++ {
				if isEnd(b[j]) {
					return j
				}
			}
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

// mayEnd reports whether one of the eight bytes of w is below 0x0E: CR, LF, or
// a control that seldom occurs. The caller looks again.
func mayEnd(w uint64) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	return (w-0x0E*ones)&^w&high != 0
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
