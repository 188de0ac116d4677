package reference_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/reference"
)

// served starts a server that ends with the spec, over HTTP/1.
func served(h http.Handler) *httptest.Server {
	s := httptest.NewServer(h)
	DeferCleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

// wire sends a request byte by byte and returns all that comes back.
func wire(s *httptest.Server, request string) string {
	GinkgoHelper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	Expect(err).NotTo(HaveOccurred())
	defer conn.Close()
	_, err = io.WriteString(conn, request)
	Expect(err).NotTo(HaveOccurred())
	answer, err := io.ReadAll(conn)
	Expect(err).NotTo(HaveOccurred())
	return string(answer)
}

// chunk is how a text goes over HTTP/1.1.
func chunk(text string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(text), text) }

var _ = Describe("The plain server", func() {
	const (
		typed   = "Content-Type: text/event-stream\r\nCache-Control: no-store\r\nAccess-Control-Allow-Origin: *\r\n"
		framed  = "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
		closing = "Connection: close\r\n\r\n"
		fourth  = "id: 4\ndata: event 4\n\n"
		fifth   = "id: 5\ndata: event 5\n\n"
	)

	DescribeTable("writes every byte itself", func(request, answer string) {
		Expect(wire(served(new(reference.PlainServer)), request+"\r\n")).To(Equal(answer))
	},
		Entry("chunk by chunk", "GET / HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 3\r\n",
			"HTTP/1.1 200 OK\r\n"+typed+framed+chunk(fourth)+chunk(fifth)+"0\r\n\r\n"),
		Entry("without chunks for HTTP/1.0", "GET / HTTP/1.0\r\nLast-Event-ID: 4\r\n",
			"HTTP/1.0 200 OK\r\n"+typed+closing+fifth),
		Entry("a head alone for HEAD", "HEAD / HTTP/1.1\r\nHost: a\r\n",
			"HTTP/1.1 200 OK\r\n"+typed+framed),
		Entry("204 when all has been seen", "GET / HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 5\r\n",
			"HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Origin: *\r\n"+closing),
		Entry("204 for OPTIONS", "OPTIONS / HTTP/1.1\r\nHost: a\r\n",
			"HTTP/1.1 204 No Content\r\nAccess-Control-Allow-Headers: Last-Event-ID\r\nAccess-Control-Allow-Origin: *\r\n"+closing),
	)

	It("sends all events, each in a piece of its own, and the head before them", func() {
		resp, err := http.Get(served(new(reference.PlainServer)).URL)
		Expect(err).NotTo(HaveOccurred())
		defer resp.Body.Close()
		in, lines := bufio.NewScanner(resp.Body), 0
		for in.Scan() {
			lines++
		}
		Expect(in.Err()).NotTo(HaveOccurred())
		Expect(lines).To(Equal(16), "five events of three lines, and retry")
	})

	It("sees who is there and who has left", func() {
		var gone reference.ServerMutant
		for _, m := range reference.ServerMutants() {
			if m.Name == "broken-by-leaving" {
				gone = m
			}
		}
		s := served(gone.Server())
		req, err := http.NewRequest(http.MethodGet, s.URL, nil)
		Expect(err).NotTo(HaveOccurred())
		req.Header.Set("Accept", "text/event-stream")
		req.Header.Set("Accept-Encoding", "identity")
		resp, err := http.DefaultClient.Do(req)
		Expect(err).NotTo(HaveOccurred())
		Expect(resp.StatusCode).To(Equal(http.StatusOK))
		Expect(resp.Body.Close()).To(Succeed())
		Eventually(func() (int, error) {
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				return 0, err
			}
			return resp.StatusCode, resp.Body.Close()
		}).Should(Equal(http.StatusInternalServerError))
	})
})

var _ = Describe("The mutants of the server", func() {
	It("are at least 45, and have a name of their own and a sentence", func() {
		names := map[string]bool{}
		for _, m := range reference.ServerMutants() {
			Expect(names).NotTo(HaveKey(m.Name))
			names[m.Name] = true
			Expect(m.Name).To(MatchRegexp(`^[a-z0-9]+(-[a-z0-9]+)*$`))
			Expect(m.Text).To(MatchRegexp(`^[A-Z].*\.$`), m.Name)
		}
		Expect(len(names)).To(BeNumerically(">=", 45))
	})
})

var _ = Describe("The variants of the server", func() {
	It("are at least twelve, and have a name of their own and a sentence", func() {
		names := map[string]bool{}
		for _, v := range reference.ServerVariants() {
			Expect(names).NotTo(HaveKey(v.Name))
			names[v.Name] = true
			Expect(v.Text).NotTo(BeEmpty(), v.Name)
		}
		Expect(len(names)).To(BeNumerically(">=", 12))
	})
})
