// Command launchdarkly adapts the Decoder of github.com/launchdarkly/eventsource, before and after the repair that
// .ci/fixed is about: bytes in, events out (kind "parser").
package main

import (
	"bytes"
	"io"

	"github.com/launchdarkly/eventsource"

	"github.com/ssespec/ssespec/runner/adapters/go/wire"
)

const module = "github.com/launchdarkly/eventsource"

func main() {
	wire.Hello(module, wire.Line{"kind": "parser", "name": module})
	for _, order := range wire.Orders() { // a close finds nothing left to parse, and is answered by its end
		parse(order.Run, order.Chunks)
		wire.End(order.Run)
	}
}

// parse feeds each chunk as a read of its own. The Decoder of the older version gives an event the id of its own
// block, and Stream keeps the last one that is not empty; so does this, for both.
func parse(run string, chunks [][]byte) {
	var stream []io.Reader
	for _, chunk := range chunks {
		stream = append(stream, bytes.NewReader(chunk))
	}
	decoder, last := eventsource.NewDecoder(io.MultiReader(stream...)), ""
	event, err := decoder.Decode()
	for ; err == nil; event, err = decoder.Decode() {
		if event.Id() != "" {
			last = event.Id()
		}
		wire.Dispatch(run, wire.Event{Type: event.Event(), Data: event.Data(), LastEventID: last}, nil)
	}
	if err != io.EOF && err != io.ErrUnexpectedEOF { // the latter only says that the end came inside a block
		wire.Tell(run, "fail", err)
	}
}
