package spec_test

import (
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/spec"
	"github.com/ssespec/ssespec/spec/literal"
)

var _ = Describe("The parser", func() {
	// Each fact is a stream and all that is seen of it, in order, and at the end
	// the last event ID string unless empty. It holds however the stream is cut,
	// for a parser used before, and in the eyes of the second opinion.
	fact := func(stream string, want ...string) {
		want = without(want)
		var reused spec.Parser
		for _, chunks := range deliveries(stream) {
			Expect(observed(new(spec.Parser), chunks)).To(Equal(want), "%q", chunks)
			Expect(observed(&reused, chunks)).To(Equal(want), "reused: %q", chunks)
			Expect(owned(chunks)).To(Equal(without(want, "retry", ":", "last")), "owned: %q", chunks)
		}
		var second []string
		for _, e := range literal.Parse([]byte(stream)).Events {
			second = append(second, shown(e))
		}
		Expect(second).To(Equal(without(want, "retry", ":", "last")), "second opinion")
	}

	DescribeTable("finds the lines", fact,
		Entry("LF ends a line", "data: a\n\n", `message "a"`),
		Entry("CR ends a line", "data: a\r\r", `message "a"`),
		Entry("CRLF is one line end", "data: a\r\n\r\n", `message "a"`),
		Entry("CRLF between two data lines is one line end", "data: a\r\ndata: b\r\n\r\n", `message "a\nb"`),
		Entry("LF CR is two line ends", "data: a\n\rdata: b\n\n", `message "a"`, `message "b"`),
		Entry("CR CRLF ends a line and the block", "data: a\r\r\ndata: b\r\n\r\n", `message "a"`, `message "b"`),
		Entry("CRLF LF ends a line and the block", "data: a\r\n\ndata: b\n\n", `message "a"`, `message "b"`),
		Entry("the styles may be mixed", "data: a\rdata: b\ndata: c\r\n\r", `message "a\nb\nc"`),
		Entry("blank lines alone dispatch nothing", "\n\r\r\n\n"),
		Entry("no other character ends a line", "data: a\v\f\x1C\x1D\x1E\u0085\u2028\u2029b\n\n", `message "a\v\f\x1c\x1d\x1e\u0085\u2028\u2029b"`),
		Entry("TAB and NUL beside a line end are data", "data: \x00\t\x00\r\t\r\r", `message "\x00\t\x00"`),
		Entry("a long line ends where it ends", "data: "+strings.Repeat("x", 530)+"\rdata: b\n\n", `message "`+strings.Repeat("x", 530)+`\nb"`),
	)

	DescribeTable("discards what is unfinished at the end of the stream", fact,
		Entry("an empty stream has no events", ""),
		Entry("a block without its blank line", "id: 1\ndata: a\n"),
		Entry("a last line without an end", "data: a\n\ndata: b", `message "a"`),
		Entry("a retry without a line end", "retry: 5"),
		Entry("a comment without a line end", ": c"),
		Entry("an id that no blank line committed", "id: 1\ndata: a\n\nid: 2\n", `message "a" #1`, "last 1"),
		Entry("a lone CR at the end does end its line", "data: a\n\r", `message "a"`),
	)

	DescribeTable("removes one BOM", fact,
		Entry("before the first field", "\uFEFFdata: a\n\n", `message "a"`),
		Entry("alone in the stream", "\uFEFF"),
		Entry("with CR", "\uFEFF\rdata: a\r\r", `message "a"`),
		Entry("with LF", "\uFEFF\ndata: a\n\n", `message "a"`),
		Entry("with CRLF", "\uFEFF\r\ndata: a\n\n", `message "a"`),
		Entry("before a comment", "\uFEFF: c\n", `: " c"`),
		Entry("a second one is part of the name", "\uFEFF\uFEFFdata: a\ndata: b\n\n", `message "b"`),
		Entry("on a later line it is part of the name", "\n\uFEFFdata: a\n\n"),
		Entry("in a value it is a character", "data:\uFEFFa\n\n", `message "\ufeffa"`),
		Entry("two bytes of it are malformed", "\xEF\xBBdata: a\ndata: b\n\n", `message "b"`),
		Entry("UTF-16's is none", "\xFF\xFEdata: a\ndata: b\n\n", `message "b"`),
	)

	DescribeTable("replaces each maximal subpart of malformed UTF-8", fact,
		Entry("E4 BD before LF is one", "data: \xE4\xBD\n\n", `message "�"`),
		Entry("E4 BD before CR is one", "data: \xE4\xBD\r\r", `message "�"`),
		Entry("E4 BD before an ASCII letter is one", "data: \xE4\xBDx\n\n", `message "�x"`),
		Entry("F0 9F 98 is one", "data: \xF0\x9F\x98\n\n", `message "�"`),
		Entry("F0 9F 98 before its like is two", "data: \xF0\x9F\x98\xF0\x9F\x98\n\n", `message "��"`),
		Entry("a surrogate ED A0 80 is three", "data: \xED\xA0\x80\n\n", `message "���"`),
		Entry("an overlong C0 80 is two", "data: \xC0\x80\n\n", `message "��"`),
		Entry("an overlong E0 80 80 is three", "data: \xE0\x80\x80\n\n", `message "���"`),
		Entry("an overlong F0 80 80 80 is four", "data: \xF0\x80\x80\x80\n\n", `message "����"`),
		Entry("F4 90 80 80 above U+10FFFF is four", "data: \xF4\x90\x80\x80\n\n", `message "����"`),
		Entry("F5, FE and FF are one each", "data: \xF5\xFE\xFF\n\n", `message "���"`),
		Entry("each lone continuation is one", "data: \x80\xBF\n\n", `message "��"`),
		Entry("a lead before a sequence spares the sequence", "data: \xE4é\n\n", `message "�é"`),
		Entry("the bounds themselves are sound", "data: \u0080\u07FF\u0800\uD7FF\uE000\uFFFF\U00010000\U0010FFFF\n\n", fmt.Sprintf("message %q", "\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\U00010000\U0010FFFF")),
		Entry("a sequence does not reach over the joint of two data lines", "data: \xE4\ndata: \xBD\xA0\n\n", `message "�\n��"`),
		Entry("in a type, an id and a comment as well", "event: \xE4\xBD\nid: \xC0\x80\n:\xFF\ndata\n\n", `: "�"`, `� "" #��`, "last ��"),
		Entry("a malformed byte in a name makes it unknown", "data\xFF: a\ndata: b\n\n", `message "b"`),
		Entry("a malformed byte is no colon", "data\xFFa\n\n"),
	)
})

