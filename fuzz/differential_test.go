package fuzz_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// Each flag has an environment variable that stands in where it is 0.
var (
	streamsFlag = flag.Uint64("streams", 0, "how many random streams are compared (SSESPEC_STREAMS, else 200000)")
	seedFlag    = flag.Uint64("seed", 0, "the seed of the random streams (SSESPEC_SEED, else Ginkgo's)")
)

const fewStreams = 200_000

// setting is a flag's value, else the variable's, else the last one.
func setting(flagged uint64, variable string, otherwise uint64) uint64 {
	GinkgoHelper()
	text, ok := os.LookupEnv(variable)
	switch {
	case flagged != 0:
		return flagged
	case !ok:
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	Expect(err).NotTo(HaveOccurred(), variable)
	return n
}

var _ = Describe("the fast parser", Label("computes"), func() {
	var seed, streams uint64
	BeforeEach(func() {
		seed = setting(*seedFlag, "SSESPEC_SEED", uint64(GinkgoRandomSeed()))
		streams = setting(*streamsFlag, "SSESPEC_STREAMS", fewStreams)
		AddReportEntry(fmt.Sprintf("seed %d, %d streams", seed, streams), ReportEntryVisibilityFailureOrVerbose)
	})

	DescribeTable("does on random streams, cut at random, what the literal parser does",
		func(compare comparison, step uint64) {
			for _, f := range search(seed, streams, step, compare) {
				Fail(f.String())
			}
		},
		Entry("by Feed and by FeedViews", comparison(withLiteral), uint64(1)),
		Entry("in a second stream, with the id in force", comparison(afterEnd), uint64(8)),
		Entry("with an initial last event ID", comparison(withInitialID), uint64(8)),
		Entry("after each chunk, not a byte later", comparison(afterEachChunk), uint64(8)),
	)
})

var _ = Describe("search", func() {
	// A wrong rule: streams with "ab" somewhere in a chunk are a difference.
	fails := func(chunks [][]byte) string {
		for _, c := range chunks {
			if bytes.Contains(c, []byte("ab")) {
				return "ab"
			}
		}
		return ""
	}

	It("finds a departure, and says all that is needed to repeat it", func() {
		found := search(5, 20_000, 1, fails)
		Expect(found).NotTo(BeEmpty())
		Expect(marked(found[0].short)).To(Equal(`"ab"`))
		Expect(found[0].String()).To(ContainSubstring(
			fmt.Sprintf("again go test ./fuzz -seed 5 -streams %d", found[0].n+1)))
		again, ok := examine(5, found[0].n, fails)
		Expect(ok).To(BeTrue())
		Expect(again).To(Equal(found[0]))
	})

	It("reaches the same stream again with the number of streams that it names", func() {
		found := search(5, 20_000, 8, fails)
		Expect(found).NotTo(BeEmpty())
		for _, f := range found {
			Expect(f.n % 8).To(BeZero())
			Expect(search(5, f.n+1, 8, fails)).NotTo(BeEmpty())
		}
	})

	It("takes a panic for a departure", func() {
		found := search(5, 10, 1, func([][]byte) string { panic("index out of range") })
		Expect(found).NotTo(BeEmpty())
		Expect(found[0].what).To(Equal("panic: index out of range"))
	})

	It("finds nothing where nothing departs", func() {
		Expect(search(5, 100, 1, func([][]byte) string { return "" })).To(BeEmpty())
	})

	It("keeps a cut that a difference needs", func() {
		cut := func(chunks [][]byte) string {
			for i := range max(len(chunks)-1, 0) {
				if bytes.HasSuffix(chunks[i], []byte("\r")) && bytes.HasPrefix(chunks[i+1], []byte("\n")) {
					return "cut"
				}
			}
			return ""
		}
		short := shorten([][]byte{[]byte("data: a\r"), []byte("\ndata: b"), []byte("\r\n")}, cut)
		Expect(marked(short)).To(Equal(`"\r" | "\n"`))
	})

	DescribeTable("setting",
		func(flagged uint64, variable string, want uint64) {
			if variable != "" {
				GinkgoT().Setenv("SSESPEC_TEST_SETTING", variable)
			}
			Expect(setting(flagged, "SSESPEC_TEST_SETTING", 7)).To(Equal(want))
		},
		Entry("the flag comes first", uint64(1), "2", uint64(1)),
		Entry("then the environment", uint64(0), "2", uint64(2)),
		Entry("then the default", uint64(0), "", uint64(7)),
	)
})
