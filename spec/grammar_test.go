package spec_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/ssespec/ssespec/spec"
	"github.com/ssespec/ssespec/spec/literal"
)

// findings feeds chunks to a new validator and ends the stream.
func findings(chunks ...string) []spec.Finding {
	var v spec.Validator
	var all []spec.Finding
	keep := func(f spec.Finding) { all = append(all, f) }
	for _, c := range chunks {
		v.Feed([]byte(c), keep)
	}
	v.End(keep)
	return all
}

// brief is "offset line:column level clause".
func brief(all []spec.Finding) []string {
	short := []string{}
	for _, f := range all {
		short = append(short, fmt.Sprintf("%d %d:%d %s %s", f.Offset, f.Line, f.Column, f.Level, f.Clause))
	}
	return short
}

// facts are streams and what is to be found in them.
var facts = []struct {
	name, stream string
	want         []string
}{
	{"an empty stream conforms", "", nil},
	{"a BOM alone conforms", "\uFEFF", nil},
	{"an empty line conforms", "\n", nil},
	{"an event conforms", "data: a\n\n", nil},
	{"CR, LF and CRLF may be mixed", "data: a\rdata: b\ndata: c\r\n\r\ndata\r\r", nil},
	{"CRLF is one line end, so a block is open after it", "data: a\r\n", []string{"9 2:1 must grammar-event"}},
	{"CR LF LF is a line end and an empty line", "data: a\r\n\n", nil},
	{"a CR that ends the stream ends its line", "data: a\n\r", nil},
	{"a comment and an empty line conform", ": hi\n\n", nil},
	{"a comment may hold anything", ":\x00\uFEFF:data\u2028\n\n", nil},
	{"a value may hold NUL", "data: \x00\nevent: \x00\n\n", nil},
	{"a leading BOM is no part of the first line", "\uFEFFdata: a\n\n", nil},
	{"an id alone has its effect", "id: 1\n\n", nil},
	{"a retry alone has its effect", "retry: 10\n\n", nil},
	{"a retry without the space", "retry:10\n\n", nil},
	{"an id without a value resets", "id\n\n", nil},
	{"U+FFFD itself is well formed", "data: \uFFFD\n\n", nil},
	{"the first and last characters of each length are well formed",
		":\u007F\u0080\u07FF\u0800\u0FFF\u1000\uD7FF\uE000\uFFFF\U00010000\U0003FFFF\U00040000\U0010FFFF\n\n", nil},

	{"a last line needs a line end", "data: a", []string{"7 1:8 must grammar-field", "7 1:8 must grammar-event"}},
	{"a last comment needs a line end", "data: a\n\n:", []string{"10 3:2 must grammar-comment", "10 3:2 must grammar-event"}},
	{"a last block needs its empty line", "data: a\n\ndata: b\n", []string{"17 4:1 must grammar-event"}},
	{"a block of comments needs it too", ": a\n", []string{"4 2:1 must grammar-event"}},
	{"a last line has no advice", "foo: a", []string{"6 1:7 must grammar-field", "6 1:7 must grammar-event"}},

	{"a byte that begins nothing", "data: \xFF\n\n", []string{"6 1:7 must format-utf8"}},
	{"a sequence cut by a line end is one", "data\n\ndata: \xE4\xBD\n\n", []string{"12 3:7 must format-utf8"}},
	{"a sequence cut by a character is one", "data: \xF0\x9F\x98x\n\n", []string{"6 1:7 must format-utf8"}},
	{"a sequence cut by another", "data: \xE4\xE4\xBD\xA0\n\n", []string{"6 1:7 must format-utf8"}},
	{"a sequence cut by the end", "data: \xE4\xBD", []string{"6 1:7 must format-utf8", "8 1:9 must grammar-field", "8 1:9 must grammar-event"}},
	{"an overlong NUL is two", "data: \xC0\x80\n\n", []string{"6 1:7 must format-utf8", "7 1:8 must format-utf8"}},
	{"an overlong form of three bytes is three", ":\xE0\x9F\xBF\n\n", []string{"1 1:2 must format-utf8", "2 1:3 must format-utf8", "3 1:4 must format-utf8"}},
	{"an overlong form of four bytes is four", ":\xF0\x8F\xBF\xBF\n\n", []string{"1 1:2 must format-utf8", "2 1:3 must format-utf8", "3 1:4 must format-utf8", "4 1:5 must format-utf8"}},
	{"a surrogate is three", ":\xED\xA0\x80\n\n", []string{"1 1:2 must format-utf8", "2 1:3 must format-utf8", "3 1:4 must format-utf8"}},
	{"a character beyond U+10FFFF is four", ":\xF4\x90\x80\x80\n\n", []string{"1 1:2 must format-utf8", "2 1:3 must format-utf8", "3 1:4 must format-utf8", "4 1:5 must format-utf8"}},
	{"half a BOM is malformed", "\xEF\xBBdata\n\n", []string{"0 1:1 must format-utf8", "0 1:1 may field-unknown", "0 1:1 may dispatch-empty-data"}},
	{"a BOM of UTF-16 is malformed twice", "\xFF\xFEdata: a\n\n", []string{"0 1:1 must format-utf8", "1 1:2 must format-utf8", "0 1:1 may field-unknown", "0 1:1 may dispatch-empty-data"}},

	{"an unknown field", "data: a\nfoo: b\n\n", []string{"8 2:1 may field-unknown"}},
	{"an unknown field without a colon", "data\n{}\n\n", []string{"5 2:1 may field-unknown"}},
	{"a name in capitals", "data\nData: b\n\n", []string{"5 2:1 may field-name-literal"}},
	{"a space before a name", "data\n id: b\n\n", []string{"5 2:1 may field-name-no-trim"}},
	{"a space after a name", "data\nid : b\n\n", []string{"5 2:1 may field-name-no-trim"}},
	{"NUL in a name", "data\nid\x00: b\n\n", []string{"5 2:1 may field-name-nul"}},
	{"NUL within a name", "data\ni\x00d: b\n\n", []string{"5 2:1 may field-name-nul"}},
	{"NUL far back in a name", "data\n" + strings.Repeat("x", 99) + "\x00: b\n\n", []string{"5 2:1 may field-name-nul"}},
	{"a known name and white space beyond what is kept", "data\nid" + strings.Repeat(" ", 60) + "x: b\n\n", []string{"5 2:1 may field-unknown"}},
	{"a second BOM", "\uFEFF\uFEFFdata\ndata\n\n", []string{"3 1:4 may parse-bom-double"}},
	{"a second BOM before a colon makes a field", "\uFEFF\uFEFF: a\ndata\n\n", []string{"3 1:4 may parse-bom-double"}},
	{"a BOM in mid-stream", "data\n\n\uFEFFdata: b\ndata\n\n", []string{"6 3:1 may parse-bom-midstream"}},
	{"a BOM in mid-stream after one at the start", "\uFEFFdata\n\uFEFFdata: b\n\n", []string{"8 2:1 may parse-bom-midstream"}},
	{"NUL in an id", "data\nid: 1\x00\x00\n\n", []string{"10 2:6 may field-id-nul"}},
	{"a retry with a sign", "retry: -1\n\n", []string{"7 1:8 may field-retry-invalid"}},
	{"a retry with a unit", "retry: 10s x\n\n", []string{"9 1:10 may field-retry-invalid"}},
	{"a retry with the character before 0", "retry: 1/\n\n", []string{"8 1:9 may field-retry-invalid"}},
	{"a retry with the character after 9", "retry: 1:\n\n", []string{"8 1:9 may field-retry-invalid"}},
	{"a retry with two spaces", "retry:  1\n\n", []string{"7 1:8 may field-retry-invalid"}},
	{"a retry with malformed UTF-8", "retry: 1\xFF\n\n", []string{"8 1:9 must format-utf8", "8 1:9 may field-retry-invalid"}},
	{"a retry without a value", "retry\n\n", []string{"0 1:1 may field-retry-empty"}},
	{"a retry of one space", "retry: \n\n", []string{"0 1:1 may field-retry-empty"}},
	{"a type without data", ": c\nid: 1\nevent: a\n\n", []string{"4 2:1 may dispatch-empty-data"}},
	{"a type without data in the second block", "event: a\ndata\n\nevent: b\n\n", []string{"15 4:1 may dispatch-empty-data"}},
	{"lines are counted over CRLF", "data\r\n\r\nfoo\r\ndata\r\n\r\n", []string{"8 3:1 may field-unknown"}},
	{"lines are counted over CR", "data\r\rfoo\rdata\r\r", []string{"6 3:1 may field-unknown"}},
}

