package fuzz_test

import (
	"strings"
	"testing"

	"github.com/ssespec/ssespec/fuzz"
)

// byHand are streams that have told parsers apart.
func byHand() []string {
	return []string{
		"data: a\n\n",
		"data\n\nevent: e\nid: 1\n\ndata: b\n\n",
		"\xEF\xBB\xBF\xEF\xBB\xBFdata: a\r\ndata: b\r\n\r\n",
		"\xEF\xBBdata: a\r\r\ndata: b\n\r",
		"id: 1\rid: a\x00b\rdata:\r\rid\rdata\r\r",
		"data: \xE4\xBD\ndata: \xF0\x9F\x92\r\ndata: \xED\xA0\x80\xC0\x80\xF4\x90\x80\x80\n\n",
		"retry: 007\nretry:\nretry: +1\nretry: 99999999999999999999\nretry: 5",
		": a\n:\n::b\n:\xFF\r\n:c",
		"Data: a\ndata : b\n data: c\ndatab: d\nda: e\n\n",
		"data:  a\ndata:\tb\ndata::c\ndata: d \n\n",
		"event: add\ndata: 1\n\nevent: add\ndata: 2\n\nevent\ndata: 3\n\n",
		"data: " + strings.Repeat("x", 509) + "\r\n\r\ndata: " + strings.Repeat("y", 4090) + "\xE2\x80\xA8\r\r",
		strings.Repeat("data: z\r", 600) + "\r",
		"id: 1\ndata: a\n\nid: 2\ndata: lost\n",
	}
}

// FuzzParser: the fast parser does what the literal one does with any bytes,
// cut as the seed says. Run it with -fuzzminimizetime 10x: by default Go spends
// up to a minute on making each interesting stream smaller, and runs no other.
func FuzzParser(f *testing.F) { fuzzWith(f, withLiteral, afterEnd, withInitialID, afterEachChunk) }

// FuzzCuts: any cut of the stream gives the same events. Run it as FuzzParser.
func FuzzCuts(f *testing.F) { fuzzWith(f, withWhole) }

// fuzzWith puts each stream, cut as its seed says, to each comparison.
func fuzzWith(f *testing.F, comparisons ...comparison) {
	for i, stream := range byHand() {
		f.Add([]byte(stream), uint64(i))
	}
	f.Fuzz(func(t *testing.T, data []byte, cuts uint64) {
		chunks := fuzz.Cuts(seeded(cuts, 0), data)
		for _, compare := range comparisons {
			if what := compare(chunks); what != "" {
				t.Fatalf("%s\nsent  %s\nshort %s", what, marked(chunks), marked(shorten(chunks, caught(compare))))
			}
		}
	})
}
