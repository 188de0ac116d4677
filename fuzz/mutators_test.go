package fuzz_test

import (
	"bytes"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/fuzz"
)

const (
	mutated = "id: 7\nevent: add\ndata: hello\n\ndata: x\nretry: 10\n\n"
	spliced = "id: nine\rdata: other\r\r"
)

var _ = Describe("Mutate", Label("computes"), func() {
	DescribeTable("makes of one stream, within 20,000 times",
		func(has func(stream string) bool) {
			for n := range uint64(20_000) {
				if has(string(fuzz.Mutate(seeded(1, n), []byte(mutated), []byte(spliced)))) {
					return
				}
			}
			Fail("none of them")
		},
		Entry("its beginning with the other's end", func(s string) bool { return strings.HasPrefix(s, "id: 7\n") && strings.HasSuffix(s, "other\r\r") }),
		Entry("it with a line of the other", func(s string) bool { return s == strings.Replace(mutated, "data: x\n", "data: x\nid: nine\r", 1) }),
		Entry("it with a line twice", func(s string) bool { return s == strings.Replace(mutated, "id: 7\n", "id: 7\nid: 7\n", 1) }),
		Entry("it with a block twice", func(s string) bool { return s == "id: 7\nevent: add\ndata: hello\n\n"+mutated }),
		Entry("it without a line", func(s string) bool { return s == strings.Replace(mutated, "event: add\n", "", 1) }),
		Entry("it with lines in another order", func(s string) bool {
			return s == "event: add\nid: 7\ndata: hello\n\ndata: x\nretry: 10\n\n"
		}),
		Entry("it with CRs alone", func(s string) bool { return s == strings.ReplaceAll(mutated, "\n", "\r") }),
		Entry("it with CRLFs alone", func(s string) bool { return s == strings.ReplaceAll(mutated, "\n", "\r\n") }),
		Entry("it with one CR", func(s string) bool { return s == strings.Replace(mutated, "hello\n", "hello\r", 1) }),
		Entry("a near miss of a name", func(s string) bool { return s == strings.Replace(mutated, "event", "Event", 1) }),
		Entry("another separator", func(s string) bool { return s == strings.Replace(mutated, "data: x", "data:x", 1) }),
		Entry("no colon and no value", func(s string) bool { return s == strings.Replace(mutated, "retry: 10", "retry10", 1) }),
		Entry("another number", func(s string) bool { return s == strings.Replace(mutated, "10", "4294967296", 1) }),
		Entry("a type that means something elsewhere", func(s string) bool { return s == strings.Replace(mutated, "add", "error", 1) }),
		Entry("a byte order mark in front", func(s string) bool { return s == "\uFEFF"+mutated }),
		Entry("two of them", func(s string) bool { return s == "\uFEFF\uFEFF"+mutated }),
		Entry("NUL in an id", func(s string) bool { return s == strings.Replace(mutated, "7", "7\x00", 1) }),
		Entry("a character cut short before a line end", func(s string) bool {
			return strings.Contains(s, "\xC3\n") || strings.Contains(s, "\xE4\n") || strings.Contains(s, "\xF0\n")
		}),
		Entry("one bit turned", func(s string) bool {
			return s == strings.Replace(mutated, "hello", "hallo", 1) || strings.Contains(s, "hellm")
		}),
		Entry("an end that is not one", func(s string) bool { return s == strings.TrimSuffix(mutated, "\n") }),
		Entry("a value of 700 bytes", func(s string) bool { return strings.Contains(s, strings.Repeat("o", 700)) }),
		Entry("another case", func(s string) bool { return s == strings.Replace(mutated, "add", "aDd", 1) }),
		Entry("two bytes in another order", func(s string) bool { return s == strings.Replace(mutated, "add", "dad", 1) }),
		Entry("nothing", func(s string) bool { return s == "" }),
	)

	It("is a function of its numbers, bounded, and leaves what it is given alone", func() {
		long := bytes.Repeat([]byte("data: y\n"), fuzz.Longest/8)
		for n := range uint64(5000) {
			stream, other := []byte(mutated), bytes.Clone(long)
			made := fuzz.Mutate(seeded(2, n), stream, other)
			Expect(len(made)).To(BeNumerically("<=", fuzz.Longest))
			Expect(string(stream)).To(Equal(mutated))
			Expect(other).To(Equal(long))
			Expect(fuzz.Mutate(seeded(2, n), stream, other)).To(Equal(made))
		}
	})

	It("takes any streams, empty ones too", func() {
		for n := range uint64(5000) {
			r := seeded(3, n)
			fuzz.Mutate(r, nil, nil)
			fuzz.Mutate(r, fuzz.Stream(r), fuzz.Stream(r))
			fuzz.Mutate(r, nil, fuzz.Stream(r))
			fuzz.Mutate(r, fuzz.Stream(r), nil)
		}
	})
})
