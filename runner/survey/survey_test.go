package survey_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/runner/secret"
	"github.com/ssespec/ssespec/runner/survey"
	"github.com/ssespec/ssespec/runner/target"
)

// answers is a handler that answers with the status, type and body.
func answers(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		w.Write([]byte(body))
	}
}

var _ = Describe("With GET", func() {
	It("one request is sent for each role, within the bounds", func() {
		c, o := run(&reference.Server{Every: 30 * time.Millisecond})
		Expect(c.methods()).To(Equal([]string{"GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET", "GET", "HEAD", "OPTIONS"}))
		Expect(most(o)).To(Equal(4), "open at once")
		Expect(o.Exchanges).To(HaveLen(14))
		Expect(o.Unsent).To(BeEmpty())
		for role, e := range o.Exchanges {
			Expect(e.End).To(BeElementOf(probe.Closed, probe.Left), string(role))
		}
	})

	It("every request is that of an EventSource, but for what it is sent for", func() {
		c, _ := run(&reference.Server{Every: 30 * time.Millisecond})
		Expect(c.with("Accept")).To(Equal(append([]string{"*/*"}, repeated("text/event-stream", 13)...)))
		Expect(c.with("Accept-Encoding")).To(Equal(append([]string{"gzip"}, repeated("identity", 13)...)))
		Expect(c.with("Cache-Control")).To(Equal(repeated("no-cache", 14)))
		Expect(c.with("User-Agent")).To(Equal(repeated("test", 14)))
		Expect(c.with("Origin")).To(HaveLen(2))
		Expect(c.with("Last-Event-ID")).To(ConsistOf("1", "5", "ssespec-unknown-id", HaveLen(4096), "ä-日本-🙂"))
		Expect(c.bodies).To(Equal(make([]string, 14)))
	})

	It("the question for the scripted protocol is one more, if it is asked", func() {
		c, o := run(&reference.Server{Every: 30 * time.Millisecond}, func(p *survey.Plan) { p.Hello = true })
		Expect(c.methods()).To(HaveLen(15))
		Expect(o.Exchanges).To(HaveKey(observe.Hello))
	})

	It("only what the roles need is sent", func() {
		c, o := run(&reference.Server{Every: time.Millisecond}, func(p *survey.Plan) { p.Roles = []observe.Role{observe.Stream, observe.Head} })
		Expect(c.methods()).To(Equal([]string{"GET", "HEAD"}))
		Expect(o.Exchanges).To(HaveLen(2))
	})

	It("a stream of which only the head is of interest is left at once", func() {
		c, o := run(http.HandlerFunc(endless), func(p *survey.Plan) {
			p.Watch, p.Roles = time.Hour, []observe.Role{observe.Stream, observe.Head}
		})
		Expect(c.methods()).To(Equal([]string{"GET", "HEAD"}))
		Expect(o.Exchanges[observe.Stream].End).To(Equal(probe.Left))
		Expect(o.Read()).To(BeFalse())
	})

	It("a stream that goes on is left in time, and what waits for its end is not sent", func() {
		c, o := run(http.HandlerFunc(endless), func(p *survey.Plan) { p.Watch = 300 * time.Millisecond })
		Expect(o.Exchanges[observe.Stream].End).To(Equal(probe.Left))
		Expect(o.Unsent).To(Equal(map[observe.Role]string{observe.Over: "the stream did not end while it was watched"}))
		Expect(len(c.methods())).To(BeNumerically("<=", 16))
	})

	DescribeTable("nothing more is sent where the answer is no stream", func(handler http.HandlerFunc) {
		c, o := run(handler)
		Expect(c.methods()).To(Equal([]string{"GET"}))
		Expect(o.Exchanges).To(HaveLen(1))
	},
		Entry("204", answers(204, "", "")),
		Entry("HTML", answers(200, "text/html", "<html>")),
		Entry("not found", answers(404, "text/event-stream", "")),
	)

	DescribeTable("a stream cannot be resumed", func(body, why string) {
		_, o := run(answers(200, "text/event-stream", body))
		Expect(o.Unsent[observe.Resumed]).To(Equal(why))
	},
		Entry("without ids", "data: a\n\ndata: b\n\n", "the stream has no ids"),
		Entry("with one id", "id: 1\ndata: a\n\n", "the stream has only one id"),
		Entry("with the same id again", "id: 1\ndata: a\n\ndata: b\n\nid: 1\ndata: c\n\n", "the stream has only one id"),
	)

	It("comes back with the first id, and after the end with the last", func() {
		c, o := run(answers(200, "text/event-stream", "id: 7\ndata: a\n\nid: 8\ndata: b\n\n"))
		Expect(c.with("Last-Event-ID")).To(ContainElements("7", "8"))
		Expect(o.From).To(Equal("7"))
	})
})

