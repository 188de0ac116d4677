package fuzz_test

import (
	"bytes"
	"regexp"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/fuzz"
	"github.com/ssespec/ssespec/spec"
	"github.com/ssespec/ssespec/spec/literal"
)

// sample is what is looked through for features: enough for the rare ones.
func sample() [][]byte {
	r := seeded(1, 0)
	streams := make([][]byte, 20_000)
	for i := range streams {
		streams[i] = fuzz.Stream(r)
	}
	return streams
}

// count returns how many streams of the sample has is true for.
func count(streams [][]byte, has func([]byte) bool) int {
	n := 0
	for _, s := range streams {
		if has(s) {
			n++
		}
	}
	return n
}

// several is whether has is true for at least five of the streams.
func several(streams [][]byte, has func([]byte) bool) bool {
	n := 0
	return slices.ContainsFunc(streams, func(s []byte) bool {
		if has(s) {
			n++
		}
		return n == 5
	})
}

// matches is the predicate that pattern, bytewise, is somewhere in a stream.
func matches(pattern string) func([]byte) bool {
	return regexp.MustCompile(`(?s)` + pattern).Match
}

// contains is the predicate that text is somewhere in a stream.
func contains(text string) func([]byte) bool {
	return func(s []byte) bool { return bytes.Contains(s, []byte(text)) }
}

// begins is the predicate that a stream begins with text.
func begins(text string) func([]byte) bool {
	return func(s []byte) bool { return bytes.HasPrefix(s, []byte(text)) }
}

// line is the predicate that one of a stream's lines satisfies is.
func line(is func([]byte) bool) func([]byte) bool {
	return func(s []byte) bool { return slices.ContainsFunc(split(s), is) }
}

// named is the predicate that a line is a field of that name.
func named(name string) func([]byte) bool {
	return line(func(l []byte) bool {
		field, _, _ := bytes.Cut(l, []byte(":"))
		return string(field) == name
	})
}

// retrying is the predicate that a line is a retry field with that value.
func retrying(value string) func([]byte) bool {
	return line(func(l []byte) bool {
		v, ok := bytes.CutPrefix(l, []byte("retry:"))
		return ok && string(bytes.TrimPrefix(v, []byte(" "))) == value
	})
}

// split returns a stream's lines, the last one also where it does not end.
func split(s []byte) [][]byte {
	return bytes.FieldsFunc(s, func(c rune) bool { return c == '\r' || c == '\n' })
}

// only is the predicate that of the line ends LF, CR and CRLF exactly those
// given occur.
func only(lf, cr, crlf bool) func([]byte) bool {
	return func(s []byte) bool {
		pairs := bytes.Count(s, []byte("\r\n"))
		return (bytes.Count(s, []byte("\n"))-pairs > 0) == lf &&
			(bytes.Count(s, []byte("\r"))-pairs > 0) == cr && (pairs > 0) == crlf
	}
}

// and is the predicate that all of those are true.
func and(all ...func([]byte) bool) func([]byte) bool {
	return func(s []byte) bool {
		return !slices.ContainsFunc(all, func(p func([]byte) bool) bool { return !p(s) })
	}
}

// from is the predicate that a stream has at least n bytes.
func from(n int) func([]byte) bool { return func(s []byte) bool { return len(s) >= n } }

// longValue is a line of more than n bytes that is all printable ASCII.
func longValue(n int) func([]byte) bool {
	notPrintable := func(c rune) bool { return c < ' ' || c > '~' }
	return line(func(l []byte) bool { return len(l) > n && !bytes.ContainsFunc(l, notPrintable) })
}

// repeats is the predicate that an event line occurs at least n times.
func repeats(n int) func([]byte) bool {
	return func(s []byte) bool {
		seen := map[string]int{}
		for _, l := range split(s) {
			if bytes.HasPrefix(l, []byte("event: ")) {
				seen[string(l)]++
			}
		}
		for _, times := range seen {
			if times >= n {
				return true
			}
		}
		return false
	}
}

// dispatched is the predicate that one of the stream's events satisfies is.
func dispatched(is func(spec.Event) bool) func([]byte) bool {
	return func(s []byte) bool { return slices.ContainsFunc(literal.Parse(s).Events, is) }
}

var _ = Describe("Stream", Label("computes"), Ordered, ContinueOnFailure, func() {
	var streams [][]byte
	BeforeAll(func() { streams = sample() })

	It("makes the same streams for the same seed", func() {
		Expect(sample()).To(Equal(streams))
	})

	It("makes other streams for another seed", func() {
		a, b := seeded(1, 0), seeded(2, 0)
		same := count(streams[:1000], func([]byte) bool { return bytes.Equal(fuzz.Stream(a), fuzz.Stream(b)) })
		Expect(same).To(BeNumerically("<", 200), "short streams may coincide, most must not")
	})

	It("never makes one that is longer than Longest", func() {
		Expect(count(streams, from(fuzz.Longest+1))).To(BeZero())
	})

	It("mostly makes short ones", func() {
		Expect(count(streams, from(81))).To(BeNumerically("<", len(streams)/5))
	})

	It("dispatches in at least a third of them", func() {
		any := func(spec.Event) bool { return true }
		Expect(count(streams, dispatched(any))).To(BeNumerically(">", len(streams)/3))
	})

	DescribeTable("produces in at least five of 20,000",
		func(has func([]byte) bool) { Expect(several(streams, has)).To(BeTrue()) },
		features(),
	)

	DescribeTable("takes on the lengths about a window's edge",
		func(window int) {
			for length := window - 4; length <= window+4; length++ {
				near := func(s []byte) bool {
					return len(s) > window/2 && line(func(l []byte) bool { return len(l) == length })(s)
				}
				Expect(slices.ContainsFunc(streams, near)).To(BeTrue(), "a line of %d bytes", length)
			}
		},
		Entry("of 4 KiB", 4096),
	)
})
