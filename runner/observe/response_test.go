package observe_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// of judges nothing but the stream, changed by options.
func of(id, want string, options ...option) {
	GinkgoHelper()
	Expect(verdict(id, stream(options...))).To(Equal(want))
}

var _ = Describe("The head of a stream", func() {
	DescribeTable("status", func(n int, want string) { of("response/status", want, withStatus(n)) },
		Entry("200 is right", 200, ""),
		Entry("201", 201, "the answer has the status 201: EventSource takes 200 only, and does not come back"),
		Entry("206", 206, "the answer has the status 206: EventSource takes 200 only, and does not come back"),
		Entry("a redirect that leads nowhere", 302, "the answer has the status 302: EventSource takes 200 only, and does not come back"),
	)

	refused := func(value string) string {
		return `the Content-Type is "` + value + `": EventSource refuses it, and does not come back`
	}
	DescribeTable("type", func(want string, options ...option) { of("response/content-type", want, options...) },
		Entry("text/event-stream", ""),
		Entry("in capitals", "", with("Content-Type", "Text/Event-Stream")),
		Entry("with a parameter", "", with("Content-Type", "text/event-stream; charset=utf-8")),
		Entry("after another value", "", with("Content-Type", "text/html"), also("Content-Type", "text/event-stream")),
		Entry("before another value", refused("text/event-stream, text/html"), also("Content-Type", "text/html")),
		Entry("HTML", refused("text/html"), with("Content-Type", "text/html")),
		Entry("plain text", refused("text/plain"), with("Content-Type", "text/plain")),
		Entry("text/eventstream", refused("text/eventstream"), with("Content-Type", "text/eventstream")),
		Entry("none", "the answer has no Content-Type: EventSource refuses it, and does not come back", without("Content-Type")),
		Entry("of another status is not judged", "skip: the status is 201", withStatus(201), with("Content-Type", "text/html")),
	)

	DescribeTable("charset", func(value, want string) { of("response/charset", want, with("Content-Type", value)) },
		Entry("none", "text/event-stream", ""),
		Entry("utf-8", "text/event-stream;charset=utf-8", ""),
		Entry("UTF-8 in quotes", `text/event-stream; charset="UTF-8"`, ""),
		Entry("another parameter", "text/event-stream; version=1", ""),
		Entry("iso-8859-1", "text/event-stream; charset=iso-8859-1", `the charset is "iso-8859-1", which clients ignore or refuse`),
		Entry("utf8, which is no name of it", "text/event-stream; charset=utf8", `the charset is "utf8", which clients ignore or refuse`),
	)

	const invites = ": caches may keep the stream and hand it to others"
	DescribeTable("caches", func(want string, options ...option) { of("response/cacheable", want, options...) },
		Entry("nothing about them", ""),
		Entry("no-cache", "", with("Cache-Control", "no-cache")),
		Entry("no-store before all", "", with("Cache-Control", "public, max-age=60, no-store")),
		Entry("no-cache in capitals", "", with("Cache-Control", "No-Cache, no-transform")),
		Entry("private", "", with("Cache-Control", "private")),
		Entry("max-age=0", "", with("Cache-Control", "max-age=0")),
		Entry("a validator with Cache-Control", "", with("Cache-Control", "max-age=0"), with("ETag", `"a"`)),
		Entry("Expires in the past", "", with("Date", "Sat, 21 Nov 2026 12:00:00 GMT"), with("Expires", "Sat, 21 Nov 2026 11:00:00 GMT")),
		Entry("Expires that is no date", "", with("Date", "Sat, 21 Nov 2026 12:00:00 GMT"), with("Expires", "-1")),
		Entry("max-age", "Cache-Control has max-age=60"+invites, with("Cache-Control", "max-age=60")),
		Entry("s-maxage in quotes", `Cache-Control has s-maxage="1"`+invites, with("Cache-Control", `private, s-maxage="1"`)),
		Entry("public", "Cache-Control has public"+invites, with("Cache-Control", "public")),
		Entry("Expires in the future", "Expires is in the future"+invites, with("Date", "Sat, 21 Nov 2026 12:00:00 GMT"), with("Expires", "Sat, 21 Nov 2026 13:00:00 GMT")),
		Entry("Last-Modified alone", "there is Last-Modified and no Cache-Control"+invites, with("Last-Modified", "Sat, 21 Nov 2026 12:00:00 GMT")),
		Entry("an ETag alone", "there is an ETag and no Cache-Control"+invites, with("ETag", `"a"`)),
	)

	DescribeTable("Content-Length", func(want string, options ...option) { of("response/content-length", want, options...) },
		Entry("none", ""),
		Entry("one", "the answer names Content-Length: 42, so it was complete before its first byte was sent", with("Content-Length", "42")),
	)

	DescribeTable("Connection", func(want string, options ...option) { of("response/connection-header", want, options...) },
		Entry("over HTTP/1.1", "skip: needs HTTP/2, and the server answers in HTTP/1.1", with("Connection", "keep-alive")),
		Entry("over HTTP/2, none", "", proto("HTTP/2.0")),
		Entry("over HTTP/2", "the answer over HTTP/2 has the header Connection: keep-alive", proto("HTTP/2.0"), with("Connection", "keep-alive")),
		Entry("Transfer-Encoding over HTTP/2", "the answer over HTTP/2 has the header Transfer-Encoding: chunked", proto("HTTP/2.0"), with("Transfer-Encoding", "chunked")),
	)
})
