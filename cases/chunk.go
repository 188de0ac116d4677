package cases

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// decode reads one entry of a body: text in double quotes, {hex}, {base64},
// {repeat, times}, {pause} or {await}.
func (p *Part) decode(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return p.decodeText(n)
	}
	var repeat *yaml.Node
	if err := eachEntry(n, func(key, value *yaml.Node) error { return p.decodeKey(key, value, &repeat) }); err != nil {
		return err
	}
	switch {
	case p.Times > 0 && repeat == nil:
		return at(n, "times without repeat")
	case repeat != nil && p.Times == 0:
		return at(n, "repeat without times")
	case repeat == nil && len(n.Content) != 2, repeat != nil && len(n.Content) != 4:
		return at(n, "want one of hex, base64, pause, await, or repeat with times")
	case p.Times > maxExpanded/max(len(p.Unit), 1):
		return at(repeat, "repeat stands for more than 64 MiB")
	}
	return nil
}

func (p *Part) decodeKey(key, value *yaml.Node, repeat **yaml.Node) error {
	switch key.Value {
	case "hex":
		return p.decodeBytes(value, "hex wants pairs of hexadecimal digits", func(s string) ([]byte, error) { return hex.DecodeString(strings.ReplaceAll(s, " ", "")) })
	case "base64":
		return p.decodeBytes(value, "base64 wants padded base64", base64.StdEncoding.DecodeString)
	case "repeat":
		*repeat = value
		return p.decodeUnit(value)
	case "times":
		if err := value.Decode(&p.Times); err != nil || p.Times < 1 || value.Tag != "!!int" {
			return at(value, "times wants a whole number from 1, found %s", describe(value))
		}
		return nil
	case "pause":
		return decodePause(value, &p.Pause)
	case "await":
		p.Await = value.Value
		if !slices.Contains([]string{"dispatch", "announce", "reestablish"}, p.Await) {
			return at(value, `await knows "dispatch", "announce" and "reestablish", found %s`, describe(value))
		}
		return nil
	}
	if slices.Contains([]string{"data", "event", "id", "retry"}, key.Value) {
		return at(key, "a chunk is text in double quotes, as \"%s: …\\n\"", key.Value)
	}
	known := []string{"hex", "base64", "repeat", "times", "pause", "await"}
	return at(key, "unknown key %q%s", key.Value, DidYouMean(key.Value, known))
}

// decodeUnit reads what is repeated. It may not repeat anything itself: nested,
// a few bytes stand for more than a memory holds.
func (p *Part) decodeUnit(n *yaml.Node) error {
	var unit Part
	if err := unit.decode(n); err != nil {
		return err
	}
	if unit.Times > 0 || !unit.IsChunk() {
		return at(n, "repeat wants text in double quotes, {hex: …} or {base64: …}")
	}
	p.Unit = unit.Unit
	return nil
}

// decodeText reads a chunk written as text. Only double quotes keep line ends
// as they are.
func (p *Part) decodeText(n *yaml.Node) error {
	if n.Style != yaml.DoubleQuotedStyle {
		return at(n, `a chunk is text in double quotes, {hex: …}, {base64: …} or {repeat: …, times: N}, found %s`, describe(n))
	}
	p.Unit = []byte(n.Value)
	return nil
}

func (p *Part) decodeBytes(n *yaml.Node, want string, read func(string) ([]byte, error)) error {
	b, err := read(n.Value)
	if err != nil || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return at(n, "%s, found %s", want, describe(n))
	}
	p.Unit = b
	return nil
}

func decodePause(n *yaml.Node, into *time.Duration) error {
	d, err := time.ParseDuration(n.Value)
	if err != nil || d <= 0 || d > time.Minute {
		return at(n, `a pause is a time such as "50ms", at most one minute, found %s`, describe(n))
	}
	*into = d
	return nil
}

// text is a string of an expectation: any scalar text, or {repeat, times},
// {hex} or {base64}.
type text string

func (t *text) decode(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		if n.Tag != "!!str" {
			return at(n, "want text in quotes, found %s", describe(n))
		}
		*t = text(n.Value)
		return nil
	}
	var p Part
	if err := p.decode(n); err != nil {
		return err
	}
	if !p.IsChunk() {
		return at(n, "text cannot pause")
	}
	*t = text(strings.Repeat(string(p.Unit), max(p.Times, 1)))
	return nil
}

// expanded returns how many bytes the repeats below n stand for. It looks before
// they are written out, so that no memory is filled by them. One that is too
// large by itself does not count: its own complaint follows.
func expanded(n *yaml.Node) int {
	var sum, times int
	var unit Part
	for i, c := range n.Content {
		sum = min(sum+expanded(c), maxTogether+1)
		if n.Kind != yaml.MappingNode || i%2 == 0 {
			continue
		}
		switch n.Content[i-1].Value {
		case "repeat":
			_ = unit.decodeUnit(c) // a bad one is complained of where it is decoded
		case "times":
			_ = c.Decode(&times)
		}
	}
	if size := len(unit.Unit); times > 0 && size > 0 && times <= maxExpanded/size {
		sum += size * times
	}
	return min(sum, maxTogether+1)
}
