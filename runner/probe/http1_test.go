package probe_test

import (
	"net"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/probe"
)

var _ = Describe("A request over HTTP/1", func() {
	DescribeTable("is written as", func(want string, change func(*probe.Request)) {
		s := saying(stream + "\r\n")
		do(s, change)
		Expect(s.requests()).To(Equal([]string{strings.ReplaceAll(strings.ReplaceAll(want, "\n", "\r\n"), "HOST", s.URL.Host)}))
	},
		Entry("a plain one", "GET /events HTTP/1.1\nHost: HOST\nUser-Agent: test\n\n", func(*probe.Request) {}),
		Entry("HTTP/1.0", "GET /events HTTP/1.0\nHost: HOST\nUser-Agent: test\n\n", func(r *probe.Request) { r.HTTP10 = true }),
		Entry("one with a query of ours", "GET /events?a=b HTTP/1.1\nHost: HOST\nUser-Agent: test\n\n", func(r *probe.Request) { r.Query = "a=b" }),
		Entry("headers in order, the user's in place of ours, and wanted ones in place of both",
			"GET /events HTTP/1.1\nHost: HOST\nUser-Agent: mine\nB: 2\nB: 3\nAccept: wanted\n\n", func(r *probe.Request) {
				r.Headers = []probe.Header{{"Accept", "ours"}, {"B", "ours"}}
				r.Own = []probe.Header{{"user-agent", "mine"}, {"B", "2"}, {"B", "3"}, {"Accept", "own"}}
				r.Own[0].Name = "User-Agent"
				r.Wanted = []probe.Header{{"Accept", "wanted"}}
			}),
		Entry("the user's Host", "GET /events HTTP/1.1\nHost: example.org\nUser-Agent: test\n\n", func(r *probe.Request) { r.Own = []probe.Header{{"host", "example.org"}} }),
		Entry("raw bytes in a value", "GET /events HTTP/1.1\nHost: HOST\nUser-Agent: test\nLast-Event-ID: ä\xff\n\n", func(r *probe.Request) { r.Wanted = []probe.Header{{"Last-Event-ID", "ä\xff"}} }),
		Entry("a body", "POST /events HTTP/1.1\nHost: HOST\nUser-Agent: test\nContent-Length: 3\n\n", func(r *probe.Request) { r.Method, r.Body = "POST", []byte("abc") }),
		Entry("an empty body", "POST /events HTTP/1.1\nHost: HOST\nUser-Agent: test\nContent-Length: 0\n\n", func(r *probe.Request) { r.Method = "POST" }),
	)

	It("sends its body", func() {
		s := saying(stream + "\r\n")
		e := do(s, func(r *probe.Request) { r.Method, r.Body = "POST", []byte("abc") })
		Expect(string(e.Sent)).To(Equal(s.requests()[0] + "abc"))
	})

	It("gives the credentials of the URL", func() {
		s := saying(stream + "\r\n")
		u, err := s.URL.Parse("http://user:pass@" + s.URL.Host + "/")
		Expect(err).NotTo(HaveOccurred())
		s.URL = u
		e := do(s)
		Expect(s.requests()[0]).To(ContainSubstring("Authorization: Basic dXNlcjpwYXNz\r\n"))
		Expect(e.URL).To(Equal("http://" + u.Host + "/"))
	})
})

