package main

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing/iotest"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// A source is an event stream of left bytes that nobody has in memory. It notes
// the largest heap that it saw on its way.
type source struct {
	block   []byte
	left    int
	at      int // in block
	sampled int
	looks   int    // how often the heap was looked at
	before  uint64 // what other specs have left
	heap    uint64 // the most that was taken on top of it
}

// sample is after how many bytes the heap is looked at: each look stops the world.
const sample = 4 << 20

func (s *source) Read(b []byte) (n int, err error) {
	if s.left <= 0 {
		return 0, io.EOF
	}
	if s.before == 0 {
		runtime.GC()
		s.before = allocated()
	}
	for n < len(b) {
		m := copy(b[n:], s.block[s.at:])
		n, s.at = n+m, (s.at+m)%len(s.block)
	}
	s.left -= n
	if s.sampled += n; s.sampled >= sample {
		s.sampled, s.heap = 0, max(s.heap, max(allocated(), s.before)-s.before)
		s.looks++
	}
	return n, nil
}

// allocated returns the bytes of the heap that are in use, or were and are not
// collected yet.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A counter counts what is written to it.
type counter struct{ bytes, lines int }

func (c *counter) Write(b []byte) (int, error) {
	c.bytes, c.lines = c.bytes+len(b), c.lines+bytes.Count(b, []byte("\n"))
	return len(b), nil
}

var _ = Describe("decode", func() {
	const length = 64 << 20

	DescribeTable("of 64 MiB needs less than 64 MiB of memory",
		func(block string, events int) {
			in := &source{block: []byte(block), left: length}
			var out counter
			Expect(decode(&out, in)).To(Succeed())
			Expect(out.lines).To(Equal(events))
			Expect(in.looks).To(BeNumerically(">", 8))
			Expect(in.heap).To(BeNumerically("<", 64<<20))
		},
		Entry("in small events", "data: 0123456789abcd\nid: 7\n\n\n", length/29), // 29 bytes
		Entry("in events of 1 MiB", "data: "+strings.Repeat("x", 1<<20-8)+"\n\n", length>>20),
		Entry("in comments that never end a block", ": "+strings.Repeat("c", 61)+"\n", 0),
		Entry("in bytes that are no UTF-8", "data: "+strings.Repeat("\xff", 56)+"\n\n", length/64),
	)

	DescribeTable("gives the same lines however the bytes come",
		func(cut func(io.Reader) io.Reader) {
			var whole, parts strings.Builder
			const stream = "\ufeffdata: a\r\ndata: é\r\rid: 1\nevent: t\ndata\n\ndata: unfinished\n"
			Expect(decode(&whole, strings.NewReader(stream))).To(Succeed())
			Expect(decode(&parts, cut(strings.NewReader(stream)))).To(Succeed())
			Expect(parts.String()).To(And(Equal(whole.String()), Equal(
				"{\"type\":\"message\",\"data\":\"a\\né\",\"lastEventId\":\"\"}\n{\"type\":\"t\",\"data\":\"\",\"lastEventId\":\"1\"}\n")))
		},
		Entry("byte by byte", iotest.OneByteReader),
		Entry("in halves", iotest.HalfReader),
		Entry("with the end beside the last bytes", iotest.DataErrReader),
	)

	It("says that a stream broke off, after the events before", func() {
		var out strings.Builder
		err := decode(&out, io.MultiReader(strings.NewReader("data: a\n\ndata: b"), iotest.ErrReader(io.ErrUnexpectedEOF)))
		Expect(err).To(MatchError("the stream broke off: unexpected EOF"))
		Expect(out.String()).To(Equal("{\"type\":\"message\",\"data\":\"a\",\"lastEventId\":\"\"}\n"))
	})

	It("stops reading when nothing can be written", func() {
		full := errors.New("disk full")
		in := &source{block: []byte("data: a\n\n"), left: length}
		Expect(decode(failing{full}, in)).To(MatchError(full))
		Expect(in.left).To(BeNumerically(">", length/2))
	})
})

// failing is a place where nothing can be written.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
