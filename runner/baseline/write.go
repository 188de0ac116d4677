package baseline

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/ssespec/ssespec/runner"
)

// Update returns the text of a baseline that covers exactly the departures in
// results. old is the text there was, nil for none: the reasons and comments of
// entries that still hold are kept, stale ones go, new ones get the reason
// [Unexplained]. Entries of cases that did not run stay as they are. strict writes
// new entries for warnings too.
func Update(old []byte, target Target, results []runner.Result, strict bool) ([]byte, error) {
	doc, err := document(old, target)
	if err != nil {
		return nil, err
	}
	entries := child(doc.Content[0], "entries", yaml.SequenceNode)
	kept := keep(entries.Content, results)
	entries.Content, entries.Style = kept, 0
	for _, r := range results {
		if departs(r, strict) && !coveredBy(kept, r) {
			entries.Content = append(entries.Content, newEntry(r))
		}
	}
	if len(entries.Content) == 0 {
		entries.Style = yaml.FlowStyle
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	e.CompactSeqIndent()
	if err := e.Encode(doc); err != nil {
		return nil, err
	}
	return b.Bytes(), e.Close()
}

func document(old []byte, target Target) (*yaml.Node, error) {
	if len(old) == 0 {
		head := "target: {name: " + quoted(target.Name) + "}\n"
		if target.Versions != "" {
			head = "target: {name: " + quoted(target.Name) + ", versions: " + quoted(target.Versions) + "}\n"
		}
		old = []byte(head + "entries: []\n")
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(old, &doc); err != nil {
		return nil, err
	}
	if doc.Kind == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("no baseline: want target: and entries:")
	}
	return &doc, nil
}

func quoted(s string) string { return fmt.Sprintf("%q", s) }

// child returns the value of key in the mapping m, made when it is not there.
func child(m *yaml.Node, key string, kind yaml.Kind) *yaml.Node {
	for i := 0; i < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return m.Content[i+1]
		}
	}
	value := &yaml.Node{Kind: kind}
	m.Content = append(m.Content, scalar(key), value)
	return value
}

func scalar(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	return n
}

func entryOf(n *yaml.Node) Entry {
	var e Entry
	if err := n.Decode(&e); err != nil { // Read has checked the text; a foreign node covers nothing
		return Entry{}
	}
	return e
}

// keep returns the nodes of entries that still cover something, or that were
// not put to the test.
func keep(nodes []*yaml.Node, results []runner.Result) (kept []*yaml.Node) {
	for _, n := range nodes {
		e, ran, covers := entryOf(n), false, false
		for _, r := range results {
			if e.matches(r.Case) && r.Verdict != runner.Skip {
				ran = true
				covers = covers || e.covers(r)
			}
		}
		if covers || !ran {
			kept = append(kept, n)
		}
	}
	return kept
}

func departs(r runner.Result, strict bool) bool {
	return r.Verdict == runner.Fail || strict && r.Verdict == runner.Warn
}

func coveredBy(nodes []*yaml.Node, r runner.Result) bool {
	for _, n := range nodes {
		if e := entryOf(n); e.matches(r.Case) && e.covers(r) {
			return true
		}
	}
	return false
}

func newEntry(r runner.Result) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for _, kv := range [][2]string{{"case", r.Case.ID}, {"verdict", string(r.Verdict)}, {"rule", r.Rule}, {"reason", Unexplained}} {
		if kv[1] != "" {
			n.Content = append(n.Content, scalar(kv[0]), scalar(kv[1]))
		}
	}
	return n
}
