package spec_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"pgregory.net/rapid"

	"github.com/ssespec/ssespec/spec"
	"github.com/ssespec/ssespec/spec/literal"
)

var _ = Describe("An encoder", func() {
	DescribeTable("writes",
		func(b spec.Block, want string) {
			got, err := spec.Encoder{}.Append(nil, b)
			Expect(err).NotTo(HaveOccurred())
			Expect(string(got)).To(Equal(want))
		},
		Entry("a block of nothing as an empty line", spec.Block{}, "\n"),
		Entry("data", spec.Block{Data: new("a")}, "data: a\n\n"),
		Entry("empty data as one field, so that an event is dispatched", spec.Block{Data: new("")}, "data:\n\n"),
		Entry("each line of data as a field", spec.Block{Data: new("a\nb")}, "data: a\ndata: b\n\n"),
		Entry("an LF as two empty lines", spec.Block{Data: new("\n")}, "data:\ndata:\n\n"),
		Entry("a last LF as an empty line more", spec.Block{Data: new("a\n")}, "data: a\ndata:\n\n"),
		Entry("a first LF as an empty line more", spec.Block{Data: new("\na")}, "data:\ndata: a\n\n"),
		Entry("a space that data begins with behind the one that goes", spec.Block{Data: new(" a")}, "data:  a\n\n"),
		Entry("data that is a space", spec.Block{Data: new(" ")}, "data:  \n\n"),
		Entry("data that looks like a field", spec.Block{Data: new("id: 1")}, "data: id: 1\n\n"),
		Entry("NUL in data", spec.Block{Data: new("\x00")}, "data: \x00\n\n"),
		Entry("separators that end no line", spec.Block{Data: new("a\u2028b\u0085c\vd\f")}, "data: a\u2028b\u0085c\vd\f\n\n"),
		Entry("U+FEFF and U+FFFD as they are", spec.Block{Data: new("\uFEFF\uFFFD")}, "data: \uFEFF\uFFFD\n\n"),
		Entry("a type", spec.Block{Event: new("add")}, "event: add\n\n"),
		Entry("an empty type", spec.Block{Event: new("")}, "event:\n\n"),
		Entry("NUL in a type", spec.Block{Event: new("\x00")}, "event: \x00\n\n"),
		Entry("an id", spec.Block{ID: new("1")}, "id: 1\n\n"),
		Entry("an empty id, which resets", spec.Block{ID: new("")}, "id:\n\n"),
		Entry("a reconnection time", spec.Block{Retry: new("3000")}, "retry: 3000\n\n"),
		Entry("a reconnection time that no machine holds", spec.Block{Retry: new("0099999999999999999999")}, "retry: 0099999999999999999999\n\n"),
		Entry("a comment with its empty line", spec.Block{Comment: new("hi")}, ": hi\n\n"),
		Entry("an empty comment", spec.Block{Comment: new("")}, ":\n\n"),
		Entry("each line of a comment", spec.Block{Comment: new("a\ndata: b")}, ": a\n: data: b\n\n"),
		Entry("all together, data last",
			spec.Block{Event: new("e"), Data: new("d"), ID: new("i"), Retry: new("1"), Comment: new("c")},
			": c\nevent: e\nid: i\nretry: 1\ndata: d\n\n"),
	)

	DescribeTable("refuses",
		func(b spec.Block, want spec.EncodeError) {
			dst := make([]byte, 3, 64)
			copy(dst, "abc")
			got, err := spec.Encoder{}.Append(dst, b)
			var refused *spec.EncodeError
			Expect(errors.As(err, &refused)).To(BeTrue())
			Expect(*refused).To(Equal(want))
			Expect(got).To(Equal([]byte("abc")))
			Expect(dst[:cap(dst)][3:]).To(HaveEach(byte(0)), "bytes behind the end are written to")
		},
		Entry("LF in a type", spec.Block{Data: new("x"), Event: new("a\ndata: evil")}, spec.EncodeError{"event", 1, "grammar-chars", "a line feed ends the line"}),
		Entry("CR in a type", spec.Block{Event: new("a\rb\n")}, spec.EncodeError{"event", 1, "grammar-chars", "a carriage return ends the line"}),
		Entry("LF in an id", spec.Block{ID: new("\n")}, spec.EncodeError{"id", 0, "grammar-chars", "a line feed ends the line"}),
		Entry("CR in an id", spec.Block{ID: new("12\r")}, spec.EncodeError{"id", 2, "grammar-chars", "a carriage return ends the line"}),
		Entry("NUL in an id", spec.Block{ID: new("1\x002\n")}, spec.EncodeError{"id", 1, "field-id-nul", "a client ignores an id with NUL"}),
		Entry("LF in a retry", spec.Block{Retry: new("1\nid: 2")}, spec.EncodeError{"retry", 1, "grammar-chars", "a line feed ends the line"}),
		Entry("a sign", spec.Block{Retry: new("-1")}, spec.EncodeError{"retry", 0, "field-retry-invalid", "not an ASCII digit, so a client ignores the field"}),
		Entry("a unit", spec.Block{Retry: new("10ms")}, spec.EncodeError{"retry", 2, "field-retry-invalid", "not an ASCII digit, so a client ignores the field"}),
		Entry("the character before 0", spec.Block{Retry: new("0/")}, spec.EncodeError{"retry", 1, "field-retry-invalid", "not an ASCII digit, so a client ignores the field"}),
		Entry("the character after 9", spec.Block{Retry: new("9:")}, spec.EncodeError{"retry", 1, "field-retry-invalid", "not an ASCII digit, so a client ignores the field"}),
		Entry("digits of another script", spec.Block{Retry: new("1٣")}, spec.EncodeError{"retry", 1, "field-retry-invalid", "not an ASCII digit, so a client ignores the field"}),
		Entry("an empty retry", spec.Block{Retry: new("")}, spec.EncodeError{"retry", 0, "field-retry-empty", "no digits, which clients read differently"}),
		Entry("CR in data", spec.Block{Data: new("a\rb")}, spec.EncodeError{"data", 1, "grammar-chars", "a carriage return ends the line"}),
		Entry("CRLF in data", spec.Block{Data: new("ab\r\n")}, spec.EncodeError{"data", 2, "grammar-chars", "a carriage return ends the line"}),
		Entry("CR in a comment", spec.Block{Comment: new("\r")}, spec.EncodeError{"comment", 0, "grammar-chars", "a carriage return ends the line"}),
		Entry("malformed UTF-8 in data", spec.Block{Data: new("a\xE4\xBD\r")}, spec.EncodeError{"data", 1, "format-utf8", "malformed UTF-8"}),
		Entry("CR before malformed UTF-8", spec.Block{Data: new("\r\xFF")}, spec.EncodeError{"data", 0, "grammar-chars", "a carriage return ends the line"}),
		Entry("a surrogate in data", spec.Block{Data: new("\uFFFD\xED\xA0\x80")}, spec.EncodeError{"data", 3, "format-utf8", "malformed UTF-8"}),
		Entry("malformed UTF-8 in a type", spec.Block{Event: new("\xFF")}, spec.EncodeError{"event", 0, "format-utf8", "malformed UTF-8"}),
		Entry("malformed UTF-8 in an id", spec.Block{ID: new("\xC0\x80")}, spec.EncodeError{"id", 0, "format-utf8", "malformed UTF-8"}),
		Entry("malformed UTF-8 in a comment", spec.Block{Comment: new("é\xC3")}, spec.EncodeError{"comment", 2, "format-utf8", "malformed UTF-8"}),
	)

	DescribeTable("that normalises reads",
		func(text, want string) {
			got, err := spec.Encoder{Normalise: true}.Append(nil, spec.Block{Comment: &text, Data: &text})
			Expect(err).NotTo(HaveOccurred())
			same, err := spec.Encoder{}.Append(nil, spec.Block{Comment: &want, Data: &want})
			Expect(err).NotTo(HaveOccurred())
			Expect(string(got)).To(Equal(string(same)))
		},
		Entry("a CR as LF", "a\rb", "a\nb"),
		Entry("a CRLF as one LF", "a\r\nb", "a\nb"),
		Entry("CR CR LF as two", "a\r\r\nb", "a\n\nb"),
		Entry("LF CR as two", "a\n\rb", "a\n\nb"),
		Entry("a cut sequence as one U+FFFD", "\xF0\x9F\x98x", "\uFFFDx"),
		Entry("a cut sequence before a line end", "\xE4\xBD\rx", "\uFFFD\nx"),
		Entry("a surrogate as three", "\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"),
		Entry("an overlong NUL as two", "\xC0\x80", "\uFFFD\uFFFD"),
		Entry("text that needs nothing as it is", "a\n é", "a\n é"),
	)

	DescribeTable("that normalises still refuses",
		func(b spec.Block, clause string) {
			_, err := spec.Encoder{Normalise: true}.Append(nil, b)
			var refused *spec.EncodeError
			Expect(errors.As(err, &refused)).To(BeTrue())
			Expect(refused.Clause).To(Equal(clause))
		},
		Entry("CR in a type", spec.Block{Event: new("\r")}, "grammar-chars"),
		Entry("LF in an id", spec.Block{ID: new("\n")}, "grammar-chars"),
		Entry("NUL in an id", spec.Block{ID: new("\x00")}, "field-id-nul"),
		Entry("malformed UTF-8 in an id", spec.Block{ID: new("\xFF")}, "format-utf8"),
		Entry("malformed UTF-8 in a type", spec.Block{Event: new("\xFF")}, "format-utf8"),
		Entry("a retry that is no number", spec.Block{Retry: new("1e3")}, "field-retry-invalid"),
	)

	It("says where, then what, and repeats no value", func() {
		_, err := spec.Encoder{}.Append(nil, spec.Block{ID: new("secret\r")})
		Expect(err).To(MatchError("id:6: a carriage return ends the line (grammar-chars)"))
	})

	It("cites clauses that exist", func() {
		for _, b := range []spec.Block{{ID: new("\n")}, {ID: new("\x00")}, {ID: new("\xFF")}, {Retry: new("")}, {Retry: new("x")}} {
			_, err := spec.Encoder{}.Append(nil, b)
			var refused *spec.EncodeError
			Expect(errors.As(err, &refused)).To(BeTrue())
			_, known := spec.ClauseByID(refused.Clause)
			Expect(known).To(BeTrue(), refused.Clause)
		}
	})

	It("appends behind what is there", func() {
		got, err := spec.Encoder{}.Append([]byte("data: a\n\n"), spec.Block{Data: new("b")})
		Expect(err).NotTo(HaveOccurred())
		Expect(string(got)).To(Equal("data: a\n\ndata: b\n\n"))
	})

	It("allocates nothing into a slice that is long enough", func() {
		for name, b := range workloads() {
			dst := make([]byte, 0, 1<<17)
			Expect(testing.AllocsPerRun(50, func() {
				if _, err := (spec.Encoder{}).Append(dst, b); err != nil {
					panic(err)
				}
			})).To(BeZero(), name)
		}
	})
})

