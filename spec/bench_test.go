package spec_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/spec"
)

const (
	mebibyte = 1 << 20
	bigRead  = 32 << 10
	netRead  = 1400 // what one packet brings
)

// A workload is a stream that a kind of server sends.
type workload struct{ name, block string }

// sentStreams are those that the facts on performance were measured with.
func sentStreams() []workload {
	tokens := "event: content_block_delta\ndata: {\"text\":\"" + strings.Repeat("lorem ipsum ", 16) + "\"}\n\n"
	text := "event: content_block_delta\ndata: {\"text\":\"" + strings.Repeat("日本語😀", 14) + "\"}\n\n"
	tenth := strings.Replace(text, "日", "\xE6\x97", 1)
	return []workload{
		{"a-tokens", tokens},
		{"b-tiny", "data: x\n\n"},
		{"c-64KiB-lines", "data: " + strings.Repeat("x", 64<<10) + "\n\n"},
		{"d-50-data-lines", strings.Repeat("data: "+strings.Repeat("x", 80)+"\n", 50) + "\n"},
		{"e-keep-alives", strings.Repeat(": keep-alive\n", 10) + "data: " + strings.Repeat("x", 100) + "\n\n"},
		{"f-tokens-CRLF", strings.ReplaceAll(tokens, "\n", "\r\n")},
		{"g-tokens-CR", strings.ReplaceAll(tokens, "\n", "\r")},
		{"h-CJK-emoji", text},
		{"i-h-invalid", strings.Repeat("data: "+strings.Repeat("日本語😀", 14)+"\n\n", 1) + tenth},
		{"j-a-invalid", strings.Repeat(tokens, 99) + strings.Replace(tokens, "lorem", "lor\xFFm", 1)},
	}
}

// stream repeats the block of w up to about size bytes.
func (w workload) stream(size int) []byte {
	return bytes.Repeat([]byte(w.block), max(1, size/len(w.block)))
}

// feedViews feeds stream in reads of n bytes and counts the events.
func feedViews(p *spec.Parser, stream []byte, n int) (events int) {
	count := func(spec.View) { events++ }
	for len(stream) > 0 {
		n = min(n, len(stream))
		p.FeedViews(stream[:n], count)
		stream = stream[n:]
	}
	return events
}

func BenchmarkFeedViews(b *testing.B) {
	for _, w := range sentStreams() {
		b.Run(w.name, func(b *testing.B) { benchmarkViews(b, w.stream(mebibyte), bigRead) })
	}
}

func BenchmarkFeed(b *testing.B) {
	for _, w := range sentStreams() {
		b.Run(w.name, func(b *testing.B) {
			var p spec.Parser
			stream := w.stream(mebibyte)
			b.SetBytes(int64(len(stream)))
			b.ReportAllocs()
			for b.Loop() {
				for rest := stream; len(rest) > 0; rest = rest[min(bigRead, len(rest)):] {
					p.Feed(rest[:min(bigRead, len(rest))], func(spec.Event) {})
				}
			}
		})
	}
}

// BenchmarkLimit is what the machine can do: one IndexByte for each LF.
func BenchmarkLimit(b *testing.B) {
	for _, w := range sentStreams() {
		b.Run("IndexByteLF/"+w.name, func(b *testing.B) {
			stream := w.stream(mebibyte)
			b.SetBytes(int64(len(stream)))
			for b.Loop() {
				for rest := stream; ; {
					i := bytes.IndexByte(rest, '\n')
					if i < 0 {
						break
					}
					rest = rest[i+1:]
				}
			}
		})
	}
}

func BenchmarkLongLine(b *testing.B)  { benchmarkGrowth(b, longLine) }
func BenchmarkLongEvent(b *testing.B) { benchmarkGrowth(b, longEvent) }

// longLine is an event whose only line has n MiB; longEvent one of 11,500 data
// lines for each of them.
func longLine(n int) []byte {
	return []byte("data: " + strings.Repeat("x", n*mebibyte) + "\n\n")
}

func longEvent(n int) []byte {
	return []byte(strings.Repeat("data: "+strings.Repeat("x", 84)+"\n", n*11_500) + "\n")
}

func benchmarkGrowth(b *testing.B, stream func(int) []byte) {
	for _, n := range []int{1, 4} {
		b.Run(fmt.Sprintf("%dMiB", n), func(b *testing.B) { benchmarkViews(b, stream(n), netRead) })
	}
}

func benchmarkViews(b *testing.B, stream []byte, read int) {
	var p spec.Parser
	b.SetBytes(int64(len(stream)))
	b.ReportAllocs()
	for b.Loop() {
		feedViews(&p, stream, read)
	}
}

var _ = Describe("The parser's cost", func() {
	It("is no allocation for views once warm", func() {
		for _, w := range sentStreams() {
			var p spec.Parser
			stream := w.stream(mebibyte / 8)
			for _, read := range []int{bigRead, netRead} {
				Expect(feedViews(&p, stream, read)).To(BeNumerically(">", 0), w.name)
				Expect(testing.AllocsPerRun(3, func() { feedViews(&p, stream, read) })).
					To(BeZero(), w.name)
			}
		}
	})

	DescribeTable("grows in memory as the event does", func(stream func(int) []byte) {
		one, four := allocated(stream(1)), allocated(stream(4))
		Expect(one).To(BeNumerically(">=", mebibyte))
		Expect(four).To(BeNumerically("<", 6*one))
		Expect(four).To(BeNumerically("<", 12*4*mebibyte), "a growing buffer costs a small multiple of its size")
	},
		Entry("a long line", longLine),
		Entry("an event of many lines", longEvent),
	)
})

// allocated returns how many bytes a new parser allocates for stream.
func allocated(stream []byte) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	feedViews(new(spec.Parser), stream, netRead)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
