package wire

import "io"

// Chunks is the stream of a parse order, each chunk a read of its own. A parser that reads only
// when it has to has completed its event with the chunk At.
type Chunks struct {
	At     int // of the last read, -1 before the first, the number of chunks after the last
	chunks [][]byte
	rest   []byte
}

// Stream returns the chunks of o, to be read.
func (o Order) Stream() *Chunks { return &Chunks{At: -1, chunks: o.Chunks} }

// Read reads from one chunk. An empty one is passed over: it is no read that a reader may return.
func (c *Chunks) Read(p []byte) (int, error) {
	for len(c.rest) == 0 {
		if c.At+1 >= len(c.chunks) {
			c.At = len(c.chunks)
			return 0, io.EOF
		}
		c.At++
		c.rest = c.chunks[c.At]
	}
	n := copy(p, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

// Parse answers each parse order by what parse says of it, and the end. A close finds nothing left.
func Parse(parse func(run string, stream *Chunks)) {
	for verb, order := range Orders() {
		if verb == "parse" {
			parse(order.Run, order.Stream())
		}
		End(order.Run)
	}
}
