package stdio

import (
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/ssespec/ssespec/runner/target"
)

// A parse is what a parser is asked. An empty stream has the key chunks too.
type parse struct {
	Run    string   `json:"run"`
	Chunks [][]byte `json:"chunks"`
}

// A request is one line to the adapter; one member is set.
type request struct {
	Subscribe *target.Subscription `json:"subscribe,omitzero"`
	Parse     *parse               `json:"parse,omitzero"`
	Close     *struct {
		Run string `json:"run"`
	} `json:"close,omitzero"`
}

// opening returns the line that opens a run of sub with a target of that kind.
func opening(kind target.Profile, sub target.Subscription, limit int) ([]byte, error) {
	if sub.Run == "" {
		return nil, &target.Fault{Reason: "subscription without a run"}
	}
	if kind == target.Parser {
		return request{Parse: &parse{Run: sub.Run, Chunks: sub.Chunks}}.line(sub.Run, limit)
	}
	if sub.URL == "" {
		return nil, &target.Fault{Reason: fmt.Sprintf("run %q: a target of kind %s needs a URL", sub.Run, kind)}
	}
	sub.Chunks = nil
	return request{Subscribe: &sub}.line(sub.Run, limit)
}

// closing returns the line that closes a run. A run that was opened has an id
// that JSON can carry.
func closing(run string, limit int) ([]byte, error) {
	var r request
	r.Close = &struct {
		Run string `json:"run"`
	}{run}
	return r.line(run, limit)
}

// line encodes strictly: a string that is not valid Unicode is an error of the
// caller's, not a line with U+FFFD in it.
func (r request) line(run string, limit int) ([]byte, error) {
	text, err := json.Marshal(r, json.Deterministic(true))
	if err != nil {
		return nil, &target.Fault{Reason: fmt.Sprintf("run %q: subscription: %v", run, err)}
	}
	if len(text) > limit {
		return nil, tooLong(run, len(text), limit)
	}
	return append(text, '\n'), nil
}

func tooLong(run string, size, limit int) error {
	return &target.Fault{Reason: fmt.Sprintf("run %q: the line to the adapter has %d bytes, %d is the most", run, size, limit)}
}
