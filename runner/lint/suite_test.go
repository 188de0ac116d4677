package lint_test

import (
	"fmt"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/lint"
)

func TestLint(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "lint")
}

// brief is "line:column level rule" of each finding, and what it stands for.
func brief(r lint.Report) []string {
	short := []string{}
	for _, f := range r.Findings {
		s := fmt.Sprintf("%d:%d %s %s", f.Line, f.Column, f.Level, f.Rule)
		if f.Folded > 0 {
			s += fmt.Sprintf(" folds %d", f.Folded)
		}
		if f.Repeats > 0 {
			s += fmt.Sprintf(" and %d more", f.Repeats)
		}
		short = append(short, s)
	}
	return short
}
