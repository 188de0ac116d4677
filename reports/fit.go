package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// listed is a result whose lists are read but not what is in them. A member here
// hides the one of the same name in [Result].
type listed struct {
	Result
	Want     []json.RawMessage `json:"want"`
	Got      []json.RawMessage `json:"got"`
	Requests []json.RawMessage `json:"requests,omitempty"`
	Wire     []json.RawMessage `json:"wire,omitempty"`
}

// fit cuts a result down to its share of the merged report, which is smaller
// than the one that it had of its shard's.
func (r *shardResult) fit(share int) error {
	var indented bytes.Buffer
	if err := json.Indent(&indented, r.raw, "    ", "  "); err != nil || indented.Len() <= share/listPart/2 { // no list is longer than what the first of them may take
		return err
	}
	var l listed
	if err := json.Unmarshal(r.raw, &l); err != nil {
		return fmt.Errorf("case %q: %w", r.id, err)
	}
	l.fit(share)
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	r.raw, err = inOrder(text)
	return err
}

// inOrder returns a result with its members in the order of [Result].
func inOrder(text []byte) ([]byte, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return nil, err
	}
	var ordered []string
	for i, t := 0, reflect.TypeFor[Result](); i < t.NumField(); i++ {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if value, ok := members[name]; ok {
			ordered = append(ordered, fmt.Sprintf("%q:%s", name, value))
		}
	}
	return []byte("{" + strings.Join(ordered, ",") + "}"), nil
}

// fit is [Result.bound] for lists that were read.
func (l *listed) fit(share int) {
	var o Omitted
	if l.Omitted != nil {
		o = *l.Omitted
	}
	l.Reason, l.Outcome, l.Stderr = headOf(l.Reason, share), headOf(l.Outcome, share), tailOf(l.Stderr, share)
	left, differ := share/listPart, l.firstDifference()
	l.Got = rawWithin(l.Got, differ, &left, &o.Got)
	l.Want = rawWithin(l.Want, differ, &left, &o.Want)
	for _, list := range []struct {
		items   *[]json.RawMessage
		most    int
		omitted *int
	}{{&l.Requests, left / 2, &o.Requests}, {&l.Wire, left, &o.Wire}} {
		kept, after := within(*list.items, min(list.most, left), &left)
		*list.items, *list.omitted = kept, *list.omitted+after
	}
	if o != (Omitted{}) {
		l.Omitted = &o
	}
}

// rawWithin is [stepsWithin] for steps that were read, and adds to omitted.
func rawWithin(steps []json.RawMessage, differ int, left, omitted *int) []json.RawMessage {
	all := *left
	if kept, after := within(steps, all/2, left); after == 0 {
		return kept
	}
	*left = all
	from := min(max(differ-before, 0), len(steps))
	kept, _ := within(steps[from:], all/2, left)
	*omitted += len(steps) - len(kept)
	return kept
}

// firstDifference returns how many steps were got as they are wanted, before the
// first that was not.
func (l *listed) firstDifference() int {
	n := 0
	for n < min(len(l.Got), len(l.Want)) && bytes.Equal(l.Got[n], l.Want[n]) {
		n++
	}
	return n
}
