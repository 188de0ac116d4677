package lint_test

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/ssespec/ssespec/runner/lint"
	"github.com/ssespec/ssespec/spec"
)

// FuzzLinter: any cut of any bytes gives the same report, as a stream and as a
// capture; it is bounded and lies within the bytes, and its events are those of
// the model. Run it with -fuzzminimizetime 10x, as the targets of package fuzz.
func FuzzLinter(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		stream := linted(string(data))
		sound(t, stream, len(data))
		if n := dispatched(string(data)); stream.Events != n || stream.Bytes != int64(len(data)) {
			t.Fatalf("%d events of %d bytes, the model dispatches %d of %d", stream.Events, stream.Bytes, n, len(data))
		}
		capture := captured(string(data))
		sound(t, capture, len(data))
		chunks := cutBy(data, seed)
		if got := linted(chunks...); !reflect.DeepEqual(got, stream) {
			t.Fatalf("%+q\ngives  %+v\nwhole  %+v", chunks, got, stream)
		}
		if got := captured(chunks...); !reflect.DeepEqual(got, capture) {
			t.Fatalf("as a capture %+q\ngives  %+v\nwhole  %+v", chunks, got, capture)
		}
	})
}

// sound fails where a report is not bounded, not in order or outside of what
// was fed.
func sound(t *testing.T, r lint.Report, size int) {
	const rules = 70 // hints and clauses, some at two levels
	if len(r.Findings) > 10*rules {
		t.Fatalf("%d findings", len(r.Findings))
	}
	before := int64(0)
	for _, f := range r.Findings {
		if f.Offset < before || f.Offset > int64(size) || f.Line < 1 || f.Line > size+1 || f.Column < 1 || f.Column > size+1 {
			t.Fatalf("%+v after offset %d of %d bytes", f, before, size)
		}
		if e := f.Excerpt; len(e.Text) > 200 || e.At < 0 || e.At > len(e.Text) || f.Text == "" || f.Hint == "" || f.Clause == "" {
			t.Fatalf("%+v", f)
		}
		before = f.Offset
	}
}

// cutBy cuts data as the seed says.
func cutBy(data []byte, seed uint64) (chunks []string) {
	r := rand.New(rand.NewPCG(seed, 0))
	for len(data) > 0 {
		n := min(len(data), r.IntN(1+r.IntN(40)))
		chunks = append(chunks, string(data[:n]))
		data = data[n:]
	}
	return chunks
}

// dispatched returns how many events the model dispatches.
func dispatched(stream string) (n int) {
	var p spec.Parser
	p.Feed([]byte(stream), func(spec.Event) { n++ })
	return n
}

// linted feeds chunks to a new linter and ends the stream.
func linted(chunks ...string) lint.Report {
	var l lint.Linter
	for _, c := range chunks {
		l.Feed([]byte(c))
	}
	return l.End()
}

// captured feeds chunks to a new capture and ends it.
func captured(chunks ...string) lint.Report {
	var c lint.Capture
	for _, chunk := range chunks {
		c.Feed([]byte(chunk))
	}
	return c.End()
}
