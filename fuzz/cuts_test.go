package fuzz_test

import (
	"bytes"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/fuzz"
)

// cutOften returns n cuts of stream.
func cutOften(stream string, n int) [][][]byte {
	r := seeded(3, 0)
	all := make([][][]byte, n)
	for i := range all {
		all[i] = fuzz.Cuts(r, []byte(stream))
	}
	return all
}

// cutAs is the predicate that chunks, the empty ones left out, are want.
func cutAs(want ...string) func([][]byte) bool {
	return func(chunks [][]byte) bool {
		var got []string
		for _, c := range chunks {
			if len(c) > 0 {
				got = append(got, string(c))
			}
		}
		return slices.Equal(got, want)
	}
}

// emptyAt is the predicate that there is an empty chunk at index (from the end
// where negative), and something else besides.
func emptyAt(index int) func([][]byte) bool {
	return func(chunks [][]byte) bool {
		at := index
		if at < 0 {
			at += len(chunks)
		}
		return at >= 0 && at < len(chunks) && len(chunks) > 1 && len(chunks[at]) == 0
	}
}

var _ = Describe("Cuts", Label("computes"), func() {
	It("gives chunks that together are the stream", func() {
		for n := range uint64(20_000) {
			r := seeded(2, n)
			stream := fuzz.Stream(r)
			before := bytes.Clone(stream)
			chunks := fuzz.Cuts(r, stream)
			if !bytes.Equal(bytes.Join(chunks, nil), before) || !bytes.Equal(stream, before) {
				Fail("cut of " + quoted(string(before)) + " is another stream")
			}
		}
	})

	It("cuts the same for the same seed", func() {
		Expect(cutOften("data: a\r\n\r\n", 100)).To(Equal(cutOften("data: a\r\n\r\n", 100)))
	})

	It("gives chunks that can be appended to without harm to the next", func() {
		for _, chunks := range cutOften("data: a\r\n\r\n", 1000) {
			for _, c := range chunks {
				_ = append(c, "harm"...)
			}
			Expect(string(bytes.Join(chunks, nil))).To(Equal("data: a\r\n\r\n"))
		}
	})

	DescribeTable("cuts in one of 1,000 times",
		func(is func([][]byte) bool) {
			Expect(slices.ContainsFunc(cutOften("a\r\nb\r\rcd", 1000), is)).To(BeTrue())
		},
		Entry("not at all", cutAs("a\r\nb\r\rcd")),
		Entry("byte by byte", cutAs("a", "\r", "\n", "b", "\r", "\r", "c", "d")),
		Entry("after every CR and LF", cutAs("a\r", "\n", "b\r", "\r", "cd")),
		Entry("once, in the middle of a line end", cutAs("a\r", "\nb\r\rcd")),
		Entry("once, in the middle of a line", cutAs("a\r\nb\r\rc", "d")),
		Entry("twice", cutAs("a", "\r\nb", "\r\rcd")),
		Entry("with an empty chunk first", emptyAt(0)),
		Entry("with an empty chunk second", emptyAt(1)),
		Entry("with an empty chunk last", emptyAt(-1)),
		Entry("with a nil chunk", func(chunks [][]byte) bool {
			return slices.ContainsFunc(chunks, func(c []byte) bool { return c == nil })
		}),
	)

	It("cuts an empty stream into empty chunks or none", func() {
		all := cutOften("", 1000)
		for _, chunks := range all {
			Expect(bytes.Join(chunks, nil)).To(BeEmpty())
		}
		Expect(slices.ContainsFunc(all, func(c [][]byte) bool { return len(c) == 0 })).To(BeTrue())
		Expect(slices.ContainsFunc(all, func(c [][]byte) bool { return len(c) > 1 })).To(BeTrue())
	})
})
