package spec

// An Event is what one dispatch hands to listeners (§9.2.6). The strings hold
// what was decoded from the stream: valid UTF-8 when the model made them, any
// bytes when a target reported them.
type Event struct{ Type, Data, LastEventID string }

// DefaultType is the type of an event whose event type buffer was empty (§9.2.6).
const DefaultType = "message"

// A View is an [Event] whose bytes belong to the parser: valid during the
// callback only, and not to be changed.
type View struct{ Type, Data, LastEventID []byte }

// Event copies v into strings that may be kept.
func (v View) Event() Event {
	typ := DefaultType // the usual type costs no allocation
	if string(v.Type) != DefaultType {
		typ = string(v.Type)
	}
	return Event{typ, string(v.Data), string(v.LastEventID)}
}
