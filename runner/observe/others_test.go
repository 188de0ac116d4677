package observe_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
)

// judged puts a check to a right stream beside another exchange.
func judged(id string, role observe.Role) func(want string, options ...option) {
	return func(want string, options ...option) {
		GinkgoHelper()
		Expect(verdict(id, beside(role, options...))).To(Equal(want))
	}
}

const foreign = "https://foreign.invalid"

var _ = Describe("Other requests", func() {
	DescribeTable("HEAD", judged("requests/head", observe.Head),
		Entry("the head alone", "", body()),
		Entry("refused", "", withStatus(405), body()),
		Entry("not implemented", "", withStatus(501), body()),
		Entry("with a body", "the answer to HEAD has a body, 9 bytes of it at once", body(2, one)),
		Entry("not found", "HEAD is answered with the status 404 where GET has 200", withStatus(404), body()),
		Entry("an error", "HEAD is answered with the status 500 where GET has 200", withStatus(500), body()),
		Entry("hangs", "HEAD: no answer within 3.0 s", unanswered(probe.Silent)),
		Entry("breaks", "HEAD: the reason", unanswered(probe.Broken)),
	)

	DescribeTable("OPTIONS", judged("requests/options", observe.Options),
		Entry("answered", "", withStatus(204), body()),
		Entry("answered with 200", "", with("Content-Type", "text/plain")),
		Entry("refused", "", withStatus(405)),
		Entry("not implemented", "", withStatus(501)),
		Entry("opens a stream", "OPTIONS opens a stream"),
		Entry("an error", "OPTIONS is answered with the status 500", withStatus(500)),
		Entry("hangs", "OPTIONS: no answer within 3.0 s", unanswered(probe.Silent)),
	)

	DescribeTable("Accept", judged("requests/accept", observe.Accept),
		Entry("the stream", ""),
		Entry("not acceptable", "with Accept: */* the answer is the status 406", withStatus(406)),
		Entry("a page", `with Accept: */* the answer is 200 with the type "text/html"`, with("Content-Type", "text/html")),
		Entry("hangs", "with Accept: */* the answer is no answer within 3.0 s", unanswered(probe.Silent)),
	)

	DescribeTable("HTTP/1.0", judged("requests/http-1-0", observe.HTTP10),
		Entry("in HTTP/1.0", "", proto("HTTP/1.0")),
		Entry("in HTTP/1.1 without chunks", ""),
		Entry("refused", "", withStatus(426)),
		Entry("in chunks", "a request in HTTP/1.0 is answered in chunks, whose sizes the client takes for a part of the stream", with("Transfer-Encoding", "Chunked")),
		Entry("breaks", "HTTP/1.0: the reason", unanswered(probe.Broken)),
		Entry("is none of the server's", "skip: the server speaks HTTP/2 only", unanswered(probe.Refused), func(e *probe.Exchange) { e.Reason = "remote error: tls: no application protocol" }),
	)

	DescribeTable("a second client", judged("clients/second", observe.Second),
		Entry("is served", ""),
		Entry("finds that it is over", "", withStatus(204)),
		Entry("is refused", "a second client, while the first was connected, got the status 409", withStatus(409)),
		Entry("waits", "a second client, while the first was connected, got no answer within 3.0 s", unanswered(probe.Silent)),
	)

	DescribeTable("a client that comes back", judged("clients/comes-back", observe.Return),
		Entry("is served", ""),
		Entry("is refused", "a client that had left came back and got the status 503", withStatus(503)),
	)

	DescribeTable("the first client", func(want string, first, other *probe.Exchange) {
		Expect(verdict("clients/first-kept", seen(map[observe.Role]*probe.Exchange{observe.Stream: first, observe.Second: other}))).To(Equal(want))
	},
		Entry("keeps its stream", "", exchange(ends(probe.Left, 8000)), exchange()),
		Entry("loses it to the second", "the stream of the first client ended 9 ms after a second one came, which got more events",
			exchange(body(5, one), ends(probe.Closed, 10)), exchange(body(20, one, 120, two, 220, three))),
		Entry("has a short stream, as the second", "", exchange(body(5, one), ends(probe.Closed, 10)), exchange(body(5, one))),
		Entry("ends long after", "", exchange(body(5, one), ends(probe.Closed, 3000)), exchange(body(5, one+two))),
		Entry("when the second has none", "skip: there was no second stream", exchange(), exchange(withStatus(503))),
	)
})

