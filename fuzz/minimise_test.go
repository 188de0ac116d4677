package fuzz_test

import (
	"bytes"
	"context"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/fuzz"
)

// minimised is what is reached from s where same holds.
func minimised(s cases.Script, same func(cases.Script) bool, window int) fuzz.Minimised {
	GinkgoHelper()
	m := fuzz.Minimiser{Window: window, Same: func(_ context.Context, list []cases.Script) (said []bool, err error) {
		for _, s := range list {
			said = append(said, same(s))
		}
		return said, nil
	}}
	done, err := m.Minimise(context.Background(), s)
	Expect(err).NotTo(HaveOccurred())
	return done
}

// chunksOf returns the chunks of each connection, quoted.
func chunksOf(s cases.Script) string {
	var all []string
	for _, c := range s.Connections {
		all = append(all, marked(c.Chunks()))
	}
	return strings.Join(all, " ; ")
}

// scripted makes a script of a text in which | is a cut and ; the next connection.
func scripted(text string) (s cases.Script) {
	for connection := range strings.SplitSeq(text, ";") {
		var chunks [][]byte
		for c := range strings.SplitSeq(connection, "|") {
			chunks = append(chunks, []byte(c))
		}
		s.Connections = append(s.Connections, cases.One(chunks...).Connections...)
	}
	return s
}

// holding is a rule on the bytes of all connections together.
func holding(rule func(all string) bool) func(cases.Script) bool {
	return func(s cases.Script) bool {
		var all []byte
		for _, c := range s.Connections {
			all = append(all, bytes.Join(c.Chunks(), nil)...)
		}
		return rule(string(all))
	}
}

func having(text string) func(cases.Script) bool {
	return holding(func(all string) bool { return strings.Contains(all, text) })
}

// endingIn is the rule that a chunk that is not the last ends in text.
func endingIn(text string) func(cases.Script) bool {
	return func(s cases.Script) bool {
		for _, c := range s.Connections {
			chunks := c.Chunks()
			for i := range max(len(chunks)-1, 0) {
				if bytes.HasSuffix(chunks[i], []byte(text)) {
					return true
				}
			}
		}
		return false
	}
}

var _ = DescribeTable("What the minimiser reaches, by a rule on bytes, in any window",
	func(from string, same func(cases.Script) bool, want string) {
		for _, window := range []int{1, 2, 7, 100} {
			done := minimised(scripted(from), same, window)
			Expect(chunksOf(done.Script)).To(Equal(want), "window %d", window)
			Expect(done.Spare).To(BeEmpty())
			Expect(done.Stopped).To(BeFalse())
			Expect(fuzz.Spare(done.Script, same)).To(BeEmpty())
		}
	},
	Entry("nothing where everything can go", "data: a|\n;\n", func(cases.Script) bool { return true }, ""),
	Entry("all where nothing can go", "a|\n1", func(s cases.Script) bool { return chunksOf(s) == `"a" | "\n1"` }, `"a" | "\n1"`),
	Entry("the connection that matters", "data: a\n\n;id: 1\n;x", having("id"), `"id"`),
	Entry("two connections where both matter", "data: a\n\n;id: 1\n;x", func(s cases.Script) bool {
		return len(s.Connections) >= 2 && having("x")(s)
	}, ` ; "x"`),
	Entry("a block of several", "data: a\n\nid: 1\ndata: zz\n\nevent: x\n\n", having("zz"), `"zz"`),
	Entry("a line of several", "data: a\nevent: b\rdata: q\r\n\r\n", having("event: b\r"), `"event: b\r"`),
	Entry("bytes that are apart", "data: xaay\n\n", holding(func(all string) bool {
		return strings.Contains(all, "x") && strings.Contains(all, "y")
	}), `"xy"`),
	Entry("the simplest bytes that do", "data: xyz\r", holding(func(all string) bool { return len(all) >= 2 }), `"aa"`),
	Entry("a digit where it must be one", "retry: 7890\n", holding(func(all string) bool {
		return strings.ContainsAny(all, "123456789")
	}), `"1"`),
	Entry("a line feed where it must be a line end", "data: xyz\r\r", holding(func(all string) bool {
		return strings.Count(all, "\r")+strings.Count(all, "\n") >= 2
	}), `"\n\n"`),
	Entry("FF where the bytes must be no UTF-8", "data: \xE4\xBD\xA0\xF0\x9F\n", holding(func(all string) bool {
		return strings.ToValidUTF8(all, "") != all
	}), `"\xff"`),
	Entry("no cut where none matters", "da|ta:| |a\n|\n", having("data"), `"data"`),
	Entry("the cut that matters, and no other", "da|ta: a\r|\n|\r\n|", endingIn("\r"), `"\r" | ""`),
	Entry("the cut between two bytes", "x|data: a\r|\n\r|\n", func(s cases.Script) bool {
		return strings.Contains(chunksOf(s), `\r" | "\n`)
	}, `"\r" | "\n"`),
	Entry("the empty chunk that matters", "a||b|c", func(s cases.Script) bool {
		return strings.Contains(chunksOf(s), `" | "" | "`)
	}, `"a" | "" | "a"`),
	Entry("one line of a thousand", strings.Repeat("data: a\n", 500)+"id: \x00\n"+strings.Repeat("data: b\n", 500), having("\x00"), `"\x00"`),
)

