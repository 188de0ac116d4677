package lint_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/ssespec/ssespec/cases"
)

// seed adds the seeds of the target. libFuzzer runs a target anew for each
// input: there this file is left out (.clusterfuzzlite/build.sh).
func seed(f *testing.F) {
	for i, stream := range append(everyStream(), caseStreams(f)...) {
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
}

// caseStreams returns the streams of the cases that one try need not be long about.
func caseStreams(f *testing.F) (streams []string) {
	all, err := cases.Load(cases.Files)
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range all {
		for _, connection := range c.Script.Connections {
			if stream := bytes.Join(connection.Chunks(), nil); len(stream) > 0 && len(stream) < 2<<10 {
				streams = append(streams, string(stream))
			}
		}
	}
	return streams
}