var _ = Describe("Compression", func() {
	gzip := with("Content-Encoding", "gzip")

	DescribeTable("that nobody asked for", func(want string, options ...option) { of("compression/unasked", want, options...) },
		Entry("none", ""),
		Entry("identity", "", with("Content-Encoding", "identity")),
		Entry("gzip", `the stream is sent as "gzip", though the request said Accept-Encoding: identity`, gzip),
	)

	DescribeTable("that cannot be undone", judged("compression/sound", observe.Gzip),
		Entry("none", ""),
		Entry("gzip", "", gzip),
		Entry("broken", "the stream cannot be decompressed: the reason", gzip, ends(probe.Undecoded, 3)),
		Entry("over", "", withStatus(204)),
		Entry("an error", "a client that offers gzip got the status 500", withStatus(500)),
		Entry("no answer", "a client that offers gzip got no answer within 3.0 s", unanswered(probe.Silent)),
	)

	DescribeTable("without a flush", judged("compression/flushed", observe.Gzip),
		Entry("none", ""),
		Entry("flushed", "", gzip),
		Entry("nothing comes", "with gzip no event came in 8.0 s; without, the first came after 1 ms", gzip, body(), ends(probe.Left, 8001)),
		Entry("nothing came, in too short a time", "", gzip, body(), ends(probe.Left, 400)),
		Entry("the first comes late", "with gzip the first event came after 4.0 s; without, after 1 ms", gzip, body(4001, one)),
		Entry("broken: that is another case", "skip: the stream cannot be decompressed", gzip, ends(probe.Undecoded, 3)),
	)

	DescribeTable("in one lump", func(want string, plain, squeezed option) {
		Expect(verdict("compression/flushed", seen(map[observe.Role]*probe.Exchange{
			observe.Stream: exchange(plain), observe.Gzip: exchange(gzip, squeezed)}))).To(Equal(want))
	},
		Entry("over a second without gzip", "with gzip 3 events came at once; without, over 998 ms", body(2, one, 500, two, 1000, three), body(900, one+two+three)),
		Entry("at once in both", "", body(2, one+two+three), body(2, one+two+three)),
	)

	It("is not judged where no event came", func() {
		o := seen(map[observe.Role]*probe.Exchange{observe.Stream: exchange(body()), observe.Gzip: exchange(gzip)})
		Expect(verdict("compression/flushed", o)).To(Equal("skip: no event came to compare with"))
	})
})

var _ = Describe("Coming back", func() {
	DescribeTable("with an id that was seen, nothing is repeated", judged("resume/nothing-repeated", observe.Resumed),
		Entry("what followed", "", body(2, "id: 2\ndata: b\n\n")),
		Entry("something new", "", body(2, "id: 77\ndata: x\n\n")),
		Entry("it is over", "", withStatus(204)),
		Entry("the same event", `a client that came back with the id "1" was given that event again`, body(2, "id: 1\ndata: a\n\nid: 2\ndata: b\n\n")),
		Entry("refused", `a client that came back with the id "1" got the status 400`, withStatus(400)),
	)

	DescribeTable("with an id that was seen, nothing is lost", judged("resume/nothing-lost", observe.Resumed),
		Entry("what followed", "", body(2, "id: 2\ndata: b\n\n")),
		Entry("the same event, then what followed: that is another case", "", body(2, "id: 1\ndata: a\n\nid: 2\ndata: b\n\n")),
		Entry("only what was seen: that is another case", "skip: it was given what it had seen", body(2, "id: 1\ndata: a\n\n")),
		Entry("a later one", `a client that came back with the id "1" missed "2", which had followed it, and got "3"`, body(2, "id: 3\ndata: c\n\n")),
		Entry("a new one", `a client that came back with the id "1" missed "2", which had followed it, and got "9"`, body(2, "id: 9\ndata: c\n\n")),
		Entry("nothing for long", `a client that came back with the id "1" missed "2", which had followed it, and got nothing in 6.0 s`, body(), ends(probe.Left, 6000)),
		Entry("nothing so far", "skip: it was not watched long enough", body(), ends(probe.Left, 400)),
		Entry("it is over, though others had followed", "skip: the answer to a Last-Event-ID was the status 204", withStatus(204)),
	)

	It("with the second id, the first is older", func() {
		o := beside(observe.Resumed, body(2, "id: 1\ndata: a\n\n"))
		o.From = "2"
		Expect(verdict("resume/nothing-repeated", o)).To(Equal(`a client that came back with the id "2" was given "1" again, which is older`))
	})

	DescribeTable("with an unknown id", judged("resume/unknown", observe.Unknown),
		Entry("the stream", ""),
		Entry("it is over", "", withStatus(204)),
		Entry("an error", "a client that came back with an id that is not known got the status 500", withStatus(500)),
		Entry("gone", "a client that came back with an id that is not known got the status 410", withStatus(410)),
	)

	DescribeTable("with a long id", judged("resume/long", observe.Long),
		Entry("the stream", ""),
		Entry("refused", "", withStatus(431)),
		Entry("an error", "a Last-Event-ID of 4 KiB is answered by the status 500", withStatus(500)),
		Entry("a crash", "a Last-Event-ID of 4 KiB is answered by the reason", unanswered(probe.Broken)),
	)

	DescribeTable("with an id that is not ASCII", judged("resume/non-ascii", observe.NonASCII),
		Entry("the stream", ""),
		Entry("refused", "", withStatus(400)),
		Entry("an error", "a Last-Event-ID that is not ASCII is answered by the status 500", withStatus(500)),
	)

	const again = "a client that came back after the end was given the stream again: EventSource comes back after every end, and so for ever"
	DescribeTable("after the end", judged("resume/over", observe.Over),
		Entry("204", "", withStatus(204)),
		Entry("an error, which ends it too", "", withStatus(404)),
		Entry("other events", "", body(2, "id: 4\ndata: d\n\n")),
		Entry("an empty stream", "", body()),
		Entry("the stream again", again),
		Entry("its last event again", again, body(2, "id: 3\ndata: c\n\n")),
		Entry("no answer", "a client that came back after the end got no answer within 3.0 s", unanswered(probe.Silent)),
	)
})

