package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing/iotest"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// lintOf runs lint on stdin or on what its arguments name.
func lintOf(ctx context.Context, stdin string, args ...string) (status int, stdout, stderr string) {
	var out, errs strings.Builder
	status = execute(ctx, append([]string{"lint"}, args...), strings.NewReader(stdin), &out, &errs)
	return status, out.String(), errs.String()
}

// answering returns the URL of a server.
func answering(handler http.HandlerFunc) string {
	s := httptest.NewServer(handler)
	DeferCleanup(s.Close)
	return s.URL
}

// streaming answers with chunks, and then holds the stream if that is wanted.
func streaming(hold bool, chunks ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, c := range chunks {
			fmt.Fprint(w, c)
		}
		_ = http.NewResponseController(w).Flush() // the client has gone
		if hold {
			<-r.Context().Done()
		}
	}
}

var _ = Describe("lint of a URL", func() {
	It("asks for an event stream, with the headers that are given", func(ctx SpecContext) {
		asked := make(chan *http.Request, 1)
		url := answering(func(w http.ResponseWriter, r *http.Request) {
			asked <- r
			streaming(false, "data: 1\n\n")(w, r)
		})
		status, stdout, _ := lintOf(ctx, "", url+"/events?token=canary", "--header", "Authorization: Bearer canary", "--header", "X-A:b")
		Expect(status).To(Equal(0))
		Expect(stdout).To(Equal(url + "/events: no findings; 1 event would be dispatched\n"))
		r := <-asked
		Expect(r.Method).To(Equal("GET"))
		Expect(r.Header).To(And(HaveKeyWithValue("Accept", []string{"text/event-stream"}), HaveKeyWithValue("X-A", []string{"b"}),
			HaveKeyWithValue("Authorization", []string{"Bearer canary"})))
	})

	DescribeTable("judges the head as well",
		func(ctx SpecContext, handler http.HandlerFunc, want int, text string) {
			url := answering(handler)
			status, stdout, stderr := lintOf(ctx, "", url)
			Expect(status).To(Equal(want))
			Expect(stdout).To(ContainSubstring(strings.ReplaceAll(text, "URL", url)))
			Expect(stderr).To(BeEmpty())
		},
		Entry("a type that is another", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "data: 1\n\n") },
			1, "URL: error: the Content-Type is \"text/plain; charset=utf-8\", so every client fails the connection\n    hint: send"),
		Entry("an error page", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(502)
			fmt.Fprint(w, "<html>\n<h1>Bad Gateway</h1>\n</html>\n")
		}, 1, "URL: this is an HTML page and no event stream"),
		Entry("204", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) },
			0, "URL: 1 advice; 0 events in the body, but a client reads none of it\n"),
		Entry("a redirect to the stream", func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				http.Redirect(w, r, "/events", http.StatusMovedPermanently)
				return
			}
			streaming(false, "data: 1\n\n")(w, r)
		}, 0, "URL: no findings; 1 event would be dispatched\n"),
	)

	It("asks by another method, with a body", func(ctx SpecContext) {
		asked := make(chan string, 1)
		url := answering(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			asked <- fmt.Sprint(r.Method, " ", string(body), " ", err)
			streaming(false, "data: [DONE]\n\n")(w, r)
		})
		status, _, _ := lintOf(ctx, "", "--method", "POST", "--body", `{"stream":true}`, url)
		Expect(status).To(Equal(0))
		Expect(<-asked).To(Equal(`POST {"stream":true} <nil>`))
	})

	DescribeTable("leaves behind what the user sends when a redirect leads to another origin", func(ctx SpecContext, method string, asked int, args ...string) {
		var there []*http.Request
		other := answering(func(w http.ResponseWriter, r *http.Request) {
			there = append(there, r)
			streaming(false, "data: 1\n\n")(w, r)
		})
		first := answering(http.RedirectHandler(other+"/there", http.StatusTemporaryRedirect).ServeHTTP)
		where := strings.Replace(first, "http://", "http://user:canary-1@", 1) + "/events?token=canary-2"
		lintOf(ctx, "", append(args, "--method", method, "--header", "X-Api-Key: canary-3", "--header", "Cookie: a=canary-4", where)...)
		Expect(there).To(HaveLen(asked))
		for _, r := range there {
			Expect(fmt.Sprint(r.URL, r.Header)).NotTo(ContainSubstring("canary"))
			Expect(r.Header.Get("Accept")).To(Equal("text/event-stream"))
		}
	},
		Entry("with GET", "GET", 1),
		Entry("with POST, which is not sent twice", "POST", 0, "--body", "canary-5"),
	)

	It("does not tell the secrets it asked with where a stream echoes them", func(ctx SpecContext) {
		url := answering(func(w http.ResponseWriter, r *http.Request) {
			streaming(false, "you are "+r.Header.Get("Authorization")+" "+r.URL.Query().Get("token")+"\n\n")(w, r)
		})
		for _, format := range lintFormatNames() {
			status, stdout, _ := lintOf(ctx, "", "--format", format, "--header", "Authorization: Bearer canary-in-header", url+"?token=canary-in-query")
			Expect(status).To(Equal(0))
			Expect(stdout).To(ContainSubstring("text-without-data"))
			Expect(stdout).NotTo(ContainSubstring("canary"))
		}
	})

	It("trusts a certificate only when it is told to", func(ctx SpecContext) {
		s := httptest.NewTLSServer(streaming(false, "data: 1\n\n"))
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		DeferCleanup(s.Close)
		status, _, stderr := lintOf(ctx, "", s.URL)
		Expect(status).To(Equal(3))
		Expect(stderr).To(ContainSubstring("certificate"))
		status, _, _ = lintOf(ctx, "", "--insecure", s.URL)
		Expect(status).To(Equal(0))
	})

	It("stops after --for, and says nothing of what is unfinished then", func(ctx SpecContext) {
		url := answering(streaming(true, "data: 1\n\n", "data: 2\n"))
		status, stdout, _ := lintOf(ctx, "", "--for", "300ms", url)
		Expect(status).To(Equal(0))
		Expect(stdout).To(Equal(url + ": no findings; 1 event would be dispatched (read for 300ms: --for)\n"))
	})

	It("stops after 16 MiB", func(ctx SpecContext) {
		block := "data: " + strings.Repeat("x", 65528) + "\n\n"
		url := answering(streaming(false, strings.Repeat(block, 300)))
		status, stdout, _ := lintOf(ctx, "", "--for", "60s", url)
		Expect(status).To(Equal(0))
		Expect(stdout).To(Equal(url + ": no findings; 256 events would be dispatched (read up to 16 MiB)\n"))
	})

	It("says that the connection broke off", func(ctx SpecContext) {
		url := answering(func(w http.ResponseWriter, r *http.Request) {
			streaming(false, "data: 1\n\ndata: 2")(w, r)
			panic(http.ErrAbortHandler)
		})
		status, stdout, _ := lintOf(ctx, "", url)
		Expect(status).To(Equal(0))
		Expect(stdout).To(Equal(url + ": no findings; 1 event would be dispatched (the connection broke off: unexpected EOF)\n"))
	})

	It("is not reached where no head comes within --for", func(ctx SpecContext) {
		url := answering(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		status, stdout, stderr := lintOf(ctx, "", "--for", "100ms", url+"?token=canary")
		Expect(status).To(Equal(3))
		Expect(stdout).To(BeEmpty())
		Expect(stderr).To(Equal("ssespec: " + url + ": no head of a response within 100ms (--for)\n"))
	})

	It("is not reached where redirects have no end, and the URL is not told", func(ctx SpecContext) {
		url := answering(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/?token=canary", http.StatusFound) })
		status, _, stderr := lintOf(ctx, "", url+"?token=canary")
		Expect(status).To(Equal(3))
		Expect(stderr).To(Equal("ssespec: " + url + ": stopped after 10 redirects\n"))
	})

	It("tells what was found when it is interrupted", func(spec SpecContext) {
		ctx, interrupt := context.WithCancel(spec)
		url := answering(func(w http.ResponseWriter, r *http.Request) {
			streaming(false, "hello\n\n")(w, r)
			interrupt()
			<-r.Context().Done()
		})
		status, stdout, stderr := lintOf(ctx, "", url)
		Expect(status).To(Equal(130))
		Expect(stdout).To(ContainSubstring("interrupted"))
		Expect(stderr).To(BeEmpty())
	})
})

