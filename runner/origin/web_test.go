package origin_test

import (
	"io"
	"net"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gleak"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/origin"
)

// echo answers with what it was asked.
func echo(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	Expect(err).NotTo(HaveOccurred())
	io.WriteString(w, r.Method+" "+r.URL.String()+" "+r.Header.Get("X")+" "+string(body))
}

// web returns an origin with a handler that accepts connections.
func web() *origin.Origin {
	GinkgoHelper()
	o := listen()
	o.Handler = http.HandlerFunc(echo)
	o.Serve()
	return o
}

// ask sends a request to o and returns all of the answer.
func ask(o *origin.Origin, request string) string {
	GinkgoHelper()
	c, err := net.Dial("tcp", o.Addr().String())
	Expect(err).NotTo(HaveOccurred())
	defer c.Close()
	_, err = io.WriteString(c, request)
	Expect(err).NotTo(HaveOccurred())
	text, err := io.ReadAll(c)
	Expect(err).NotTo(HaveOccurred())
	return string(text)
}

var _ = Describe("A handler beside the plays", func() {
	It("answers what names no play, before the first play too", func() {
		o := web()
		answer, err := http.Get(o.URL() + "/a?b=c")
		Expect(err).NotTo(HaveOccurred())
		defer answer.Body.Close()
		Expect(io.ReadAll(answer.Body)).To(BeEquivalentTo("GET /a?b=c  "))
	})

	It("gets head and body whole, and the connection ends with the answer", func() {
		text := ask(web(), "\r\nPOST /a HTTP/1.1\r\nHost: a\r\nX: y\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\nHost: a\r\n\r\n")
		Expect(text).To(HavePrefix("HTTP/1.1 200 OK\r\n"))
		Expect(text).To(ContainSubstring("Connection: close\r\n"))
		Expect(text).To(HaveSuffix("POST /a y abc"))
	})

	It("gets a large body", func() {
		body := strings.Repeat("0123456789", 1<<20)
		answer, err := http.Post(web().URL()+"/", "text/plain", strings.NewReader(body))
		Expect(err).NotTo(HaveOccurred())
		defer answer.Body.Close()
		Expect(io.ReadAll(answer.Body)).To(HaveLen(len("POST /  ") + len(body)))
	})

	It("gets nothing that names a play, open or not", func() {
		o := web()
		p := o.Play(background, script(cases.Connection{Body: text("data: a\n\n")}))
		got, err := io.ReadAll(get(p, "/"))
		Expect(err).NotTo(HaveOccurred())
		Expect(string(got)).To(ContainSubstring("data: a"))
		Expect(ask(o, "GET /p/0123/ HTTP/1.1\r\nHost: a\r\n\r\n")).To(BeEmpty())
	})

	It("is gone with the origin, and so are the connections that wait in it", func() {
		before := gleak.Goroutines()
		o := listen()
		waiting := make(chan struct{})
		o.Handler = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { close(waiting); <-r.Context().Done() })
		o.Serve()
		c, err := net.Dial("tcp", o.Addr().String())
		Expect(err).NotTo(HaveOccurred())
		defer c.Close()
		_, err = io.WriteString(c, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		Expect(err).NotTo(HaveOccurred())
		<-waiting
		Expect(o.Close()).To(Succeed())
		Eventually(gleak.Goroutines).ShouldNot(gleak.HaveLeaked(before))
	})
})
