package reference_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

var _ = Describe("The reference client", func() {
	It("says that it is an EventSource that shows every step", func() {
		h, err := (&reference.Client{Version: "1"}).Hello(context.Background())
		Expect(err).NotTo(HaveOccurred())
		Expect([]any{h.Protocol, h.Kind, h.Name, h.Version}).To(Equal([]any{1, target.Client, "reference", "1"}))
		Expect(h.Shown()).To(ConsistOf(spec.Announce, spec.Dispatch, spec.Reestablish, spec.Fail))
	})

	It("sends the first request as the standard says, byte for byte", func() {
		heads := make(chan string, 1)
		url := listening(func(c net.Conn, head string) {
			heads <- head
			io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n")
		})
		Expect(observed(target.Subscription{URL: url + "/a?b"})).To(Equal("fail"))
		head := <-heads
		Expect(head).To(HavePrefix("GET /a?b HTTP/1.1\r\n"))
		Expect(head).To(ContainSubstring("\r\nAccept: text/event-stream\r\n"))
		Expect(head).To(ContainSubstring("\r\nCache-Control: no-cache\r\n"))
		Expect(head).NotTo(ContainSubstring("Last-Event-ID"))
		Expect(head).NotTo(ContainSubstring("Referer"))
	})

	It("sends the last event ID as the bytes of its UTF-8", func() {
		heads := make(chan string, 2)
		answers := []string{"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nretry: 1\nid: ä€\U0001F30D\n\n", "HTTP/1.1 204 No Content\r\n\r\n"}
		url := listening(func(c net.Conn, head string) {
			heads <- head
			io.WriteString(c, answers[0])
			answers = answers[1:]
		})
		Expect(observed(target.Subscription{URL: url})).To(Equal(`announce; retry "1"; reestablish; fail`))
		Expect(<-heads).NotTo(ContainSubstring("Last-Event-Id"))
		Expect(strings.ToLower(<-heads)).To(ContainSubstring("\r\nlast-event-id: ä€\U0001F30D\r\n"))
	})

	DescribeTable("comes back with the id that is in force", func(stream, initial string, want ...string) {
		s := answering(streams("retry: 1\n"+stream), streams(""))
		observed(target.Subscription{URL: s.url, LastEventID: initial})
		var got []string
		for _, r := range s.requests() {
			got = append(got, strings.Join(r.Header.Values("Last-Event-ID"), "|"))
		}
		Expect(got).To(Equal(want))
	},
		Entry("none", "data: a\n\n", "", "", "", ""),
		Entry("that of an event", "id: 1\ndata: a\n\n", "", "", "1", "1"),
		Entry("one that was committed without an event", "id: 1\n\n", "", "", "1", "1"),
		Entry("not one that was not committed", "id: 1\n", "", "", "", ""),
		Entry("none after a reset", "id: 1\n\nid\n\n", "", "", "", ""),
		Entry("the initial one", "", "7", "7", "7", "7"),
		Entry("not the initial one after a reset", "id\n\n", "7", "7", "", ""),
		Entry("none with control characters, which HTTP cannot carry", "id: 1\x01\n\n", "", "", "", ""),
		Entry("one with a tab inside", "id: 1\t2\n\n", "", "", "1\t2", "1\t2"),
	)

	It("comes back after the time that the stream sets, not sooner", func() {
		s := answering(streams("retry: 50\n"), streams("retry: 1\n"))
		Expect(observed(target.Subscription{URL: s.url})).To(Equal(`announce; retry "50"; reestablish; announce; retry "1"; reestablish; fail`))
		Expect(s.when).To(HaveLen(3))
		Expect(s.when[1].Sub(s.when[0])).To(BeNumerically(">=", 50*time.Millisecond))
	})

	It("comes back after the time that the subscription sets", func() {
		s, ms := answering(streams("")), int64(1)
		Expect(observed(target.Subscription{URL: s.url, ReconnectionTime: &ms})).To(Equal("announce; reestablish; fail"))
		Expect(s.requests()).To(HaveLen(2))
	})

	It("does not come back sooner for a time that no Duration holds", func() {
		s := answering(streams("retry: 99999999999999999999\n"))
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var seen spec.Trace
		Expect(new(reference.Client).Subscribe(ctx, target.Subscription{URL: s.url}, func(step spec.Step) {
			if seen = append(seen, step); step.Kind == spec.Reestablish {
				time.AfterFunc(50*time.Millisecond, cancel)
			}
		})).To(Succeed())
		Expect(s.requests()).To(HaveLen(1))
	})

	DescribeTable("gives up at an answer that is no event stream", func(status int, contentType string) {
		s := answering(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
		})
		Expect(observed(target.Subscription{URL: s.url})).To(Equal("fail"))
		Expect(s.requests()).To(HaveLen(1))
	},
		Entry("204", 204, "text/event-stream"),
		Entry("another success", 202, "text/event-stream"),
		Entry("404", 404, "text/event-stream"),
		Entry("500", 500, "text/event-stream"),
		Entry("another type", 200, "text/plain"),
		Entry("a redirect without a place", 302, "text/event-stream"),
	)

	It("follows a redirect, and shows no step for it", func() {
		s := answering(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/b", http.StatusFound) }, streams("retry: 1\ndata: a\n\n"))
		Expect(observed(target.Subscription{URL: s.url + "/a"})).To(Equal(`announce; retry "1"; dispatch message "a"; reestablish; fail`))
		var paths []string
		for _, r := range s.requests() {
			paths = append(paths, r.URL.Path)
		}
		Expect(paths[:2]).To(Equal([]string{"/a", "/b"}))
	})

	It("follows 20 redirects and takes the 21st for a network error", func() {
		var again http.HandlerFunc = func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/r", http.StatusTemporaryRedirect)
		}
		answers, ms := make([]http.HandlerFunc, 21), int64(1)
		for i := range answers {
			answers[i] = again
		}
		s := answering(answers...)
		Expect(observed(target.Subscription{URL: s.url, ReconnectionTime: &ms})).To(Equal("reestablish; fail"))
		var paths string
		for _, r := range s.requests() {
			paths += r.URL.Path
		}
		Expect(paths).To(Equal("/" + strings.Repeat("/r", 20) + "/"))
	})

	DescribeTable("closed inside a callback shows nothing more and sends nothing more", func(kind spec.Kind, count int, want string) {
		s := answering(streams("retry: 1\ndata: a\n\ndata: b\n\n"), streams("data: c\n\n"), streams("data: d\n\n"))
		Expect(observed(target.Subscription{URL: s.url, CloseOn: &target.CloseOn{Step: kind, Count: count}})).To(Equal(want))
		Expect(s.requests()).To(HaveLen(1 + strings.Count(want, "; announce")))
	},
		Entry("in announce", spec.Announce, 1, "announce"),
		Entry("in the first dispatch", spec.Dispatch, 1, `announce; retry "1"; dispatch message "a"`),
		Entry("in the second dispatch", spec.Dispatch, 2, `announce; retry "1"; dispatch message "a"; dispatch message "b"`),
		Entry("in reestablish", spec.Reestablish, 1, `announce; retry "1"; dispatch message "a"; dispatch message "b"; reestablish`),
		Entry("in a dispatch of the second connection", spec.Dispatch, 3, `announce; retry "1"; dispatch message "a"; dispatch message "b"; reestablish; announce; dispatch message "c"`),
	)

	DescribeTable("ends with its context and shows no step for it", func(answer http.HandlerFunc, last spec.Kind, want string) {
		s := answering(answer)
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var seen spec.Trace
		Expect(new(reference.Client).Subscribe(ctx, target.Subscription{URL: s.url}, func(step spec.Step) {
			if seen = append(seen, step); step.Kind == last {
				cancel()
			}
		})).To(Succeed())
		Expect(cases.Brief(seen)).To(Equal(want))
		Expect(s.requests()).To(HaveLen(1))
	},
		Entry("while the stream is open", hangs("data: a\n\n"), spec.Dispatch, `announce; dispatch message "a"`),
		Entry("while it waits to come back", streams(""), spec.Reestablish, "announce; reestablish"),
	)

	It("ends with its context before a head has arrived", func() {
		ctx, cancel := context.WithCancel(context.Background())
		s := answering(func(_ http.ResponseWriter, r *http.Request) {
			cancel()
			<-r.Context().Done()
		})
		Expect(new(reference.Client).Subscribe(ctx, target.Subscription{URL: s.url}, func(step spec.Step) { Fail(step.String()) })).To(Succeed())
	})

	It("takes a network error for a reason to come back", func() {
		first, ms := true, int64(1)
		url := listening(func(c net.Conn, _ string) {
			if first {
				first = false
				return // closed without an answer
			}
			io.WriteString(c, "HTTP/1.1 204 No Content\r\n\r\n")
		})
		// net/http itself repeats no request on a fresh connection, so each try is one step.
		Expect(observed(target.Subscription{URL: url, ReconnectionTime: &ms})).To(Equal("reestablish; fail"))
	})

	It("takes a port that refuses for a reason to come back", func() {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		url, ms := "http://"+l.Addr().String(), int64(1)
		Expect(l.Close()).To(Succeed())
		Expect(observed(target.Subscription{URL: url, ReconnectionTime: &ms, CloseOn: &target.CloseOn{Step: spec.Reestablish, Count: 3}})).
			To(Equal("reestablish; reestablish; reestablish"))
	})

	It("takes a stream that breaks off for its end, and keeps no unfinished block", func() {
		url := listening(func(c net.Conn, _ string) {
			io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 1000\r\n\r\ndata: a\n\ndata: b\n")
		})
		Expect(observed(target.Subscription{URL: url, CloseOn: &target.CloseOn{Step: spec.Reestablish, Count: 1}})).
			To(Equal(`announce; dispatch message "a"; reestablish`))
	})

	It("sends method, body and headers that it is given, each time", func() {
		var bodies []string
		take := func(next http.HandlerFunc) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				b, _ := io.ReadAll(r.Body) // a wrong body is seen below
				bodies = append(bodies, r.Method+" "+string(b)+" "+r.Header.Get("X-A"))
				next(w, r)
			}
		}
		s := answering(take(streams("retry: 1\n")), take(streams("")))
		observed(target.Subscription{URL: s.url, Method: "POST", Body: "b", Headers: map[string]string{"X-A": "c"}})
		Expect(bodies).To(Equal([]string{"POST b c", "POST b c"}))
	})

	It("takes a subscription that is no request for a fault", func() {
		err := new(reference.Client).Subscribe(context.Background(), target.Subscription{URL: "http://127.0.0.1:1", Method: "A B"}, func(spec.Step) {})
		var fault *target.Fault
		Expect(err).To(BeAssignableToTypeOf(fault))
	})

	It("shows no chunk, and times that do not go back", func() {
		s := answering(streams("retry: 1\ndata: a\n\ndata: b\n\n"))
		var last time.Duration
		Expect(new(reference.Client).Subscribe(context.Background(), target.Subscription{URL: s.url}, func(step spec.Step) {
			Expect(step.Chunk).To(Equal(-1))
			Expect(step.At).To(BeNumerically(">=", last))
			last = step.At
		})).To(Succeed())
	})
})

// listening answers each connection, one after the other, on a raw socket that
// is closed after the spec, and returns its URL.
func listening(answer func(c net.Conn, head string)) string {
	GinkgoHelper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return // closed by the cleanup
			}
			answer(c, head(c))
			c.Close()
		}
	}()
	DeferCleanup(func() {
		l.Close()
		<-done
	})
	return "http://" + l.Addr().String()
}

// head reads up to the blank line.
func head(c net.Conn) string {
	in, text := bufio.NewReader(c), ""
	for !strings.HasSuffix(text, "\r\n\r\n") {
		line, err := in.ReadString('\n')
		if text += line; err != nil {
			return text
		}
	}
	return text
}
