package cases

import (
	"fmt"

	"github.com/agext/levenshtein"
	"go.yaml.in/yaml/v3"
)

// longest is how many bytes of a text stand in a message; no list of words that
// we know is longer.
const longest = 500

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

// NewProblem returns a problem. What stands in a file may be long: of each text in
// args the message has the beginning.
func NewProblem(file string, line, col int, format string, args ...any) *Problem {
	for i, a := range args {
		if text, is := a.(string); is && len(text) > longest {
			args[i] = text[:longest] + "…"
		}
	}
	return &Problem{file, line, col, fmt.Sprintf(format, args...)}
}

// at returns the problem at node n.
func at(n *yaml.Node, format string, args ...any) *Problem {
	return NewProblem("", n.Line, n.Column, format, args...)
}

// DidYouMean returns ` (did you mean "…"?)` with the known word nearest to
// word, or nothing when none is near. One that is twice as long is not.
func DidYouMean(word string, known []string) string {
	best, least := "", len(word)/2+1
	for _, k := range known {
		if len(word) > 2*len(k)+1 {
			continue
		}
		if d := levenshtein.Distance(word, k, nil); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}
