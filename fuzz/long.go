package fuzz

import "math/rand/v2"

const (
	shortestLong = 600     // beyond what a scanner reads in one stride
	longestLong  = 5 << 10 // beyond two windows of 512 bytes, one of 4 KiB
	nearWindow   = 8       // how far from a window's edge a run may end
	longestTail  = 80      // ordinary lines that follow
)

// longStream returns a stream of about 600 bytes to 5 KiB: long enough for the
// fast paths of a scanner with wide strides, and for the edges of its windows.
func longStream(r *rand.Rand) []byte {
	size := longSize(r)
	b := make([]byte, 0, min(size+4*room, Longest))
	b = append(b, pick(r, starts[:])...)
	end := r.IntN(anyEnd + 1)
	b = appendLines(r, b, r.IntN(short), end)
	b = appendLong(r, b, len(b)+size, end)
	b = appendLines(r, b, len(b)+r.IntN(longestTail), end)
	return spoil(r, b[:min(len(b), Longest)])
}

// appendLong appends what is long until b has size bytes or a little more: one
// line of ASCII, one of everything, many lines, or the same block many times.
func appendLong(r *rand.Rand, b []byte, size, end int) []byte {
	switch r.IntN(4) {
	case 0:
		b = appendRun(r, appendOpening(r, b), size-len(b))
	case 1:
		b = appendMixed(r, appendOpening(r, b), size)
	case 2:
		return appendLines(r, b, size, end)
	default:
		return appendBlocks(r, b, end, againLong/4+r.IntN(againLong))
	}
	return appendEnd(r, appendEnd(r, b, end), end)
}

// appendOpening appends the beginning of a long line.
func appendOpening(r *rand.Rand, b []byte) []byte { return append(b, pick(r, openings[:])...) }

// appendMixed appends runs of ASCII with other atoms between until b has size
// bytes. A run is often short, so that strides begin and end everywhere.
func appendMixed(r *rand.Rand, b []byte, size int) []byte {
	longest := []int{4, 40, 400, 4000}[r.IntN(4)]
	for len(b) < size {
		b = appendRun(r, b, min(r.IntN(longest), size-len(b)))
		b = appendAtom(r, b)
	}
	return b
}

// appendRun appends n bytes of printable ASCII, or none where n is negative.
// Half the runs have no colon, so that a name can be long too.
func appendRun(r *rand.Rand, b []byte, n int) []byte {
	text := printable
	if oneIn(r, 2) {
		text = plain
	}
	from := r.IntN(len(text))
	for n > 0 {
		part := text[from:min(from+n, len(text))]
		b = append(b, part...)
		n -= len(part)
		from = 0
	}
	return b
}

// longSize returns how long a long stream shall be: anything, or half the time
// close to a multiple of a window of 512 bytes or 4 KiB.
func longSize(r *rand.Rand) int {
	if oneIn(r, 2) {
		return shortestLong + r.IntN(longestLong-shortestLong)
	}
	near := r.IntN(2*nearWindow) - nearWindow
	if oneIn(r, 2) {
		return 4<<10 + near
	}
	return 512*(2+r.IntN(8)) + near
}
