package fuzz_test

import (
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/fuzz"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/spec"
)

// everything is a stream in which most clauses are at work, in many chunks.
const everything = "\uFEFF: hello\r\nid: 7\nevent: Add\rdata: a|b\r|\n|da|ta:  two \rdata\n\nretry: 010\nretry: -5|\nid: x\x00y\ndata: \xE4|\xBD\xA0 \xF0\x9F\ndata:c:d\r||\n|\r|\n" +
	"Data: no\n data: no\ndata : no\nevent: lost\nid\n\ndata\n\n||data: \vlast\u2028\u0085\nevent: error\n\nid: 9\n\ndata: more\ndata\n\r\n" +
	"event: open\ndata:x\n\ndata: \uFEFF\x00end|\n\ndata: unfinished\n: unended"

// departs reports whether a client of that behaviour shows something else than the
// model.
func departs(bugs ...string) func(cases.Script) bool {
	return func(s cases.Script) bool {
		got, want := reference.Plain{Bugs: bugs}.Trace(s), s.Trace()
		return !want.Equal(got) || !slices.EqualFunc(want, got, func(w, g spec.Step) bool { return w.Kind != spec.Dispatch || w.Chunk == g.Chunk })
	}
}

var _ = DescribeTable("What the minimiser reaches, by a bug, from one stream with everything in it",
	func(bug, want string) {
		start := scripted(everything)
		Expect(departs(bug)(start)).To(BeTrue())
		done := minimised(start, departs(bug), 1)
		Expect(chunksOf(done.Script)).To(Equal(want))
		Expect(done.Spare).To(BeEmpty())
		Expect(fuzz.Spare(done.Script, departs(bug))).To(BeEmpty())
		Expect(minimised(start, departs(bug), 16)).To(Equal(done), "in another window")
	},
	Entry("latin1", "latin1", `":\xff\n"`),
	Entry("invalid-kept", "invalid-kept", `":\xff\n"`),
	Entry("invalid-per-byte", "invalid-per-byte", `":\xe4\x80\n"`),
	Entry("bom-kept", "bom-kept", `"\ufeff:\n"`),
	Entry("utf8-per-chunk", "utf8-per-chunk", `":\xe4" | "\x80\n"`),
	Entry("chunk-apart", "chunk-apart", `":" | "\n"`),
	Entry("crlf-cut", "crlf-cut", `"data\r" | "\n"`),
	Entry("crlf-empty-chunk", "crlf-empty-chunk", `"data\r" | "" | "\n"`),
	Entry("cr-held", "cr-held", `"data\n\r"`),
	Entry("events-at-end", "events-at-end", `"data\n\n"`),
	Entry("lf-only", "lf-only", `"data\n\r"`),
	Entry("cr-ignored", "cr-ignored", `"data\n\r"`),
	Entry("style-first", "style-first", `"data\n\r"`),
	Entry("vt-ends", "vt-ends", `":\v"`),
	Entry("ls-ends", "ls-ends", `":\u2028"`),
	Entry("comment-is-data", "comment-is-data", `":\n\n"`),
	Entry("second-colon", "second-colon", `"data::\n\n"`),
	Entry("no-colon-ignored", "no-colon-ignored", `"data\n\n"`),
	Entry("space-kept", "space-kept", `"data: \n\n"`),
	Entry("spaces-stripped", "spaces-stripped", `"data:  \n\n"`),
	Entry("value-trimmed-right", "value-trimmed-right", `"data:a \n\n"`),
	Entry("name-folded", "name-folded", `"Data\n\n"`),
	Entry("name-trimmed", "name-trimmed", `"data \n\n"`),
	Entry("data-nul-dropped", "data-nul-dropped", `"data:\x00\n\n"`),
	Entry("data-joined", "data-joined", `"data\ndata\n\n"`),
	Entry("data-last-wins", "data-last-wins", `"data\ndata\n\n"`),
	Entry("event-ignored", "event-ignored", `"event:a\ndata\n\n"`),
	Entry("type-not-cleared", "type-not-cleared", `"event:a\n\ndata\n\n"`),
	Entry("type-survives-empty", "type-survives-empty", `"event:a\n\ndata\n\n"`),
	Entry("reserved-dropped", "reserved-dropped", `"event:open\ndata\n\n"`),
	Entry("id-nul-taken", "id-nul-taken", `"id:\x00\ndata\n\n"`),
	Entry("id-nul-resets", "id-nul-resets", `"id:a\nid:\x00\ndata\n\n"`),
	Entry("id-not-sticky", "id-not-sticky", `"id:a\n\ndata\n\n"`),
	Entry("id-without-data-lost", "id-without-data-lost", `"id:a\n\ndata\n\n"`),
	Entry("retry-octal", "retry-octal", `"retry:011\n"`),
	Entry("retry-signed", "retry-signed", `"retry:-1\n"`),
	Entry("last-lf-kept", "last-lf-kept", `"data\n\n"`),
	Entry("empty-data-dropped", "empty-data-dropped", `"data\n\n"`),
	Entry("end-dispatches", "end-dispatches", `":"`),
	Entry("end-takes-line", "end-takes-line", `":"`),
)
