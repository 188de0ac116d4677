package spec

import (
	"errors"
	"io"
	"iter"
)

const readSize = 32 << 10

// Events yields the events of one stream as they complete. A read error other
// than io.EOF is yielded once, last; breaking off reads no further. Bytes that
// do not make an event yield nothing: no byte sequence is an error.
func Events(r io.Reader) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		var p Parser
		buf, more := make([]byte, readSize), true
		for more {
			n, err := r.Read(buf)
			p.Feed(buf[:n], func(e Event) { more = more && yield(e, nil) })
			if err != nil {
				if more && !errors.Is(err, io.EOF) {
					yield(Event{}, err)
				}
				return
			}
		}
	}
}
