package reports_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/origin"
)

func sha256Of(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// numbered returns n bytes of which each stretch tells where it stands.
func numbered(n int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < n; i += 8 {
		fmt.Fprintf(&b, "%08d", i)
	}
	return b.Bytes()[:n]
}

// A stretch is a part of what was sent that is in the report.
type stretch struct{ from, to int }

// sentOf reads the wire of a report back: where the bytes stand that are there,
// the whole length, and the bytes.
func sentOf(r runner.Result) (kept []stretch, length int, text []byte) {
	GinkgoHelper()
	for _, p := range reports.New(runOf(r)).Results[0].Wire {
		b, err := base64.StdEncoding.DecodeString(p.Base64)
		Expect(err).NotTo(HaveOccurred())
		if last := len(kept) - 1; last >= 0 && kept[last].to == length && len(b) > 0 {
			kept[last].to += len(b)
		} else if len(b) > 0 {
			kept = append(kept, stretch{length, length + len(b)})
		}
		length += len(b) + p.Omitted
		text = append(text, b...)
	}
	return kept, length, text
}

var _ = Describe("the wire in a report", func() {
	const kib = 1 << 10
	chunked := func(offset int, sizes ...int) runner.Result {
		r := resultOf(runner.Fail)
		r.Offset, r.Chunks = offset, nil
		stream := numbered(sum(sizes))
		for _, n := range sizes {
			r.Chunks, stream = append(r.Chunks, stream[:n]), stream[n:]
		}
		return r
	}

	DescribeTable("has the first 4 KiB and 4 KiB around the divergence",
		func(r runner.Result, want ...stretch) {
			kept, length, text := sentOf(r)
			whole := bytes.Join(r.Chunks, nil)
			Expect(length).To(Equal(len(whole)), "kept and omitted bytes are all bytes")
			Expect(kept).To(Equal(want))
			var there []byte
			for _, s := range want {
				there = append(there, whole[s.from:s.to]...)
			}
			Expect(string(text)).To(Equal(string(there)))
		},
		Entry("of a short stream all", chunked(3, 9), stretch{0, 9}),
		Entry("of exactly 4 KiB all", chunked(-1, 4*kib), stretch{0, 4 * kib}),
		Entry("without a divergence the start", chunked(-1, 1<<20), stretch{0, 4 * kib}),
		Entry("in the middle of one huge chunk", chunked(500000, 1<<20), stretch{0, 4 * kib}, stretch{500000 - 2*kib, 500000 + 2*kib}),
		Entry("at its end", chunked(1<<20-1, 1<<20), stretch{0, 4 * kib}, stretch{1<<20 - 1 - 2*kib, 1 << 20}),
		Entry("near the start, as one stretch", chunked(5*kib, 1<<20), stretch{0, 7 * kib}),
		Entry("at the start", chunked(0, 1<<20), stretch{0, 4 * kib}),
		Entry("across chunks", chunked(20*kib, 3*kib, 3*kib, 13*kib, 2*kib, 2*kib, 40*kib), stretch{0, 4 * kib}, stretch{18 * kib, 22 * kib}),
		Entry("with empty chunks between", chunked(20*kib, 0, 19*kib, 0, 19*kib, 0), stretch{0, 4 * kib}, stretch{18 * kib, 22 * kib}),
	)

	It("finds the divergence behind the head and inside HTTP chunks", func() {
		r := resultOf(runner.Fail)
		r.Chunks, r.Offset = nil, 20
		head := "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + string(bytes.Repeat([]byte("h"), 8000))
		r.Wire = []origin.Packet{{Bytes: []byte(head[:4096]), Length: len(head)}}
		for i := range 2000 {
			frame := []byte(fmt.Sprintf("a\r\n%010d\r\n", i))
			r.Wire, r.Chunks = append(r.Wire, origin.Packet{Bytes: frame, Length: len(frame)}), append(r.Chunks, frame[3:13])
		}
		r.Offset = 15000
		kept, _, text := sentOf(r)
		Expect(kept).To(HaveLen(2))
		Expect(string(text)).To(ContainSubstring("a\r\n%010d\r\n", 1500))
		middle := len(head) + 1500*15
		Expect(kept[1]).To(Equal(stretch{middle - 2*kib, middle + 2*kib}))
	})

	It("counts what the origin did not keep as omitted", func() {
		r := resultOf(runner.Fail)
		r.Wire = []origin.Packet{{Bytes: numbered(4096), Length: 1 << 20}, {Bytes: nil, Length: 77}, {End: "close"}}
		_, length, _ := sentOf(r)
		Expect(length).To(Equal(1<<20 + 77))
		Expect(reports.New(runOf(r)).Results[0].Wire[2].End).To(Equal("close"))
	})

	It("has the digest of a write that is not whole, where all of it was there", func() {
		r := chunked(-1, 5000, 9)
		wire := reports.New(runOf(r)).Results[0].Wire
		Expect(wire[0].SHA256).To(Equal(sha256Of(string(r.Chunks[0]))))
		Expect(reports.New(runOf(chunked(-1, 9))).Results[0].Wire[0].SHA256).To(BeEmpty())
	})

	It("names every omitted byte in the JSON as well", func() {
		_, doc := document(runOf(chunked(-1, 5000)))
		Expect(at(doc, "results", 0, "wire", 0, "omitted")).To(Equal(json.Number("904")))
	})
})

func sum(list []int) (n int) {
	for _, i := range list {
		n += i
	}
	return n
}
