package cases_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// connecting is a file whose only case has these connections, in flow style, and
// expects what follows.
func connecting(connections, rest string) string {
	return one("stream:", "  connections: ["+connections+"]", "dispatch:", "", "expect:", rest)
}

const (
	shownA           = "  expect: [dispatch: {data: \"a\"}]"
	streamA, streamB = `{body: ["data: a\n\n"]}`, `{body: ["data: b\n\n"]}`
)

var _ = Describe("A case of connections", func() {
	DescribeTable("with a slip in it is refused", func(connection, message string) {
		refuses(connecting(connection, shownA), message)
	},
		Entry("a framing", "{framing: chunkd}", `:5:27: framing is one of chunked, length, until-close, found "chunkd" (did you mean "chunked"?)`),
		Entry("a coding", "{coding: zip}", `:5:26: coding is one of gzip, found "zip" (did you mean "gzip"?)`),
		Entry("an end", "{end: hung}", `:5:23: end is one of close, reset, cut, hang, keep, found "hung" (did you mean "hang"?)`),
		Entry("a body kept that only the end of its connection ends", "{framing: until-close, end: keep}", `:5:45: a connection is kept after a chunked body or one with a length, by HTTP/1.1`),
		Entry("raw bytes kept", `{raw: ["x"], end: keep}`, `:5:35: a connection is kept after a chunked body or one with a length, by HTTP/1.1`),
		Entry("an end awaited that tells itself", `{body: [{await: reestablish}]}`, `:5:24: await: reestablish is the last of the body of a connection with end: keep`),
		Entry("an end awaited before it", `{body: [{await: reestablish}, "data: a\n\n"], end: keep}`, `:5:24: await: reestablish is the last of the body of a connection with end: keep`),
		Entry("a version", `{http: "1.2"}`, `:5:24: http is one of 1.0, found "1.2" (did you mean "1.0"?)`),
		Entry("a status below 200", "{status: 103}", `:5:26: status is from 200 to 599; 1xx belong to informational`),
		Entry("a status above 599", "{status: 600}", `:5:26: status is from 200 to 599; 1xx belong to informational`),
		Entry("an informational 200", "{informational: [200]}", `:5:33: informational responses are 1xx, and not 101`),
		Entry("a switch of protocols", "{informational: [101]}", `:5:33: informational responses are 1xx, and not 101`),
		Entry("times below 1", "{times: -1}", `:5:25: times is from 1 to 100`),
		Entry("times above 100", "{times: 101}", `:5:25: times is from 1 to 100`),
		Entry("a path that is none", "{on: b}", `:5:22: on wants a path of small letters, digits and hyphens such as /b, found "b"`),
		Entry("a status beside raw", `{raw: [""], status: 200}`, `:5:29: status beside raw: nothing else is answered`),
		Entry("a body beside refuse", `{refuse: true, body: []}`, `:5:32: body beside refuse: nothing else is answered`),
		Entry("an unknown placeholder", `{headers: [[Location, "{urll:/b}"]]}`, `:5:39: unknown placeholder {urll} (did you mean "url"?)`),
		Entry("a placeholder without a slash", `{headers: [[Location, "{url:b}"]]}`, `:5:39: a placeholder wants a path that begins with a slash, found "b"`),
		Entry("an unknown key of a request", "{request: {methd: GET}}", `:5:28: unknown key "methd" (did you mean "method"?)`),
		Entry("repeats that are not allowed", "{request: {repeats: always}}", `:5:37: repeats is one of allowed, found "always"`),
		Entry("a time without a unit", "{request: {after: 20}}", `:5:35: a pause is a time such as "50ms", at most one minute, found "20"`),
		Entry("a list for a header", "{request: {headers: {A: [b]}}}", `:5:41: want keys and values, found a list`),
		Entry("a last event ID that the model does not send", `{body: ["id: 1\ndata: a\n\n"]}, {request: {headers: {Last-Event-ID: "2"}}}`, `:6:11: case "a": the expectation and the model disagree
  expect dispatch message "a"
  model  dispatch message "a" id "1"`),
	)

	It("is refused when the last event ID that it wants is not the model's", func() {
		refuses(connecting(`{body: ["id: 1\ndata: a\n\n"]}, {request: {headers: {last-event-id: "2"}}}`, `  expect: [dispatch: {data: "a", lastEventId: "1"}]`),
			`:5:16: case "a": connection 2 wants the last event ID "2", the model sends "1"`)
		refuses(connecting(`{body: ["id: 1\ndata: a\n\n"]}, {request: {headers: {Last-Event-ID: ~}}}`, `  expect: [dispatch: {data: "a", lastEventId: "1"}]`),
			`:5:16: case "a": connection 2 wants the last event ID "", the model sends "1"`)
	})

	It("reads all that is wanted of requests", func() {
		found, err := load(connecting(`{body: ["data: a\n\n"], request: {method: GET, headers: {A: {hex: "FF"}, B: ~}, body: "", after: 20ms, before: 2s, repeats: allowed}}, {raw: ["x"]}, {refuse: true}`,
			shownA+"\n  requests: {max: 3, for: 1s, closed: true, paths: [/], last: {method: PUT}}"))
		Expect(err).NotTo(HaveOccurred())
		ff, empty := "\xff", ""
		Expect(found[0].Script.Connections[0].Request).To(Equal(cases.Request{Method: "GET", Headers: map[string]*string{"A": &ff, "B": nil},
			Body: &empty, After: 20 * time.Millisecond, Before: 2 * time.Second, Repeats: true}))
		Expect(found[0].Script.Connections[1].Raw).To(Equal([]cases.Part{{Unit: []byte("x")}}))
		Expect(found[0].Requests).To(Equal(cases.Requests{Max: 3, For: time.Second, Closed: true, Paths: []string{"/"}, Last: cases.Request{Method: "PUT"}}))
		Expect(found[0].OneStream()).To(BeFalse())
	})

	It("has one entry stand for several connections", func() {
		found, err := load(connecting(`{times: 3, body: ["data: a\n\n"]}`, `  expect: [{dispatch: {data: "a"}}, {dispatch: {data: "a"}}, {dispatch: {data: "a"}}]`))
		Expect(err).NotTo(HaveOccurred())
		Expect(found[0].Script.Connections).To(HaveLen(3))
	})

	DescribeTable("is no one stream when it wants something of requests", func(more string) {
		found, err := load(one("title:", "  title: A\n"+more))
		Expect(err).NotTo(HaveOccurred())
		Expect(found[0].OneStream()).To(BeFalse())
	},
		Entry("their number", "  requests: {max: 1}"),
		Entry("where they go", `  subscribe: {url: "{url:/#b}"}`),
		Entry("that none comes after close", "  subscribe: {closeOn: {step: reestablish, count: 1}}"),
	)

	It("tells which other origins it needs", func() {
		found, err := load(connecting(`{status: 302, headers: [[Location, "{other:/b}"]]}, {on: /b, body: ["data: a\n\n"]}`, shownA))
		Expect(err).NotTo(HaveOccurred())
		Expect([]bool{found[0].UsesOrigin("other"), found[0].UsesOrigin("refused")}).To(Equal([]bool{true, false}))
	})
})

