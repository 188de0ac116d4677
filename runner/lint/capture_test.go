package lint_test

import (
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/ssespec/ssespec/runner/lint"
)

// curl returns a file that curl has written: curl 7.88.1, one run for each file.
func curl(name string) string {
	GinkgoHelper()
	text, err := os.ReadFile(filepath.Join("testdata", "curl", name+".txt"))
	Expect(err).NotTo(HaveOccurred())
	return string(text)
}

// The streams that the servers of the captures sent.
const (
	sent       = "data: one\n\nevent: add\ndata: {\"a\":\n1}\n\ndata: last\n"
	sentOverH2 = "id: 0\ndata: tick\n\nid: 1\ndata: tick\n\nid: 2\ndata: tick\n\nevent: done\n\n"
)

var _ = Describe("A capture", func() {
	DescribeTable("by curl is the stream that was sent, with the lines of the file",
		func(name, stream string, status int, findings ...string) {
			text := curl(name)
			r := captured(text)
			Expect(r.Bytes).To(Equal(int64(len(stream))))
			Expect(r.Events).To(Equal(dispatched(stream)))
			Expect(r.Head.Status).To(Equal(status))
			Expect(brief(r)).To(Equal(findings))
			Expect(captured(bytewise(text)...)).To(Equal(r))
			for _, f := range r.Findings {
				Expect(strings.Split(text, "\n")[f.Line-1]).To(HavePrefix(f.Excerpt.Text))
				Expect(strings.Count(text[:f.Offset], "\n")).To(Equal(f.Line-1), "the line at the offset")
			}
		},
		Entry("-i", "i", sent, 200, "12:1 warning json-over-lines", "15:1 error grammar-event"),
		Entry("-iL, over a redirect", "iL", sent, 200, "18:1 warning json-over-lines", "21:1 error grammar-event"),
		Entry("-i with a response 103 before", "i-103", sent, 200, "15:1 warning json-over-lines", "18:1 error grammar-event"),
		Entry("-i over HTTP/2", "i-h2", sentOverH2, 200, "14:1 warning dispatch-empty-data"),
		Entry("-i of an error page", "i-404", "<!DOCTYPE html>\n<html><body>Not Found</body></html>\n", 404,
			"1:1 error response-status-not-200", "7:1 error html-page folds 1"),
		Entry("-v with its progress meter", "v", sent, 200, "24:1 warning json-over-lines", "27:1 error grammar-event"),
		Entry("-vN", "vN", sent, 200, "20:1 warning json-over-lines", "23:1 error grammar-event"),
		Entry("-vL, over a redirect", "vL", sent, 200, "37:1 warning json-over-lines", "40:1 error grammar-event"),
		Entry("-v with a response 103 before", "v-103", sent, 200, "23:1 warning json-over-lines", "26:1 error grammar-event"),
		Entry("-iv", "iv", sent, 200, "28:1 warning json-over-lines", "31:1 error grammar-event"),
		Entry("-ivN with its progress meter", "ivN", sent, 200, "29:1 warning json-over-lines", "32:1 error grammar-event"),
		Entry("-vN, broken off in a line that a note goes on", "vN-unfinished", "data: one\n\ndata: cut", 200, "18:10 error broken-off folds 2"),
		Entry("-vN over HTTP/2", "vN-h2", sentOverH2, 200, "61:1 warning dispatch-empty-data"),
		Entry("-vN over HTTP/2 with its progress meter", "vN-h2-progress", sentOverH2, 200, "63:1 warning dispatch-empty-data"),
	)

	DescribeTable("that is none is a stream from its first byte",
		func(text string) {
			Expect(captured(text)).To(Equal(linted(text)))
			Expect(captured(bytewise(text)...)).To(Equal(linted(text)))
		},
		Entry("nothing", ""),
		Entry("a stream", "data: 1\n\n"),
		Entry("a stream without line end", "data: 1"),
		Entry("a stream of CR", "data: 1\r\r"),
		Entry("a text with stars", "* one\n* two\n\nthree\n\n"),
		Entry("a text with stars only", "* one\n* two\n"),
		Entry("a quotation", "> one\n> two\n"),
		Entry("an arrow", "< one\n\n"),
		Entry("something like a head", "HTTP/1.1 200 OK\nthis is no header\n\n"),
		Entry("a status line alone with words behind", "HTTP/1.1 and more\n\ndata: 1\n\n"),
		Entry("a status line without end", "HTTP/1.1"),
		Entry("a head without end", "HTTP/1.1 200 OK\r\n"+strings.Repeat("A: b\r\n", 20000)),
		Entry("notes without end", strings.Repeat("* note\n", 20000)),
	)

	It("of every stream of the tables is that stream, when a head is before it", func() {
		head := "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
		for _, stream := range everyStream() {
			want := linted(stream)
			got := captured(head + stream)
			Expect(got.Events).To(Equal(want.Events))
			Expect(got.Findings).To(HaveLen(len(want.Findings)), "%q", stream)
			for i, f := range got.Findings {
				Expect(f.Offset).To(Equal(want.Findings[i].Offset + int64(len(head))))
				Expect(f.Line).To(Equal(want.Findings[i].Line + 3))
			}
		}
	})

	It("keeps lines of a stream that are longer than any note", func() {
		stream := "data: " + strings.Repeat("x", 200000) + "\n\n"
		r := captured("< HTTP/1.1 200 OK\r\n< Content-Type: text/event-stream\r\n< \r\n" + stream + "* note\n" + "Data: 1\n\n")
		Expect(r.Bytes).To(Equal(int64(len(stream) + len("Data: 1\n\n"))))
		Expect(r.Events).To(Equal(1))
		Expect(brief(r)).To(Equal([]string{"7:1 warning field-name-literal folds 1"}))
	})

	It("leaves out the trailer that curl -v shows behind the body", func() {
		r := captured("< HTTP/1.1 200 OK\r\n< Content-Type: text/event-stream\r\n< \r\ndata: 1\n\n< X-Sum: 7\r\n* Connection #0 to host a left intact\n")
		Expect(r.Findings).To(BeEmpty())
		Expect(r.Bytes).To(Equal(int64(len("data: 1\n\n"))))
	})

	It("gives the same report however it is cut", func() {
		texts := []string{curl("v"), curl("ivN"), curl("iL"), curl("vN-unfinished")}
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			text := rapid.SampledFrom(texts).Draw(t, "capture") + anyStream(t)
			NewWithT(t).Expect(captured(cuts(t, text)...)).To(Equal(captured(text)))
		})
	})

	It("that is cut says nothing of its end, and is ready for another", func() {
		var c lint.Capture
		for range 2 {
			c.Feed([]byte(curl("vN")))
			r := c.Cut()
			Expect(r.Cut).To(BeTrue())
			Expect(brief(r)).To(Equal([]string{"20:1 warning json-over-lines"}))
		}
	})
})

