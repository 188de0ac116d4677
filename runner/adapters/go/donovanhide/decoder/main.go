// Command decoder adapts the Decoder of github.com/donovanhide/eventsource: bytes in, events out (kind "parser").
package main

import (
	"io"

	"github.com/donovanhide/eventsource"

	"github.com/ssespec/ssespec/runner/adapters/go/wire"
)

func main() {
	wire.Hello("github.com/donovanhide/eventsource", wire.Line{"kind": "parser", "name": "donovanhide/eventsource Decoder", "parallel": 16})
	wire.Parse(parse)
}

// parse decodes until the end. The Decoder reads only when it has no line left, so the chunk read last is
// the one that completed the event. Its id is that of its own block, told as it is.
func parse(run string, stream *wire.Chunks) {
	decoder := eventsource.NewDecoder(stream)
	e, err := decoder.Decode()
	for ; err == nil; e, err = decoder.Decode() {
		wire.Dispatch(run, wire.Event{Type: e.Event(), Data: e.Data(), LastEventID: e.Id()}, wire.Line{"chunk": stream.At})
	}
	if err != io.EOF && err != io.ErrUnexpectedEOF { // the latter is documented for an end inside a block
		wire.Tell(run, "fail", err)
	}
}
