package browser

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
)

// A Quirk is a known departure of an engine, as a rewriting of streams: the engine
// makes of a stream what a conforming client makes of the rewritten one. Reason is
// that of the entries in the file of what is known of the engine.
type Quirk struct {
	Reason  string
	Rewrite func(stream []byte) []byte
}

// takenNUL stands, in a rewritten stream, for a NUL that is taken where a conforming
// client takes none.
const takenNUL = "\U0010FFFE"

// Quirks returns the quirks of the engine, in the order in which they act.
func (e Engine) Quirks() []Quirk {
	return map[string][]Quirk{
		"chromium": {
			{"the line break after a byte order mark is not seen when it is a single CR or LF", hideFirstBreak},
		},
		"firefox": {
			{`NUL is dropped from names, types and data ("data: a<NUL>b" gives "ab"), and an id with NUL swallows the line after it`, dropNUL},
			{`an id in a block without data is not taken over ("id: 1", blank line, "data: a", blank line gives an event with an empty last event ID)`, dropIdleIDs},
		},
		"webkit": {
			{"FF FE or FE FF at the start switches the stream to UTF-16", readUTF16},
		},
	}[e.Name]
}

// hideFirstBreak makes text of the CR or LF behind a byte order mark.
func hideFirstBreak(stream []byte) []byte {
	rest, marked := bytes.CutPrefix(stream, []byte(mark))
	if !marked || len(rest) == 0 || rest[0] != '\r' && rest[0] != '\n' {
		return stream
	}
	return append([]byte(mark+"x"), rest[1:]...)
}

// readUTF16 decodes a stream that begins with a byte order mark of UTF-16.
func readUTF16(stream []byte) []byte {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(stream, []byte("\xFF\xFE")):
		order = binary.LittleEndian
	case bytes.HasPrefix(stream, []byte("\xFE\xFF")):
		order = binary.BigEndian
	default:
		return stream
	}
	var units []uint16
	for ; len(stream) > 1; stream = stream[2:] {
		units = append(units, order.Uint16(stream))
	}
	return []byte(string(utf16.Decode(units)))
}
