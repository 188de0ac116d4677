package probe_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/probe"
)

func zipped(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.String()
}

const coded = stream + "Content-Encoding: gzip\r\n\r\n"

var _ = Describe("What is ours to end", func() {
	It("is left when there is enough after the head", func() {
		e := do(answering(func(conn net.Conn, _ string) { conn.Write([]byte(stream + "\r\n")); gone(conn) }),
			func(r *probe.Request) { r.Enough = func(*probe.Exchange) bool { return true } })
		Expect([]any{e.End, e.Reason}).To(Equal([]any{probe.Left, ""}))
	})

	It("is left when the time is up within the body", func() {
		s := answering(func(conn net.Conn, _ string) { conn.Write([]byte(stream + "\r\nabc")); gone(conn) })
		e := (&probe.Prober{URL: s.URL}).Do(within(100*time.Millisecond), probe.Request{Method: "GET"})
		Expect([]any{e.End, string(e.Bytes())}).To(Equal([]any{probe.Left, "abc"}))
	})

	It("is silent when the time is up before the head", func() {
		s := answering(func(conn net.Conn, _ string) { conn.Write([]byte("HTTP/1.1 200")); gone(conn) })
		e := (&probe.Prober{URL: s.URL}).Queue().Do(context.Background(), 100*time.Millisecond, probe.Request{Method: "GET"})
		Expect([]any{e.End, e.Reason}).To(Equal([]any{probe.Silent, "no complete answer in time"}))
	})

	It("is refused where nobody listens", func() {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		l.Close()
		e := (&probe.Prober{URL: &url.URL{Scheme: "http", Host: l.Addr().String()}}).Do(context.Background(), probe.Request{Method: "GET"})
		Expect(e.End).To(Equal(probe.Refused))
		Expect(e.Reason).To(ContainSubstring("refused"))
	})

	DescribeTable("is bounded", func(answer string, most, want int64) {
		s := answering(func(conn net.Conn, _ string) {
			conn.Write([]byte(answer))
			for {
				if _, err := conn.Write(bytes.Repeat([]byte("x"), 1<<16)); err != nil {
					return
				}
			}
		})
		e := do(s, func(r *probe.Request) { r.Most = most })
		Expect([]any{e.End, e.Size()}).To(Equal([]any{probe.Bound, want}))
	},
		Entry("by what was asked for", stream+"\r\n", int64(100_000), int64(100_000)),
		Entry("by 1 MiB", stream+"\r\n", int64(0), int64(1<<20)),
		Entry("after the coding", coded+zipped(strings.Repeat("0", 8<<20)), int64(0), int64(1<<20)),
	)

	It("is bounded by 16 MiB together", func() {
		s := answering(func(conn net.Conn, _ string) {
			conn.Write([]byte(stream + "\r\n"))
			for {
				if _, err := conn.Write(bytes.Repeat([]byte("x"), 1<<16)); err != nil {
					return
				}
			}
		})
		p := &probe.Prober{URL: s.URL}
		sum := int64(0)
		for range 5 {
			sum += p.Do(context.Background(), probe.Request{Method: "GET", Most: 5 << 20}).Size()
		}
		Expect(sum).To(BeNumerically(">=", 16<<20))
		Expect(sum).To(BeNumerically("<=", 16<<20+5*(32<<10)), "a piece each is read before the bound shows")
	})

	It("is 16 requests, and no more", func() {
		s := saying(stream + "\r\n")
		p := &probe.Prober{URL: s.URL}
		for range 16 {
			Expect(p.Do(context.Background(), probe.Request{Method: "GET"}).End).To(Equal(probe.Closed))
		}
		e := p.Do(context.Background(), probe.Request{Method: "GET"})
		Expect([]any{e.End, e.Reason}).To(Equal([]any{probe.Unsent, "16 requests were sent, and no more are allowed"}))
		Expect(s.requests()).To(HaveLen(16))
		Expect(p.Sent()).To(Equal(16))
	})

	It("is four connections at once, and those who wait come in the order of their places", func() {
		served := make(chan string)
		next := make(chan bool)
		s := answering(func(conn net.Conn, head string) {
			served <- strings.Fields(head)[1]
			<-next
			conn.Write([]byte(stream + "\r\n"))
		})
		p := &probe.Prober{URL: s.URL}
		var places []*probe.Place
		for range 7 {
			places = append(places, p.Queue())
		}
		var all sync.WaitGroup
		defer all.Wait()
		visit := func(i int, ctx context.Context) {
			all.Go(func() { places[i].Do(ctx, 0, probe.Request{Method: "GET", Query: fmt.Sprint("n=", i)}) })
		}
		over, cancel := context.WithCancel(context.Background())
		cancel()
		Expect(places[5].Do(over, 0, probe.Request{Method: "GET"}).End).To(Equal(probe.Unsent), "who leaves the line is not waited for")
		visit(6, context.Background())
		visit(4, context.Background())
		for i := range 4 {
			visit(i, context.Background())
			Expect(<-served).To(Equal(fmt.Sprint("/events?n=", i)))
		}
		for _, i := range []int{4, 6} {
			next <- true
			Expect(<-served).To(Equal(fmt.Sprint("/events?n=", i)))
		}
		close(next)
	})

	It("is four connections at once, and a turn that may not come", func() {
		s := answering(func(conn net.Conn, _ string) { conn.Write([]byte(stream + "\r\n")); gone(conn) })
		p := &probe.Prober{URL: s.URL}
		ctx, cancel := context.WithCancel(context.Background())
		var open sync.WaitGroup
		for range 4 {
			started := make(chan struct{})
			open.Go(func() {
				p.Do(ctx, probe.Request{Method: "GET", Enough: func(e *probe.Exchange) bool { close(started); return false }})
			})
			<-started
		}
		e := p.Do(within(50*time.Millisecond), probe.Request{Method: "GET"})
		Expect([]any{e.End, e.Reason}).To(Equal([]any{probe.Unsent, "the time was up before its turn"}))
		cancel()
		open.Wait()
		Expect(s.requests()).To(HaveLen(4))
	})
})