var _ = Describe("A validator", func() {
	for _, f := range facts {
		It("knows that: "+f.name, func() {
			Expect(brief(findings(f.stream))).To(Equal(append([]string{}, f.want...)))
		})

		It("finds the same however it is cut where "+f.name, func() {
			whole := findings(f.stream)
			Expect(findings(strings.Split(f.stream, "")...)).To(Equal(whole), "at every character")
			Expect(findings(bytewise(f.stream)...)).To(Equal(whole), "at every byte")
			for i := range len(f.stream) + 1 {
				Expect(findings(f.stream[:i], "", f.stream[i:])).To(Equal(whole), "at byte %d", i)
			}
		})
	}

	DescribeTable("says",
		func(stream, text, hint string) {
			all := findings(stream)
			Expect(all).NotTo(BeEmpty())
			Expect(all[0].Text).To(Equal(text))
			Expect(all[0].Hint).To(Equal(hint))
		},
		Entry("which bytes are malformed", "data: \xE4\xBD\n\n", `malformed UTF-8 "\xe4\xbd"`, "encode the stream as UTF-8; a client reads U+FFFD here"),
		Entry("which field is unknown", "f\x1b[1m: x\ndata\n\n", `the field "f\x1b[1m" is unknown, so it is ignored`,
			"the fields are data, event, id and retry; a line that begins with a colon is a comment"),
		Entry("only the first 40 bytes of a name, whole characters", "data\n"+strings.Repeat("中", 20)+"\n\n",
			`the field "`+strings.Repeat("中", 13)+`"... is unknown, so it is ignored`,
			"the fields are data, event, id and retry; a line that begins with a colon is a comment"),
		Entry("which name was meant", "DATA : x\n\n", `the field "DATA " is ignored: white space counts in names`, "write data without white space around it"),
		Entry("where the open block begins", "\n\n: a\ndata: b\n", "the last block, which begins in line 3, is not closed by an empty line",
			"end the stream with an empty line; a client discards an unfinished block"),
	)

	It("cites clauses that exist, as an error or as advice", func() {
		for _, fact := range facts {
			for _, f := range findings(fact.stream) {
				c, known := spec.ClauseByID(f.Clause)
				Expect(known).To(BeTrue(), f.Clause)
				Expect(f.Level).To(Or(Equal(spec.Must), Equal(spec.May)))
				Expect(f.Level == spec.Must).To(Equal(c.Binds == spec.Server), f.Clause)
				Expect(f.Text).NotTo(BeEmpty())
				Expect(f.Hint).NotTo(BeEmpty())
			}
		}
	})

	It("is ready for another stream after the end of one", func() {
		var v spec.Validator
		var first, second []spec.Finding
		v.Feed([]byte("\uFEFFfoo\r\n\xE4"), func(f spec.Finding) { first = append(first, f) })
		v.End(func(f spec.Finding) { first = append(first, f) })
		v.Feed([]byte("\uFEFFfoo\r\n\xE4"), func(f spec.Finding) { second = append(second, f) })
		v.End(func(f spec.Finding) { second = append(second, f) })
		Expect(first).To(HaveLen(4))
		Expect(second).To(Equal(first))
	})

	DescribeTable("keeps nothing of a line without end, that is of",
		func(prefix, unit string) {
			var v spec.Validator
			none := func(f spec.Finding) { panic(f.Text) }
			v.Feed([]byte(prefix), none)
			chunk := []byte(strings.Repeat(unit, 1<<14))
			Expect(testing.AllocsPerRun(20, func() { v.Feed(chunk, none) })).To(BeZero())
		},
		Entry("a name", "", "name"),
		Entry("a comment", ":", "text"),
		Entry("data", "data:", "x 中"),
		Entry("an id", "id:", "1234"),
		Entry("a retry", "retry:", "1234"),
		Entry("an unknown field", "foo:", "\x00"),
		Entry("many blocks", "", "data: a\r\nid: 1\r\r\n"),
	)
})

