package cases

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Format returns the canonical form of the text of a case file: two spaces, keys in the
// order of the schema, comments and notations as they were. A text that does
// not load is an error, and so is a change of meaning.
func Format(file string, text []byte) ([]byte, error) {
	before, err := parseAs(file, text)
	if err != nil {
		return nil, err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, syntaxProblem(text, err)
	}
	order(&doc)
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	e.CompactSeqIndent()
	if err := e.Encode(&doc); err != nil {
		return nil, err
	}
	text, err = longEscapes(b.Bytes())
	if err != nil {
		return nil, err
	}
	after, err := parseAs(file, text)
	if err == nil && !sameCases(before, after) {
		err = &Problem{File: file, Text: "formatting would change the meaning: please report this file"}
	}
	return text, err
}

// longEscapes writes \u0080 for each \x80 in text, and so up to \xff: the encoder
// shortens the escape to the one that [checkEscapes] refuses.
func longEscapes(text []byte) ([]byte, error) {
	for {
		var doc yaml.Node
		if err := yaml.Unmarshal(text, &doc); err != nil {
			return nil, syntaxProblem(text, err)
		}
		var short *Problem
		if !errors.As(checkEscapes(text, &doc), &short) {
			return text, nil
		}
		lines := newSource(text)
		line := []rune(lines[short.Line-1])
		lines[short.Line-1] = string(line[:short.Col]) + "u00" + string(line[short.Col+1:])
		text = []byte(strings.Join(lines, ""))
	}
}

// order sorts the keys of the file and of each case as the types have them.
func order(doc *yaml.Node) {
	file := doc.Content[0]
	fileKeys, _ := keysOf(reflect.TypeFor[fileShape]())
	caseKeys, _ := keysOf(reflect.TypeFor[caseShape]())
	sortKeys(file, fileKeys)
	for i := 0; i < len(file.Content); i += 2 {
		if file.Content[i].Value == "cases" {
			for _, c := range file.Content[i+1].Content {
				sortKeys(c, caseKeys)
			}
		}
	}
}

func sortKeys(m *yaml.Node, keys []string) {
	pairs := slices.Collect(slices.Chunk(m.Content, 2))
	slices.SortStableFunc(pairs, func(a, b []*yaml.Node) int {
		return slices.Index(keys, a[0].Value) - slices.Index(keys, b[0].Value)
	})
	m.Content = slices.Concat(pairs...)
}

// sameCases compares all but where the cases stand.
func sameCases(a, b []Case) bool {
	return slices.EqualFunc(a, b, func(x, y Case) bool {
		x.Line, x.Column, y.Line, y.Column = 0, 0, 0, 0
		return reflect.DeepEqual(x, y)
	})
}
