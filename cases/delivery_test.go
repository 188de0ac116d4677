package cases_test

import (
	"bytes"
	"math"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
)

// stream is the script of one stream in these chunks.
func stream(chunks ...string) cases.Script {
	var list [][]byte
	for _, c := range chunks {
		list = append(list, []byte(c))
	}
	return cases.One(list...)
}

// delivered returns the chunks of s cut as name says.
func delivered(s cases.Script, name string) []string {
	GinkgoHelper()
	cut, err := s.Deliver(name)
	Expect(err).NotTo(HaveOccurred())
	chunks, plain := cut.Stream()
	Expect(plain).To(BeTrue())
	return written(chunks)
}

var paused = cases.Script{Connections: []cases.Connection{{Body: []cases.Part{{Unit: []byte("data: a\n")}, {Pause: time.Millisecond}, {Unit: []byte("\n")}}}}}

var _ = Describe("A delivery", func() {
	two := stream("data: a\r", "\ndata: b\r\n\r\n")

	DescribeTable("cuts the stream", func(s cases.Script, name string, want ...string) {
		if want == nil {
			want = []string{}
		}
		Expect(delivered(s, name)).To(Equal(want))
	},
		Entry("as it is written", two, "as-written", "data: a\r", "\ndata: b\r\n\r\n"),
		Entry("not at all", two, "whole", "data: a\r\ndata: b\r\n\r\n"),
		Entry("at every CR and LF", stream("data: a\r\ndata: b\r\n\r\n"), "cut-eol", "data: a\r", "\n", "data: b\r", "\n", "\r", "\n"),
		Entry("at line ends, with what follows the last", stream("\ndata: a"), "cut-eol", "\n", "data: a"),
		Entry("at every byte", stream("ab\xff", "c"), "bytes", "a", "b", "\xff", "c"),
		Entry("after the first byte", two, "cut-1", "d", "ata: a\r\ndata: b\r\n\r\n"),
		Entry("after the last byte but one", stream("abc"), "cut-2", "ab", "c"),
		Entry("before the first byte", stream("abc"), "cut-0", "abc"),
		Entry("after the end", stream("abc"), "cut-2147483647", "abc"),
		Entry("with empty chunks between", stream("ab", "c"), "empty", "", "ab", "", "c", ""),
		Entry("every 16 KiB", stream(strings.Repeat("x", 16<<10)+"y"), "cut-16k", strings.Repeat("x", 16<<10), "y"),
		Entry("an empty stream, whole", stream(), "whole"),
		Entry("an empty stream, byte by byte", stream(), "bytes"),
		Entry("an empty stream, with empty chunks", stream(), "empty", ""),
		Entry("a stream of one empty chunk, whole", stream(""), "whole"),
	)

	DescribeTable("that does not exist is an error", func(name, message string) {
		Expect(cases.IsDelivery(name)).To(BeFalse())
		_, err := two.Deliver(name)
		Expect(err).To(MatchError(message))
	},
		Entry("near a known one", "cut-eols", `unknown delivery "cut-eols" (did you mean "cut-eol"?)`),
		Entry("near none", "zzzzzzzzzzzzz", `unknown delivery "zzzzzzzzzzzzz"`),
		Entry("nothing", "", `unknown delivery ""`),
		Entry("a cut below 0", "cut--11111111", `unknown delivery "cut--11111111"`),
		Entry("a seed that is no number", "random-aaaaaaaaaaaaaa", `unknown delivery "random-aaaaaaaaaaaaaa"`),
		Entry("a seed beyond 64 bits", "random-18446744073709551616", `unknown delivery "random-18446744073709551616"`),
		Entry("a cut beyond 31 bits", "cut-99999999999", `unknown delivery "cut-99999999999"`),
	)

	It("by chance is the same for a seed, another for another, and loses nothing", func() {
		s := stream(strings.Repeat("data: a\n\n", 50))
		first := delivered(s, "random-1")
		Expect(delivered(s, "random-1")).To(Equal(first))
		Expect(delivered(s, "random-2")).NotTo(Equal(first))
		Expect(len(first)).To(BeNumerically(">", 20))
		for _, seed := range []string{"1", "2", "18446744073709551615"} {
			chunks := delivered(s, "random-"+seed)
			Expect(strings.Join(chunks, "")).To(Equal(strings.Repeat("data: a\n\n", 50)))
			Expect(chunks).NotTo(ContainElement(""))
		}
	})

	It("by chance cuts a long stream about 256 times", func() {
		Expect(len(delivered(stream(strings.Repeat("a", 64<<10)), "random-1"))).To(BeNumerically("~", 257, 64))
	})

	DescribeTable("is named by what reaches the target", func(s cases.Script, reach cases.Reach, want ...string) {
		Expect(s.Deliveries(reach, 7)).To(Equal(want))
	},
		Entry("over TCP", stream("abc"), cases.Network, "as-written", "whole", "cut-eol", "random-7", "bytes"),
		Entry("over TCP with everything", stream("abc"), cases.NetworkAll, "as-written", "whole", "cut-eol", "random-7", "bytes", "cut-1", "cut-2"),
		Entry("directly", stream("abc"), cases.Direct, "as-written", "whole", "cut-eol", "random-7", "bytes", "empty", "cut-1", "cut-2"),
		Entry("256 bytes over TCP", stream(strings.Repeat("a", 256)), cases.Network, "as-written", "whole", "cut-eol", "random-7", "bytes"),
		Entry("257 bytes over TCP", stream(strings.Repeat("a", 257)), cases.Network, "as-written", "whole", "cut-eol", "random-7"),
		Entry("513 bytes over TCP with everything", stream(strings.Repeat("a", 513)), cases.NetworkAll, "as-written", "whole", "cut-eol", "random-7"),
		Entry("512 line ends over TCP", stream(strings.Repeat("\r", 512)), cases.Network, "as-written", "whole", "cut-eol", "random-7"),
		Entry("513 line ends over TCP", stream(strings.Repeat("\r\n", 256)+"\n"), cases.Network, "as-written", "whole", "random-7"),
		Entry("513 line ends directly", stream(strings.Repeat("\n", 513)), cases.Direct, "as-written", "whole", "cut-eol", "random-7", "bytes", "empty"),
		Entry("513 bytes directly", stream(strings.Repeat("a", 513)), cases.Direct, "as-written", "whole", "cut-eol", "random-7", "bytes", "empty"),
		Entry("64 KiB directly", stream(strings.Repeat("a", 64<<10)), cases.Direct, "as-written", "whole", "cut-eol", "random-7", "bytes", "empty"),
		Entry("more than 64 KiB", stream(strings.Repeat("a", 64<<10+1)), cases.Direct, "as-written", "whole", "cut-16k"),
		Entry("a repeat of more than 64 KiB", cases.Script{Connections: []cases.Connection{{Body: []cases.Part{{Unit: []byte("a"), Times: 1 << 20}}}}}, cases.NetworkAll, "as-written", "whole", "cut-16k"),
		Entry("with a pause", paused, cases.Direct, "as-written"),
		Entry("with a status", cases.Script{Connections: []cases.Connection{{Status: 200}}}, cases.Direct, "as-written"),
		Entry("of two connections", cases.Script{Connections: make([]cases.Connection, 2)}, cases.Direct, "as-written"),
		Entry("of none", cases.Script{}, cases.Direct, "as-written"),
	)

	DescribeTable("that was asked for is put where the stream is not too long for it", func(bytes int, asked []string, want ...string) {
		Expect(stream(strings.Repeat("a", bytes)).Bearable(asked)).To(Equal(want))
	},
		Entry("any for 64 KiB", 64<<10, []string{"bytes", "cut-7"}, "bytes", "cut-7"),
		Entry("those that a longer one can be put in", 64<<10+1, []string{"bytes", "whole", "cut-16k", "cut-7"}, "whole", "cut-16k"),
		Entry("as it is written", 64<<10+1, []string{"as-written"}, "as-written"),
		Entry("in cuts of 16 KiB for want of another", 64<<10+1, []string{"random-1", "bytes"}, "cut-16k"),
	)

	It("of 512 bytes tries every single cut", func() {
		Expect(stream(strings.Repeat("a", 512)).Deliveries(cases.Direct, 1)).To(HaveLen(6 + 511))
	})

	It("has a name that it knows, whatever the seed", func() {
		for _, seed := range []uint64{0, 1, math.MaxInt64 + 1, math.MaxUint64} {
			for _, name := range two.Deliveries(cases.Direct, seed) {
				Expect(cases.IsDelivery(name)).To(BeTrue(), name)
			}
		}
	})

	DescribeTable("of what is delivered as written only is an error", func(s cases.Script) {
		same, err := s.Deliver("as-written")
		Expect(err).NotTo(HaveOccurred())
		Expect(same).To(Equal(s))
		for _, name := range []string{"whole", "empty", "cut-1"} {
			_, err := s.Deliver(name)
			Expect(err).To(MatchError(`delivery "` + name + `" wants one plain stream without pauses`))
		}
	},
		Entry("a pause", paused),
		Entry("two connections", cases.Script{Connections: make([]cases.Connection, 2)}),
		Entry("a status", cases.Script{Connections: []cases.Connection{{Status: 204}}}),
	)

	It("of every case of the suite means the same events", func() {
		for _, c := range (cases.Selection{Sides: []cases.Side{cases.Clients}}).Of(embedded()) {
			want := c.Script.Trace()
			for _, name := range c.Script.Deliveries(cases.Direct, 1) {
				cut, err := c.Script.Deliver(name)
				Expect(err).NotTo(HaveOccurred())
				if !cut.Trace().Equal(want) {
					Fail(c.ID + " delivered " + name + ": " + cases.Brief(cut.Trace()))
				}
				Expect(bytes.Equal(joined(cut), joined(c.Script))).To(BeTrue(), "%s %s", c.ID, name)
			}
		}
	})
})

// joined returns the bytes of the first connection.
func joined(s cases.Script) []byte { return bytes.Join(s.Connections[0].Chunks(), nil) }
