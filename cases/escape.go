package cases

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// checkEscapes refuses \x80 to \xff in double quotes: YAML reads them as the
// characters U+0080 to U+00FF, whose UTF-8 has two bytes, and whoever writes them in
// a case means one byte. Only the source shows which escape was used.
func checkEscapes(text []byte, n *yaml.Node) error {
	return checkQuoted(newSource(text), n)
}

func checkQuoted(s source, n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode && n.Style&yaml.DoubleQuotedStyle != 0 {
		if p := s.loneByte(n); p != nil {
			return p
		}
	}
	for _, c := range n.Content {
		if err := checkQuoted(s, c); err != nil {
			return err
		}
	}
	return nil
}

// A source is the lines of a file, broken where YAML breaks them.
type source []string

func newSource(text []byte) (s source) {
	rest := string(bytes.TrimPrefix(text, []byte("\ufeff")))
	for rest != "" {
		end := len(rest)
		if i := strings.IndexAny(rest, "\r\n\u0085\u2028\u2029"); i >= 0 {
			_, n := utf8.DecodeRuneInString(rest[i:])
			if end = i + n; strings.HasPrefix(rest[i:], "\r\n") {
				end = i + 2
			}
		}
		s, rest = append(s, rest[:end]), rest[end:]
	}
	return s
}

// loneByte returns the problem at the first escape of the scalar n that stands for
// one byte above 0x7F, nil when there is none.
func (s source) loneByte(n *yaml.Node) *Problem {
	inside, from := false, n.Column-1 // a tag may come before the first quote
	for line := n.Line - 1; line < len(s); line, from = line+1, 0 {
		chars := []rune(s[line])
		for i := from; i < len(chars); i++ {
			switch c := chars[i]; {
			case c == '"' && inside:
				return nil
			case c == '"':
				inside = true
			case c == '\\' && inside && isHighByte(chars[i+1:]):
				digits := string(chars[i+2 : i+4])
				return &Problem{Line: line + 1, Col: i + 1, Text: `"\x` + digits + `" is the character U+00` + strings.ToUpper(digits) +
					`, not the byte: write {hex: …} for bytes, \u00` + digits + ` for the character`}
			case c == '\\' && inside:
				i++ // what is escaped ends nothing
			}
		}
	}
	return nil
}

// isHighByte reports whether x80 to xff stand at the start of what follows a backslash.
func isHighByte(after []rune) bool {
	return len(after) >= 3 && after[0] == 'x' && strings.ContainsRune("89abcdefABCDEF", after[1])
}
