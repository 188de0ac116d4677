package fuzz

import (
	"bytes"
	"slices"
)

// A pass is one way to make a candidate smaller: it has units, counted from 0, and
// takes some that follow each other out.
type pass struct {
	name  string
	left  string // what a unit is called that must not be spare; "" where the pass takes nothing out
	units func(candidate) int
	take  func(c candidate, at, n int) (candidate, bool)
	near  []int // how many units a neighbour may lack
}

// passes are all of them, in their order.
var passes = []pass{ // never written to
	{"connections", "connection", func(c candidate) int { return len(c) }, withoutConnections, []int{1}},
	{"events", "block", func(c candidate) int { return c.count(blocks) }, func(c candidate, at, n int) (candidate, bool) { return c.withoutParts(blocks, at, n) }, []int{1}},
	{"lines", "line", func(c candidate) int { return c.count(lines) }, func(c candidate, at, n int) (candidate, bool) { return c.withoutParts(lines, at, n) }, []int{1}},
	{"bytes", "byte", func(c candidate) int { return c.sum(bytesOf) }, withoutBytes, []int{1, 2, 3, 6}},
	{"values", "", func(c candidate) int { return c.sum(bytesOf) * len(simple) }, simpler, nil},
	{"cuts", "cut", func(c candidate) int { return c.sum(cutsOf) }, withoutCuts, []int{1}},
}

// A step leads from a candidate to a smaller one.
type step struct {
	at int
	to candidate
	ok bool
}

// largest is how many units are taken at once in the beginning.
func (p pass) largest(c candidate) int {
	if p.left == "" {
		return 1 // nothing is taken out
	}
	size := 1
	for size*2 <= p.units(c) {
		size *= 2
	}
	return size
}

// from returns up to n steps from the unit at on, each of size units.
func (p pass) from(c candidate, at, size, n int) (steps []step) {
	for ; at < p.units(c) && len(steps) < n; at += size {
		to, ok := p.take(c, at, min(size, p.units(c)-at))
		steps = append(steps, step{at, to, ok})
	}
	return steps
}

// withoutConnections leaves n connections out. One is always left.
func withoutConnections(c candidate, at, n int) (candidate, bool) {
	return slices.Delete(slices.Clone(c), at, at+n), n < len(c)
}

// place returns the body that unit at falls into, and its number there.
func (c candidate) place(of func(body) int, at int) (i, within int) {
	for i = range c {
		if n := of(c[i]); at < n {
			return i, at
		} else {
			at -= n
		}
	}
	return -1, 0
}

func withoutBytes(c candidate, at, n int) (candidate, bool) {
	i, from := c.place(bytesOf, at)
	b := c[i]
	if b.fixed || from+n > len(b.bytes) {
		return c, false
	}
	return c.with(i, b.without(from, from+n)), true
}

func withoutCuts(c candidate, at, n int) (candidate, bool) {
	i, from := c.place(cutsOf, at)
	b := c[i]
	if b.fixed || from+n > len(b.cuts) {
		return c, false
	}
	b.cuts = slices.Delete(slices.Clone(b.cuts), from, from+n)
	return c.with(i, b), true
}

// simpler puts a simple byte in place of one. A unit is one of them at one place.
func simpler(c candidate, at, _ int) (candidate, bool) {
	i, from := c.place(bytesOf, at/len(simple))
	b := c[i]
	if b.fixed {
		return c, false
	}
	b.bytes = slices.Clone(b.bytes)
	b.bytes[from] = simple[at%len(simple)]
	return c.with(i, b), true
}

// A span is a part of a body.
type span struct{ from, to int }

// count is how many parts all bodies have.
func (c candidate) count(parts func([]byte) []span) int {
	return c.sum(func(b body) int { return len(parts(b.bytes)) })
}

// withoutParts leaves n parts of one body out.
func (c candidate) withoutParts(parts func([]byte) []span, at, n int) (candidate, bool) {
	i, from := c.place(func(b body) int { return len(parts(b.bytes)) }, at)
	b := c[i]
	spans := parts(b.bytes)
	if b.fixed || from+n > len(spans) {
		return c, false
	}
	return c.with(i, b.without(spans[from].from, spans[from+n-1].to)), true
}

// lines returns the lines of a stream, each with its end.
func lines(stream []byte) (list []span) {
	for from := 0; from < len(stream); {
		n, _, size := lineEnd(stream[from:])
		list = append(list, span{from, from + n + size})
		from += n + size
	}
	return list
}

// blocks returns the blocks of a stream, each with the blank line that ends it.
func blocks(stream []byte) (list []span) {
	from := 0
	for _, l := range lines(stream) {
		if len(bytes.Trim(stream[l.from:l.to], "\r\n")) == 0 {
			list = append(list, span{from, l.to})
			from = l.to
		}
	}
	if from < len(stream) {
		list = append(list, span{from, len(stream)})
	}
	return list
}
