package origin_test

import (
	"context"
	"io"
	"net"
	"net/url"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/origin"
)

func TestOrigin(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "origin")
}

const plainHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n"

const chunkedHead = plainHead + "Transfer-Encoding: chunked\r\n\r\n"

// listen returns an origin that is closed after the spec.
func listen() *origin.Origin {
	GinkgoHelper()
	o, err := origin.Listen("127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(o.Close)
	return o
}

// dial connects to the play's host and sends request. The connection has a deadline and is closed after the spec.
func dial(p *origin.Play, request string) *net.TCPConn {
	GinkgoHelper()
	u, err := url.Parse(p.URL())
	Expect(err).NotTo(HaveOccurred())
	c, err := net.Dial("tcp", u.Host)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { c.Close() })
	Expect(c.SetDeadline(time.Now().Add(time.Minute))).To(Succeed())
	_, err = io.WriteString(c, request)
	Expect(err).NotTo(HaveOccurred())
	return c.(*net.TCPConn)
}

func get(p *origin.Play, within string) *net.TCPConn {
	GinkgoHelper()
	return dial(p, "GET "+path(p)+within+" HTTP/1.1\r\nHost: a\r\n\r\n")
}

// path returns the path of the play without the slash at its end.
func path(p *origin.Play) string {
	GinkgoHelper()
	u, err := url.Parse(p.URL())
	Expect(err).NotTo(HaveOccurred())
	return u.Path[:len(u.Path)-1]
}

// answer returns all that a request for the play's root is answered.
func answer(p *origin.Play) string {
	GinkgoHelper()
	c := get(p, "/")
	defer c.Close()
	b, err := io.ReadAll(c)
	Expect(err).NotTo(HaveOccurred())
	return string(b)
}

// upTo reads n bytes.
func upTo(r io.Reader, n int) string {
	GinkgoHelper()
	b := make([]byte, n)
	_, err := io.ReadFull(r, b)
	Expect(err).NotTo(HaveOccurred())
	return string(b)
}

func text(s ...string) []cases.Part {
	var parts []cases.Part
	for _, s := range s {
		parts = append(parts, cases.Part{Unit: []byte(s)})
	}
	return parts
}

func script(c ...cases.Connection) cases.Script { return cases.Script{Connections: c} }

var background = context.Background()
