package cases

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/ssespec/ssespec/spec"
)

// The types below are what may stand in a case file. [decode] and the JSON
// Schema read them; [caseShape.build] turns them into a [Case].

type fileShape struct {
	About string      `yaml:"about" doc:"what the file is about"`
	Cases []caseShape `yaml:"cases" doc:"the cases"`
}

type caseShape struct {
	node *yaml.Node

	ID          string            `yaml:"id" doc:"the name in this file: small letters, digits, hyphens; stable for ever"`
	Title       string            `yaml:"title" doc:"the fact, one sentence without a point"`
	Clauses     []string          `yaml:"clauses" doc:"ids of the normative clauses (ssespec list clauses); the first is the fact tested"`
	Level       string            `yaml:"level" doc:"must, should or may; left out: the level of the first clause"`
	About       string            `yaml:"about" doc:"why the case is there, where that is not obvious"`
	Since       string            `yaml:"since" doc:"the suite version that brought it"`
	Formerly    []string          `yaml:"formerly" doc:"ids that it had before"`
	Seen        []string          `yaml:"seen" doc:"real bugs of this kind"`
	Requires    []string          `yaml:"requires" doc:"capabilities that the target must declare"`
	Kills       killsShape        `yaml:"kills" doc:"the mutants that it is there for, or {none: reason}"`
	Subscribe   subscribeShape    `yaml:"subscribe" doc:"what the target is asked besides a URL"`
	Stream      []Part            `yaml:"stream" doc:"one connection, 200, text/event-stream: one string is one chunk"`
	Connections []connectionShape `yaml:"connections" doc:"in place of stream: each answer of the origin"`
	Expect      *[]stepShape      `yaml:"expect" doc:"what must be dispatched, in order; [] for nothing"`
	Outcomes    []outcomeShape    `yaml:"outcomes" doc:"in place of expect: several acceptable ones, the first that fits is reported"`
	Requests    requestsShape     `yaml:"requests" doc:"what is wanted of all requests together"`
}

// observed reports whether nothing is sent and so nothing expected: the case is a
// check of what a server answers by itself.
func (c caseShape) observed() bool {
	return c.Stream == nil && c.Connections == nil && c.value("expect") == c.node && c.value("outcomes") == c.node
}

// decode keeps the node, so that a later complaint has a position.
func (c *caseShape) decode(n *yaml.Node) error {
	type plain caseShape
	c.node = n
	if n.Kind == yaml.MappingNode && expanded(n) > maxExpanded {
		return at(n, "a case stands for more than 64 MiB")
	}
	return decodePlain(n, (*plain)(c))
}

// value returns the node at key, or that of the case when the key is not there.
func (c caseShape) value(key string) *yaml.Node { return valueAt(c.node, key) }

type killsShape struct {
	mutants []string
	none    string
}

func (k *killsShape) decode(n *yaml.Node) error {
	if n.Kind == yaml.SequenceNode {
		return decodePlain(n, &k.mutants)
	}
	var none struct {
		None string `yaml:"none"`
	}
	err := decodePlain(n, &none)
	k.none = none.None
	return err
}

// stepShape is one entry of an expectation: a step, or a dispatch times over.
type stepShape struct {
	step  spec.Step
	times int // 0 is once
}

type eventShape struct {
	Type        *text `yaml:"type"`
	Data        text  `yaml:"data"`
	LastEventID text  `yaml:"lastEventId"`
}

// decode reads `announce`, `reestablish`, `fail`, or one of the keys dispatch,
// comment and retry with its value; beside dispatch there may be times.
func (s *stepShape) decode(n *yaml.Node) error {
	s.step.Chunk = -1
	if n.Kind == yaml.ScalarNode {
		return s.decodeWord(n)
	}
	if n.Kind == yaml.MappingNode && len(n.Content) == 4 && n.Content[0].Value == string(spec.Dispatch) && n.Content[2].Value == "times" {
		if err := n.Content[3].Decode(&s.times); err != nil || s.times < 1 || s.times > maxTimes {
			return at(n.Content[3], "times wants a whole number from 1 to %d, found %s", maxTimes, describe(n.Content[3]))
		}
		return s.decodeStep(n.Content[0], n.Content[1])
	}
	if n.Kind != yaml.MappingNode || len(n.Content) != 2 {
		return at(n, "a step is one word, or one of dispatch, comment, retry with its value")
	}
	return s.decodeStep(n.Content[0], n.Content[1])
}

func (s *stepShape) decodeStep(key, value *yaml.Node) error {
	s.step.Kind = spec.Kind(key.Value)
	switch s.step.Kind {
	case spec.Dispatch:
		return s.decodeEvent(value)
	case spec.Comment:
		return decodePlain(value, (*text)(&s.step.Text))
	case spec.Retry:
		s.step.Text = value.Value
		if value.Value == "" || strings.Trim(value.Value, "0123456789") != "" { // YAML's own integers end at 64 bits
			return at(value, "retry wants a whole number, found %s", describe(value))
		}
		return nil
	}
	return at(key, "unknown step %q%s", key.Value, DidYouMean(key.Value, []string{"dispatch", "comment", "retry"}))
}

func (s *stepShape) decodeWord(n *yaml.Node) error {
	s.step.Kind = spec.Kind(n.Value)
	switch s.step.Kind {
	case spec.Announce, spec.Reestablish, spec.Fail:
		return nil
	}
	return at(n, "unknown step %s%s", describe(n), DidYouMean(n.Value, []string{"announce", "reestablish", "fail"}))
}

func (s *stepShape) decodeEvent(n *yaml.Node) error {
	var e eventShape
	if err := decodePlain(n, &e); err != nil {
		return err
	}
	s.step.Event = &spec.Event{Type: spec.DefaultType, Data: string(e.Data), LastEventID: string(e.LastEventID)}
	if e.Type != nil {
		s.step.Event.Type = string(*e.Type)
	}
	return nil
}
