package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
)

// validConfig returns what the schema has against a config.
func validConfig(text string) error {
	GinkgoHelper()
	read := func(v any) any {
		j, err := json.Marshal(v)
		Expect(err).NotTo(HaveOccurred())
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(j)))
		Expect(err).NotTo(HaveOccurred())
		return doc
	}
	c := jsonschema.NewCompiler()
	Expect(c.AddResource("config.json", read(configSchema()))).To(Succeed())
	var v any
	Expect(yaml.Unmarshal([]byte(text), &v)).To(Succeed())
	return c.MustCompile("config.json").Validate(read(v))
}

// readable returns what the program has against it.
func readable(text string) error {
	GinkgoHelper()
	name := filepath.Join(GinkgoT().TempDir(), configName)
	Expect(os.WriteFile(name, []byte(text), 0o600)).To(Succeed())
	_, err := readConfig(name)
	return err
}

var _ = Describe("The schema of the config", func() {
	DescribeTable("accepts what the program does",
		func(text string) {
			Expect(readable(text)).To(Succeed())
			Expect(validConfig(text)).To(Succeed())
		},
		Entry("one target", "targets: [{name: a, client: [x, y]}]"),
		Entry("everything", `{suite: "0.1", baseline: b.yaml, report: ["json=a.json"], targets: [{name: a, server: "http://127.0.0.1", start: [x], wait: 30s,
  headers: {A: b}, profile: client, cases: ["a/**"], skip: [b], baseline: c.yaml}, {name: b, service: "http://127.0.0.1"}, {name: c, browser: firefox}]}`),
		Entry("no targets yet", `suite: "0.1"`),
	)

	DescribeTable("refuses what the program does",
		func(text string) {
			Expect(readable(text)).NotTo(Succeed())
			Expect(validConfig(text)).NotTo(Succeed())
		},
		Entry("an unknown key", "target: []"),
		Entry("an unknown key of a target", "targets: [{name: a, clint: [x]}]"),
		Entry("a target without a name", "targets: [{client: [x]}]"),
		Entry("a target of no kind", "targets: [{name: a}]"),
		Entry("a target of two kinds", "targets: [{name: a, client: [x], browser: firefox}]"),
		Entry("a command in one word", "targets: [{name: a, client: x}]"),
		Entry("a number for a version", "suite: 0.1"),
		Entry("a list", "[]"),
	)
})

var _ = Describe("A baseline", func() {
	It("is not written of a run that was interrupted", func() {
		file := filepath.Join(GinkgoT().TempDir(), "b.yaml")
		run := reports.Run{Results: []runner.Result{{Case: cases.Case{ID: "a/b"}, Verdict: runner.Fail}}}
		k := known{write: file}
		err := k.save(GinkgoWriter, run, nil, false)
		Expect(err).To(MatchError(ContainSubstring("wants a whole run")))
		Expect(statusOf(err)).To(Equal(exitUsage))
		Expect(file).NotTo(BeAnExistingFile())
		run.Complete = true
		Expect(k.save(GinkgoWriter, run, nil, false)).To(Succeed())
		Expect(file).To(BeAnExistingFile())
	})
})