var _ = Describe("Other origins", func() {
	allow := func(value string) option { return with("Access-Control-Allow-Origin", value) }
	credentials := with("Access-Control-Allow-Credentials", "true")

	DescribeTable("all of them with credentials", judged("cors/wildcard-credentials", observe.Origin),
		Entry("none", ""),
		Entry("all", "", allow("*")),
		Entry("one with credentials", "", allow(foreign), credentials),
		Entry("all with credentials", "Access-Control-Allow-Origin is * and credentials are allowed: browsers refuse the pair", allow("*"), credentials),
	)

	DescribeTable("whatever is named, with credentials", judged("cors/reflected-origin", observe.Origin),
		Entry("none", ""),
		Entry("without credentials", "", allow(foreign)),
		Entry("another one", "", allow("https://example.org"), credentials),
		Entry("with credentials", "the origin https://foreign.invalid, which nobody knows, may read the stream with the user's cookies", allow(foreign), credentials),
	)

	DescribeTable("Vary", judged("cors/vary", observe.Origin),
		Entry("all are allowed", "", allow("*")),
		Entry("named with Vary", "", allow(foreign), with("Vary", "Accept-Encoding, origin")),
		Entry("named with Vary: *", "", allow(foreign), with("Vary", "*")),
		Entry("named", "Access-Control-Allow-Origin depends on the request, and Vary does not say so", allow(foreign), with("Vary", "Accept")),
	)

	DescribeTable("one value", judged("cors/one-origin", observe.Origin),
		Entry("one", "", allow("*")),
		Entry("two headers", `Access-Control-Allow-Origin is "*, *", and only one value is allowed`, allow("*"), also("Access-Control-Allow-Origin", "*")),
		Entry("a list", `Access-Control-Allow-Origin is "https://a.example,https://b.example", and only one value is allowed`, allow("https://a.example,https://b.example")),
	)

	DescribeTable("are not judged without an answer", func(id string) {
		judged(id, observe.Origin)("skip: a request from another origin got no answer within 3.0 s", unanswered(probe.Silent))
	},
		Entry(nil, "cors/wildcard-credentials"), Entry(nil, "cors/reflected-origin"), Entry(nil, "cors/one-origin"), Entry(nil, "cors/vary"),
	)

	headers := with("Access-Control-Allow-Headers", "X-A, Last-Event-ID")
	DescribeTable("a preflight", func(want string, stream, preflight *probe.Exchange) {
		Expect(verdict("cors/preflight", seen(map[observe.Role]*probe.Exchange{
			observe.Stream: exchange(), observe.Origin: stream, observe.Options: preflight}))).To(Equal(want))
	},
		Entry("is not needed", "", exchange(), exchange(withStatus(405))),
		Entry("is answered", "", exchange(allow("*")), exchange(withStatus(204), allow("*"), headers)),
		Entry("is answered for all headers", "", exchange(allow(foreign)), exchange(withStatus(204), allow(foreign), with("Access-Control-Allow-Headers", "*"))),
		Entry("is refused", "the stream is for other origins, but a preflight got the status 405", exchange(allow("*")), exchange(withStatus(405), allow("*"))),
		Entry("does not name the origin", "the stream is for other origins, but a preflight got no Access-Control-Allow-Origin", exchange(allow("*")), exchange(withStatus(204))),
		Entry("does not allow the header", "the stream is for other origins, but a preflight does not allow the header Last-Event-ID", exchange(allow("*")), exchange(withStatus(204), allow("*"))),
		Entry("has no answer", "the stream is for other origins, but a preflight got no answer within 3.0 s", exchange(allow("*")), exchange(unanswered(probe.Silent))),
	)
})
