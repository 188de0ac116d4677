package cases

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

const (
	maxFile  = 1 << 20 // bytes of a case file
	maxDepth = 64      // levels of nesting in one
)

// tree reads the one document of a file and returns what stands at its top.
// empty is the complaint about a file with nothing in it.
func tree(text []byte, empty string) (*yaml.Node, error) {
	if len(text) > maxFile {
		return nil, &Problem{Line: 1, Col: 1, Text: "larger than 1 MiB"}
	}
	if p := checkText(text); p != nil {
		return nil, p
	}
	var doc, more yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, &Problem{Line: 1, Col: 1, Text: empty}
	} else if err != nil {
		return nil, syntaxProblem(text, err)
	}
	if err := d.Decode(&more); err == nil {
		return nil, at(&more, "a second document: a file holds one")
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxProblem(text, err)
	}
	return doc.Content[0], checkTree(&doc, 0)
}

// checkText refuses bytes that are no UTF-8 and control characters: the YAML
// library does as well, but does not say where.
func checkText(text []byte) *Problem {
	line, col := 1, 1
	for i := 0; i < len(text); col++ {
		r, n := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return &Problem{Line: line, Col: col, Text: "not UTF-8: write the bytes as {hex: …}"}
		case r < ' ' && r != '\t' && r != '\r' && r != '\n', r == 0x7F:
			return &Problem{Line: line, Col: col, Text: "a control character: write it as an escape in double quotes"}
		case r == '\n':
			line, col = line+1, 0
		}
		i += n
	}
	return nil
}

// checkTree refuses what no case file needs: deep nesting, anchors and aliases.
func checkTree(n *yaml.Node, depth int) error {
	if depth > maxDepth {
		return at(n, "nested deeper than %d levels", maxDepth)
	}
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		return at(n, noAliases)
	}
	for _, c := range n.Content {
		if err := checkTree(c, depth+1); err != nil {
			return err
		}
	}
	return nil
}