var _ = Describe("A redirect", func() {
	// moving sends /events to a path, and answers there with the rest.
	moving := func(status int, location string) *raw {
		return answering(func(conn net.Conn, head string) {
			if strings.HasPrefix(head, "GET /events") || strings.HasPrefix(head, "POST /events") {
				fmt.Fprintf(conn, "HTTP/1.1 %d Moved\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", status, location)
				return
			}
			conn.Write([]byte(stream + "\r\ndata: a\n\n"))
		})
	}

	DescribeTable("is followed", func(status int) {
		s := moving(status, "/there?x=1")
		p := &probe.Prober{URL: s.URL}
		e := p.Do(context.Background(), probe.Request{Method: "GET"})
		Expect([]any{e.Head.Status, string(e.Bytes()), e.URL}).To(Equal([]any{200, "data: a\n\n", "http://" + s.URL.Host + "/there?x=1"}))
		Expect(e.Hops).To(Equal([]probe.Hop{{Status: status, Location: e.URL}}))
		Expect(p.Do(context.Background(), probe.Request{Method: "GET"}).Hops).To(BeEmpty(), "further requests go there at once")
		Expect(p.Sent()).To(Equal(3))
	},
		Entry("301", 301), Entry("302", 302), Entry("303", 303), Entry("307", 307), Entry("308", 308))

	DescribeTable("is the answer", func(method string, status int, location string) {
		e := do(moving(status, location), func(r *probe.Request) { r.Method = method })
		Expect([]any{e.Head.Status, e.Hops}).To(Equal([]any{status, []probe.Hop(nil)}))
	},
		Entry("to POST", "POST", 307, "/there"),
		Entry("when it is none", "GET", 304, "/there"),
		Entry("to another scheme", "GET", 302, "ftp://example.org/"),
		Entry("to no URL", "GET", 302, "http://[::"),
	)

	It("that comes again and again is a loop", func() {
		s := moving(302, "/events")
		e := do(s)
		Expect([]any{e.End, e.Reason}).To(Equal([]any{probe.Looping, "more than 10 redirects"}))
		Expect(s.requests()).To(HaveLen(11))
	})

	It("to another origin leaves the user's headers behind", func() {
		other := saying(stream + "\r\n")
		s := moving(302, other.URL.String())
		do(s, func(r *probe.Request) {
			r.Own = []probe.Header{{Name: "Authorization", Value: "Bearer secret"}}
			r.Headers = []probe.Header{{Name: "Accept", Value: "text/event-stream"}}
		})
		Expect(s.requests()[0]).To(ContainSubstring("Authorization: Bearer secret"))
		Expect(other.requests()).To(Equal([]string{"GET /events HTTP/1.1\r\nHost: " + other.URL.Host + "\r\nUser-Agent: test\r\nAccept: text/event-stream\r\n\r\n"}))
	})
})

var _ = Describe("A content coding", func() {
	It("is removed", func() {
		e := do(saying(coded + zipped("data: a\n\n")))
		Expect([]any{string(e.Bytes()), e.End}).To(Equal([]any{"data: a\n\n", probe.Closed}))
		Expect(e.Coded).To(BeEquivalentTo(len(zipped("data: a\n\n"))))
	})

	It("gives what was flushed", func() {
		s := answering(func(conn net.Conn, _ string) {
			conn.Write([]byte(coded))
			z := gzip.NewWriter(conn)
			z.Write([]byte("data: a\n\n"))
			z.Flush()
			gone(conn)
		})
		e := do(s, func(r *probe.Request) { r.Enough = func(e *probe.Exchange) bool { return e.Size() > 0 } })
		Expect([]any{string(e.Bytes()), e.End}).To(Equal([]any{"data: a\n\n", probe.Left}))
	})

	DescribeTable("that cannot be removed", func(text string, end probe.End, reason string) {
		e := do(saying(text))
		Expect(e.End).To(Equal(end))
		Expect(e.Reason).To(ContainSubstring(reason))
	},
		Entry("is none", coded+"data: hello\n\n", probe.Undecoded, "gzip: invalid header"),
		Entry("is broken", coded+zipped("data: a\n\n")[:15]+"zzzz", probe.Undecoded, "gzip: "),
		Entry("has the wrong sum", coded+strings.Replace(zipped("data: a\n\n"), zipped("data: a\n\n")[len(zipped("data: a\n\n"))-8:], "12345678", 1), probe.Undecoded, "gzip: invalid checksum"),
		Entry("is not known", stream+"Content-Encoding: br\r\n\r\nabc", probe.Undecoded, `the content coding is "br", and only gzip is known here`),
		Entry("is cut off with its chunks", stream+"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n\x1f\x8b\r\n", probe.Cut, "before the end that its framing promised"),
	)
})
