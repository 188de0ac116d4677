// Command decoder adapts the Decoder of github.com/launchdarkly/eventsource: bytes in, events out (kind "parser").
package main

import (
	"bytes"
	"io"

	"github.com/launchdarkly/eventsource"

	"github.com/ssespec/ssespec/runner/adapters/go/wire"
)

func main() {
	wire.Hello("github.com/launchdarkly/eventsource", wire.Line{"kind": "parser", "name": "launchdarkly/eventsource Decoder"})
	for _, order := range wire.Orders() { // a close finds nothing left to parse, and is answered by its end
		parse(order.Run, order.Chunks)
	}
}

// parse feeds each chunk as a read of its own. The Decoder reads ahead in a goroutine,
// so nobody can tell which chunk completed an event: the steps carry no chunk.
func parse(run string, chunks [][]byte) {
	var stream []io.Reader
	for _, chunk := range chunks {
		stream = append(stream, bytes.NewReader(chunk))
	}
	decoder := eventsource.NewDecoder(io.MultiReader(stream...))
	event, err := decoder.Decode()
	for ; err == nil; event, err = decoder.Decode() {
		wire.Dispatch(run, wire.Event{Type: event.Event(), Data: event.Data(),
			LastEventID: event.(eventsource.EventWithLastID).LastEventID()}, nil)
	}
	if err != io.EOF && err != io.ErrUnexpectedEOF { // the latter only says that the end came inside a block
		wire.Say(wire.Line{"run": run, "step": "fail", "message": err.Error()})
	}
	wire.Say(wire.Line{"run": run, "step": "end"})
}
