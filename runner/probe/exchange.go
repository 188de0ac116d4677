package probe

import (
	"strings"
	"time"
)

// A Header is one line of a head, as it stands there.
type Header struct{ Name, Value string }

// A Request is what is to be sent. Path and query are those of the [Prober]'s
// URL. The user's Own headers stand in place of Headers of the same name, and do
// not follow a redirect to another origin; Wanted ones stand in place of both.
type Request struct {
	Method  string
	Headers []Header
	Own     []Header
	Wanted  []Header
	Body    []byte
	HTTP10  bool   // ask in HTTP/1.0
	Query   string // added to that of the URL, as name=value
	// Enough is asked after the head and after each piece of the body; the exchange
	// is left when it is true. Nil reads to the end.
	Enough func(*Exchange) bool
	Most   int64 // bytes kept of the body; 0 is 1 MiB
}

// Head is the head of the final answer, after redirects and 1xx.
type Head struct {
	At            time.Duration
	Proto         string // HTTP/1.0, HTTP/1.1, HTTP/2.0
	Status        int
	Headers       []Header // HTTP/1: as they came; HTTP/2: sorted by name
	Informational []int    // 1xx before it
}

// Values returns the values of every header of that name.
func (h *Head) Values(name string) (values []string) {
	for _, f := range h.Headers {
		if strings.EqualFold(f.Name, name) {
			values = append(values, f.Value)
		}
	}
	return values
}

// Value returns all values of the header, joined with commas, "" for none.
func (h *Head) Value(name string) string { return strings.Join(h.Values(name), ", ") }

// A Chunk is a piece of the body, and when it came. Pieces that came within a
// millisecond are one.
type Chunk struct {
	At    time.Duration
	Bytes []byte
}

// End is how an exchange ended.
type End string

// The ends. Left, Bound and Unsent are our doing, and say nothing of the server.
const (
	Closed    End = "closed"    // the body ended as its framing says
	Left      End = "left"      // we had seen enough, or our time was up
	Bound     End = "bound"     // more than we read
	Unsent    End = "unsent"    // there was no request left to send
	Refused   End = "refused"   // no connection: name, port, TLS
	Silent    End = "silent"    // our time was up before the head was complete
	Looping   End = "looping"   // more redirects than we follow
	Broken    End = "broken"    // no HTTP, or the connection broke before the head
	Cut       End = "cut"       // the connection ended inside the body
	Undecoded End = "undecoded" // the content coding could not be removed
)

// A Hop is a redirect that was followed.
type Hop struct {
	Status   int
	Location string
}

// An Exchange is what one request brought about. Times count from At, when the
// request was begun; At itself from the beginning of the [Prober].
type Exchange struct {
	Request Request
	URL     string   // of the last hop
	Asked   []Header // what was sent besides Host
	Sent    []byte   // the request as it went on the wire; nothing of HTTP/2
	Hops    []Hop
	Bare    bool // a redirect has led to another origin, and the user's headers stayed behind
	At      time.Duration
	Head    *Head         // nil: none came
	Body    []Chunk       // without the transfer and content coding
	Coded   int64         // bytes before the content coding was removed, 0 without one
	Until   time.Duration // when it ended
	End     End
	Reason  string // for all but Closed, Left and Bound
}

// Bytes returns the body in one piece.
func (e *Exchange) Bytes() []byte {
	all := make([]byte, 0, e.Size())
	for _, c := range e.Body {
		all = append(all, c.Bytes...)
	}
	return all
}

// Size returns how many bytes of the body there are.
func (e *Exchange) Size() (n int64) {
	for _, c := range e.Body {
		n += int64(len(c.Bytes))
	}
	return n
}

// receive takes in a piece of the body.
func (e *Exchange) receive(at time.Duration, b []byte) {
	if n := len(e.Body); n > 0 && at-e.Body[n-1].At < time.Millisecond {
		e.Body[n-1].Bytes = append(e.Body[n-1].Bytes, b...)
		return
	}
	e.Body = append(e.Body, Chunk{at, append([]byte(nil), b...)})
}
