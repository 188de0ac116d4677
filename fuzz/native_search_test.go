package fuzz_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/ssespec/ssespec/fuzz"
)

// A finding is a stream on which the parsers differ.
type finding struct {
	seed, n uint64
	chunks  [][]byte
	what    string
	short   [][]byte // the same, shortened while the difference persists
}

// String is all that is needed to go on from a finding alone.
func (f finding) String() string {
	return fmt.Sprintf("seed %d, stream %d: %s\nsent  %s\nshort %s\nagain go test ./fuzz -seed %d -streams %d",
		f.seed, f.n, f.what, marked(f.chunks), marked(f.short), f.seed, f.n+1)
}

// search compares every step-th of the first n streams of seed on all
// processors, and returns the first finding of each; the others stop when
// there is one.
func search(seed, n, step uint64, compare comparison) []finding {
	compare = caught(compare)
	workers := uint64(runtime.GOMAXPROCS(0))
	found := make([][]finding, workers)
	var stop atomic.Bool
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			for i := w * step; i < n && !stop.Load(); i += workers * step {
				if f, ok := examine(seed, i, compare); ok {
					found[w] = []finding{f}
					stop.Store(true)
				}
			}
		})
	}
	all.Wait()
	var findings []finding
	for _, f := range found {
		findings = append(findings, f...)
	}
	return findings
}

// examine compares stream number n of seed, and whether that is a finding.
func examine(seed, n uint64, compare comparison) (finding, bool) {
	r := seeded(seed, n)
	chunks := fuzz.Cuts(r, fuzz.Stream(r))
	what := compare(chunks)
	if what == "" {
		return finding{}, false
	}
	return finding{seed, n, chunks, what, shorten(chunks, compare)}, true
}

// shorten drops bytes and cuts while compare finds a difference: all cuts at
// once, halves, quarters, down to single bytes, and the cuts that are left.
func shorten(chunks [][]byte, compare comparison) [][]byte {
	if whole := [][]byte{bytes.Join(chunks, nil)}; compare(whole) != "" {
		chunks = whole
	}
	for n := max(size(chunks)/2, 1); n > 0; n /= 2 {
		for at := 0; at+n <= size(chunks); {
			smaller := without(chunks, at, n)
			if compare(smaller) == "" {
				at += n
				continue
			}
			chunks = smaller
		}
	}
	return joined(chunks, compare)
}

// joined undoes cuts, one at a time, while compare finds a difference.
func joined(chunks [][]byte, compare comparison) [][]byte {
	for i := 0; i+1 < len(chunks); {
		pair := slices.Concat(chunks[i], chunks[i+1])
		fewer := slices.Concat(chunks[:i], [][]byte{pair}, chunks[i+2:])
		if compare(fewer) == "" {
			i++
			continue
		}
		chunks = fewer
	}
	return chunks
}

// size is the length of the stream.
func size(chunks [][]byte) int { return len(bytes.Join(chunks, nil)) }

// without is chunks without n bytes at a place, and without the chunks that
// this empties.
func without(chunks [][]byte, at, n int) [][]byte {
	var kept [][]byte
	start := 0
	for _, c := range chunks {
		from := min(max(at-start, 0), len(c))
		to := min(max(at+n-start, 0), len(c))
		start += len(c)
		if to-from < len(c) || len(c) == 0 {
			kept = append(kept, append(bytes.Clone(c[:from]), c[to:]...))
		}
	}
	return kept
}

// marked is a stream as Go strings, with a bar at each cut.
func marked(chunks [][]byte) string {
	all := make([]string, len(chunks))
	for i, c := range chunks {
		all[i] = quoted(string(c))
	}
	return strings.Join(all, " | ")
}

// quoted is text as Go writes it.
func quoted(text string) string { return strconv.QuoteToASCII(text) }

// seeded returns the random numbers of stream number n under seed.
func seeded(seed, n uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, n)) }