var _ = Describe("A head over HTTP/1", func() {
	It("is kept line by line, in order and with duplicates", func() {
		e := do(saying("HTTP/1.1 200 OK\r\nb: 2\r\nA: 1\r\nb:  3 \r\nC: x\r\n  y\r\n\r\n"))
		Expect(e.Head.Headers).To(Equal([]probe.Header{{"b", "2"}, {"A", "1"}, {"b", "3"}, {"C", "x y"}}))
		Expect(e.Head.Values("B")).To(Equal([]string{"2", "3"}))
		Expect(e.Head.Value("b")).To(Equal("2, 3"))
		Expect([]any{e.Head.Proto, e.Head.Status}).To(Equal([]any{"HTTP/1.1", 200}))
	})

	It("is the one after those of the class 1xx", func() {
		e := do(saying("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + stream + "\r\ndata: a\n\n"))
		Expect(e.Head.Informational).To(Equal([]int{103, 100}))
		Expect(e.Head.Value("Link")).To(BeEmpty())
		Expect(string(e.Bytes())).To(Equal("data: a\n\n"))
	})

	DescribeTable("that is none ends the exchange", func(text string, end probe.End, reason string) {
		e := do(saying(text))
		Expect(e.Head).To(BeNil())
		Expect([]any{e.End, e.Reason}).To(Equal([]any{end, reason}))
	},
		Entry("nothing", "", probe.Broken, "the connection was closed without an answer"),
		Entry("half of one", "HTTP/1.1 200 OK\r\nA: b", probe.Broken, "the connection was closed within the head"),
		Entry("no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", probe.Broken, `no HTTP: malformed HTTP response "SSH-2.0-OpenSSH"`),
		Entry("an endless one", "HTTP/1.1 200 OK\r\n"+strings.Repeat("A: b\r\n", 20000), probe.Broken, "the head is longer than 64 KiB"),
		Entry("an endless line", "HTTP/1.1 200 OK\r\nA: "+strings.Repeat("b", 100000), probe.Broken, "the head is longer than 64 KiB"),
		Entry("1xx without end", strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 30), probe.Broken, "more than 20 answers of the class 1xx before the final one"),
	)

	It("after HEAD is all, and a body is seen", func() {
		head := func(r *probe.Request) { r.Method = "HEAD" }
		Expect(do(saying(stream+"Content-Length: 9\r\n\r\n"), head).Size()).To(BeZero())
		e := do(saying(stream+"\r\ndata: a\n\n"), head)
		Expect(string(e.Bytes())).To(Equal("data: a\n\n"))
	})

	It("after HEAD is waited for no longer than shortly", func() {
		e := do(answering(func(conn net.Conn, _ string) {
			conn.Write([]byte(stream + "\r\n"))
			gone(conn)
		}), func(r *probe.Request) { r.Method = "HEAD" })
		Expect([]any{e.End, e.Size()}).To(Equal([]any{probe.Closed, int64(0)}))
	})
})

var _ = Describe("A body over HTTP/1", func() {
	DescribeTable("ends", func(text, body string, end probe.End) {
		e := do(saying(text))
		Expect([]any{string(e.Bytes()), e.End}).To(Equal([]any{body, end}))
	},
		Entry("with its last chunk", stream+"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", "abc", probe.Closed),
		Entry("at its length", stream+"Content-Length: 3\r\n\r\nabcdef", "abc", probe.Closed),
		Entry("with the connection", stream+"\r\nabc", "abc", probe.Closed),
		Entry("with the connection in HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nabc", "abc", probe.Closed),
		Entry("before its last chunk", stream+"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", "ab", probe.Cut),
		Entry("within a chunk", stream+"Transfer-Encoding: chunked\r\n\r\n5\r\nab", "ab", probe.Cut),
		Entry("before its length", stream+"Content-Length: 9\r\n\r\nabc", "abc", probe.Cut),
		Entry("in what is no chunk", stream+"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n", "ab", probe.Cut),
	)

	It("that is reset is cut", func() {
		e := do(answering(func(conn net.Conn, _ string) {
			conn.Write([]byte(stream + "\r\nabc"))
			conn.(*net.TCPConn).SetLinger(0)
		}))
		Expect(e.End).To(BeElementOf(probe.Cut, probe.Broken))
		Expect(e.Reason).To(ContainSubstring("reset"))
	})

	It("has the times of its pieces", func() {
		next := make(chan struct{})
		s := answering(func(conn net.Conn, _ string) {
			conn.Write([]byte(stream + "\r\na"))
			<-next
			conn.Write([]byte("b"))
		})
		e := do(s, func(r *probe.Request) {
			r.Enough = func(e *probe.Exchange) bool {
				if e.Size() == 1 {
					time.AfterFunc(30*time.Millisecond, func() { close(next) })
				}
				return false
			}
		})
		Expect(e.Body).To(HaveLen(2))
		Expect(e.Body[1].At - e.Body[0].At).To(BeNumerically(">=", 30*time.Millisecond))
		Expect(e.Body[0].At).To(BeNumerically(">=", e.Head.At))
	})
})
