package origin

import (
	"bytes"
	"compress/gzip"
	"iter"
	"slices"
	"strconv"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

const (
	pieceSize = 16 << 10 // bytes of a large part in one write
	maxSingle = 64 << 10 // bytes of the largest part that is one write
)

// pieces yields the bytes of part in pieces of 16 KiB at most. They share one
// buffer, so a part of 64 MiB does not need as much.
func pieces(part cases.Part) iter.Seq[[]byte] {
	unit, times := part.Unit, max(part.Times, 1)
	if len(unit) > 0 && len(unit) < pieceSize {
		units := min(pieceSize/len(unit), times)
		return repeat(bytes.Repeat(unit, units), len(unit), times)
	}
	return func(yield func([]byte) bool) {
		for range times {
			for piece := range slices.Chunk(unit, pieceSize) {
				if !yield(piece) {
					return
				}
			}
		}
	}
}

// repeat yields a unit of that size times over, as many at once as full holds.
func repeat(full []byte, size, times int) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for left := times * size; left > 0; left -= len(full) {
			if !yield(full[:min(len(full), left)]) {
				return
			}
		}
	}
}

// A body puts the chunks of one connection into the form in which they travel.
type body struct {
	chunked bool
	frame   []byte // reused
	coder   *gzip.Writer
	coded   bytes.Buffer // what the coder has yielded and was not sent
	parser  *spec.Parser // counts the events that are due, where somebody waits for them
}

func newBody(c cases.Connection, counted bool) *body {
	b := &body{chunked: len(c.Raw) == 0 && framing(c) == "chunked"}
	if c.Coding == "gzip" && len(c.Raw) == 0 {
		b.coder = gzip.NewWriter(&b.coded)
	}
	if counted && streams(c) {
		b.parser = &spec.Parser{}
	}
	return b
}

// dispatches returns how many events piece completes.
func (b *body) dispatches(piece []byte) int {
	n := 0
	if b.parser != nil {
		b.parser.FeedViews(piece, func(spec.View) { n++ })
	}
	return n
}

// framed returns data as one HTTP chunk, or as it is without chunked framing.
// The result is valid until the next call.
func (b *body) framed(data []byte) []byte {
	if !b.chunked {
		return data
	}
	b.frame = append(b.size(b.frame[:0], len(data)), data...)
	b.frame = append(b.frame, "\r\n"...)
	return b.frame
}

// size appends the size line of an HTTP chunk of n bytes.
func (b *body) size(dst []byte, n int) []byte {
	return append(strconv.AppendInt(dst, int64(n), 16), "\r\n"...)
}

// taken returns what the coder has yielded, framed, and empties it.
func (b *body) taken() []byte {
	defer b.coded.Reset()
	return b.framed(b.coded.Bytes())
}

// lastChunk returns the end of a chunked body, with the trailers.
func lastChunk(trailers [][2]string) []byte {
	b := []byte("0\r\n")
	for _, t := range trailers {
		b = append(b, t[0]+": "+t[1]+"\r\n"...)
	}
	return append(b, "\r\n"...)
}
