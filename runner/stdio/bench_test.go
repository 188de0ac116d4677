package stdio_test

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/ssespec/ssespec/fuzz"
	"github.com/ssespec/ssespec/runner/stdio"
)

// BenchmarkParse puts random streams, cut at random, to adapters as processes.
// It builds those in Go; that in Node wants `npm ci` first.
func BenchmarkParse(b *testing.B) {
	for _, bench := range []struct {
		name    string
		command func(*testing.B) []string
	}{
		{"plain", goAdapter("../..", "./cmd/ssespec", "adapter")},
		{"tmaxmax-read", goAdapter("../adapters/go", "./tmaxmax/read")},
		{"launchdarkly-decoder", goAdapter("../adapters/go", "./launchdarkly/decoder")},
		{"donovanhide-decoder", goAdapter("../adapters/go", "./donovanhide/decoder")},
		{"eventsource-parser", func(*testing.B) []string {
			return []string{"node", "../adapters/js/eventsource-parser/adapter.mjs"}
		}},
	} {
		b.Run(bench.name, func(b *testing.B) { parseMany(b, bench.command(b)) })
	}
}

// goAdapter builds a command of the module in dir.
func goAdapter(dir, pkg string, args ...string) func(*testing.B) []string {
	return func(b *testing.B) []string {
		binary := filepath.Join(b.TempDir(), "adapter")
		build := exec.Command("go", "build", "-C", dir, "-o", binary, pkg)
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			b.Fatalf("%v: %v", build, err)
		}
		return append([]string{binary}, args...)
	}
}

// parseMany puts b.N streams in batches, and reports how many that are a second.
func parseMany(b *testing.B, command []string) {
	p := &stdio.Process{Command: command, Stderr: os.Stderr}
	defer func() {
		if err := p.Close(); err != nil {
			b.Error(err)
		}
	}()
	streams := someStreams(4096)
	if _, err := p.Hello(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for left := b.N; left > 0; left -= len(streams) {
		streams = streams[:min(left, len(streams))]
		parsed, err := p.Parse(b.Context(), streams)
		if err != nil {
			b.Fatal(err)
		}
		for i, out := range parsed {
			if out.Err != nil {
				b.Fatalf("%q: %v", streams[i], out.Err)
			}
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "cases/s")
}

func someStreams(n int) [][][]byte {
	r := rand.New(rand.NewPCG(1, 0))
	streams := make([][][]byte, n)
	for i := range streams {
		streams[i] = fuzz.Cuts(r, fuzz.Stream(r))
	}
	return streams
}
