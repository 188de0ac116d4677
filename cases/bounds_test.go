package cases_test

import (
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("A few lines that stand for more than a memory holds", func() {
	stream := func(parts string) string { return one("stream:", "  stream: ["+parts+"]") }
	connections := func(n int, entry string) string {
		return one("stream:", "  connections:"+strings.Repeat("\n  - "+entry, n))
	}
	steps := func(n int, times string) string {
		return one("dispatch", strings.TrimPrefix(strings.Repeat("\n  - {dispatch: {data: \"a\"}, times: "+times+"}", n), "\n"))
	}
	large := `{times: 100, body: [{repeat: "x", times: 1000000}]}`

	DescribeTable("are refused before they are written out", refuses,
		Entry("connections times over", connections(11, "{times: 100}"), `:6:3: case "a" stands for more than 1000 connections`),
		Entry("bytes in connections times over", connections(1, large), `:6:3: case "a" stands for more than 67108864 bytes played`),
		Entry("bytes of raw answers times over", connections(1, strings.Replace(large, "body", "raw", 1)), `:6:3: case "a" stands for more than 67108864 bytes played`),
		Entry("bytes in every choice of requests that may be repeats",
			connections(6, `{request: {repeats: allowed}, body: [{repeat: "x", times: 200000}]}`), `:6:3: case "a" stands for more than 67108864 bytes played`),
		Entry("comments", stream(`{repeat: ":\n", times: 2000001}`), `:2:3: case "a" stands for more than 2000000 lines played`),
		Entry("lines that end in CR", stream(`{repeat: ":\r", times: 2000001}`), `:2:3: case "a" stands for more than 2000000 lines played`),
		Entry("events", stream(`{repeat: "data\n\n", times: 1000001}`), `:2:3: case "a" stands for more than 2000000 lines played`),
		Entry("steps of one entry", steps(1, "100001"), `:7:36: times wants a whole number from 1 to 100000, found "100001"`),
		Entry("steps of two entries", steps(2, "50001"), `:7:3: case "a" stands for more than 100000 steps expected`),
		Entry("steps of two outcomes", one("expect:", "  outcomes:", "dispatch", strings.TrimPrefix(strings.Repeat("\n  - {name: a, because: b, expect: [{dispatch: {data: \"a\"}, times: 50001}]}", 2), "\n")),
			`:2:3: case "a" stands for more than 100000 steps expected`),
		Entry("many cases of a bearable size", "cases:"+many(5, `
- {id: a%d, title: A, clauses: [line-lf], stream: [""], expect: [dispatch: {data: {repeat: "x", times: 60000000}}]}`),
			":1:1: the cases of a file stand for more than 256 MiB together"),
	)

	DescribeTable("are read up to the bound", func(text string) {
		_, err := load(text)
		Expect(err).NotTo(HaveOccurred())
	},
		Entry("connections", connecting(strings.Repeat("{times: 100}, ", 10), "  expect: []")),
		Entry("steps", strings.Replace(steps(2, "50000"), `["data: a\n\n"]`, `[{repeat: "data: a\n\n", times: 100000}]`, 1)),
	)

	It("are shown in part where no outcome is the model's", func() {
		_, err := load(one("stream:", `  stream: [{repeat: "data: a\n\n", times: 1000}]`, "expect:", "  outcomes:", "dispatch", "  - {name: a, because: b, expect: [fail]}"))
		Expect(err).To(MatchError(ContainSubstring("the model shows none of the outcomes")))
		Expect(len(err.Error())).To(BeNumerically("<", 1000))
	})
})

// many returns format n times, each with its number.
func many(n int, format string) (text string) {
	for i := range n {
		text += fmt.Sprintf(format, i)
	}
	return text
}
