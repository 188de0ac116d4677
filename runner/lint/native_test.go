package lint_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/ssespec/ssespec/runner/lint"
)

// FuzzLinter: any cut of any bytes gives the same report, as a stream and as a
// capture; it is bounded and lies within the bytes, and its events are those of
// the model. Run it with -fuzzminimizetime 10x, as the targets of package fuzz.
func FuzzLinter(f *testing.F) {
	for i, stream := range everyStream() {
		f.Add([]byte(stream), uint64(i))
	}
	files, err := filepath.Glob("testdata/curl/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatalf("no captures: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, uint64(0))
	}
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