func bytewise(stream string) []string {
	var chunks []string
	for i := range len(stream) {
		chunks = append(chunks, stream[i:i+1])
	}
	return chunks
}

// anyStream is made of what lines, line ends and broken sequences consist of.
func anyStream(t *rapid.T) string {
	piece := rapid.SampledFrom([]string{
		"data", "event", "id", "retry", "Data", "foo", ":", ":", " ", "1", "x", "\x00", "\t", "\r", "\n", "\r\n", "\n\n", "\r\r",
		"\uFEFF", "\xEF\xBB", "\xBF", "é", "中", "😀", "\xFF", "\xC0\x80", "\xE4\xBD", "\xED\xA0\x80", "\xF0\x9F\x98", "\xF4\x90", "\x80",
		"\u0800", "\uD7FF", "\U00010000", "\U0010FFFF", "\x8F", "\x90", "\x9F", "\xA0", "\xE0", "\xED", "\xF0", "\xF4", "\xF5", "\xC1", "\xC2",
	})
	return strings.Join(rapid.SliceOfN(piece, 0, 24).Draw(t, "stream"), "")
}

func count(all []spec.Finding, clause string) int {
	n := 0
	for _, f := range all {
		if f.Clause == clause {
			n++
		}
	}
	return n
}

var _ = Describe("In any stream a validator", func() {
	It("finds the same however it is cut", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			stream := anyStream(t)
			var chunks []string
			rest := stream
			for range rapid.IntRange(0, 12).Draw(t, "cuts") {
				n := rapid.IntRange(0, len(rest)).Draw(t, "chunk")
				chunks = append(chunks, rest[:n])
				rest = rest[n:]
			}
			chunks = append(chunks, rest)
			got, want := fmt.Sprint(findings(chunks...)), fmt.Sprint(findings(stream))
			if got != want {
				t.Fatalf("%+q\nwhole %s\ncut   %s", chunks, want, got)
			}
		})
	})

	It("finds as many malformed subparts as the decoder replaces", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			stream := anyStream(t)
			text := strings.NewReplacer("\r", "", "\n", "").Replace(stream)
			replaced := strings.Count(literal.Parse([]byte(":" + text + "\n")).Comments[0], "\uFFFD")
			if got := count(findings(":"+text), "format-utf8"); got != replaced {
				t.Fatalf("%+q: %d findings, %d U+FFFD", text, got, replaced)
			}
		})
	})

	// The grammar once more, on lines: of well-formed UTF-8 it asks no more.
	closed := regexp.MustCompile(`^\x{FEFF}?(?:(?:[^\n]+\n)*\n)*$`)

	It("finds an open block just where the grammar does not match", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			stream := strings.ToValidUTF8(anyStream(t), "")
			lines := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(stream)
			if got := count(findings(stream), "grammar-event") == 0; got != closed.MatchString(lines) {
				t.Fatalf("%+q: closed %v", stream, got)
			}
		})
	})

	It("gives no advice on dispatch where each block dispatches", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			var stream []byte
			for range rapid.IntRange(0, 4).Draw(t, "blocks") {
				b := anyBlock(t)
				b.Data = new("x")
				stream, _ = spec.Encoder{Normalise: true}.Append(stream, b)
			}
			if all := findings(string(stream)); len(all) > 0 {
				t.Fatalf("%+q: %v", stream, all)
			}
		})
	})
})

func BenchmarkValidator(b *testing.B) {
	for name, block := range workloads() {
		b.Run(name, func(b *testing.B) {
			stream, err := spec.Encoder{}.Append(nil, block)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(stream)))
			b.ReportAllocs()
			var v spec.Validator
			for b.Loop() {
				v.Feed(stream, func(f spec.Finding) { b.Fatal(f) })
			}
		})
	}
}