// workloads are one block each of the loads that encoders are compared by.
func workloads() map[string]spec.Block {
	tokens := `{"choices":[{"delta":{"content":"` + strings.Repeat("token ", 27) + `"}}]}`
	return map[string]spec.Block{
		"tokens":   {Event: new("content_block_delta"), Data: new(tokens)},
		"x":        {Data: new("x")},
		"64KiB":    {Data: new(strings.Repeat("0123456789abcdef", 4<<10))},
		"50 lines": {Data: new(strings.Repeat(strings.Repeat("a", 80)+"\n", 49) + strings.Repeat("a", 80))},
		"CJK":      {Data: new(strings.Repeat("服务器推送事件😀", 10))},
	}
}

func BenchmarkEncoder(b *testing.B) {
	for name, block := range workloads() {
		b.Run(name, func(b *testing.B) {
			dst := make([]byte, 0, 1<<17)
			b.SetBytes(int64(len(*block.Data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := (spec.Encoder{}).Append(dst, block); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// anyText makes values of what has ever gone wrong in one.
func anyText(t *rapid.T, name string) *string {
	piece := rapid.SampledFrom([]string{
		"a", "b", "7", "0", " ", ":", "data", "id: 1", "\n", "\n", "\t", "\x00", "é", "中", "😀", "\uFEFF", "\u2028", "\u0085", "\v",
		"\r", "\r\n", "\xFF", "\xE4\xBD", "\xF0\x9F\x98", "\xED\xA0\x80", "\xC0\x80", "\x80",
	})
	safe := rapid.SampledFrom([]string{"a", "7", " ", ":", "data", "\t", "中", "\uFEFF"})
	switch rapid.IntRange(0, 3).Draw(t, name+" is") {
	case 0:
		return nil
	case 1:
		return new(strings.Join(rapid.SliceOfN(piece, 0, 8).Draw(t, name), ""))
	case 2:
		return new(rapid.StringMatching(`[0-9]{1,4}`).Draw(t, name))
	}
	return new(strings.Join(rapid.SliceOfN(safe, 0, 8).Draw(t, name), ""))
}

func anyBlock(t *rapid.T) spec.Block {
	return spec.Block{
		Event: anyText(t, "event"), Data: anyText(t, "data"), ID: anyText(t, "id"),
		Retry: anyText(t, "retry"), Comment: anyText(t, "comment"),
	}
}

// canTravel is the encoder's rule once more, by other means.
func canTravel(b spec.Block, normalise bool) bool {
	fits := func(s *string, forbidden string) bool {
		return s == nil || utf8.ValidString(*s) && !strings.ContainsAny(*s, forbidden)
	}
	digits := b.Retry == nil || *b.Retry != "" && strings.Trim(*b.Retry, "0123456789") == ""
	text := normalise || fits(b.Data, "\r") && fits(b.Comment, "\r")
	return digits && text && fits(b.Event, "\r\n") && fits(b.ID, "\r\n\x00")
}

// meant is what a conforming client makes of text that was sent as data.
func meant(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		comments := literal.Parse([]byte(":" + line + "\n")).Comments
		lines[i] = comments[0]
	}
	return strings.Join(lines, "\n")
}

// account is what a client that gets blocks must have seen.
func account(blocks []spec.Block) literal.Result {
	var r literal.Result
	for _, b := range blocks {
		if b.Comment != nil {
			for line := range strings.SplitSeq(meant(*b.Comment), "\n") {
				if line != "" {
					line = " " + line
				}
				r.Comments = append(r.Comments, line)
			}
		}
		if b.ID != nil {
			r.LastEventID = *b.ID
		}
		if b.Retry != nil {
			r.Retries = append(r.Retries, *b.Retry)
		}
		if b.Data == nil {
			continue
		}
		e := spec.Event{Type: spec.DefaultType, Data: meant(*b.Data), LastEventID: r.LastEventID}
		if b.Event != nil && *b.Event != "" {
			e.Type = *b.Event
		}
		r.Events = append(r.Events, e)
	}
	return r
}

var _ = Describe("What an encoder wrote", func() {
	It("is read as it was meant, or was refused", func() {
		rapid.Check(GinkgoT(), func(t *rapid.T) {
			e := spec.Encoder{Normalise: rapid.Bool().Draw(t, "normalise")}
			var sent []spec.Block
			var stream []byte
			for range rapid.IntRange(0, 6).Draw(t, "blocks") {
				b := anyBlock(t)
				before := bytes.Clone(stream)
				var err error
				stream, err = e.Append(stream, b)
				if (err == nil) != canTravel(b, e.Normalise) {
					t.Fatalf("error %v for a block that can travel: %v", err, canTravel(b, e.Normalise))
				}
				if err != nil {
					if !bytes.Equal(stream, before) {
						t.Fatalf("a refused block left %q", stream)
					}
					continue
				}
				sent = append(sent, b)
			}
			got, want := literal.Parse(stream), account(sent)
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%q\nwant %+q\ngot  %+q", stream, want, got)
			}
		})
	})
})
