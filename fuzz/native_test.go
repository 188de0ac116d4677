package fuzz_test

import (
	"testing"

	"github.com/ssespec/ssespec/fuzz"
)

// FuzzParser: the fast parser does what the literal one does with any bytes,
// cut as the seed says. Run it with -fuzzminimizetime 10x: by default Go spends
// up to a minute on making each interesting stream smaller, and runs no other.
func FuzzParser(f *testing.F) { fuzzWith(f, withLiteral, afterEnd, withInitialID, afterEachChunk) }

// FuzzCuts: any cut of the stream gives the same events. Run it as FuzzParser.
func FuzzCuts(f *testing.F) { fuzzWith(f, withWhole) }

// FuzzViews: a view has the bytes of the owned event, after each chunk. Run it
// as FuzzParser.
func FuzzViews(f *testing.F) { fuzzWith(f, asOwned) }

// FuzzValidator: the grammar's verdict is the same however the stream is cut, and
// that of two other readers. Run it as FuzzParser.
func FuzzValidator(f *testing.F) { fuzzWith(f, validCut, validAsWritten, validAsRead) }

// fuzzWith puts each stream, cut as its seed says, to each comparison.
func fuzzWith(f *testing.F, comparisons ...comparison) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte, cuts uint64) {
		chunks := fuzz.Cuts(seeded(cuts, 0), data)
		for _, compare := range comparisons {
			if what := compare(chunks); what != "" {
				t.Fatalf("%s\nsent  %s\nshort %s", what, marked(chunks), marked(shorten(chunks, caught(compare))))
			}
		}
	})
}
