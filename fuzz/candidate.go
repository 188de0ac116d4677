package fuzz

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/ssespec/ssespec/cases"
)

// A candidate is a script as the minimiser sees it: each body is bytes and cuts.
type candidate []body

// A body is that of one connection. Cuts are places in the bytes, ascending; two
// at the same place, or one at an end, make an empty chunk.
type body struct {
	connection cases.Connection
	bytes      []byte
	cuts       []int
	fixed      bool // it pauses, or has no body: it can only be left out
}

func candidateOf(s cases.Script) (c candidate) {
	for _, connection := range s.Connections {
		c = append(c, bodyOf(connection))
	}
	return c
}

func bodyOf(c cases.Connection) body {
	b := body{connection: c, fixed: c.Raw != nil || c.Refuse}
	for i, p := range c.Body {
		b.fixed = b.fixed || !p.IsChunk()
		if i > 0 {
			b.cuts = append(b.cuts, len(b.bytes))
		}
		b.bytes = append(b.bytes, p.Bytes()...)
	}
	return b
}

func (c candidate) script() (s cases.Script) {
	for _, b := range c {
		s.Connections = append(s.Connections, b.play())
	}
	return s
}

func (b body) play() cases.Connection {
	c := b.connection
	if b.fixed {
		return c
	}
	c.Body = nil
	from := 0
	for _, to := range b.cuts {
		c.Body = append(c.Body, cases.Part{Unit: b.bytes[from:to:to]})
		from = to
	}
	if len(b.bytes) > 0 || len(b.cuts) > 0 {
		c.Body = append(c.Body, cases.Part{Unit: b.bytes[from:]})
	}
	return c
}

// key tells candidates of one reduction apart.
func (c candidate) key() string {
	var k []byte
	for _, b := range c {
		k = strconv.AppendInt(k, int64(len(b.bytes)), 10)
		for _, at := range b.cuts {
			k = strconv.AppendInt(append(k, ','), int64(at), 10)
		}
		k = append(append(append(k, ':'), b.connection.On...), ' ')
		k = strconv.AppendInt(k, int64(b.connection.Status), 10)
		k = append(append(k, ' '), b.bytes...)
	}
	return string(k)
}

// less reports whether c is strictly smaller than d: fewer connections; then fewer
// bytes; then fewer cuts; then, from the left, simpler bytes.
func (c candidate) less(d candidate) bool {
	return cmp.Or(
		cmp.Compare(len(c), len(d)),
		cmp.Compare(c.sum(bytesOf), d.sum(bytesOf)),
		cmp.Compare(c.sum(cutsOf), d.sum(cutsOf)),
		slices.CompareFunc(c, d, func(a, b body) int {
			return slices.CompareFunc(a.bytes, b.bytes, func(x, y byte) int { return cmp.Compare(plainness(x), plainness(y)) })
		}),
	) < 0
}

func bytesOf(b body) int { return len(b.bytes) }
func cutsOf(b body) int  { return len(b.cuts) }

func (c candidate) sum(of func(body) int) (n int) {
	for _, b := range c {
		n += of(b)
	}
	return n
}

// simple are the bytes that others are replaced by, the simplest first.
const simple = "a1\n \xFF\x80"

// plainness ranks a byte: first those that say nothing, then printable ones, then
// the others of ASCII, then what is none.
func plainness(b byte) int {
	const ranks = 256
	switch {
	case b == 'a', b == '1', b == '\n', b == ' ':
		return slices.Index([]byte(simple), b)
	case b > ' ' && b < 0x7F:
		return ranks + int(b)
	case b <= 0x7F:
		return 2*ranks + int(b)
	case b == 0xFF:
		return 3 * ranks
	}
	return 3*ranks + int(b)
}

// with returns c with another body of connection i.
func (c candidate) with(i int, b body) candidate {
	c = slices.Clone(c)
	c[i] = b
	return c
}

// without returns the body without the bytes from one place to another. Of the
// cuts in there none is left, and those at both ends are as many as at one of
// them: what is taken out leaves no empty chunk behind that was not there.
func (b body) without(from, to int) body {
	before, _ := slices.BinarySearch(b.cuts, from)
	inside, _ := slices.BinarySearch(b.cuts, from+1)
	end, _ := slices.BinarySearch(b.cuts, to)
	after, _ := slices.BinarySearch(b.cuts, to+1)
	left, right := inside-before, after-end
	if from == 0 {
		right-- // it cuts nothing off any more
	}
	if to == len(b.bytes) {
		left--
	}
	cuts := slices.Clone(b.cuts[:before])
	for range max(left, right) {
		cuts = append(cuts, from)
	}
	for _, at := range b.cuts[after:] {
		cuts = append(cuts, at-(to-from))
	}
	b.bytes = append(b.bytes[:from:from], b.bytes[to:]...)
	b.cuts = cuts
	return b
}
