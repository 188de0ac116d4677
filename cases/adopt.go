package cases

import (
	"bytes"

	"go.yaml.in/yaml/v3"
)

// Adopt returns the text of a case file with c as its last case, in the canonical
// form; comments and notations stay as they were. file is its name, for ids and
// problems. An id that is there already is a problem, and so is a text that does
// not load.
func Adopt(file string, text []byte, c Case) ([]byte, error) {
	if _, err := parseAs(file, text); err != nil {
		return nil, err
	}
	n, err := caseNode(c)
	if err != nil {
		return nil, err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, syntaxProblem(text, err)
	}
	list := valueAt(doc.Content[0], "cases")
	list.Content = append(list.Content, n)
	list.Style = 0
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	e.CompactSeqIndent()
	if err := e.Encode(&doc); err != nil {
		return nil, err
	}
	if text, err = longEscapes(b.Bytes()); err != nil {
		return nil, err
	}
	return Format(file, text)
}
