package fuzz_test

import (
	"fmt"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/fuzz"
	"github.com/ssespec/ssespec/spec"
)

// beyondReading are clauses that act at chunks, in long lines, and at bytes that one
// decoder looks at: reading the whole stream does not note them in every case.
var beyondReading = []string{"parse-chunk-boundaries", "iana-overload"} // never written to

var _ = Describe("The clauses that a search sees at work", Label("computes"), func() {
	It("are among those that the model notes, on random streams", func() {
		wrong := map[string]string{}
		for n := range uint64(5000) {
			r := seeded(1, n)
			stream := fuzz.Stream(r)
			if len(stream) > 300 {
				continue
			}
			noted := map[string]bool{}
			for _, a := range spec.Acts(stream) {
				noted[a.Clause] = true
			}
			for _, id := range fuzz.Acting([][]byte{stream}) {
				if !noted[id] && !slices.Contains(beyondReading, id) {
					wrong[id] = fmt.Sprintf("%+q", stream)
				}
			}
		}
		Expect(wrong).To(BeEmpty())
	})

	DescribeTable("tell streams apart that a plain parser would treat alike", func(stream, with, without string) {
		Expect(fuzz.Acting([][]byte{[]byte(stream)})).To(ContainElement(with))
		Expect(fuzz.Acting([][]byte{[]byte(stream)})).NotTo(ContainElement(without))
	},
		Entry("a second data field", "data\ndata\n\n", "dispatch-strip-lf", "dispatch-empty-string"),
		Entry("an id that stays", "id:1\ndata\n\ndata\n\n", "dispatch-id-sticky", "dispatch-id-commit"),
		Entry("an id without data", "id:1\n\n", "dispatch-id-commit", "line-blank"),
		Entry("a type without data", "event:a\n\n", "dispatch-empty-data-resets-type", "dispatch-type-override"),
		Entry("CR after LF", "data\n\r", "line-mixed", "line-crlf"),
		Entry("a NUL in the second id", "id:1\nid:\x00\n", "field-id-nul-keeps-previous", "field-id-nul"),
		Entry("an octal number", "retry:010\n", "field-retry-base-ten", "field-retry"),
		Entry("capitals", "DATA:a\n", "field-name-literal", "field-unknown"),
	)

	It("know where the chunks end", func() {
		Expect(fuzz.Acting([][]byte{[]byte("data\r"), []byte("\n")})).To(ContainElement("parse-chunk-boundaries"))
		Expect(fuzz.Acting([][]byte{[]byte("data\r\n")})).NotTo(ContainElement("parse-chunk-boundaries"))
	})

	It("are all reached by random streams", func() {
		var all []string
		for n := range uint64(20_000) {
			r := seeded(1, n)
			stream := fuzz.Stream(r)
			all = append(all, fuzz.Acting(fuzz.Cuts(r, stream))...)
		}
		slices.Sort(all)
		Expect(slices.Compact(all)).To(Equal(fuzz.Clauses()))
	})
})
