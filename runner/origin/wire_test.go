package origin_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/origin"
)

const added = "Cache-Control: no-store\r\nConnection: close\r\n"

var _ = DescribeTable("the bytes on the wire", func(c cases.Connection, want string) {
	p := listen().Play(background, script(c))
	Expect(answer(p)).To(Equal(want))
	Eventually(p.Played()).Should(BeClosed())
},
	Entry("the zero value is an empty chunked stream",
		cases.Connection{}, chunkedHead+"0\r\n\r\n"),
	Entry("each chunk is one HTTP chunk, and an empty one is skipped",
		cases.Connection{Body: text("data: a\r", "", "\n0123456789abcdef")},
		chunkedHead+"8\r\ndata: a\r\r\n"+"11\r\n\n0123456789abcdef\r\n"+"0\r\n\r\n"),
	Entry("a status has its reason phrase",
		cases.Connection{Status: 404}, strings.Replace(chunkedHead, "200 OK", "404 Not Found", 1)+"0\r\n\r\n"),
	Entry("a status that nobody has named has none",
		cases.Connection{Status: 299}, strings.Replace(chunkedHead, "200 OK", "299 ", 1)+"0\r\n\r\n"),
	Entry("informational heads come first",
		cases.Connection{Informational: []int{100, 103}},
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"+chunkedHead+"0\r\n\r\n"),
	Entry("headers keep order, case, bytes and duplicates",
		cases.Connection{Headers: [][2]string{{"x-B", "2"}, {"X-a", "\xff\x01"}, {"x-B", ""}}},
		"HTTP/1.1 200 OK\r\nx-B: 2\r\nX-a: \xff\x01\r\nx-B: \r\n"+chunkedHead[len("HTTP/1.1 200 OK\r\n"):]+"0\r\n\r\n"),
	Entry("what is named is not added",
		cases.Connection{Framing: "length", Body: text("ab"), Headers: [][2]string{
			{"content-type", "text/plain"}, {"cache-control", "private"}, {"connection", "keep-alive"}, {"content-length", "2"}}},
		"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncache-control: private\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nab"),
	Entry("HTTP/1.0 ends with the connection",
		cases.Connection{HTTP: "1.0", Body: text("ab", "c")}, strings.Replace(plainHead, "1.1", "1.0", 1)+"\r\nabc"),
	Entry("framing by length announces the whole body",
		cases.Connection{Framing: "length", Body: []cases.Part{{Unit: []byte("ab"), Times: 3}, {Pause: 1}, {Unit: []byte("c")}}},
		plainHead+"Content-Length: 7\r\n\r\nabababc"),
	Entry("framing until close adds nothing",
		cases.Connection{Framing: "until-close", Body: text("ab", "c")}, plainHead+"\r\nabc"),
	Entry("204 has no body and no framing",
		cases.Connection{Status: 204}, strings.Replace(plainHead, "200 OK", "204 No Content", 1)+"\r\n"),
	Entry("304 has no body and no framing",
		cases.Connection{Status: 304, Framing: "chunked"}, strings.Replace(plainHead, "200 OK", "304 Not Modified", 1)+"\r\n"),
	Entry("trailers come after the last chunk",
		cases.Connection{Body: text("a"), Trailers: [][2]string{{"X-T", "1"}, {"x-t", "2"}}},
		chunkedHead+"1\r\na\r\n0\r\nX-T: 1\r\nx-t: 2\r\n\r\n"),
	Entry("a cut chunked body lacks its end",
		cases.Connection{Body: text("a"), End: "cut"}, chunkedHead+"1\r\na\r\n"),
	Entry("a cut body is one byte short of its length",
		cases.Connection{Body: text("a"), End: "cut", Framing: "length"}, plainHead+"Content-Length: 2\r\n\r\na"),
	Entry("raw parts are written as they are",
		cases.Connection{Raw: text("HTTP/1.1 2", "00\r\n{url}\x00\r\n\r", "\nx"), Coding: "gzip"}, "HTTP/1.1 200\r\n{url}\x00\r\n\r\nx"),
)

var _ = Describe("a connection", func() {
	It("has this play's URLs in the place of placeholders", func() {
		p := listen().Play(background, script(cases.Connection{Status: 302, Framing: "length", Headers: [][2]string{
			{"Location", "{url:/b?x=1}"}, {"A", "<{url}>,{url:/c}"}, {"B", "{other:/b}"}, {"C", "{url:b} {host}"}}}))
		other := strings.Replace(p.URL(), "127.0.0.1", "localhost", 1)
		Expect(answer(p)).To(Equal("HTTP/1.1 302 Found\r\nLocation: " + p.URL() + "b?x=1\r\nA: <" + p.URL() + ">," + p.URL() + "c\r\nB: " +
			other + "b\r\nC: {url:b} {host}\r\nContent-Type: text/event-stream\r\n" + added + "Content-Length: 0\r\n\r\n"))
	})

	It("is reset after the client has read everything", func() {
		p := listen().Play(background, script(cases.Connection{Body: text("data: a\n\n"), End: "reset"}))
		b, err := io.ReadAll(get(p, "/"))
		Expect(err).To(MatchError(syscall.ECONNRESET))
		Expect(string(b)).To(Equal(chunkedHead + "9\r\ndata: a\n\n\r\n"))
		Eventually(p.Played()).Should(BeClosed())
	})

	It("is refused by a reset without a byte", func() {
		p := listen().Play(background, script(cases.Connection{Refuse: true}))
		b, err := io.ReadAll(get(p, "/"))
		Expect(err).To(MatchError(syscall.ECONNRESET))
		Expect(b).To(BeEmpty())
		Expect(p.Requests()).To(HaveLen(1))
		Eventually(p.Played()).Should(BeClosed())
	})

	It("hangs until the play is closed", func() {
		p := listen().Play(background, script(cases.Connection{Body: text("a"), End: "hang"}))
		c := get(p, "/")
		Expect(upTo(c, len(chunkedHead)+6)).To(Equal(chunkedHead + "1\r\na\r\n"))
		Eventually(p.Played()).Should(BeClosed())
		p.Close()
		Expect(io.ReadAll(c)).To(BeEmpty())
	})

	It("says in its wire what was written, when and how it was cut", func() {
		p := listen().Play(background, script(cases.Connection{Framing: "until-close", Body: []cases.Part{
			{Unit: []byte("ab")}, {Pause: 20 * time.Millisecond}, {Unit: bytes.Repeat([]byte("x"), 5000)}}}))
		answer(p)
		w := p.Wire()
		Expect(w).To(HaveLen(4))
		Expect(string(w[0].Bytes)).To(Equal(plainHead + "\r\n"))
		Expect(string(w[1].Bytes)).To(Equal("ab"))
		Expect(w[2].Bytes).To(HaveLen(4096))
		Expect(w[2].Length).To(Equal(5000))
		Expect(w[3].End).To(Equal("close"))
		Expect(w[2].At - w[1].At).To(BeNumerically(">=", 20*time.Millisecond))
		for _, packet := range w[:3] {
			Expect(packet.Cut).To(Equal(p.Cuts()))
		}
	})

	It("writes each HTTP chunk at once, apart from its head and its end", func() {
		p := listen().Play(background, cases.One([]byte("ab"), nil, []byte("c")))
		answer(p)
		var writes []string
		for _, packet := range p.Wire() {
			writes = append(writes, string(packet.Bytes)+packet.End)
		}
		Expect(writes).To(Equal([]string{chunkedHead, "2\r\nab\r\n", "1\r\nc\r\n", "0\r\n\r\n", "close"}))
	})

	It("stretches pauses by the time scale", func() {
		o := listen()
		o.TimeScale = 30
		p := o.Play(background, script(cases.Connection{Framing: "until-close", Body: []cases.Part{
			{Unit: []byte("a")}, {Pause: time.Millisecond}, {Unit: []byte("b")}}}))
		answer(p)
		w := p.Wire()
		Expect(w[2].At - w[1].At).To(BeNumerically(">=", 30*time.Millisecond))
	})
})

var _ = DescribeTable("a coded body", func(framing string) {
	parts := append(text("data: a\n\n", ""), cases.Part{Unit: []byte("data: xyz\n"), Times: 300_000})
	p := listen().Play(background, script(cases.Connection{Coding: "gzip", Framing: framing, Body: parts}))
	r, err := http.ReadResponse(bufio.NewReader(offering(p, "gzip")), nil)
	Expect(err).NotTo(HaveOccurred())
	Expect(r.Header.Values("Content-Encoding")).To(Equal([]string{"gzip"}))
	z, err := gzip.NewReader(r.Body)
	Expect(err).NotTo(HaveOccurred())
	Expect(upTo(z, 9)).To(Equal("data: a\n\n"))
	rest, err := io.ReadAll(z)
	Expect(err).NotTo(HaveOccurred())
	Expect(string(rest) == strings.Repeat("data: xyz\n", 300_000)).To(BeTrue())
	Expect(io.ReadAll(r.Body)).To(BeEmpty())
},
	Entry("is whole when chunked", "chunked"),
	Entry("has its coded length announced", "length"),
	Entry("is whole when it ends with the connection", "until-close"),
)

// offering sends a request that offers codings.
func offering(p *origin.Play, codings string) net.Conn {
	GinkgoHelper()
	return dial(p, "GET "+path(p)+"/ HTTP/1.1\r\nHost: a\r\nAccept-Encoding: "+codings+"\r\n\r\n")
}

var _ = DescribeTable("a coding is used where it is offered", func(codings string, used bool) {
	p := listen().Play(background, script(cases.Connection{Coding: "gzip", Body: text("data: a\n\n")}))
	r, err := http.ReadResponse(bufio.NewReader(offering(p, codings)), nil)
	Expect(err).NotTo(HaveOccurred())
	Expect(r.Header.Get("Content-Encoding") == "gzip").To(Equal(used))
},
	Entry("alone", "gzip", true),
	Entry("in a list", "deflate, GZIP;q=0.5,br", true),
	Entry("as any", "*", true),
	Entry("not where another is", "deflate, br", false),
	Entry("not where none is", "identity", false),
)

var _ = It("flushes the coder after each chunk", func() {
	p := listen().Play(background, script(cases.Connection{Coding: "gzip", Framing: "until-close", Body: text("data: a\n\n"), End: "hang"}))
	r, err := http.ReadResponse(bufio.NewReader(offering(p, "gzip")), nil)
	Expect(err).NotTo(HaveOccurred())
	z, err := gzip.NewReader(r.Body)
	Expect(err).NotTo(HaveOccurred())
	Expect(upTo(z, 9)).To(Equal("data: a\n\n"))
})

var _ = DescribeTable("a large part", func(framing string, times int, unit string) {
	p := listen().Play(background, script(cases.Connection{Framing: framing, Body: []cases.Part{{Unit: []byte(unit), Times: times}}}))
	r, err := http.ReadResponse(bufio.NewReader(get(p, "/")), nil)
	Expect(err).NotTo(HaveOccurred())
	b, err := io.ReadAll(r.Body)
	Expect(err).NotTo(HaveOccurred())
	Expect(string(b) == strings.Repeat(unit, times)).To(BeTrue(), fmt.Sprintf("%d bytes", len(b)))
},
	Entry("is repeated through one buffer", "until-close", 123_457, "data: x\n"),
	Entry("is one HTTP chunk", "chunked", 123_457, "data: x\n"),
	Entry("may have a unit that is larger than a piece", "chunked", 5, strings.Repeat("abc", 12_345)),
	Entry("may be one unit", "length", 1, strings.Repeat("abc", 1<<20)),
)

var _ = It("does not need the memory of a part of 64 MiB", Serial, func() {
	p := listen().Play(background, script(cases.Connection{Framing: "until-close", Body: []cases.Part{{Unit: []byte("data: x\n"), Times: 8 << 20}}}))
	c := get(p, "/")
	Expect(upTo(c, len(plainHead)+2)).To(Equal(plainHead + "\r\n"))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{c}, make([]byte, 64<<10))
	Expect(err).NotTo(HaveOccurred())
	runtime.ReadMemStats(&after)
	Expect(n).To(BeNumerically("==", 64<<20))
	Expect(after.TotalAlloc - before.TotalAlloc).To(BeNumerically("<", 16<<20))
	w := p.Wire()
	Expect(w[len(w)-1].End).To(Equal("close"))
})