func repeated(text string, n int) []string {
	return strings.Split(strings.TrimSuffix(strings.Repeat(text+"\n", n), "\n"), "\n")
}

var _ = Describe("With POST", func() {
	post := func(requests int) func(*survey.Plan) {
		return func(p *survey.Plan) {
			p.Method, p.Body, p.Prober.Requests = "POST", []byte(`{"stream":true}`), requests
		}
	}

	It("exactly one request is sent, with its body", func() {
		c, o := run(answers(200, "text/event-stream", "data: a\n\n"), post(1))
		Expect(c.methods()).To(Equal([]string{"POST"}))
		Expect(c.bodies).To(Equal([]string{`{"stream":true}`}))
		Expect(o.Unsent[observe.Second]).To(Equal("a POST is sent once: more may change something there (--requests N allows N)"))
		Expect(o.Unsent[observe.Head]).To(Equal("only POST is sent"))
	})

	It("as many are sent as are allowed, all by POST", func() {
		c, _ := run(answers(200, "text/event-stream", "data: a\n\n"), post(4))
		Expect(c.methods()).To(Equal([]string{"POST", "POST", "POST", "POST"}))
		Expect(c.bodies).To(Equal(repeated(`{"stream":true}`, 4)))
	})

	It("a redirect is not followed", func() {
		c, o := run(http.RedirectHandler("/there", http.StatusTemporaryRedirect), post(1))
		Expect(c.methods()).To(Equal([]string{"POST"}))
		Expect(o.Exchanges[observe.Stream].Head.Status).To(Equal(307))
	})
})

var _ = Describe("Observe", func() {
	// observed is the error for a server that answers so.
	observed := func(handler http.HandlerFunc) error {
		s := httptest.NewServer(handler)
		defer s.Close()
		u, err := url.Parse(s.URL)
		Expect(err).NotTo(HaveOccurred())
		_, err = survey.Plan{Prober: &probe.Prober{URL: u}, Watch: 200 * time.Millisecond}.Observe(context.Background(), []observe.Role{observe.Stream})
		return err
	}

	DescribeTable("has nothing to see", func(handler http.HandlerFunc, why string) {
		var u *target.Unreachable
		err := observed(handler)
		Expect(err).To(BeAssignableToTypeOf(u))
		Expect(err).To(MatchError(ContainSubstring(why)))
	},
		Entry("401", answers(401, "", ""), "the answer is 401 Unauthorized: send credentials with --header-env"),
		Entry("403", answers(403, "", ""), "the answer is 403 Forbidden: the credentials"),
		Entry("404", answers(404, "", ""), "the answer is 404 Not Found: nothing is there"),
		Entry("405", answers(405, "", ""), "the answer is 405 Method Not Allowed: another method is wanted; try --method POST"),
		Entry("400 of a server that speaks TLS", answers(400, "text/plain", "Client sent an HTTP request to an HTTPS server.\n"), "the answer is 400: the server wants https://"),
		Entry("400 with a reason", answers(400, "application/json", `{"error":"model is missing"}`+"\nmore"), `the answer is 400 Bad Request, it says "{\"error\":\"model is missing\"}": see what`),
		Entry("500 with a page", answers(500, "text/html", "<h1>long</h1>"), "the answer is 500 Internal Server Error: the server fails"),
		Entry("500 with much text", answers(500, "text/plain", strings.Repeat("x", 500)), `it says "`+strings.Repeat("x", 120)+`…": the`),
		Entry("500 with bytes", answers(500, "text/plain", "\xff\x00\x1b[2J"), "the answer is 500 Internal Server Error: the server fails"),
		Entry("410, without a hint", answers(410, "", ""), "the answer is 410 Gone"),
		Entry("503", answers(503, "", ""), "the answer is 503 Service Unavailable: the server is not ready"),
		Entry("nothing", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "no answer within 0 s: the server hangs, or keeps its head back"),
		Entry("an abort", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "the connection was closed without an answer"),
	)

	DescribeTable("has something to judge", func(handler http.HandlerFunc) { Expect(observed(handler)).To(Succeed()) },
		Entry("a stream", answers(200, "text/event-stream", "")),
		Entry("another type", answers(200, "text/html", "")),
		Entry("204", answers(204, "", "")),
		Entry("201", answers(201, "text/event-stream", "")),
	)
})