var _ = Describe("The minimiser", func() {
	It("only ever tries what is strictly smaller, and takes it at once", func() {
		last := scripted("event: x|yz\r\ndata: 7\r\n\r\n;id: 9")
		m := fuzz.Minimiser{Same: func(_ context.Context, list []cases.Script) ([]bool, error) {
			Expect(list).To(HaveLen(1))
			Expect(smaller(list[0], last)).To(BeTrue(), "%s after %s", chunksOf(list[0]), chunksOf(last))
			same := having("z")(list[0])
			if same {
				last = list[0]
			}
			return []bool{same}, nil
		}}
		done, err := m.Minimise(context.Background(), last)
		Expect(err).NotTo(HaveOccurred())
		Expect(chunksOf(done.Script)).To(Equal(`"z"`))
	})

	It("says what is spare of a script that is not minimal", func() {
		Expect(fuzz.Spare(scripted("data: a\n\nid"), having("id"))).To(Equal("block 1"))
		Expect(fuzz.Spare(scripted("id;a"), having("id"))).To(Equal("connection 2"))
		Expect(fuzz.Spare(scripted("aid"), having("id"))).To(Equal("byte 1"))
		Expect(fuzz.Spare(scripted("a\nid"), having("id"))).To(Equal("line 1"))
		Expect(fuzz.Spare(scripted("i|d"), having("id"))).To(Equal("cut 1"))
	})

	It("stops at its bound, and says so", func() {
		m := fuzz.Minimiser{Most: 10, Same: func(_ context.Context, list []cases.Script) ([]bool, error) {
			return make([]bool, len(list)), nil
		}}
		done, err := m.Minimise(context.Background(), scripted("data: abcdefghij\n\n"))
		Expect(err).NotTo(HaveOccurred())
		Expect(done.Stopped).To(BeTrue())
		Expect(done.Looks).To(Equal(10))
		Expect(chunksOf(done.Script)).To(Equal(`"data: abcdefghij\n\n"`))
	})

	It("hands on what the look at a script ends with", func() {
		m := fuzz.Minimiser{Same: func(context.Context, []cases.Script) ([]bool, error) { return nil, context.Canceled }}
		_, err := m.Minimise(context.Background(), scripted("data"))
		Expect(err).To(MatchError(context.Canceled))
	})

	It("keeps what is not the stream: status, headers and end", func() {
		s := scripted("data: a;x")
		s.Connections[1].Status, s.Connections[1].End = 500, "reset"
		done := minimised(s, func(s cases.Script) bool {
			last := s.Connections[len(s.Connections)-1]
			return last.Status == 500 && last.End == "reset"
		}, 1)
		Expect(done.Script).To(Equal(cases.Script{Connections: []cases.Connection{{Status: 500, End: "reset"}}}))
	})
})

// smaller is the order of the minimiser once more: connections, bytes, chunks; the
// rest is among scripts of one size.
func smaller(a, b cases.Script) bool {
	sizes := func(s cases.Script) (n [3]int) {
		n[0] = len(s.Connections)
		for _, c := range s.Connections {
			n[1] += cases.Script{Connections: []cases.Connection{c}}.Len()
			n[2] += max(len(c.Body), 1)
		}
		return n
	}
	for i, n := range sizes(a) {
		if m := sizes(b)[i]; n != m {
			return n < m
		}
	}
	return chunksOf(a) != chunksOf(b)
}
