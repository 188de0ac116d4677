package cases_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/ssespec/ssespec/cases"
)

// texts returns the embedded files by name.
func texts() map[string][]byte {
	GinkgoHelper()
	found := map[string][]byte{}
	Expect(fs.WalkDir(cases.Files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		found[name], err = fs.ReadFile(cases.Files, name)
		return err
	})).To(Succeed())
	Expect(found).NotTo(BeEmpty())
	return found
}

var _ = Describe("the schema", func() {
	It("is the one that stands beside the cases", func() {
		file, err := os.ReadFile("schema.json")
		Expect(err).NotTo(HaveOccurred())
		generated, err := json.Marshal(cases.Schema())
		Expect(err).NotTo(HaveOccurred())
		Expect(file).To(MatchJSON(generated), "ssespec list case-schema > cases/schema.json")
	})

	It("is named in the first line of each file", func() {
		for name, text := range texts() {
			Expect(strings.SplitN(string(text), "\n", 2)[0]).To(Equal("# yaml-language-server: $schema=../schema.json"), name)
		}
	})

	compiled := func() *jsonschema.Schema {
		GinkgoHelper()
		generated, err := json.Marshal(cases.Schema())
		Expect(err).NotTo(HaveOccurred())
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(generated)))
		Expect(err).NotTo(HaveOccurred())
		c := jsonschema.NewCompiler()
		Expect(c.AddResource("case.json", doc)).To(Succeed())
		return c.MustCompile("case.json")
	}

	// loose reads YAML as any reader would.
	loose := func(text string) any {
		GinkgoHelper()
		var v any
		Expect(yaml.Unmarshal([]byte(text), &v)).To(Succeed())
		j, err := json.Marshal(v)
		Expect(err).NotTo(HaveOccurred())
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(j)))
		Expect(err).NotTo(HaveOccurred())
		return doc
	}

	It("accepts every embedded file", func() {
		schema := compiled()
		for name, text := range texts() {
			Expect(schema.Validate(loose(string(text)))).To(Succeed(), name)
		}
	})

	const right = "cases:\n- id: a\n  title: t\n  clauses: [line-lf]\n  stream: [\"data: a\\n\\n\"]\n  expect: []\n"

	DescribeTable("refuses",
		func(old, wrong string) {
			Expect(compiled().Validate(loose(right))).To(Succeed())
			Expect(right).To(ContainSubstring(old))
			Expect(compiled().Validate(loose(strings.Replace(right, old, wrong, 1)))).NotTo(Succeed())
		},
		Entry("an unknown key", "title", "titel"),
		Entry("a chunk that is a number", `"data: a\n\n"`, "7"),
		Entry("an unknown notation of bytes", `"data: a\n\n"`, "{octal: '7'}"),
		Entry("repeat without times", `"data: a\n\n"`, "{repeat: x}"),
		Entry("a step that is none", "expect: []", "expect: [open]"),
		Entry("a dispatch with an unknown member", "expect: []", "expect: [{dispatch: {daat: x}}]"),
		Entry("a clause that is no list", "[line-lf]", "line-lf"),
	)
})

var _ = Describe("Format", func() {
	It("leaves every embedded file as it is", func() {
		for name, text := range texts() {
			Expect(cases.Format(name, text)).To(Equal(text), name)
		}
	})

	It("keeps comments and notations, and sorts keys", func() {
		Expect(cases.Format("a/b.yaml", []byte("# head\ncases:\n  # the case\n  - title: t # why\n    id: a\n    expect: []\n    clauses: [line-lf]\n    stream: [{hex: \"EF BB\"}, {repeat: \"x\", times: 3}]\n"))).
			To(BeEquivalentTo("# head\ncases:\n# the case\n- id: a\n  title: t # why\n  clauses: [line-lf]\n  stream: [{hex: \"EF BB\"}, {repeat: \"x\", times: 3}]\n  expect: []\n"))
	})

	It("leaves \\u0080 to \\u00ff as they are: shortened they would be refused", func() {
		text := with("  about: \"a\\u0080\\\\x80\\u008D\"\n  seen: [\"\\u00FF\"]")
		formatted, err := cases.Format("a/b.yaml", []byte(text))
		Expect(err).NotTo(HaveOccurred())
		Expect(string(formatted)).To(ContainSubstring("\"a\\u0080\\\\x80\\u008D\""))
		Expect(cases.Format("a/b.yaml", formatted)).To(Equal(formatted))
	})

	It("refuses what does not load, and says where", func() {
		_, err := cases.Format("a/b.yaml", []byte("cases: 7\n"))
		Expect(err).To(MatchError("a/b.yaml:1:8: want a list, found \"7\""))
	})
})