var _ = Describe("lint", func() {
	It("counts the events that decode shows, in every stream of the suite", func(ctx SpecContext) {
		all, err := embedded()
		Expect(err).NotTo(HaveOccurred())
		streams := 0
		for _, c := range all {
			for _, connection := range c.Script.Connections {
				stream := string(bytes.Join(connection.Chunks(), nil))
				if strings.HasPrefix(stream, "HTTP/") || len(stream) > 1<<20 {
					continue
				}
				streams++
				var decoded counter
				Expect(decode(&decoded, strings.NewReader(stream))).To(Succeed())
				_, stdout, _ := lintOf(ctx, stream, "--format", "json")
				var doc lintDocument
				Expect(json.Unmarshal([]byte(stdout), &doc)).To(Succeed())
				Expect(doc.Events).To(Equal(decoded.lines), "%s", c.ID)
				Expect(doc.Bytes).To(Equal(int64(len(stream))), "%s", c.ID)
			}
		}
		Expect(streams).To(BeNumerically(">", 100))
	})

	It("lets no control of a stream reach the terminal", func(ctx SpecContext) {
		stream := "\x1b[2J\u202e\x9b\n\ndata: \x1b]0;x\x07\xff\u2066\n\n\x1b\x00: 1\n\ndata\x1b: 1\n\n"
		for _, format := range lintFormatNames() {
			_, stdout, _ := lintOf(ctx, stream, "--format", format)
			Expect(stdout).NotTo(MatchRegexp(`[\x00-\x09\x0b-\x1f\x7f-\x9f\x{202a}-\x{202e}\x{2066}-\x{2069}]`), format)
			Expect(stdout).NotTo(BeEmpty())
		}
	})

	It("writes commands of GitHub that no stream and no name of a file can add to", func(ctx SpecContext) {
		name := filepath.Join(GinkgoT().TempDir(), "a\n::error::b,c:d%")
		Expect(os.WriteFile(name, []byte("\r::error::x\n\n::set-output name=a::b\n\ndata: 1\n\n"), fs.FileMode(0o600))).To(Succeed())
		_, stdout, _ := lintOf(ctx, "", "--format", "github", name)
		lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
		for _, line := range lines[:len(lines)-1] {
			Expect(line).To(MatchRegexp(`^::(error|warning|notice) file=[^,:]*a%0A%3A%3Aerror%3A%3Ab%2Cc%3Ad%25,line=\d+,col=\d+,title=[^,:]*::`))
		}
		Expect(lines[len(lines)-1]).To(HavePrefix("ssespec lint: "))
	})

	It("says so where a file cannot be read to its end", func(ctx SpecContext) {
		err := feed(ctx, iotest.ErrReader(fs.ErrInvalid), func([]byte) {})
		Expect(err).To(MatchError(fs.ErrInvalid))
	})

	It("does not wait for input that never comes when it is interrupted", func(spec SpecContext) {
		ctx, interrupt := context.WithCancel(spec)
		in, out, err := os.Pipe()
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { out.Close(); in.Close() })
		_, err = out.WriteString("data: 1\n\n")
		Expect(err).NotTo(HaveOccurred())
		took := 0
		err = feed(ctx, in, func(b []byte) { took += len(b); interrupt() })
		Expect(err).To(MatchError(context.Canceled))
		Expect(took).To(Equal(9))
	}, SpecTimeout(time.Minute))

	It("needs less memory than what it reads", func(ctx SpecContext) {
		in := &source{block: []byte("data: " + strings.Repeat("x", 1008) + "\nData:x\n\n\n"), left: 64 << 20} // blocks of 1 KiB

		var out strings.Builder
		root := newRoot()
		root.SetArgs([]string{"lint"})
		root.SetIn(in)
		root.SetOut(&out)
		Expect(root.ExecuteContext(ctx)).To(Succeed())
		Expect(out.String()).To(ContainSubstring("65536 warnings; 65536 events would be dispatched"))
		Expect(in.looks).To(BeNumerically(">", 8))
		Expect(in.heap).To(BeNumerically("<", 64<<20))
	})
})
