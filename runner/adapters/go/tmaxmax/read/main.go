// Command read adapts the function Read of github.com/tmaxmax/go-sse: bytes in, events out (kind "parser").
package main

import (
	"errors"

	"github.com/tmaxmax/go-sse"

	"github.com/ssespec/ssespec/runner/adapters/go/wire"
)

func main() {
	wire.Hello("github.com/tmaxmax/go-sse", wire.Line{"kind": "parser", "name": "tmaxmax/go-sse Read", "parallel": 16})
	wire.Parse(parse)
}

// parse reads with the library's defaults. Read asks for bytes only when it has no event left, so the
// chunk read last is the one that completed the event.
func parse(run string, stream *wire.Chunks) {
	for e, err := range sse.Read(stream, nil) {
		if errors.Is(err, sse.ErrUnexpectedEOF) {
			return // it only says that the end came inside a block, and is the end
		}
		if err != nil {
			wire.Tell(run, "fail", err)
			return
		}
		wire.Dispatch(run, wire.Event{Type: e.Type, Data: e.Data, LastEventID: e.LastEventID}, wire.Line{"chunk": stream.At})
	}
}