var _ = Describe("The parser's callbacks", func() {
	DescribeTable("dispatch in the very chunk that ends the block", func(chunks []string, want ...int) {
		var p spec.Parser
		for i, c := range chunks {
			n := 0
			p.Feed([]byte(c), func(spec.Event) { n++ })
			Expect(n).To(Equal(want[i]), "chunk %d", i)
		}
	},
		Entry("a CR at the end of a chunk", []string{"data: a\r\r", ""}, 1, 0),
		Entry("its LF is swallowed in the next chunk", []string{"data: a\r\n\r", "\ndata: b\n", "\n"}, 1, 0, 1),
		Entry("and after an empty chunk", []string{"data: a\r", "", "\n", "data: b\n\n"}, 0, 0, 0, 1),
		Entry("but only one LF", []string{"data: a\r", "\n\n"}, 0, 1),
		Entry("and not after the line that follows", []string{"data: a\r", "data: b\r", "\n", "\n"}, 0, 0, 0, 1),
		Entry("a CR that ends a carried line", []string{"da", "ta: a\r", "\r", "\n"}, 0, 0, 1, 0),
	)

	It("hear a retry when its line ends, without a blank line", func() {
		var p spec.Parser
		var heard []string
		p.OnRetry = func(digits []byte) { heard = append(heard, string(digits)) }
		p.Feed([]byte("retry: 5"), nil)
		Expect(heard).To(BeEmpty())
		p.Feed([]byte("\r"), nil)
		Expect(heard).To(Equal([]string{"5"}))
	})

	It("come in the order of the stream", func() {
		Expect(observed(new(spec.Parser), []string{":a\nretry:1\ndata\n\nretry:2\n:b\ndata: x\n\n:c\n"})).To(Equal(
			[]string{`: "a"`, "retry 1", `message ""`, "retry 2", `: "b"`, `message "x"`, `: "c"`}))
	})
})

