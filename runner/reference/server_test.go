package reference_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/reference"
)

// ask sends one request to a server with three events and returns the answer with its body.
func ask(method string, headers ...string) (*http.Response, string) {
	GinkgoHelper()
	s := httptest.NewServer(&reference.Server{Events: 3, Every: time.Millisecond})
	defer s.Close()
	req, err := http.NewRequest(method, s.URL, nil)
	Expect(err).NotTo(HaveOccurred())
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := s.Client().Do(req)
	Expect(err).NotTo(HaveOccurred())
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	Expect(err).NotTo(HaveOccurred())
	return resp, string(body)
}

var _ = Describe("The reference server", func() {
	const first, rest = "id: 1\nretry: 1000\ndata: event 1\n\n", "id: 2\ndata: event 2\n\nid: 3\ndata: event 3\n\n"

	DescribeTable("answers", func(method, lastEventID string, status int, body string) {
		resp, got := ask(method, "Last-Event-ID", lastEventID)
		Expect([]any{resp.StatusCode, got}).To(Equal([]any{status, body}))
	},
		Entry("a client without an id with everything", "GET", "", 200, first+rest),
		Entry("a client that has seen one with the others", "GET", "1", 200, rest),
		Entry("a client that has seen all with 204", "GET", "3", 204, ""),
		Entry("an id beyond the last with everything", "GET", "4", 200, first+rest),
		Entry("an id that is not ours with everything", "GET", "01", 200, first+rest),
		Entry("an id that is no ASCII with everything", "GET", "ä", 200, first+rest),
		Entry("HEAD without a body", "HEAD", "", 200, ""),
		Entry("OPTIONS with 204", "OPTIONS", "", 204, ""),
		Entry("another method with 405", "POST", "", 405, "a stream is read with GET\n"),
	)

	It("labels the stream and keeps caches out", func() {
		resp, _ := ask("GET")
		Expect(resp.Header.Values("Content-Type")).To(Equal([]string{"text/event-stream"}))
		Expect(resp.Header.Get("Cache-Control")).To(Equal("no-store"))
		Expect(resp.ContentLength).To(BeEquivalentTo(-1))
	})

	It("sends the head before the first event", func() {
		s := httptest.NewServer(&reference.Server{Every: time.Hour})
		defer s.Close()
		resp, err := s.Client().Get(s.URL)
		Expect(err).NotTo(HaveOccurred())
		Expect(resp.Body.Close()).To(Succeed())
	})

	It("compresses for who offers gzip, and flushes each event", func() {
		s := httptest.NewServer(&reference.Server{Events: 2, Every: 50 * time.Millisecond})
		defer s.Close()
		req, err := http.NewRequest("GET", s.URL, nil)
		Expect(err).NotTo(HaveOccurred())
		req.Header.Set("Accept-Encoding", "gzip")
		resp, err := s.Client().Do(req)
		Expect(err).NotTo(HaveOccurred())
		defer resp.Body.Close()
		Expect(resp.Header.Get("Content-Encoding")).To(Equal("gzip"))
		z, err := gzip.NewReader(resp.Body)
		Expect(err).NotTo(HaveOccurred())
		read := make([]byte, 1<<10)
		n, err := z.Read(read)
		Expect(err).NotTo(HaveOccurred())
		Expect(string(read[:n])).To(Equal(first))
		left, err := io.ReadAll(z)
		Expect(err).NotTo(HaveOccurred(), "the end of the coding")
		Expect(string(left)).To(Equal("id: 2\ndata: event 2\n\n"))
	})
})
