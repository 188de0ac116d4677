package cases

import (
	"regexp"
	"strconv"
	"strings"
)

const noAliases = "anchors and aliases are not allowed: write the value out"

var (
	yamlPosition  = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)
	unknownAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)
)

// syntaxProblem turns what the YAML library says of text into a problem with a
// position: the library names a line at most, and counts some from 0.
func syntaxProblem(text []byte, err error) *Problem {
	m := yamlPosition.FindStringSubmatch(err.Error())
	if m == nil {
		return &Problem{Line: 1, Col: 1, Text: err.Error()}
	}
	said := err.Error()[len(m[0]):]
	if anchor := unknownAnchor.FindStringSubmatch(said); anchor != nil {
		return firstOf(string(text), "*"+anchor[1], noAliases)
	}
	line, _ := strconv.Atoi(m[1]) // no number: the first
	if strings.HasPrefix(said, "did not find expected ") {
		line++
	}
	lines := strings.Split(string(text), "\n")
	line = min(max(line, 1), len(lines))
	switch said {
	case "found character that cannot start any token":
		lines = lines[:line]
		fallthrough
	case "found a tab character that violates indentation":
		if p := tabIn(lines, line); p != nil {
			return p
		}
	}
	return &Problem{Line: line, Col: len(indentation(lines[line-1])) + 1, Text: "no YAML: " + said}
}

// tabIn returns the problem of the first line from line on that a tab indents,
// nil where there is none.
func tabIn(lines []string, line int) *Problem {
	for ; line <= len(lines); line++ {
		if tab := strings.IndexByte(indentation(lines[line-1]), '\t'); tab >= 0 {
			return &Problem{Line: line, Col: tab + 1, Text: "a tab in the indentation: use spaces"}
		}
	}
	return nil
}

// indentation returns the blanks before the first word of a line.
func indentation(line string) string {
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

// firstOf returns a problem where word first stands in text.
func firstOf(text, word, problem string) *Problem {
	before, _, _ := strings.Cut(text, word)
	line := strings.Count(before, "\n")
	return &Problem{Line: line + 1, Col: len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1, Text: problem}
}
