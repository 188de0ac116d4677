package probe_test

import (
	"bufio"
	"context"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/probe"
)

func TestProbe(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "probe")
}

// A raw server answers each connection by hand.
type raw struct {
	URL *url.URL

	mu    sync.Mutex
	heads []string // of the requests, in the order in which they came
}

// answering returns a server that calls answer for each connection, once the
// head of the request was read, and then closes it. It is closed after the spec.
func answering(answer func(conn net.Conn, head string)) *raw {
	GinkgoHelper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	s := &raw{URL: &url.URL{Scheme: "http", Host: l.Addr().String(), Path: "/events"}}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { s.serve(conn, answer) })
		}
	})
	DeferCleanup(func() {
		l.Close()
		all.Wait()
	})
	return s
}

func (s *raw) serve(conn net.Conn, answer func(net.Conn, string)) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	var head strings.Builder
	for {
		line, err := in.ReadString('\n')
		head.WriteString(line)
		if err != nil {
			return
		}
		if line == "\r\n" {
			break
		}
	}
	s.mu.Lock()
	s.heads = append(s.heads, head.String())
	s.mu.Unlock()
	answer(conn, head.String())
}

// requests returns the heads that came.
func (s *raw) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.heads...)
}

// saying returns a server that writes the text and closes.
func saying(text string) *raw {
	return answering(func(conn net.Conn, _ string) { conn.Write([]byte(text)) })
}

// gone waits until the client has closed the connection.
func gone(conn net.Conn) { conn.Read(make([]byte, 1)) }

// do sends one GET.
func do(s *raw, change ...func(*probe.Request)) *probe.Exchange {
	r := probe.Request{Method: "GET"}
	for _, c := range change {
		c(&r)
	}
	p := &probe.Prober{URL: s.URL, Agent: "test"}
	return p.Do(within(20*time.Second), r)
}

// within is a context that ends soon.
func within(d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	DeferCleanup(cancel)
	return ctx
}

const stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
