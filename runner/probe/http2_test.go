package probe_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/probe"
)

// secure returns a server over TLS, and a prober that trusts it.
func secure(http2 bool, handler http.HandlerFunc) (*httptest.Server, *probe.Prober) {
	GinkgoHelper()
	s := httptest.NewUnstartedServer(handler)
	s.EnableHTTP2 = http2
	s.StartTLS()
	DeferCleanup(s.Close)
	u, err := url.Parse(s.URL + "/events")
	Expect(err).NotTo(HaveOccurred())
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return s, &probe.Prober{URL: u, Agent: "test", TLS: &tls.Config{RootCAs: pool}}
}

var _ = Describe("Over TLS", func() {
	stream := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("X-Method", r.Method+" "+r.Header.Get("Last-Event-ID")+" "+r.Host)
		w.WriteHeader(200)
		w.(http.Flusher).Flush()
		io.WriteString(w, "data: a\n\n")
	}

	DescribeTable("the protocol is what the server chooses", func(http2, http10 bool, want string) {
		_, p := secure(http2, stream)
		e := p.Do(context.Background(), probe.Request{Method: "GET", HTTP10: http10, Wanted: []probe.Header{{Name: "Last-Event-ID", Value: "ä"}}})
		Expect([]any{e.Reason, e.End, string(e.Bytes())}).To(Equal([]any{"", probe.Closed, "data: a\n\n"}))
		Expect([]any{e.Head.Proto, e.Head.Value("X-Method")}).To(Equal([]any{want, "GET ä " + p.URL.Host}))
	},
		Entry("HTTP/2", true, false, "HTTP/2.0"),
		Entry("HTTP/1.1", false, false, "HTTP/1.1"),
		Entry("HTTP/1.0, where that is asked for", true, true, "HTTP/1.0"),
	)

	It("HTTP/2 is left in the middle of a stream", func() {
		left := make(chan struct{})
		_, p := secure(true, func(w http.ResponseWriter, r *http.Request) {
			stream(w, r)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			close(left)
		})
		e := p.Do(context.Background(), probe.Request{Method: "GET", Enough: func(e *probe.Exchange) bool { return e.Size() > 0 }})
		Expect(e.End).To(Equal(probe.Left))
		Eventually(left).Should(BeClosed())
	})

	It("HTTP/2 is given up when the time is up", func() {
		_, p := secure(true, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		e := p.Queue().Do(context.Background(), 200e6, probe.Request{Method: "GET"})
		Expect(e.End).To(Equal(probe.Silent))
	})

	It("HTTP/2 shows the headers that it must not have", func() {
		_, p := secure(true, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Connection", "keep-alive")
			stream(w, r)
		})
		e := p.Do(context.Background(), probe.Request{Method: "GET"})
		Expect(e.Head.Value("Content-Type")).To(Equal("text/event-stream"))
	})

	It("a certificate that nobody trusts is refused, unless all are taken", func() {
		_, p := secure(true, stream)
		p.TLS = nil
		e := p.Do(context.Background(), probe.Request{Method: "GET"})
		Expect(e.End).To(Equal(probe.Refused))
		Expect(e.Reason).To(ContainSubstring("x509: "))
		p.TLS = &tls.Config{InsecureSkipVerify: true}
		Expect(p.Do(context.Background(), probe.Request{Method: "GET"}).End).To(Equal(probe.Closed))
	})
})
