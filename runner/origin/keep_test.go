package origin_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/spec"
)

// kept is an answer after which the connection takes other requests.
func kept(framing, body string, more ...cases.Part) cases.Connection {
	return cases.Connection{Framing: framing, Body: append(text(body), more...), End: "keep"}
}

// awaitsEnd is what awaits that the client has seen the end of the body.
var awaitsEnd = cases.Part{Await: "reestablish"} // never written to

// askOn sends a request for the root of p on c and returns the body of the answer,
// which ends as its framing says.
func askOn(c net.Conn, in *bufio.Reader, p *origin.Play, headers string) string {
	GinkgoHelper()
	_, err := io.WriteString(c, "GET "+path(p)+"/ HTTP/1.1\r\n"+headers+"\r\n")
	Expect(err).NotTo(HaveOccurred())
	answer, err := http.ReadResponse(in, nil)
	Expect(err).NotTo(HaveOccurred())
	body, err := io.ReadAll(answer.Body)
	Expect(err).NotTo(HaveOccurred())
	return string(body)
}

var _ = Describe("a connection that is kept", func() {
	for _, framing := range []string{"length", "chunked"} {
		It("takes requests for its own play and for others, also when that is closed: "+framing, func() {
			o := listen()
			p := o.Play(background, script(kept(framing, "one"), kept(framing, "two")))
			other := o.Play(background, script(closing("other")))
			c := dial(p, "")
			in := bufio.NewReader(c)
			Expect(askOn(c, in, p, "")).To(Equal("one"))
			Expect(askOn(c, in, p, "")).To(Equal("two"))
			p.Close()
			Expect(askOn(c, in, other, "")).To(Equal("other"))
			Expect(in.ReadByte()).Error().To(Equal(io.EOF))
			Eventually(p.Wire).Should(ContainElement(HaveField("End", "keep")))
		})
	}

	It("is closed where the client wants that", func() {
		p := listen().Play(background, script(kept("length", "one", awaitsEnd)))
		c := dial(p, "")
		in := bufio.NewReader(c)
		Expect(askOn(c, in, p, "Connection: close\r\n")).To(Equal("one"))
		Expect(in.ReadByte()).Error().To(Equal(io.EOF))
		Expect(p.Held()).To(BeEmpty())
	})

	It("is closed with the origin", func() {
		o := listen()
		p := o.Play(background, script(kept("length", "one")))
		c := dial(p, "")
		in := bufio.NewReader(c)
		Expect(askOn(c, in, p, "")).To(Equal("one"))
		Expect(o.Close()).To(Succeed())
		Expect(in.ReadByte()).Error().To(HaveOccurred())
	})

	It("has its end seen by a client that says so, that leaves or that asks again", func() {
		o := listen()
		o.TimeScale = 1000
		for _, sees := range []func(*net.TCPConn, *origin.Play){
			func(_ *net.TCPConn, p *origin.Play) { p.Observed(spec.Reestablish) },
			func(c *net.TCPConn, _ *origin.Play) { c.Close() },
			func(c *net.TCPConn, p *origin.Play) { io.WriteString(c, "GET "+path(p)+"/ HTTP/1.1\r\n\r\n") },
		} {
			p := o.Play(background, script(kept("chunked", "one", awaitsEnd)))
			c := dial(p, "")
			Expect(askOn(c, bufio.NewReader(c), p, "")).To(Equal("one"))
			sees(c, p)
			Eventually(p.Played()).Should(BeClosed())
			Expect(p.Held()).To(BeEmpty())
		}
	})

	It("is closed when nobody sees the end of the body, and that is noted", func() {
		o := listen()
		o.TimeScale = 0.01
		p := o.Play(background, script(kept("length", "one", awaitsEnd)))
		c := dial(p, "")
		in := bufio.NewReader(c)
		Expect(askOn(c, in, p, "")).To(Equal("one"))
		Expect(in.ReadByte()).Error().To(Equal(io.EOF))
		Expect(p.Held()).To(Equal([]origin.Hold{{Connection: 0, Part: 1}}))
	})

	It("is left open by the end of its play before anybody has seen the end of the body", func() {
		o := listen()
		o.TimeScale = 1000
		p, other := o.Play(background, script(kept("length", "one", awaitsEnd))), o.Play(background, script(closing("other")))
		c := dial(p, "")
		c.SetDeadline(time.Now().Add(time.Minute))
		in := bufio.NewReader(c)
		Expect(askOn(c, in, p, "")).To(Equal("one"))
		p.Close()
		Eventually(p.Wire).Should(ContainElement(HaveField("End", "keep")))
		Expect(askOn(c, in, other, "")).To(Equal("other"))
	})
})