var _ = Describe("A head", func() {
	DescribeTable("is judged as clients do",
		func(head string, refused bool, findings ...string) {
			r := captured(head + "\r\n\r\ndata: 1\n\n")
			Expect(brief(r)).To(Equal(append([]string{}, findings...)))
			Expect(r.Head.Refused()).To(Equal(refused))
			Expect(r.Events).To(Equal(1))
		},
		Entry("with the type", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream", false),
		Entry("with a type in capitals and UTF-8", "HTTP/1.1 200 OK\r\ncontent-type: Text/Event-Stream;charset=\"UTF-8\"", false),
		Entry("with the last of two types", "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Type: text/event-stream", false),
		Entry("with parameters that do not parse", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream;;=", false),
		Entry("with another charset", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=iso-8859-1", false, "2:1 error iana-charset"),
		Entry("with another type", "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Type: text/plain", true, "3:1 error format-mime-type"),
		Entry("with a type that does not parse", "HTTP/1.1 200 OK\r\nContent-Type: stream", true, "2:1 error format-mime-type"),
		Entry("with no type", "HTTP/1.1 200 OK\r\nDate: now", true, "1:1 error format-mime-type"),
		Entry("with status 204", "HTTP/1.1 204 No Content\r\nContent-Type: text/event-stream", true, "1:1 advice conn-204-fail"),
		Entry("with status 206", "HTTP/1.1 206 Partial Content\r\nContent-Type: text/event-stream", true, "1:1 error response-status-not-200"),
		Entry("with status 503", "HTTP/2 503 \r\ncontent-type: text/event-stream", true, "1:1 error response-status-not-200"),
		Entry("behind what a proxy says", "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/event-stream", false),
		Entry("behind a demand for credentials", "HTTP/1.1 401 No\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/event-stream", false),
	)

	It("that was not fed has no line", func() {
		var l lint.Linter
		l.Judge(lint.Head{Status: 200, Fields: []lint.HeaderField{{Name: "content-type", Value: "text/\x1bhtml"}}})
		l.Feed([]byte("data: 1\n\n"))
		r := l.End()
		Expect(brief(r)).To(Equal([]string{"0:0 error format-mime-type"}))
		Expect(r.Findings[0].Text).To(Equal(`the Content-Type is "text/\x1bhtml", so every client fails the connection`))
	})
})
