package doctor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ssespec/ssespec/spec"
)

// first returns the first event (a library may have put white space around
// its data, which is nothing that an adapter does by mistake) of a stream of those chunks, and the line that
// reported it; otherwise the finding that says why there is none.
func (v *visit) first(chunks ...string) (spec.Event, line, *Finding) {
	a, err := v.plain(chunks...)
	if err != nil {
		f := v.unasked(err)
		return spec.Event{}, line{}, &f
	}
	if !a.dispatched(1) {
		f := a.eventless(strings.Join(chunks, ""))
		return spec.Event{}, line{}, &f
	}
	l := a.events()[0]
	a.through() // whether it ends is another check's
	return *l.said.Step.Event, l, nil
}

func types(v *visit) Finding {
	e, l, f := v.first("data: a\n\n")
	switch {
	case f != nil:
		return *f
	case slices.Contains(l.absent, "type"):
		return bad("", "an event has no type", quoted(l.text), "write the type of each event; where the library has none for an ordinary one, that is \"message\"").
			writing(`"event":{"type":"message","data":"a","lastEventId":""}`)
	case e.Type == "":
		return look("the type of an ordinary event is empty", quoted(l.text),
			"does the library hand out an empty type? Then the adapter is right; if the library hands out no type, write \"message\"")
	case e.Type != spec.DefaultType:
		return look("the type of an ordinary event is "+quoted(e.Type), quoted(l.text), "write the type that the library hands out; if it is this one, the adapter is right")
	}
	return fine("type")
}

func lastEventID(v *visit) Finding {
	a, err := v.plain("id: 1\ndata: a\n\ndata: b\n\n")
	if err != nil {
		return v.unasked(err)
	}
	if !a.dispatched(2) {
		return a.eventless("id: 1\ndata: a\n\ndata: b\n\n")
	}
	events := a.events()
	one, two := events[0], events[1]
	a.through()
	switch {
	case slices.Contains(one.absent, "lastEventId") || slices.Contains(two.absent, "lastEventId"):
		return bad("", "an event has no last event ID", quoted(two.text), "write the last event ID of each event, \"\" while there is none").
			writing(`"event":{"type":"message","data":"b","lastEventId":"1"}`)
	case one.said.Step.Event.LastEventID == "1" && two.said.Step.Event.LastEventID == "":
		return look(`after the block with id 1 an event without id has the last event ID "": the id of the block in place of the last event ID`, quoted(two.text),
			"does the library claim to keep the last event ID? Then report what it says; if it leaves that to its user, keep the id in the adapter, for each run").
			writing(`if (event.id !== undefined) lastEventId = event.id`)
	case one.said.Step.Event.LastEventID != "1" || two.said.Step.Event.LastEventID != "1":
		return look(fmt.Sprintf("the last event IDs are %s and %s where both are \"1\"", quoted(one.said.Step.Event.LastEventID), quoted(two.said.Step.Event.LastEventID)), quoted(two.text),
			"does the library hand out ids? Then write them; an id that it does not hand out is \"\"")
	}
	return fine("last-event-id")
}

// unusual are characters that are lost where text is not UTF-8 all the way.
const unusual = "é 😀 \u2028 \x00 a\ufeffb \ufffd"

func unicode(v *visit) Finding {
	e, l, f := v.first("data: " + unusual + "\n\n")
	switch {
	case f != nil:
		return *f
	case strings.TrimSpace(e.Data) == unusual:
		return fine("unicode")
	case !strings.Contains(e.Data, "é") || !strings.Contains(e.Data, "😀"):
		return bad("", "é and 😀 do not arrive as they were sent", quoted(l.text),
			"write standard output, and read the chunks, as UTF-8 whatever the locale").writing(`sys.stdout.reconfigure(encoding="utf-8")`)
	}
	return look("one of U+2028, NUL, U+FEFF, U+FFFD does not arrive as it was sent", quoted(l.text),
		"does the adapter strip or replace characters, or end its lines at U+2028? If not, the library does")
}

func invalidBytes(v *visit) Finding {
	const given = "\xf0\x9f\x98x"
	e, l, f := v.first("data: " + given + "\n\n")
	switch {
	case f != nil && v.refused():
		return look("the stream of the bytes F0 9F 98 is given up, where a conforming decoder has one U+FFFD for them", f.Evidence,
			"does the library refuse bytes that are no UTF-8? Then the adapter is right")
	case f != nil:
		return *f
	case slices.Contains([]string{"\ufffdx", given}, strings.TrimSpace(e.Data)):
		return fine("invalid-bytes")
	}
	return look("the bytes F0 9F 98 are one U+FFFD to a conforming decoder, and here they are not", quoted(l.text),
		"does the library hand out strings that are no valid Unicode? Then write them as dataBase64: encoding/json of Go and others replace each bad byte silently").
		writing(`{"run":"7","step":"dispatch","event":{"type":"message","dataBase64":"8J+YeA==","lastEventId":""}}`)
}

// refused reports whether a run was given up whose stream was still open.
func (v *visit) refused() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.ContainsFunc(v.heard.lines, func(l line) bool {
		return l.said.Step.Kind == spec.Fail || l.said.Step.Kind == spec.Reestablish
	})
}

func cutCharacter(v *visit) Finding {
	e, l, f := v.first("data: \xf0\x9f", "\x98\x80\n\n")
	switch {
	case f != nil:
		return *f
	case strings.TrimSpace(e.Data) == "😀":
		return fine("cut-character")
	}
	return look("a character that lies across two chunks does not arrive", quoted(l.text),
		"does the library take text? Then decode all chunks of a run with one streaming decoder; if it takes bytes, the library cuts the character").
		writing(`decoder.decode(chunk, {stream: true})`)
}

func emptyChunks(v *visit) Finding {
	for _, chunks := range [][]string{{}, {""}, {"data: x\n", "", "\n"}} {
		a, err := v.plain(chunks...)
		if err != nil {
			return v.unasked(err)
		}
		if !a.ended(1) {
			return bad("", fmt.Sprintf("no end came for the chunks %q", chunks), a.evidence(), "feed an empty chunk as an empty chunk, and take no chunks for an empty stream")
		}
		if len(chunks) > 1 && len(a.events()) != 1 {
			return look(fmt.Sprintf("%d events came for the chunks %q", len(a.events()), chunks), a.evidence(),
				"does the adapter take an empty chunk for the end of the stream? If not, the library does")
		}
	}
	return fine("empty-chunks")
}
