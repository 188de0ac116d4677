package cases_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

var _ = Describe("A selection", func() {
	all := []cases.Case{
		{ID: "a/b/one", Clauses: []string{"line-lf", "line-cr"}, Level: spec.Must},
		{ID: "a/b/two", Clauses: []string{"delivery"}, Level: spec.Should, Observed: true},
		{ID: "a/c/d/three", Clauses: []string{"line-cr"}, Level: spec.May, Formerly: []string{"old/three"}},
		{ID: "e/four", Clauses: []string{"line-crlf"}, Level: spec.Must},
	}

	DescribeTable("picks", func(s cases.Selection, want ...string) {
		Expect(s.Check()).To(Succeed())
		Expect(cases.IDs(s.Of(all))).To(ConsistOf(want))
	},
		Entry("all when it is zero", cases.Selection{}, "a/b/one", "a/b/two", "a/c/d/three", "e/four"),
		Entry("one id", cases.Selection{Run: []string{"a/b/one"}}, "a/b/one"),
		Entry("a star within one name", cases.Selection{Run: []string{"a/*/*"}}, "a/b/one", "a/b/two"),
		Entry("two stars across slashes", cases.Selection{Run: []string{"a/**"}}, "a/b/one", "a/b/two", "a/c/d/three"),
		Entry("two stars before a name", cases.Selection{Run: []string{"**/t*"}}, "a/b/two", "a/c/d/three"),
		Entry("alternatives", cases.Selection{Run: []string{"{a/b,e}/*"}}, "a/b/one", "a/b/two", "e/four"),
		Entry("what any of several globs matches", cases.Selection{Run: []string{"e/*", "a/b/one"}}, "a/b/one", "e/four"),
		Entry("nothing for a part of an id", cases.Selection{Run: []string{"a/b"}}),
		Entry("what is not skipped", cases.Selection{Skip: []string{"a/**"}}, "e/four"),
		Entry("skip over run", cases.Selection{Run: []string{"a/b/*"}, Skip: []string{"**/two"}}, "a/b/one"),
		Entry("by a former id", cases.Selection{Run: []string{"old/*"}}, "a/c/d/three"),
		Entry("not what a former id skips", cases.Selection{Skip: []string{"old/three", "a/b/*"}}, "e/four"),
		Entry("by any clause of a case", cases.Selection{Clauses: []string{"line-cr"}}, "a/b/one", "a/c/d/three"),
		Entry("by delivery, which is no clause", cases.Selection{Clauses: []string{"delivery"}}, "a/b/two"),
		Entry("the side of servers", cases.Selection{Sides: []cases.Side{cases.Servers}}, "a/b/two"),
		Entry("the side of clients", cases.Selection{Sides: []cases.Side{cases.Clients}}, "a/b/one", "a/c/d/three", "e/four"),
		Entry("exactly a level", cases.Selection{Levels: []spec.Level{spec.Should}}, "a/b/two"),
		Entry("several levels", cases.Selection{Levels: []spec.Level{spec.Should, spec.May}}, "a/b/two", "a/c/d/three"),
		Entry("what all of its members pick", cases.Selection{Run: []string{"a/**"}, Clauses: []string{"line-cr"}, Levels: []spec.Level{spec.May}}, "a/c/d/three"),
	)

	It("keeps the order", func() {
		Expect(cases.IDs(cases.Selection{Run: []string{"e/*", "a/b/*"}}.Of(all))).To(Equal([]string{"a/b/one", "a/b/two", "e/four"}))
	})

	DescribeTable("that can match nothing is refused", func(s cases.Selection, message string) {
		Expect(s.Check()).To(MatchError(message))
	},
		Entry("a bad glob", cases.Selection{Run: []string{"a/**", "a/[b"}}, `bad glob "a/[b"`),
		Entry("a bad glob to skip", cases.Selection{Skip: []string{"{a"}}, `bad glob "{a"`),
		Entry("an unknown clause", cases.Selection{Clauses: []string{"line-lf", "line-crlff"}}, `unknown clause "line-crlff" (did you mean "line-crlf"?)`),
	)

	DescribeTable("the nearest word", func(word, want string) {
		Expect(cases.DidYouMean(word, []string{"stream", "expect", "title"})).To(Equal(want))
	},
		Entry("one letter wrong", "straem", ` (did you mean "stream"?)`),
		Entry("the word itself", "title", ` (did you mean "title"?)`),
		Entry("half of the letters wrong", "tixxe", ` (did you mean "title"?)`),
		Entry("more than half of them", "xxxxle", ""),
		Entry("nothing", "", ""),
	)
})
