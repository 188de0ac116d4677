package fuzz

import (
	"math/rand/v2"
	"slices"
)

const mostCuts = 8 // of a stream that is cut at random

// Cuts cuts stream into chunks that are stream again when put together: whole,
// byte by byte, after every CR and LF, or at one to eight random places; and
// one time in four with empty chunks in between and at both ends. The chunks
// share stream's memory, but appending to one copies it. An empty stream may
// have no chunk at all.
func Cuts(r *rand.Rand, stream []byte) [][]byte {
	var chunks [][]byte
	switch r.IntN(8) {
	case 0:
		chunks = [][]byte{stream[:len(stream):len(stream)]}
	case 1:
		chunks = cutBytes(stream)
	case 2, 3:
		chunks = cutLineEnds(stream)
	default:
		chunks = cutRandom(r, stream)
	}
	if oneIn(r, 4) {
		return withEmpty(r, chunks)
	}
	return chunks
}

// cutBytes makes each byte a chunk.
func cutBytes(stream []byte) [][]byte {
	chunks := make([][]byte, len(stream))
	for i := range stream {
		chunks[i] = stream[i : i+1 : i+1]
	}
	return chunks
}

// cutLineEnds cuts after every CR and after every LF, also between the two.
func cutLineEnds(stream []byte) [][]byte {
	chunks := make([][]byte, 0, 8)
	for len(stream) > 0 {
		n := 1
		for n < len(stream) && stream[n-1] != '\r' && stream[n-1] != '\n' {
			n++
		}
		chunks = append(chunks, stream[:n:n])
		stream = stream[n:]
	}
	return chunks
}

// cutRandom cuts at one to eight places. Places may coincide with each other
// or with an end, which makes an empty chunk.
func cutRandom(r *rand.Rand, stream []byte) [][]byte {
	var space [mostCuts]int
	places := space[:1+r.IntN(mostCuts)]
	for i := range places {
		places[i] = r.IntN(len(stream) + 1)
	}
	slices.Sort(places)
	chunks := make([][]byte, 0, len(places)+1)
	from := 0
	for _, to := range places {
		chunks = append(chunks, stream[from:to:to])
		from = to
	}
	return append(chunks, stream[from:len(stream):len(stream)])
}

// withEmpty puts zero to two empty chunks before each chunk and after the last.
func withEmpty(r *rand.Rand, chunks [][]byte) [][]byte {
	all := make([][]byte, 0, 3*len(chunks)+2)
	for _, chunk := range chunks {
		all = appendEmpty(r, all)
		all = append(all, chunk)
	}
	return appendEmpty(r, all)
}

// appendEmpty appends zero to two empty chunks, with and without memory.
func appendEmpty(r *rand.Rand, chunks [][]byte) [][]byte {
	empties := [...][]byte{{}, nil}
	return append(chunks, empties[:r.IntN(len(empties)+1)]...)
}
