package reports

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"

	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/origin"
)

// window is how many bytes are kept at the start, and around the divergence.
const window = 4 << 10

// evidence bounds what a report keeps of one result: the first 4 KiB, and 4 KiB
// around the byte where the trace diverged.
type evidence struct {
	around int // -1: nowhere
	at     int // bytes seen so far
}

// A piece is a part of one write: b is kept, omitted bytes after it are not.
type piece struct {
	b       []byte
	omitted int
}

// keep returns the pieces of a write of length bytes, of which b are the first
// that are still there: at least one, which together have the whole length.
func (e *evidence) keep(b []byte, length int) (pieces []piece) {
	from := 0 // within the write
	for _, s := range e.spans(len(b)) {
		if s[0] > from {
			pieces = leftOut(pieces, s[0]-from)
		}
		if from = max(from, s[1]); s[1] > s[0] {
			pieces = append(pieces, piece{b: b[s[0]:s[1]]})
		}
	}
	e.at += length
	if from < length || len(pieces) == 0 {
		pieces = leftOut(pieces, length-from)
	}
	return pieces
}

// spans returns the parts of the next n bytes that are worth keeping, in order
// and without an overlap.
func (e *evidence) spans(n int) [][2]int {
	cut := func(from, to int) [2]int {
		from = min(max(from-e.at, 0), n)
		return [2]int{from, min(max(to-e.at, from), n)}
	}
	first := cut(0, window)
	if e.around < 0 {
		return [][2]int{first}
	}
	near := cut(e.around-window/2, e.around+window/2)
	if near[0] <= first[1] {
		return [][2]int{{first[0], max(first[1], near[1])}}
	}
	if first[0] == first[1] {
		return [][2]int{near}
	}
	return [][2]int{first, near}
}

// leftOut says that n bytes follow which are not kept.
func leftOut(pieces []piece, n int) []piece {
	if len(pieces) == 0 {
		return []piece{{omitted: n}}
	}
	pieces[len(pieces)-1].omitted += n
	return pieces
}

// wireOf returns what was sent: the packets of the network, else the chunks.
func wireOf(r runner.Result) []Packet {
	out := []Packet{}
	if len(r.Wire) == 0 {
		budget := evidence{around: r.Offset}
		for _, c := range r.Chunks {
			out = add(out, packets(Packet{Dir: "out"}, budget.keep(c, len(c)), c, len(c)))
		}
		return out
	}
	budget := evidence{around: wireOffset(r)}
	for _, p := range r.Wire {
		out = add(out, packets(Packet{At: p.At.Seconds(), Dir: direction(p), End: p.End}, budget.keep(p.Bytes, p.Length), p.Bytes, p.Length))
	}
	return out
}

// direction is that of a packet as ssespec sees it.
func direction(p origin.Packet) string {
	if p.In {
		return "in"
	}
	return "out"
}

// add appends packets; writes of which nothing is kept are counted together.
func add(out, more []Packet) []Packet {
	last := len(out) - 1
	if last < 0 || !out[last].nothing() || !more[0].nothing() {
		return append(out, more...)
	}
	out[last].Omitted += more[0].Omitted
	out[last].SHA256 = ""
	return append(out, more[1:]...)
}

// nothing reports whether p only says that something was left out.
func (p Packet) nothing() bool { return p.Base64 == "" && p.Omitted > 0 && p.End == "" }

// packets returns one packet for each piece of a write. The digest is that of
// the whole write, where something of it is missing and all of it was there.
func packets(like Packet, pieces []piece, b []byte, length int) []Packet {
	partly := len(b) == length && slices.ContainsFunc(pieces, func(p piece) bool { return p.omitted > 0 })
	out := make([]Packet, len(pieces))
	for i, p := range pieces {
		out[i] = like
		out[i].Base64, out[i].Omitted = base64.StdEncoding.EncodeToString(p.b), p.omitted
		if partly {
			sum := sha256.Sum256(b)
			out[i].SHA256 = hex.EncodeToString(sum[:])
		}
	}
	return out
}

// wireOffset returns where on the wire the byte of the stream stands at which
// the trace diverged: after the head, and each chunk in its HTTP chunk.
func wireOffset(r runner.Result) int {
	if r.Offset < 0 {
		return -1
	}
	at, left := 0, r.Offset
	if r.Case.Observed { // after request and head the body is as the stream has it
		return r.Wire[0].Length + r.Wire[min(1, len(r.Wire)-1)].Length + r.Offset
	}
	for i, p := range r.Wire {
		body := chunkLength(p.Length)
		if i > 0 && left < body {
			return at + left
		}
		if at += p.Length; i > 0 { // the first is the head
			left -= body
		}
	}
	return at
}

// chunkLength returns how many bytes an HTTP chunk of n bytes on the wire holds.
func chunkLength(n int) int {
	const ends = len("\r\n\r\n")
	for digits := 1; digits <= 8; digits++ {
		if body := n - ends - digits; body >= 0 && body>>(4*digits) == 0 && (digits == 1 || body>>(4*(digits-1)) > 0) {
			return body
		}
	}
	return 0
}
