package origin

import (
	"slices"
	"time"
)

// The ways in which the boundary after a packet came about.
const (
	Confirmed = "confirmed" // the client had read everything before the next byte was written
	Paced     = "paced"     // that could not be seen, or did not come about in time: a pause stood in
)

// Gone is the [Packet] end of a connection that the client broke off, or that
// the end of its play did.
const Gone = "gone"

const (
	maxPacket      = 4 << 10  // bytes kept of one packet
	maxPacketBytes = 1 << 20  // bytes kept of all packets of a play
	maxPackets     = 1 << 16  // packets kept of a play
	maxHeads       = 64 << 20 // bytes kept of all requests of a play
	fieldCost      = 48       // bytes of a Header besides its text
)

// A Packet is one write, or the end of a connection. Bytes has the first 4 KiB
// at most, and nothing once 1 MiB was kept for the play; Length counts all that
// was written. After 65,536 packets Length of the last one grows. Conn is the
// index in the script, -1 for answers that are not in it. Cut is how the boundary after the
// packet came about, empty while there is none. End is empty for a write, else
// close, cut, reset, hang, keep, refuse or [Gone]. At is the time since the play
// began, taken before the write.
type Packet struct {
	At     time.Duration
	Conn   int
	Bytes  []byte
	Length int
	Cut    string
	End    string
	In     bool // it came from the target: what a server answers
}

// A Request is one that named the play. Target is the path and query within
// the play; strings hold the bytes as they came. Body has the first 1 MiB at
// most, BodyLength counts all of it. Connection is the index of the script's
// connection that answered, -1 where none did. Status is what was answered, 0
// where that was nothing or raw. Omitted: too much was kept already, all
// that the client sent is left out. At is the time since the play began.
type Request struct {
	At         time.Duration
	Method     string
	Target     string
	Proto      string
	Headers    []Header
	Body       []byte
	BodyLength int64
	Connection int
	Status     int
	Omitted    bool
}

// A Header is one line of a request's head. Value is without the white space
// around it, Raw is all that followed the colon. A line that is no field has an
// empty Name.
type Header struct{ Name, Value, Raw string }

// evidence is what one play keeps of both directions. The caller locks.
type evidence struct {
	packets   []Packet
	kept      int // bytes in packets
	requests  []Request
	heads     int // bytes in requests
	uncertain bool
}

// sent adds a write and returns its index.
func (e *evidence) sent(at time.Duration, conn int, b []byte) int {
	if last := len(e.packets) - 1; last+1 >= maxPackets {
		e.packets[last].Length += len(b)
		return last
	}
	n := min(len(b), maxPacket, maxPacketBytes-e.kept)
	e.kept += n
	e.packets = append(e.packets, Packet{At: at, Conn: conn, Bytes: slices.Clone(b[:n]), Length: len(b)})
	return len(e.packets) - 1
}

// ended adds the end of a connection. It is kept beyond the bound on packets:
// there is one at most for each request.
func (e *evidence) ended(at time.Duration, conn int, how string) {
	e.packets = append(e.packets, Packet{At: at, Conn: conn, End: how})
}

// short takes back the missing bytes of a write that broke off.
func (e *evidence) short(packet, missing int) {
	p := &e.packets[packet]
	p.Length -= missing
	if len(p.Bytes) > p.Length {
		p.Bytes = p.Bytes[:p.Length]
	}
}

// cut says how the boundary after a packet came about.
func (e *evidence) cut(packet int, how string) {
	e.packets[packet].Cut = how
	e.uncertain = e.uncertain || how != Confirmed
}

// received adds a request, without its content when there was too much already.
func (e *evidence) received(r Request) {
	size := len(r.Body) + len(r.Method) + len(r.Target) + len(r.Proto)
	for _, h := range r.Headers {
		size += len(h.Name) + len(h.Raw) + fieldCost
	}
	if e.heads+size > maxHeads {
		r = Request{At: r.At, BodyLength: r.BodyLength, Connection: r.Connection, Status: r.Status, Omitted: true}
		size = 0
	}
	e.heads += size
	e.requests = append(e.requests, r)
}
