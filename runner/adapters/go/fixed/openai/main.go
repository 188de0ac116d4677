// Command openai adapts the package ssestream of github.com/openai/openai-go, before and after the repair that
// .ci/fixed is about: bytes in, events out (kind "parser").
package main

import (
	"bytes"
	"io"
	"net/http"

	"github.com/openai/openai-go/v3/packages/ssestream"

	"github.com/ssespec/ssespec/runner/adapters/go/wire"
)

const module = "github.com/openai/openai-go/v3"

func main() {
	wire.Hello(module, wire.Line{"kind": "parser", "name": module})
	wire.Parse(parse)
}

// parse reads with the public Decoder, of a response that is the chunks. In both versions it leaves one line feed too
// many at the end of data. The adapter openai-go tells of it; here it is taken off, so that it does not hide the repair.
func parse(run string, stream *wire.Chunks) {
	decoder := ssestream.NewDecoder(&http.Response{Header: http.Header{}, Body: io.NopCloser(stream)})
	for decoder.Next() {
		e := decoder.Event()
		data := bytes.TrimSuffix(e.Data, []byte("\n"))
		wire.Dispatch(run, wire.Event{Type: e.Type, Data: string(data)}, wire.Line{"chunk": stream.At})
	}
	if err := decoder.Err(); err != nil {
		wire.Tell(run, "fail", err)
	}
}
