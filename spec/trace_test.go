package spec_test

import (
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/spec"
)

var _ = Describe("A trace", func() {
	a := spec.DispatchStep(spec.Event{Type: "message", Data: "a"})
	b := spec.DispatchStep(spec.Event{Type: "message", Data: "b"})
	retry := spec.Step{Kind: spec.Retry, Text: "1"}
	fail := spec.Step{Kind: spec.Fail}

	DescribeTable("compares steps", func(s, t spec.Step, want bool) {
		Expect(s.Equal(t)).To(Equal(want))
		Expect(t.Equal(s)).To(Equal(want))
	},
		Entry("of one event", a, spec.DispatchStep(*a.Event), true),
		Entry("of other data", a, b, false),
		Entry("of another type", a, spec.DispatchStep(spec.Event{Type: "t", Data: "a"}), false),
		Entry("of another id", a, spec.DispatchStep(spec.Event{Type: "message", Data: "a", LastEventID: "1"}), false),
		Entry("of another kind", retry, spec.Step{Kind: spec.Comment, Text: "1"}, false),
		Entry("of another retry", retry, spec.Step{Kind: spec.Retry, Text: "2"}, false),
		Entry("of another comment", spec.Step{Kind: spec.Comment}, spec.Step{Kind: spec.Comment, Text: "2"}, false),
		Entry("but no messages", fail, spec.Step{Kind: spec.Fail, Text: "gone"}, true),
		Entry("but no time or chunk", retry, spec.Step{Kind: spec.Retry, Text: "1", Chunk: 4, At: time.Second}, true),
		Entry("with an event and without", a, spec.Step{Kind: spec.Dispatch}, false),
	)

	DescribeTable("shares its beginning", func(t, u spec.Trace, want int) {
		Expect(t.CommonPrefix(u)).To(Equal(want))
		Expect(u.CommonPrefix(t)).To(Equal(want))
		Expect(t.Equal(u)).To(Equal(len(t) == want && len(u) == want))
	},
		Entry("nothing with nothing", spec.Trace(nil), spec.Trace{}, 0),
		Entry("all", spec.Trace{a, b}, spec.Trace{a, b}, 2),
		Entry("the shorter", spec.Trace{a, b}, spec.Trace{a}, 1),
		Entry("up to the difference", spec.Trace{a, b, a}, spec.Trace{a, a, a}, 1),
		Entry("nothing", spec.Trace{a}, spec.Trace{b}, 0),
	)

	DescribeTable("is written in the words of another where they say the same", func(kind spec.Kind, told, want, written string) {
		t := spec.Trace{a, {Kind: kind, Text: told}}
		Expect(t.InWordsOf(spec.Trace{{Kind: kind, Text: want}, b})[1].Text).To(Equal(written))
		Expect(t[1].Text).To(Equal(told), "it is left as it is")
	},
		Entry("a comment without its space", spec.Comment, "c", " c", " c"),
		Entry("an empty one", spec.Comment, "", " ", " "),
		Entry("not a comment without two", spec.Comment, "c", "  c", "c"),
		Entry("not a comment with one too many", spec.Comment, " c", "c", " c"),
		Entry("not another comment", spec.Comment, "d", " c", "d"),
		Entry("a time above 2^53 as the nearest double", spec.Retry, "9007199254740992", "9007199254740993", "9007199254740993"),
		Entry("a time as JavaScript writes it", spec.Retry, "1e+40", "10000000000000000000000000000000000000000", "10000000000000000000000000000000000000000"),
		Entry("not a time that is one more", spec.Retry, "3001", "3000", "3001"),
		Entry("not a time of 64 bits that has wrapped around", spec.Retry, "9223372036854775807", "18446744073709551616", "9223372036854775807"),
		Entry("not what is no number", spec.Retry, "", "1", ""),
		Entry("not another kind", spec.Announce, "c", " c", "c"),
	)

	It("is held against the other in order, whatever is too many or missing", func() {
		c := func(text string) spec.Step { return spec.Step{Kind: spec.Comment, Text: text} }
		Expect(spec.Trace{c(""), c("a"), retry, c("b"), c("a")}.InWordsOf(spec.Trace{c(" a"), c(" x"), c(" b")})).To(
			Equal(spec.Trace{c(""), c(" a"), retry, c(" b"), c("a")}))
	})

	It("keeps and counts the kinds asked for, in order", func() {
		t := spec.Trace{a, retry, fail, b}
		Expect(t.Only(spec.Dispatch, spec.Fail)).To(Equal(spec.Trace{a, fail, b}))
		Expect(t.Only()).To(BeEmpty())
		Expect([]int{t.Count(spec.Dispatch), t.Count(spec.Retry), t.Count(spec.Announce)}).To(Equal([]int{2, 1, 0}))
	})

	DescribeTable("is written on lines", func(s spec.Step, want string) {
		Expect(s.String()).To(Equal(want))
	},
		Entry("an event", a, `dispatch message "a"`),
		Entry("an event with an id", spec.DispatchStep(spec.Event{Type: "t", Data: "a\n", LastEventID: "1"}), `dispatch t "a\n" id "1"`),
		Entry("a type that is no word", spec.DispatchStep(spec.Event{Type: "a b\x1B"}), `dispatch "a b\x1b" ""`),
		Entry("an empty type", spec.DispatchStep(spec.Event{}), `dispatch "" ""`),
		Entry("a comment", spec.Step{Kind: spec.Comment, Text: " c"}, `comment " c"`),
		Entry("a retry", retry, `retry "1"`),
		Entry("what has no text", spec.Step{Kind: spec.Announce, Text: "unseen"}, "announce"),
	)

	It("quotes so that a terminal is safe and a long string short", func() {
		Expect(spec.Quote("\x1B[2J\xFF\u2028")).To(Equal(`"\x1b[2J\xff\u2028"`))
		long := spec.Quote(strings.Repeat("a", 1<<20))
		Expect(len(long)).To(BeNumerically("<", 400))
		Expect(long).To(ContainSubstring("…1048276 bytes…"))
	})
})