var _ = Describe("Outcomes", func() {
	bad := `{status: 302, headers: [[Location, "http://[::bad"]]}, ` + streamA

	It("are the acceptable ones, of which the model shows one", func() {
		found, err := load(connecting(bad, "  outcomes:\n  - {name: back, because: a}\n  - {name: gone, verdict: warn, because: b, expect: [fail], requests: {max: 1}}"))
		Expect(err).NotTo(HaveOccurred())
		Expect(cases.Brief(found[0].Expect)).To(Equal(`reestablish; announce; dispatch message "a"; reestablish`))
		list := found[0].Acceptable()
		Expect(list).To(HaveLen(2))
		Expect(list[0].Expect).To(Equal(found[0].Expect))
		Expect([]any{list[1].Name, list[1].Warn, list[1].Because, cases.Brief(list[1].Expect), list[1].Requests.Max}).To(Equal([]any{"gone", true, "b", "fail", 1}))
	})

	DescribeTable("are refused", func(outcomes, message string) {
		refuses(connecting(bad, outcomes), message)
	},
		Entry("without a name", "  outcomes:\n  - {because: a}", `:7:5: case "a": an outcome has a name, and says because of what it is acceptable`),
		Entry("without a reason", "  outcomes:\n  - {name: a}", `:7:5: case "a": an outcome has a name, and says because of what it is acceptable`),
		Entry("with a verdict that is none", "  outcomes:\n  - {name: a, because: b, verdict: fail}", `:7:36: verdict is one of pass, warn, found "fail"`),
		Entry("that leave out steps the model does not show", "  outcomes:\n  - {name: a, because: b, expect: [dispatch: {data: \"x\"}]}", `:7:5: case "a": outcome "a" is not the model's: name all of its steps`),
		Entry("of which the model shows none", "  outcomes:\n  - {name: a, because: b, expect: [fail]}", `:7:3: case "a": the model shows none of the outcomes
  model  reestablish; announce; dispatch message "a"; reestablish`),
		Entry("beside an expectation", "  expect: []\n  outcomes:\n  - {name: a, because: b}", `:2:3: case "a" has both expect and outcomes`),
	)

	It("have the repeat of a request among them where that is allowed", func() {
		found, err := load(connecting(`{status: 408}, {request: {repeats: allowed}, body: ["data: a\n\n"]}`, "  expect: [fail]"))
		Expect(err).NotTo(HaveOccurred())
		list := found[0].Acceptable()
		Expect(list).To(HaveLen(2))
		Expect([]string{list[1].Name, cases.Brief(list[1].Expect)}).To(Equal([]string{cases.Repeated, `announce; dispatch message "a"; reestablish`}))
	})
})