var _ = Describe("Secrets", func() {
	It("are nowhere in what was seen", func() {
		secrets := new(secret.Set)
		secrets.AddHeader("Authorization", "Bearer canary-123")
		echo := func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			w.Header().Set("Set-Cookie", "sid=cookie-456; Path=/")
			w.Header().Set("X-Echo", r.Header.Get("Authorization"))
			w.Write([]byte("data: Bearer can"))
			w.(http.Flusher).Flush()
			w.Write([]byte("ary-123 cookie-456\n\n"))
		}
		_, o := run(http.HandlerFunc(echo), func(p *survey.Plan) {
			p.Secrets, p.Own = secrets, []probe.Header{{Name: "Authorization", Value: "Bearer canary-123"}}
		})
		e := o.Exchanges[observe.Stream]
		Expect(string(e.Bytes())).To(Equal("data: ***************** **********\n\n"))
		Expect(e.Head.Value("X-Echo")).To(Equal("*****************"))
		Expect(e.Head.Value("Set-Cookie")).To(HavePrefix("***"))
		Expect(string(e.Sent)).To(ContainSubstring("Authorization: *****************\r\n"))
		for _, h := range e.Asked {
			Expect(h.Value).NotTo(ContainSubstring("canary"))
		}
	})
})

var _ = Describe("Sketches", func() {
	It("are what is sent", func() {
		c, o := run(&reference.Server{Every: 30 * time.Millisecond})
		u := &url.URL{Scheme: "http", Host: "example.invalid"}
		list := survey.Plan{Prober: &probe.Prober{URL: u}}.Sketches(nil)
		Expect(list).To(HaveLen(len(c.methods())))
		for _, s := range list {
			Expect(o.Exchanges[s.Role].Request.Method).To(Equal(s.Method))
		}
	})

	It("are one for POST", func() {
		list := survey.Plan{Prober: &probe.Prober{URL: new(url.URL), Requests: 1}, Method: "POST"}.Sketches(nil)
		Expect(list).To(HaveLen(1))
		Expect([]any{list[0].Role, list[0].Method}).To(Equal([]any{observe.Stream, "POST"}))
	})

	It("show no secret", func() {
		secrets := new(secret.Set)
		secrets.AddHeader("Authorization", "Bearer canary-123")
		p := survey.Plan{Prober: &probe.Prober{URL: new(url.URL)}, Secrets: secrets, Own: []probe.Header{{Name: "Authorization", Value: "Bearer canary-123"}}}
		for _, s := range p.Sketches([]observe.Role{observe.Stream}) {
			Expect(s.Headers).To(ContainElement(probe.Header{Name: "Authorization", Value: "*****************"}))
		}
		Expect(p.Own[0].Value).To(Equal("Bearer canary-123"), "what is sent stays")
	})
})
