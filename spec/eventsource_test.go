package spec_test

import (
	"math"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/spec"
)

// ok is the head of an event stream.
func ok() spec.Response {
	return spec.Response{Status: 200, ContentType: []string{"text/event-stream"}}
}

// connect plays one connection that carries chunks and then ends.
func connect(s *spec.EventSource, chunks ...string) (seen []string) {
	seen = append(seen, s.Respond(ok()).String())
	for _, c := range chunks {
		for _, step := range s.Receive([]byte(c)) {
			seen = append(seen, step.String())
		}
	}
	return append(seen, s.End().String())
}

var _ = Describe("An EventSource", func() {
	It("is CONNECTING at zero, and requests at once, without an id", func() {
		var s spec.EventSource
		Expect(s.ReadyState()).To(Equal(spec.Connecting))
		Expect(s.Request()).To(Equal(spec.Request{Method: "GET"}))
		Expect(s.ReconnectionTime()).To(Equal(spec.DefaultReconnectionTime))
		Expect([]int{int(spec.Connecting), int(spec.Open), int(spec.Closed)}).To(Equal([]int{0, 1, 2}))
	})

	respond := func(r spec.Response, kind spec.Kind, state spec.ReadyState) {
		var s spec.EventSource
		Expect(s.Respond(r)).To(Equal(spec.Step{Kind: kind, Chunk: -1}))
		Expect(s.ReadyState()).To(Equal(state))
		again := s
		Expect(again.Receive([]byte("data: a\n\n"))).To(HaveLen(map[spec.Kind]int{spec.Announce: 1}[kind]))
		if kind == spec.Fail {
			Expect(s.Respond(ok())).To(BeZero(), "after it failed")
			Expect(s.End()).To(BeZero())
		}
	}
	status := func(code int, kind spec.Kind, state spec.ReadyState) {
		r := ok()
		r.Status = code
		respond(r, kind, state)
	}

	DescribeTable("judges the status", status,
		Entry("200 announces", 200, spec.Announce, spec.Open),
		Entry("0 fails", 0, spec.Fail, spec.Closed),
		Entry("199 fails", 199, spec.Fail, spec.Closed),
		Entry("201 fails", 201, spec.Fail, spec.Closed),
		Entry("204 fails", 204, spec.Fail, spec.Closed),
		Entry("205 fails", 205, spec.Fail, spec.Closed),
		Entry("206 fails", 206, spec.Fail, spec.Closed),
		Entry("301 that was not followed fails", 301, spec.Fail, spec.Closed),
		Entry("304 fails", 304, spec.Fail, spec.Closed),
		Entry("401 fails", 401, spec.Fail, spec.Closed),
		Entry("404 fails", 404, spec.Fail, spec.Closed),
		Entry("500 fails", 500, spec.Fail, spec.Closed),
		Entry("503 fails", 503, spec.Fail, spec.Closed),
		Entry("599 fails", 599, spec.Fail, spec.Closed),
	)

	DescribeTable("judges the rest of the response", respond,
		Entry("a network error reestablishes", spec.Response{NetworkError: true}, spec.Reestablish, spec.Connecting),
		Entry("an aborted one fails", spec.Response{NetworkError: true, Aborted: true}, spec.Fail, spec.Closed),
		Entry("no content type fails", spec.Response{Status: 200}, spec.Fail, spec.Closed),
		Entry("another content type fails", spec.Response{Status: 200, ContentType: []string{"text/plain"}}, spec.Fail, spec.Closed),
		Entry("a charset does not matter", spec.Response{Status: 200, ContentType: []string{"TEXT/event-stream;charset=x"}}, spec.Announce, spec.Open),
		Entry("another last value fails", spec.Response{Status: 200, ContentType: []string{"text/event-stream", "text/html"}}, spec.Fail, spec.Closed),
	)

	It("reestablishes after a network error, and waits before the next request", func() {
		var s spec.EventSource
		s.Respond(spec.Response{NetworkError: true})
		Expect(s.Request().After).To(Equal(spec.DefaultReconnectionTime))
		Expect(s.Respond(ok()).Kind).To(Equal(spec.Announce))
	})

	It("says in which chunk of its connection each step was taken", func() {
		var s spec.EventSource
		for range 2 {
			Expect(s.Respond(ok()).Chunk).To(Equal(-1))
			Expect(s.Receive([]byte(":c\nretry: 01\ndata: a\r"))).To(Equal(spec.Trace{
				{Kind: spec.Comment, Text: "c"}, {Kind: spec.Retry, Text: "1"}}))
			Expect(s.Receive(nil)).To(BeEmpty())
			Expect(s.Receive([]byte("\r"))).To(Equal(spec.Trace{
				{Kind: spec.Dispatch, Event: &spec.Event{Type: "message", Data: "a"}, Chunk: 2}}))
			Expect(s.End()).To(Equal(spec.Step{Kind: spec.Reestablish, Chunk: -1}))
		}
	})

	It("starts each connection with a BOM and empty buffers", func() {
		var s spec.EventSource
		connect(&s, "event: t\ndata: lost\r")
		Expect(connect(&s, "\n", "\uFEFFdata: a\n\ndata: b\n\n")).To(Equal(
			[]string{"announce", `dispatch message "b"`, "reestablish"}), "a LF came first, so the BOM is a character")
		Expect(connect(&s, "\uFEFFdata: a\n\n")).To(Equal([]string{"announce", `dispatch message "a"`, "reestablish"}))
	})

	DescribeTable("carries the last event ID", func(connections []string, want string) {
		var s spec.EventSource
		for _, stream := range connections {
			connect(&s, stream)
		}
		Expect(s.Request().LastEventID).To(Equal(want))
		Expect(s.LastEventID()).To(Equal(want))
	},
		Entry("of the last event", []string{"id: 1\ndata: a\n\nid: 2\ndata: b\n\n"}, "2"),
		Entry("over a connection without ids", []string{"id: 1\ndata: a\n\n", "data: b\n\n", ""}, "1"),
		Entry("over blank lines alone", []string{"id: 1\n\n", "\n\n"}, "1"),
		Entry("and none when it was reset", []string{"id: 1\ndata: a\n\n", "id\ndata: b\n\n"}, ""),
		Entry("and not the one of an unfinished block", []string{"id: 1\ndata: a\n\nid: 2\ndata: b\n"}, "1"),
		Entry("nor later", []string{"id: 1\n\nid: 2\n", "data: b\n\n"}, "1"),
		Entry("nor an unfinished reset", []string{"id: 1\n\nid\n", "data: b\n\n"}, "1"),
		Entry("of a block without data", []string{"id: 1\ndata: a\n\nid: 2\n\n"}, "2"),
		Entry("and not one with NUL", []string{"id: 1\n\nid: 2\x00\n\n"}, "1"),
		Entry("in any letters", []string{"id: …é\n\n"}, "…é"),
	)

	It("reports the id that was kept in the events of the next connection", func() {
		var s spec.EventSource
		s.Resume("7")
		Expect(s.Request().LastEventID).To(Equal("7"))
		Expect(connect(&s, "data: a\n\n")).To(ContainElement(`dispatch message "a" id "7"`))
		Expect(connect(&s, "data: b\n\n")).To(ContainElement(`dispatch message "b" id "7"`))
	})

	DescribeTable("waits the reconnection time", func(stream string, want time.Duration) {
		var s spec.EventSource
		connect(&s, stream)
		Expect(s.Request().After).To(Equal(want))
		connect(&s, "data: a\n\n")
		Expect(s.Request().After).To(Equal(want), "after another connection")
		s.Respond(spec.Response{NetworkError: true})
		Expect(s.Request().After).To(Equal(want), "after a network error")
	},
		Entry("of a few seconds by default", "", spec.DefaultReconnectionTime),
		Entry("that was set", "retry: 10\n", 10*time.Millisecond),
		Entry("of nothing at all", "retry: 0\n", time.Duration(0)),
		Entry("of the last field", "retry: 10\nretry: 20\n\n", 20*time.Millisecond),
		Entry("with leading zeros", "retry: 000010\n", 10*time.Millisecond),
		Entry("with 40 leading zeros", "retry: "+strings.Repeat("0", 40)+"10\n", 10*time.Millisecond),
		Entry("without an unfinished line", "retry: 10\nretry: 20", 10*time.Millisecond),
		Entry("without a bad one", "retry: 10\nretry: 20s\nretry\n", 10*time.Millisecond),
		Entry("of 2^31", "retry: 2147483648\n", 2147483648*time.Millisecond),
		Entry("of 2^32", "retry: 4294967296\n", 4294967296*time.Millisecond),
		Entry("of the most that a duration holds", "retry: 9223372036854\n", 9223372036854*time.Millisecond),
		Entry("of one more: the longest", "retry: 9223372036855\n", time.Duration(math.MaxInt64)),
		Entry("of 2^63: the longest", "retry: 9223372036854775808\n", time.Duration(math.MaxInt64)),
		Entry("of 2^64: the longest", "retry: 18446744073709551616\n", time.Duration(math.MaxInt64)),
		Entry("of 2^64 + 1: the longest", "retry: 18446744073709551617\n", time.Duration(math.MaxInt64)),
		Entry("of 40 digits: the longest", "retry: "+strings.Repeat("1", 40)+"\n", time.Duration(math.MaxInt64)),
	)

	It("takes a reconnection time at once, and an initial one", func() {
		var s spec.EventSource
		s.SetReconnectionTime(0)
		Expect(s.ReconnectionTime()).To(BeZero())
		s.Respond(ok())
		s.Receive([]byte("retry: 5\r"))
		Expect(s.ReconnectionTime()).To(Equal(5 * time.Millisecond))
	})

	DescribeTable("shows nothing after Close", func(before func(*spec.EventSource)) {
		var s spec.EventSource
		before(&s)
		s.Close()
		Expect(s.ReadyState()).To(Equal(spec.Closed))
		Expect(s.Receive([]byte("data: a\n\n"))).To(BeEmpty())
		Expect(s.End()).To(BeZero())
		Expect(s.Respond(ok())).To(BeZero())
		Expect(s.Respond(spec.Response{NetworkError: true})).To(BeZero())
		Expect(s.ReadyState()).To(Equal(spec.Closed))
	},
		Entry("before the response", func(*spec.EventSource) {}),
		Entry("while open", func(s *spec.EventSource) { s.Respond(ok()) }),
		Entry("in the middle of a block", func(s *spec.EventSource) { s.Respond(ok()); s.Receive([]byte("data: a\n")) }),
		Entry("while waiting", func(s *spec.EventSource) { connect(s) }),
		Entry("after it failed", func(s *spec.EventSource) { s.Respond(spec.Response{Status: 204}) }),
	)

	DescribeTable("writes an integer in base ten", func(digits, want string) {
		Expect(spec.Canonical(digits)).To(Equal(want))
	},
		Entry("as it is", "10", "10"),
		Entry("without leading zeros", "0010", "10"),
		Entry("zero stays", "000", "0"),
		Entry("however long", "0"+strings.Repeat("9", 40), strings.Repeat("9", 40)),
	)
})
