package cases

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

//go:embed confirmed.json
var confirmed []byte

// Confirmations is what real browsers did with the cases: it is made by
// `ssespec compare --write`, and stands beside them. Engines has the version of
// each; Cases has, by id and engine, the verdict and, after a blank, the rule of
// what is no pass.
type Confirmations struct {
	Engines map[string]string            `json:"engines"`
	Cases   map[string]map[string]string `json:"cases"`
}

// Confirmed returns what is known of the embedded suite.
func Confirmed() (Confirmations, error) { return ReadConfirmations(confirmed) }

// ReadConfirmations reads such a file.
func ReadConfirmations(text []byte) (c Confirmations, err error) {
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("confirmations: %w", err)
	}
	return c, nil
}

// Contested reports whether browsers were put to the case and none does what it expects.
func (c Confirmations) Contested(id string) bool {
	seen := slices.Collect(maps.Values(c.Cases[id]))
	return len(seen) > 0 && !slices.Contains(seen, "pass")
}

// Write returns the file: one case a line.
func (c Confirmations) Write() ([]byte, error) {
	engines, err := json.Marshal(c.Engines)
	if err != nil {
		return nil, err
	}
	text := fmt.Appendf(nil, "{\"engines\": %s,\n\"cases\": {\n", engines)
	for i, id := range slices.Sorted(maps.Keys(c.Cases)) {
		line, err := json.Marshal(map[string]map[string]string{id: c.Cases[id]})
		if err != nil {
			return nil, err
		}
		if i > 0 {
			text = append(text, ",\n"...)
		}
		text = append(text, line[1:len(line)-1]...)
	}
	return append(text, "\n}}\n"...), nil
}
