package origin_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/origin"
)

// record returns what the play keeps of one request, whose target is in PATH.
func record(request string) (origin.Request, string) {
	GinkgoHelper()
	p := listen().Play(background, cases.One([]byte("x")))
	b, err := io.ReadAll(dial(p, strings.Replace(request, "PATH", path(p), 1)))
	Expect(err).NotTo(HaveOccurred())
	Expect(p.Requests()).To(HaveLen(1))
	return p.Requests()[0], string(b)
}

var _ = DescribeTable("the head of a request", func(lines string, want ...origin.Header) {
	r, _ := record("GET PATH/ HTTP/1.1\r\n" + lines + "\r\n")
	Expect(r.Headers).To(Equal(want))
	Expect([]string{r.Method, r.Target, r.Proto}).To(Equal([]string{"GET", "/", "HTTP/1.1"}))
},
	Entry("keeps order, case and duplicates", "b: 2\r\nA:1\r\nb: 3\r\n",
		origin.Header{"b", "2", " 2"}, origin.Header{"A", "1", "1"}, origin.Header{"b", "3", " 3"}),
	Entry("keeps control bytes and what is no UTF-8", "Last-Event-ID: \x00\x01\x7f\xff\r\x0b\r\n",
		origin.Header{"Last-Event-ID", "\x00\x01\x7f\xff\r\x0b", " \x00\x01\x7f\xff\r\x0b"}),
	Entry("has the value without the space around it, and the space beside it", "Last-Event-ID:  a \t\r\n",
		origin.Header{"Last-Event-ID", "a", "  a \t"}),
	Entry("keeps a header of 1 MiB", "Last-Event-ID: "+strings.Repeat("é", 1<<19)+"\r\n",
		origin.Header{"Last-Event-ID", strings.Repeat("é", 1<<19), " " + strings.Repeat("é", 1<<19)}),
	Entry("keeps lines that are no fields", "nonsense\r\n folded: x\r\n",
		origin.Header{"", "nonsense", "nonsense"}, origin.Header{"", "folded: x", " folded: x"}),
	Entry("may end its lines in LF alone", "a: 1\nb: 2\n",
		origin.Header{"a", "1", " 1"}, origin.Header{"b", "2", " 2"}),
)

var _ = DescribeTable("the first line of a request", func(line, method, target, proto string) {
	r, _ := record(line + "\r\n\r\n")
	Expect([]string{r.Method, r.Target, r.Proto}).To(Equal([]string{method, target, proto}))
},
	Entry("may have any method", "hEAD PATH/ HTTP/1.1", "hEAD", "/", "HTTP/1.1"),
	Entry("may have any bytes in its target", "GET PATH/\xff\x01 b HTTP/1.0", "GET", "/\xff\x01 b", "HTTP/1.0"),
	Entry("may lack a version", "GET PATH/a?b#c", "GET", "/a?b#c", ""),
	Entry("may come after blank lines", "\r\n\nGET PATH/ HTTP/1.1", "GET", "/", "HTTP/1.1"),
)

var _ = DescribeTable("the body of a request", func(lines, body, kept string, length int) {
	r, answer := record("POST PATH/ HTTP/1.1\r\n" + lines + "\r\n\r\n" + body)
	Expect(bytes.Equal(r.Body, []byte(kept))).To(BeTrue(), fmt.Sprintf("%d bytes", len(r.Body)))
	Expect(r.BodyLength).To(BeNumerically("==", length))
	Expect(answer).To(HavePrefix("HTTP/1.1 200 OK\r\n"))
},
	Entry("is as long as it says", "Content-Length: 3", "a\x00bc", "a\x00b", 3),
	Entry("may be chunked", "transfer-encoding: chunked", "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nT: 1\r\n\r\n", "abc0123456789", 13),
	Entry("is kept up to 1 MiB", "Content-Length: 1500000", strings.Repeat("x", 1500000), strings.Repeat("x", 1<<20), 1500000),
)

var _ = DescribeTable("a body that cannot be read", func(lines, body string) {
	r, answer := record("POST PATH/ HTTP/1.1\r\n" + lines + "\r\n\r\n" + body)
	Expect(answer).To(BeEmpty())
	Expect(r.Connection).To(Equal(-1))
	Expect(r.Status).To(BeZero())
},
	Entry("has a length that is no number", "Content-Length: -1", ""),
	Entry("has a chunk size that is no number", "Transfer-Encoding: chunked", "x\r\n"),
	Entry("has a chunk that goes on", "Transfer-Encoding: chunked", "1\r\nab\n"),
)

var _ = DescribeTable("a head that is too large", func(lines string) {
	r, answer := record("GET PATH/ HTTP/1.1\r\n" + lines + "\r\n")
	Expect(answer).To(Equal("HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))
	Expect(r.Status).To(Equal(431))
	Expect(r.Connection).To(Equal(-1))
	Expect(r.Target).To(Equal("/"))
},
	Entry("has more than 2 MiB, and more than the network holds", "a: "+strings.Repeat("x", 24<<20)+"\r\n"),
	Entry("has more than 10,000 lines", strings.Repeat("a:\r\n", 10_001)),
)
