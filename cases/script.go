package cases

import (
	"bytes"
	"reflect"
	"time"
)

// A Script is what the origin does: one [Connection] for each request, matched
// by path and then in order. The request after the last one is answered 204.
type Script struct{ Connections []Connection }

// A Connection is one answer of the origin. The zero value is a 200 of type
// text/event-stream over HTTP/1.1 with an empty chunked body that ends cleanly.
type Connection struct {
	On            string // path, "/" if empty
	Request       Request
	HTTP          string // "1.0" or ""
	Informational []int
	Status        int         // 200 if 0
	Headers       [][2]string // order and duplicates are kept
	Framing       string      // chunked, length or until-close; "" is chunked, for HTTP/1.0 until-close
	Coding        string      // "" or gzip
	Trailers      [][2]string
	Body          []Part
	End           string // close, reset, cut, hang, or keep: open for other requests, once awaited ends are seen; "" is close
	Refuse        bool
	Raw           []Part // head and body as they go on the wire
}

// Request is what is wanted of one request. The zero value wants nothing.
type Request struct {
	Method  string
	Headers map[string]*string // nil: must be absent; compared as bytes
	Body    *string
	After   time.Duration // not sooner after the end of the connection before
	Before  time.Duration // and not later; generous, and scaled
	Repeats bool          // the HTTP layer may have sent it, to repeat the one before
}

// A Part of a body is one of: bytes (Unit, Times over), a pause, or an await.
type Part struct {
	Unit  []byte
	Times int // how often Unit is sent; 0 is once
	Pause time.Duration
	Await string // "dispatch" or "announce": the rest is sent when what is due of them was seen; "reestablish": see keep
}

// IsChunk reports whether p is bytes, not a pause or an await.
func (p Part) IsChunk() bool { return p.Pause == 0 && p.Await == "" }

// Len is the number of bytes in p.
func (p Part) Len() int { return len(p.Unit) * max(p.Times, 1) }

// Bytes returns the bytes of p. The caller must not change them.
func (p Part) Bytes() []byte {
	if p.Times <= 1 {
		return p.Unit
	}
	return bytes.Repeat(p.Unit, p.Times)
}

// Chunks returns the bytes of the body, chunk by chunk.
func (c Connection) Chunks() [][]byte {
	var chunks [][]byte
	for _, p := range c.Body {
		if p.IsChunk() {
			chunks = append(chunks, p.Bytes())
		}
	}
	return chunks
}

// One returns the script of a single ordinary connection with that body.
func One(chunks ...[]byte) Script {
	body := make([]Part, len(chunks))
	for i, c := range chunks {
		body[i] = Part{Unit: c}
	}
	return Script{[]Connection{{Body: body}}}
}

// Stream returns the chunks of a script that is one ordinary stream (a case
// that a parser can be given), and whether it is one.
func (s Script) Stream() ([][]byte, bool) {
	if len(s.Connections) != 1 {
		return nil, false
	}
	c := s.Connections[0]
	plain := c.On == "" && reflect.ValueOf(c.Request).IsZero() && c.HTTP == "" && c.Status == 0 && len(c.Headers) == 0 && c.Framing == "" &&
		c.Coding == "" && len(c.Informational) == 0 && len(c.Trailers) == 0 && c.End == "" && !c.Refuse && len(c.Raw) == 0
	return c.Chunks(), plain
}

// OneStream reports whether a target that has no connections can be given the
// case: one ordinary stream, and nothing that is wanted of requests.
func (c Case) OneStream() bool {
	_, plain := c.Script.Stream()
	return plain && c.Subscribe.URL == "" && c.Subscribe.CloseOn == "" && reflect.ValueOf(c.Requests).IsZero()
}