var _ = Describe("A parser that was used", func() {
	It("takes a BOM again after the end, and keeps the id but no field", func() {
		var p spec.Parser
		Expect(feed(&p, "\uFEFFid: 1\ndata: a\n\n", "event: x\nid: 2\ndata: lost\nda")).To(Equal([]string{`message "a" #1`}))
		p.End()
		Expect(feed(&p, "\uFEFFdata: b\n\n")).To(Equal([]string{`message "b" #1`}))
	})

	It("does not swallow a LF that follows another stream's CR", func() {
		var p spec.Parser
		feed(&p, "data: a\r")
		p.End()
		Expect(feed(&p, "data: b\n", "\n")).To(Equal([]string{`message "b"`}))
		feed(&p, "\r")
		p.End()
		Expect(feed(&p, "\ndata: c\n\n")).To(Equal([]string{`message "c"`}))
	})

	It("begins with the id it is given, which also replaces an uncommitted one", func() {
		var p spec.Parser
		p.SetLastEventID("7")
		Expect(p.LastEventID()).To(Equal("7"))
		Expect(feed(&p, "data: a\n\nid: 8\n")).To(Equal([]string{`message "a" #7`}))
		p.SetLastEventID("9")
		Expect(feed(&p, "data: b\n\n")).To(Equal([]string{`message "b" #9`}))
	})

	It("hands out strings that stay as they are", func() {
		var p spec.Parser
		var kept []spec.Event
		for i := range 100 {
			p.Feed(fmt.Appendf(nil, "event: t%d\nid: %d\ndata: \xFF%d\n\n", i, i, i), func(e spec.Event) { kept = append(kept, e) })
		}
		for i, e := range kept {
			n := fmt.Sprint(i)
			Expect(e).To(Equal(spec.Event{Type: "t" + n, Data: "�" + n, LastEventID: n}))
		}
		Expect(kept).To(HaveLen(100))
	})
})

// shown is an event as the facts write it: type, data, and #id if any.
func shown(e spec.Event) string {
	if e.LastEventID == "" {
		return fmt.Sprintf("%s %q", e.Type, e.Data)
	}
	return fmt.Sprintf("%s %q #%s", e.Type, e.Data, e.LastEventID)
}

// without returns facts without those that begin with one of the words;
// nil when none is left.
func without(facts []string, but ...string) (kept []string) {
	for _, f := range facts {
		for _, b := range but {
			if strings.HasPrefix(f, b) {
				f = ""
			}
		}
		if f != "" {
			kept = append(kept, f)
		}
	}
	return kept
}

// deliveries are the ways a short stream is cut: whole, bytewise, with every
// single cut, and each of them with empty chunks before, between and after.
func deliveries(stream string) [][]string {
	bytewise := make([]string, len(stream))
	for i := range bytewise {
		bytewise[i] = stream[i : i+1]
	}
	cuts := [][]string{{stream}, bytewise}
	for i := 1; i < len(stream); i++ {
		cuts = append(cuts, []string{stream[:i], stream[i:]})
	}
	for _, chunks := range cuts[:len(cuts):len(cuts)] {
		spaced := []string{""}
		for _, c := range chunks {
			spaced = append(spaced, c, "")
		}
		cuts = append(cuts, spaced)
	}
	return cuts
}

// observed feeds chunks to p, ends the stream, and tells all that was seen. Each
// chunk is overwritten once it was fed: what the parser kept must be its own.
func observed(p *spec.Parser, chunks []string) (seen []string) {
	p.SetLastEventID("")
	p.OnRetry = func(digits []byte) { seen = append(seen, "retry "+string(digits)) }
	p.OnComment = func(text []byte) { seen = append(seen, fmt.Sprintf(": %q", text)) }
	for _, c := range chunks {
		chunk := []byte(c)
		p.FeedViews(chunk, func(v spec.View) { seen = append(seen, shown(v.Event())) })
		clear(chunk)
	}
	p.End()
	if id := p.LastEventID(); id != "" {
		seen = append(seen, "last "+id)
	}
	return seen
}

// owned tells the events of a new parser that hands out strings.
func owned(chunks []string) []string { return feed(new(spec.Parser), chunks...) }

// feed tells the events that p dispatches, and does not end the stream.
func feed(p *spec.Parser, chunks ...string) (seen []string) {
	for _, c := range chunks {
		chunk := []byte(c)
		p.Feed(chunk, func(e spec.Event) { seen = append(seen, shown(e)) })
		clear(chunk)
	}
	return seen
}
