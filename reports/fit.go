package reports

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
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
	if err := json.Indent(&indented, r.raw, "    ", "  "); err != nil || indented.Len() <= share {
		return err
	}
	var l listed
	if err := json.Unmarshal(r.raw, &l); err != nil {
		return fmt.Errorf("case %q: %w", r.id, err)
	}
	l.fit(share)
	text, err := json.Marshal(l)
	r.raw = text
	return err
}

// fit is [Result.bound] for lists that were read.
func (l *listed) fit(share int) {
	var o Omitted
	if l.Omitted != nil {
		o = *l.Omitted
	}
	l.Reason, l.Outcome, l.Stderr = headOf(l.Reason, share), headOf(l.Outcome, share), tailOf(l.Stderr, share)
	left := share / listPart
	from := l.firstShown(left / 2)
	for _, list := range []struct {
		items      *[]json.RawMessage
		from, most int // most 0: all that is left
		omitted    *int
	}{{&l.Got, from, left / 2, &o.Got}, {&l.Want, from, left / 2, &o.Want}, {&l.Requests, 0, 0, &o.Requests}, {&l.Wire, 0, 0, &o.Wire}} {
		from := min(list.from, len(*list.items))
		kept, after := within((*list.items)[from:], cmp.Or(list.most, left), &left)
		*list.items, *list.omitted = kept, *list.omitted+from+after
	}
	if o != (Omitted{}) {
		l.Omitted = &o
	}
}

// firstShown returns the index of the first step to keep: 0 when each trace
// takes no more than most bytes, else shortly before their first difference.
func (l *listed) firstShown(most int) int {
	spare := 2 * most
	_, got := within(l.Got, most, &spare)
	_, want := within(l.Want, most, &spare)
	if got+want == 0 {
		return 0
	}
	differ := 0
	for differ < min(len(l.Got), len(l.Want)) && bytes.Equal(l.Got[differ], l.Want[differ]) {
		differ++
	}
	return max(differ-before, 0)
}
