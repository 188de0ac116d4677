package cases

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// maxExpanded bounds the bytes that one case may stand for.
const maxExpanded = 64 << 20

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
	case repeat != nil && p.Times > maxExpanded/max(len(p.Unit), 1):
		return at(repeat, "repeat stands for more than 64 MiB")
	}
	return nil
}

func (p *Part) decodeKey(key, value *yaml.Node, repeat **yaml.Node) error {
	switch key.Value {
	case "hex":
		return decodeBytes(value, &p.Unit, func(s string) ([]byte, error) { return hex.DecodeString(strings.ReplaceAll(s, " ", "")) })
	case "base64":
		return decodeBytes(value, &p.Unit, base64.StdEncoding.DecodeString)
	case "repeat":
		*repeat = value
		var unit Part
		err := unit.decode(value)
		p.Unit = unit.Bytes()
		return err
	case "times":
		if err := value.Decode(&p.Times); err != nil || p.Times < 1 {
			return at(value, "times wants a whole number from 1, found %s", describe(value))
		}
		return nil
	case "pause":
		return decodePause(value, &p.Pause)
	case "await":
		p.Await = value.Value
		if p.Await != "dispatch" {
			return at(value, `await knows only "dispatch", found %s`, describe(value))
		}
		return nil
	}
	known := []string{"hex", "base64", "repeat", "times", "pause", "await"}
	return at(key, "unknown key %q%s", key.Value, DidYouMean(key.Value, known))
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

func decodeBytes(n *yaml.Node, into *[]byte, read func(string) ([]byte, error)) error {
	b, err := read(n.Value)
	if err != nil || n.Kind != yaml.ScalarNode {
		return at(n, "not to be read: %v", err)
	}
	*into = b
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
	*t = text(p.Bytes())
	return nil
}
