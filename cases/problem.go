package cases

import (
	"fmt"

	"github.com/agext/levenshtein"
	"go.yaml.in/yaml/v3"
)

// A Problem is what is wrong in a case file, and where. Line and Col count
// from 1; 0 means that the position is not known.
type Problem struct {
	File      string
	Line, Col int
	Text      string
}

func (p *Problem) Error() string {
	switch {
	case p.Line == 0:
		return p.File + ": " + p.Text
	case p.Col == 0:
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Col, p.Text)
}

// at returns the problem at node n.
func at(n *yaml.Node, format string, args ...any) *Problem {
	return &Problem{Line: n.Line, Col: n.Column, Text: fmt.Sprintf(format, args...)}
}

// DidYouMean returns ` (did you mean "…"?)` with the known word nearest to
// word, or nothing when none is near.
func DidYouMean(word string, known []string) string {
	best, least := "", len(word)/2+1
	for _, k := range known {
		if d := levenshtein.Distance(word, k, nil); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}
