// Command openai adapts the package ssestream of github.com/openai/openai-go: URL in, events of one
// connection out (kind "stream-reader").
package main

import (
	"context"
	"net/http"

	"github.com/openai/openai-go/v3/packages/ssestream"

	"github.com/ssespec/ssespec/runner/adapters/go/wire"
)

func main() {
	wire.Hello("github.com/openai/openai-go/v3", wire.Line{"kind": "stream-reader", "name": "openai-go ssestream",
		"parallel": 32, "capabilities": []string{"headers", "types-any"}})
	wire.Serve(run)
}

// run reads with the public Decoder, the layer below Stream: a Stream takes data for JSON, ends at [DONE]
// and knows no types. The Decoder leaves at the end of data the line feed that JSON does not mind, and has no ids.
func run(ctx context.Context, order wire.Order) {
	request, err := order.Request(ctx)
	if err != nil {
		wire.Tell(order.Run, "fail", err)
		return
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		wire.Tell(order.Run, "fail", err)
		return
	}
	decoder := ssestream.NewDecoder(response)
	defer decoder.Close()
	for decoder.Next() {
		e := decoder.Event()
		wire.Dispatch(order.Run, wire.Event{Type: e.Type, Data: string(e.Data)}, nil)
	}
	if err := decoder.Err(); err != nil && ctx.Err() == nil {
		wire.Tell(order.Run, "fail", err)
	}
}
