// Command decoder adapts the Decoder of github.com/launchdarkly/eventsource: bytes in, events out (kind "parser").
package main

import (
	"io"

	"github.com/launchdarkly/eventsource"

	"github.com/ssespec/ssespec/runner/adapters/go/wire"
)

func main() {
	wire.Hello("github.com/launchdarkly/eventsource", wire.Line{"kind": "parser", "name": "launchdarkly/eventsource Decoder", "parallel": 16})
	wire.Parse(parse)
}

// parse decodes until the end. The Decoder reads ahead in a goroutine, so nobody can tell
// which chunk completed an event: the steps carry no chunk.
func parse(run string, stream *wire.Chunks) {
	decoder := eventsource.NewDecoder(stream)
	event, err := decoder.Decode()
	for ; err == nil; event, err = decoder.Decode() {
		wire.Dispatch(run, wire.Event{Type: event.Event(), Data: event.Data(),
			LastEventID: event.(eventsource.EventWithLastID).LastEventID()}, nil)
	}
	if err != io.EOF && err != io.ErrUnexpectedEOF { // the latter only says that the end came inside a block
		wire.Tell(run, "fail", err)
	}
}
