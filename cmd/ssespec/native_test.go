package main

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzConfig: a .ssespec.yaml is refused with its place, or can be run: each of
// its targets has a name of its own. Run it with -fuzzminimizetime 10x, as the
// targets of package fuzz.
func FuzzConfig(f *testing.F) {
	for _, text := range []string{
		"suite: \"0.1\"\ntargets:\n  - name: a\n    client: [node, a.mjs]\n    baseline: a.yaml\n  - {name: b, server: \"http://x\"}\n",
		"targets: []\n", "targets: [{name: a}]\n", "targets: [{name: a, service: x, browser: y}]\n", "report: {json: -}\n", "",
	} {
		f.Add([]byte(text))
	}
	name := filepath.Join(f.TempDir(), configName)
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := readConfig(name)
		if err != nil {
			if len(err.Error()) > 4<<10 {
				t.Fatalf("an error of %d bytes", len(err.Error()))
			}
			return
		}
		seen := map[string]bool{}
		for _, name := range c.names() {
			if name == "" || seen[name] {
				t.Fatalf("took the targets %q", c.names())
			}
			seen[name] = true
		}
	})
}
