package fuzz_test

import (
	"context"
	"slices"
	"testing"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/fuzz"
	"github.com/ssespec/ssespec/spec"
)

// BenchmarkSearch is the search itself: the target is the model's parser, so that
// an iteration is one case made, put, accounted for and compared.
func BenchmarkSearch(b *testing.B) {
	all, err := cases.Load(cases.Files)
	if err != nil {
		b.Fatal(err)
	}
	var seeds [][]byte
	for _, c := range all {
		if chunks, plain := c.Script.Stream(); plain {
			seeds = append(seeds, slices.Concat(chunks...))
		}
	}
	b.ResetTimer()
	s := fuzz.Search{Seed: 1, Count: b.N, Seeds: seeds, View: fuzz.View{Timed: true}, Parse: func(_ context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
		list := make([]fuzz.Observed, len(streams))
		var p spec.Parser
		var t spec.Trace
		chunk := 0
		dispatch := func(e spec.Event) { t = append(t, spec.Step{Kind: spec.Dispatch, Event: &e, Chunk: chunk}) }
		for i, chunks := range streams {
			for t, chunk = nil, 0; chunk < len(chunks); chunk++ {
				p.Feed(chunks[chunk], dispatch)
			}
			p.End()
			p.SetLastEventID("")
			list[i].Trace = t
		}
		return list, nil
	}}
	var tally fuzz.Tally
	b.ReportAllocs()
	for f, err := range s.Run(context.Background(), &tally) {
		b.Fatal(f, err)
	}
	b.ReportMetric(float64(tally.Cases)/tally.Elapsed.Seconds(), "cases/s")
}
