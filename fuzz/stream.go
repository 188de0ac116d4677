// Package fuzz finds out how a client departs from HTML §9.2 where no case knows: it
// makes event streams ([Stream], [Mutate], [Cuts]), puts them to a target and holds
// what that shows against the model ([Search]), makes what departs as small as it
// gets ([Minimiser]), and tells departures apart, so that of a thousand few findings
// remain ([Finding]).
//
// Everything is a function of the given random numbers and of what the target does:
// the same seed makes the same streams for ever within one version of this package,
// and a search with the same seed and count finds the same, however it is scheduled.
//
// Not a goal: knowing how to reach a target. A search is given functions that put
// streams to one. What is right is said by the model of package spec, and what a
// departure looks like by suspects that the caller hands over.
package fuzz

import "math/rand/v2"

// Longest is the length in bytes that no stream made by [Stream] exceeds.
const Longest = 6 << 10

const (
	short     = 64  // where a short stream stops to take on lines
	room      = 64  // what a line, its end and the end of the stream mostly need
	oneLongIn = 32  // streams to one long stream
	again     = 4   // the most repeats of a block in a short stream
	againLong = 100 // and in a long one
)

// Stream returns a random event stream: mostly lines that mean something to a
// client, near misses of them, and bytes that are no UTF-8. Most streams have
// 0 to 80 bytes; one in 32 is long, with values of 600 bytes to 5 KiB or with
// hundreds of lines. The caller owns the stream.
func Stream(r *rand.Rand) []byte {
	if oneIn(r, oneLongIn) {
		return longStream(r)
	}
	size := r.IntN(short + 1)
	b := make([]byte, 0, size+room)
	b = append(b, pick(r, starts[:])...)
	b = appendLines(r, b, size, r.IntN(anyEnd+3))
	return spoil(r, b)
}

// appendLines appends lines until b has size bytes, and then what follows the
// last line: nothing, a blank line, or a line without an end.
func appendLines(r *rand.Rand, b []byte, size, end int) []byte {
	for len(b) < size {
		b = appendLine(r, b, end)
	}
	switch r.IntN(8) {
	case 0:
		return append(b, pick(r, malformed[:])...)
	case 1:
		return b[:r.IntN(len(b)+1)]
	case 2:
		return b
	default:
		return appendEnd(r, b, end)
	}
}

// appendLine appends one line with its end, or a few that belong together.
func appendLine(r *rand.Rand, b []byte, end int) []byte {
	switch n := r.IntN(32); {
	case n < 8: // a blank line
	case n < 25:
		b = appendField(r, b)
	case n < 27:
		b = appendRetry(r, b)
	case n < 30:
		b = appendValue(r, append(b, ':'))
	case n < 31:
		b = appendValue(r, b)
	default:
		return appendBlocks(r, b, end, 1+r.IntN(again))
	}
	return appendEnd(r, b, end)
}

// appendField appends a field without the line end. Without a colon there is
// mostly no value: with one it would be a part of the name.
func appendField(r *rand.Rand, b []byte) []byte {
	b = append(b, pick(r, names[:])...)
	separator := pick(r, separators[:])
	if separator == "" && !oneIn(r, 8) {
		return b
	}
	return appendValue(r, append(b, separator...))
}

// appendRetry appends a retry field whose value is a number or nearly one.
func appendRetry(r *rand.Rand, b []byte) []byte {
	b = append(b, "retry"...)
	b = append(b, pick(r, separators[:])...)
	return append(b, pick(r, retries[:])...)
}

// appendBlocks appends n+1 times the same block: its event line repeats, as it
// does in streams of one type of event.
func appendBlocks(r *rand.Rand, b []byte, end, n int) []byte {
	start := len(b)
	b = append(b, "event: "...)
	b = append(b, pick(r, words[:])...)
	b = appendEnd(r, b, end)
	b = append(b, "data"...)
	b = append(b, pick(r, separators[:])...)
	b = appendEnd(r, b, end)
	b = appendEnd(r, b, end)
	block := len(b) - start
	for range n {
		b = append(b, b[start:start+block]...)
	}
	return b
}

// appendValue appends zero to three atoms.
func appendValue(r *rand.Rand, b []byte) []byte {
	for range r.IntN(4) {
		b = appendAtom(r, b)
	}
	return b
}

// appendAtom appends what may stand in a value: half of it plain words.
func appendAtom(r *rand.Rand, b []byte) []byte {
	switch n := r.IntN(16); {
	case n < 8:
		return append(b, pick(r, words[:])...)
	case n < 12:
		return append(b, pick(r, characters[:])...)
	case n < 15:
		return append(b, pick(r, malformed[:])...)
	default:
		return append(b, byte(r.Uint32()))
	}
}

// appendEnd appends a line end: always ends[end], or any where end is beyond.
func appendEnd(r *rand.Rand, b []byte, end int) []byte {
	if end >= anyEnd {
		end = r.IntN(anyEnd)
	}
	return append(b, ends[end]...)
}

// spoil overwrites one byte of one stream in eight with a byte that matters.
func spoil(r *rand.Rand, b []byte) []byte {
	if len(b) > 0 && oneIn(r, 8) {
		b[r.IntN(len(b))] = spoilers[r.IntN(len(spoilers))]
	}
	return b
}

// oneIn is true once in n times.
func oneIn(r *rand.Rand, n int) bool { return r.IntN(n) == 0 }

// pick returns one of from. What shall come more often stands there more often.
func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }
