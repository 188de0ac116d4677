package fuzz_test

import (
	"bytes"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
)

// asCase writes the one thing that is found as a case.
func asCase(bugs ...string) string {
	GinkgoHelper()
	found, _ := run(broken(3000, bugs...))
	Expect(found).To(HaveLen(1))
	var b bytes.Buffer
	Expect(cases.Write(&b, "Found by ssespec fuzz.", found[0].Case("mine 1.0"))).To(Succeed())
	return b.String()
}

var _ = Describe("A finding", Label("computes"), func() {
	It("is a case file with all that a case has", func() {
		Expect(asCase("data-joined")).To(Equal(`about: Found by ssespec fuzz.
cases:
- id: found
  title: data appends its value plus one LF to the data buffer, so several data fields join with LF
  clauses: [field-data-append]
  about: 'Other data: want dispatch message "\na", got dispatch message "a". As if: Data fields are joined without anything between them.'
  seen: [mine 1.0]
  kills: [data-joined]
  stream: ["data\ndata:a\n\n"]
  expect:
  - dispatch: {data: "\na"}
`))
	})

	DescribeTable("names the kinds of steps in which it shows, and no other", func(bug, want, without string) {
		text := asCase(bug)
		Expect(text).To(ContainSubstring(want))
		Expect(text).NotTo(ContainSubstring(without))
	},
		Entry("events alone", "space-kept", "- dispatch:", "requires:"),
		Entry("comments", "comment-cut", "requires: [comments]", "- retry:"),
		Entry("times", "retry-signed", "requires: [retry]", "- comment:"),
	)
})