var _ = Describe("What the model makes of a case", func() {
	location := func(to string) [][2]string { return [][2]string{{"Location", to}} }
	played := func(sub cases.Subscribe, connections ...cases.Connection) cases.Played {
		return cases.Case{Subscribe: sub, Script: cases.Script{Connections: connections}}.Played()
	}
	asked := func(p cases.Played) (list []cases.Asked) { return p.Requests }

	DescribeTable("is told by its steps", func(want string, sub cases.Subscribe, connections ...cases.Connection) {
		Expect(cases.Brief(played(sub, connections...).Trace)).To(Equal(want))
	},
		Entry("closed in a step, it shows no more", `announce; dispatch message "a"`, cases.Subscribe{CloseOn: spec.Dispatch, CloseCount: 1},
			cases.Connection{Body: body("data: a\n\ndata: b\n\n")}, cases.Connection{}),
		Entry("closed in a later step", "announce; reestablish; announce; reestablish", cases.Subscribe{CloseOn: spec.Reestablish, CloseCount: 2},
			cases.Connection{}, cases.Connection{}, cases.Connection{}),
		Entry("closed in announce", "announce", cases.Subscribe{CloseOn: spec.Announce, CloseCount: 1}, cases.Connection{Body: body("data: b\n\n")}),
		Entry("a relative Location", "announce; reestablish", cases.Subscribe{URL: "{url:/b/c}"},
			cases.Connection{On: "/b/c", Status: 302, Headers: location("d")}, cases.Connection{On: "/b/d"}),
		Entry("a Location that is no URL", "reestablish; announce; reestablish", cases.Subscribe{}, cases.Connection{Status: 302, Headers: location("http://[::bad")}, cases.Connection{}),
		Entry("a Location of another scheme", "reestablish", cases.Subscribe{}, cases.Connection{Status: 302, Headers: location("ftp://a/")}),
		Entry("a Location that refuses", "reestablish", cases.Subscribe{}, cases.Connection{Status: 302, Headers: location("{refused:/b}")}),
		Entry("a redirect to where nothing is left", "fail", cases.Subscribe{}, cases.Connection{Status: 302, Headers: location("{url:/b}")}),
		Entry("a first URL that refuses", "reestablish; reestablish", cases.Subscribe{URL: "{refused:/}"}, cases.Connection{}),
		Entry("a body beyond its length", `announce; dispatch message "a"; reestablish`, cases.Subscribe{},
			cases.Connection{Framing: "length", Headers: [][2]string{{"content-length", "9"}}, Body: body("data: a\n\ndata: b\n\n")}),
		Entry("a length in the second chunk", `announce; dispatch message "a"; reestablish`, cases.Subscribe{},
			cases.Connection{Framing: "length", Headers: [][2]string{{"Content-Length", "9"}}, Body: []cases.Part{{Unit: []byte("data:")}, {Unit: []byte(" a\n\ndata: b\n\n")}}}),
		Entry("raw bytes", `announce; dispatch message "a"; reestablish`, cases.Subscribe{},
			cases.Connection{Raw: body("HTTP/1.1 103 x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: a\n\n")}),
		Entry("raw chunks that break off", `announce; dispatch message "a"; reestablish`, cases.Subscribe{},
			cases.Connection{Raw: body("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndata: a\n\n\r\nzz\r\n")}),
		Entry("raw bytes without a type", "fail", cases.Subscribe{}, cases.Connection{Raw: body("HTTP/1.1 200 OK\r\n\r\ndata: a\n\n")}),
		Entry("raw bytes that are no answer", "reestablish", cases.Subscribe{}, cases.Connection{Raw: body("data: a\n\n")}),
		Entry("no bytes at all", "reestablish", cases.Subscribe{}, cases.Connection{Raw: body("")}),
		Entry("an id that it was given", `announce; dispatch message "a" id "7"; reestablish`, cases.Subscribe{LastEventID: "7"}, cases.Connection{Body: body("data: a\n\n")}),
	)

	It("follows twenty redirects of one fetch and takes the next for a network error", func() {
		loop := make([]cases.Connection, 22)
		for i := range loop {
			loop[i] = cases.Connection{Status: 302, Headers: location("{url}")}
		}
		loop[21] = cases.Connection{}
		Expect(cases.Brief(played(cases.Subscribe{}, loop...).Trace)).To(Equal("reestablish; announce; reestablish"))
		Expect(cases.Brief(played(cases.Subscribe{}, loop[1:]...).Trace)).To(Equal("announce; reestablish"))
	})

	It("is told by its requests", func() {
		ms := int64(5)
		Expect(asked(played(cases.Subscribe{LastEventID: "7", ReconnectionTime: &ms, URL: "{url:/a?b#c}"},
			cases.Connection{On: "/a", Status: 307, Headers: location("{url:/b}")},
			cases.Connection{On: "/b", Body: body("id: 8\nretry: 9\ndata: a\n\n")},
			cases.Connection{On: "/b", Body: body("id\n\n")},
			cases.Connection{On: "/a"},
		))).To(Equal([]cases.Asked{
			{Path: "/a", LastEventID: "7", Connection: 0},
			{Path: "/b", LastEventID: "7", Connection: 1},
			{Path: "/b", LastEventID: "8", After: 9 * time.Millisecond, Connection: 2},
			{Path: "/a", After: 9 * time.Millisecond, Connection: 3},
		}))
	})

	It("has the reconnection time that is in force in the end", func() {
		Expect(played(cases.Subscribe{}, cases.Connection{Status: 404}).Time).To(Equal(spec.DefaultReconnectionTime))
		Expect(played(cases.Subscribe{}, cases.Connection{Body: body("retry: 9\n")}).Time).To(Equal(9 * time.Millisecond))
	})
})
