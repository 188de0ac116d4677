package cases

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"reflect"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/ssespec/ssespec/spec"
)

// Write writes a case file with c alone in it, in the canonical form. Its id is the
// last part of c's. Only a case of one plain stream can be written; what is written
// loads as the same case again, or else it is an error and nothing is written.
func Write(w io.Writer, about string, c Case) error {
	n, err := caseNode(c)
	if err != nil {
		return err
	}
	text, err := yaml.Marshal(mapping("about", phrase(about), "cases", &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{n}}))
	if err != nil {
		return err
	}
	file := path.Dir(c.ID) + ".yaml"
	if text, err = longEscapes(text); err != nil {
		return err
	}
	if text, err = Format(file, text); err != nil {
		return err
	}
	again, err := parseAs(file, text)
	if err != nil {
		return err
	}
	if !again[0].Expect.Equal(c.Expect) || !bytes.Equal(again[0].whole(), c.whole()) {
		return &Problem{File: file, Text: "writing would change the meaning: please report this case"}
	}
	_, err = w.Write(text)
	return err
}

// whole returns the bytes of the case's stream with its cuts.
func (c Case) whole() []byte {
	chunks, _ := c.Script.Stream()
	var b []byte
	for _, chunk := range chunks {
		b = fmt.Appendf(b, "%q ", chunk)
	}
	return b
}

// caseNode returns what stands in a file for c.
func caseNode(c Case) (*yaml.Node, error) {
	if !c.OneStream() || !c.Script.Cuttable() || len(c.Outcomes) > 0 || !reflect.ValueOf(c.Subscribe).IsZero() {
		return nil, fmt.Errorf("case %q is more than one plain stream and one expectation: it cannot be written", c.ID)
	}
	n := mapping("id", phrase(path.Base(c.ID)), "title", phrase(c.Title), "clauses", list(c.Clauses))
	optional(n, "about", c.About != "", phrase(c.About))
	optional(n, "since", c.Since != "", text(c.Since).node())
	optional(n, "formerly", len(c.Formerly) > 0, list(c.Formerly))
	optional(n, "seen", len(c.Seen) > 0, list(c.Seen))
	optional(n, "requires", len(c.Requires) > 0, list(c.Requires))
	optional(n, "kills", len(c.Kills.Mutants) > 0, list(c.Kills.Mutants))
	optional(n, "kills", c.Kills.None != "", mapping("none", text(c.Kills.None).node()))
	chunks, _ := c.Script.Stream()
	stream := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, chunk := range chunks {
		stream.Content = append(stream.Content, chunkNode(chunk))
	}
	optional(n, "stream", true, stream)
	optional(n, "expect", true, expectNode(c))
	return n, nil
}

// mapping returns a mapping of keys and nodes in turn.
func mapping(pairs ...any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for i := 0; i < len(pairs); i += 2 {
		optional(n, pairs[i].(string), true, pairs[i+1].(*yaml.Node))
	}
	return n
}

// optional adds a key where it is there.
func optional(n *yaml.Node, key string, there bool, value *yaml.Node) {
	if there {
		n.Content = append(n.Content, phrase(key), value)
	}
}

// phrase is a text in the plainest notation that YAML has for it.
func phrase(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	return n
}

// node is a text in double quotes.
func (t text) node() *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: string(t), Style: yaml.DoubleQuotedStyle}
}

func list(all []string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, s := range all {
		n.Content = append(n.Content, phrase(s))
	}
	return n
}

// chunkNode is a chunk as text where it is text, else in hex.
func chunkNode(chunk []byte) *yaml.Node {
	if utf8.Valid(chunk) {
		return text(chunk).node()
	}
	digits := strings.ToUpper(hex.EncodeToString(chunk))
	var spaced []string
	for i := 0; i < len(digits); i += 2 {
		spaced = append(spaced, digits[i:i+2])
	}
	return flow(mapping("hex", text(strings.Join(spaced, " ")).node()))
}

func flow(n *yaml.Node) *yaml.Node {
	n.Style = yaml.FlowStyle
	return n
}

// expectNode names the steps that the case is about.
func expectNode(c Case) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, s := range c.Expect {
		switch {
		case s.Event != nil:
			n.Content = append(n.Content, mapping("dispatch", eventNode(*s.Event)))
		case s.Kind == spec.Comment:
			n.Content = append(n.Content, mapping("comment", text(s.Text).node()))
		case s.Kind == spec.Retry:
			n.Content = append(n.Content, mapping("retry", &yaml.Node{Kind: yaml.ScalarNode, Value: s.Text}))
		case c.AllSteps:
			n.Content = append(n.Content, phrase(string(s.Kind)))
		}
	}
	if len(n.Content) == 0 {
		n.Style = yaml.FlowStyle
	}
	return n
}

func eventNode(e spec.Event) *yaml.Node {
	n := flow(mapping())
	optional(n, "type", e.Type != spec.DefaultType, text(e.Type).node())
	optional(n, "data", true, text(e.Data).node())
	optional(n, "lastEventId", e.LastEventID != "", text(e.LastEventID).node())
	return n
}
