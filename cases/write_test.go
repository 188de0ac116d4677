package cases_test

import (
	"bytes"
	"path"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// writable reports whether the case is one that Write takes.
func writable(c cases.Case) bool {
	return c.Side() == cases.Clients && c.OneStream() && c.Script.Cuttable() && len(c.Outcomes) == 0 && c.Subscribe.LastEventID == "" &&
		c.Subscribe.ReconnectionTime == nil && c.Subscribe.Headers == nil && c.Subscribe.Method == "" && !c.Subscribe.WithCredentials &&
		c.Script.Len() < 100_000
}

// rewritten writes c and reads it again.
func rewritten(c cases.Case) (cases.Case, string) {
	GinkgoHelper()
	var b bytes.Buffer
	Expect(cases.Write(&b, "Found.", c)).To(Succeed())
	found, err := cases.Load(files(path.Dir(c.ID)+".yaml", b.String()))
	Expect(err).NotTo(HaveOccurred(), b.String())
	Expect(found).To(HaveLen(1))
	return found[0], b.String()
}

var _ = Describe("Write", func() {
	It("writes what loads as the same case, for every embedded stream", func() {
		all, err := cases.Load(cases.Files)
		Expect(err).NotTo(HaveOccurred())
		n := 0
		for _, c := range all {
			if !writable(c) {
				continue
			}
			n++
			again, text := rewritten(c)
			Expect(sent(again)).To(Equal(sent(c)), text)
			Expect(again.Expect).To(Equal(c.Expect), text)
			for _, clear := range []*cases.Case{&again, &c} {
				clear.File, clear.Line, clear.Column, clear.Script, clear.Expect = "", 0, 0, cases.Script{}, nil
				clear.Level = "" // of the first clause, unless the case says otherwise
			}
			Expect(again).To(Equal(c), text)
		}
		Expect(n).To(BeNumerically(">", 300))
	})

	DescribeTable("keeps every byte", func(chunks ...string) {
		c := cases.Case{ID: "found/it", Title: "A fact: \"quoted\" # and no comment", Clauses: []string{"line-lf"}, Kills: cases.Kills{None: "found"}}
		var parts [][]byte
		for _, chunk := range chunks {
			parts = append(parts, []byte(chunk))
		}
		c.Script = cases.One(parts...)
		c.Expect = c.Script.Trace().Only(spec.Announce, spec.Dispatch, spec.Reestablish)
		again, text := rewritten(c)
		Expect(sent(again)).To(Equal(chunks), text)
		Expect(again.Expect).To(Equal(c.Expect), text)
		Expect(again.Title).To(Equal(c.Title))
	},
		Entry("of text", "data: a\n\n"),
		Entry("of no UTF-8", "data: \xE4\xBD\n\n", "\xFF"),
		Entry("of characters that YAML takes for line ends", "data: \u0085\u2028\u2029\r\r"),
		Entry("of controls", "data: \x00\x01\x1B\x7F\u0080\u009F\n\n"),
		Entry("of byte order marks", "\uFEFF\uFEFFdata: \uFEFF\n\n"),
		Entry("of noncharacters", "data: \uFFFE\uFFFF\U0010FFFF\n\n"),
		Entry("of what looks like another notation", "data: {hex: 00}\n\n", "- x: [y]"),
		Entry("in empty chunks", "", "data: a\r", "", "\n\n", ""),
		Entry("in one empty chunk", ""),
	)

	DescribeTable("refuses, and writes nothing", func(change func(*cases.Case), want string) {
		c := cases.Case{ID: "found/it", Title: "A fact", Clauses: []string{"line-lf"}, Script: cases.One([]byte("data: a\n\n"))}
		c.Expect = c.Script.Trace()
		change(&c)
		var b strings.Builder
		Expect(cases.Write(&b, "Found.", c)).To(MatchError(ContainSubstring(want)))
		Expect(b.String()).To(BeEmpty())
	},
		Entry("two connections", func(c *cases.Case) { c.Script.Connections = append(c.Script.Connections, cases.Connection{}) }, "more than one plain stream"),
		Entry("a status", func(c *cases.Case) { c.Script.Connections[0].Status = 500 }, "more than one plain stream"),
		Entry("an initial last event ID", func(c *cases.Case) { c.Subscribe.LastEventID = "1" }, "more than one plain stream"),
		Entry("an expectation that is not the model's", func(c *cases.Case) { c.Expect = c.Expect[:1] }, "the expectation and the model disagree"),
		Entry("an unknown clause", func(c *cases.Case) { c.Clauses = []string{"line-lff"} }, `did you mean "line-lf"`),
		Entry("an id that is none", func(c *cases.Case) { c.ID = "found/It" }, "small letters"),
		Entry("no title", func(c *cases.Case) { c.Title = "" }, "no title"),
	)
})

func sent(c cases.Case) (chunks []string) {
	list, _ := c.Script.Stream()
	for _, chunk := range list {
		chunks = append(chunks, string(chunk))
	}
	return chunks
}
