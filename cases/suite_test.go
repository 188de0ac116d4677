package cases_test

import (
	"strings"
	"testing"
	"testing/fstest"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
)

func TestCases(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "cases")
}

// files makes a file system of names and texts in turn.
func files(namesAndTexts ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(namesAndTexts); i += 2 {
		fsys[namesAndTexts[i]] = &fstest.MapFile{Data: []byte(namesAndTexts[i+1])}
	}
	return fsys
}

// one is a file with one good case, in which the lines that begin with the key
// of one of the replacements are replaced; an empty replacement drops the line.
func one(replacements ...string) string {
	lines := []string{
		"cases:",
		"- id: a",
		"  title: A",
		"  clauses: [line-lf]",
		"  stream: [\"data: a\\n\\n\"]",
		"  expect:",
		"  - dispatch: {data: \"a\"}",
	}
	for i := 0; i < len(replacements); i += 2 {
		for n, line := range lines {
			if strings.Contains(line, replacements[i]) {
				lines[n] = replacements[i+1]
			}
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// load returns what came of one file named dir/x.yaml.
func load(text string) ([]cases.Case, error) { return cases.Load(files("dir/x.yaml", text)) }

// embedded returns the suite.
func embedded() []cases.Case {
	GinkgoHelper()
	all, err := cases.Load(cases.Files)
	Expect(err).NotTo(HaveOccurred())
	return all
}

// written returns chunks as strings.
func written(chunks [][]byte) []string {
	list := []string{}
	for _, c := range chunks {
		list = append(list, string(c))
	}
	return list
}
