package lint_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/lint"
)

var _ = Describe("An excerpt", func() {
	DescribeTable("is shown with a caret below the place",
		func(e lint.Excerpt, text, caret string) {
			line, mark := e.Marked()
			Expect(line).To(Equal(text))
			Expect(mark).To(Equal(caret))
		},
		Entry("at its begin", lint.Excerpt{Text: "data"}, "data", "^"),
		Entry("within", lint.Excerpt{Text: "data: x", At: 6}, "data: x", "      ^"),
		Entry("at its end", lint.Excerpt{Text: "data", At: 4}, "data", "    ^"),
		Entry("of nothing", lint.Excerpt{}, "", "^"),
		Entry("of a part", lint.Excerpt{Text: "abc", At: 1, Before: true, After: true}, "…abc…", "  ^"),
		Entry("of which nothing is kept", lint.Excerpt{Before: true, After: true}, "……", " ^"),
		Entry("behind wide characters", lint.Excerpt{Text: "中文é😀x", At: 12}, "中文é😀x", "       ^"),
		Entry("behind a combining mark", lint.Excerpt{Text: "e\u0301x", At: 3}, "e\u0301x", " ^"),
		Entry("behind controls", lint.Excerpt{Text: "\x1b[1m\t\x7f\x00x", At: 7}, "␛[1m␉␡␀x", "       ^"),
		Entry("behind what turns the text round", lint.Excerpt{Text: "\u202ex", At: 3}, "‹U+202E›x", "        ^"),
		Entry("behind a control of Latin-1", lint.Excerpt{Text: "\u009bx", At: 2}, "‹U+009B›x", "        ^"),
		Entry("at a byte that is no UTF-8", lint.Excerpt{Text: "é\xffx", At: 2}, "é‹FF›x", " ^"),
		Entry("within a character", lint.Excerpt{Text: "中x", At: 1}, "中x", "^"),
		Entry("with letters that look like escapes", lint.Excerpt{Text: `a\n\x1b`, At: 1}, `a\n\x1b`, " ^"),
	)

	It("lets no byte through that acts on a terminal", func() {
		var all strings.Builder
		for r := range rune(0x3000) {
			all.WriteRune(r)
		}
		for b := range 256 {
			all.WriteByte(byte(b))
		}
		line, _ := lint.Excerpt{Text: all.String()}.Marked()
		Expect(line).NotTo(MatchRegexp(`[\x00-\x1f\x7f-\x9f\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}\x{2028}\x{2029}\x{feff}]`))
	})
})
