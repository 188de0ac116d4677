package cases_test

import (
	"io/fs"
	"path"
	"testing"

	"github.com/ssespec/ssespec/cases"
)

// seed adds the seeds of a target. libFuzzer runs a target anew for each input:
// there this file is left out (.clusterfuzzlite/build.sh).
func seed(f *testing.F) {
	texts := caseFiles
	if f.Name() == "FuzzDecodeStrict" {
		texts = configs
	}
	for _, text := range texts(f) {
		f.Add(text)
	}
}

// configs returns what is read by the same reader.
func configs(*testing.F) (texts [][]byte) {
	for _, text := range []string{
		"target: {name: a, versions: \">=5 <6\"}\nentries:\n- {case: \"a/**\", verdict: fail, reason: known, until: 2027-01-01}\n",
		"suite: \"0.1\"\ntargets:\n  - name: a\n    client: [node, a.mjs]\n",
		"a: &x [1, 2]\nb: *x\n", "? a\n: b\n", "!!binary aGk=", "- 0x10\n- ~\n- .inf\n",
	} {
		texts = append(texts, []byte(text))
	}
	return texts
}

// caseFiles returns the embedded case files that one try need not be long about.
func caseFiles(f *testing.F) (texts [][]byte) {
	err := fs.WalkDir(cases.Files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		text, err := fs.ReadFile(cases.Files, name)
		if len(text) < 8<<10 {
			texts = append(texts, text)
		}
		return err
	})
	if err != nil || len(texts) == 0 {
		f.Fatalf("no case files: %v", err)
	}
	return texts
}
