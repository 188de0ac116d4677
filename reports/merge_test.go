package reports_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
)

// called returns r as the result of a case with that id.
func called(id string, r runner.Result) runner.Result {
	r.Case.ID = id
	return r
}

// shardOf returns what a reader makes of run as JSON, after change was at it.
func shardOf(name string, run reports.Run, change func(*reports.Report)) (reports.Shard, error) {
	GinkgoHelper()
	r := reports.New(run)
	change(&r)
	var b bytes.Buffer
	Expect(reports.WriteJSON(&b, r)).To(Succeed())
	return reports.ReadShard(name, &b)
}

// partOf returns the shard of a suite of so many cases with those results.
func partOf(name string, suite int, results ...runner.Result) reports.Shard {
	GinkgoHelper()
	return changed(name, suite, func(*reports.Report) {}, results...)
}

func changed(name string, suite int, change func(*reports.Report), results ...runner.Result) reports.Shard {
	GinkgoHelper()
	run := runOf(results...)
	run.Suite.Cases = suite
	s, err := shardOf(name, run, change)
	Expect(err).NotTo(HaveOccurred())
	return s
}

// merged returns the merged report as a reader finds it.
func merged(shards ...reports.Shard) (doc reports.Report) {
	GinkgoHelper()
	m, err := reports.Merge(shards)
	Expect(err).NotTo(HaveOccurred())
	var b bytes.Buffer
	Expect(m.WriteJSON(&b)).To(Succeed())
	var head struct {
		reports.Report
		Results []struct{ Case string }
	}
	Expect(json.Unmarshal(b.Bytes(), &head)).To(Succeed())
	doc = head.Report
	for _, r := range head.Results {
		doc.Results = append(doc.Results, reports.Result{Case: r.Case})
	}
	return doc
}

var _ = Describe("Merging shards", func() {
	pass, warn, fail := resultOf(runner.Pass), resultOf(runner.Warn), shown(dispatch("b"))
	skip, broken := resultOf(runner.Skip), resultOf(runner.Error)
	known, knownWarn, provisional := fail, warn, fail
	known.Known, knownWarn.Known, provisional.Provisional = true, true, true

	It("gives the report of the whole run", func() {
		all := []runner.Result{called("a/a", pass), called("a/b", fail), called("b/a", warn), called("b/b", skip), called("c/a", broken), called("c/b", known), called("c/c", provisional)}
		var whole, parts bytes.Buffer
		Expect(reports.WriteJSON(&whole, reports.New(runOf(all...)))).To(Succeed())
		m, err := reports.Merge([]reports.Shard{partOf("2", 7, all[1], all[3], all[5]), partOf("1", 7, all[0], all[2], all[4], all[6])})
		Expect(err).NotTo(HaveOccurred())
		Expect(m.WriteJSON(&parts)).To(Succeed())
		var a, b map[string]any
		Expect(json.Unmarshal(whole.Bytes(), &a)).To(Succeed())
		Expect(json.Unmarshal(parts.Bytes(), &b)).To(Succeed())
		Expect(b["run"]).To(HaveKeyWithValue("elapsedMs", 3000.0))
		Expect(b["run"]).To(HaveKeyWithValue("command", "ssespec client -- node adapter.mjs; ssespec client -- node adapter.mjs"))
		delete(a, "run")
		delete(b, "run")
		Expect(b).To(Equal(a))
		Expect([]any{m.Missing, m.Complete()}).To(Equal([]any{0, true}))
		Expect(m.Totals()).To(Equal(reports.Totals{Pass: 1, Fail: 1, Warn: 1, Skip: 1, Error: 1, Known: 1, Provisional: 1}))
	})

	DescribeTable("has the profile verdict",
		func(want string, one, two runner.Result) {
			doc := merged(partOf("1", 2, called("a", one)), partOf("2", 2, called("b", two)))
			Expect(doc.Profile.Verdict).To(Equal(want))
		},
		Entry("conforms, which no shard alone has", "conforms", pass, warn),
		Entry("partial with a skip", "partial", pass, skip),
		Entry("partial with an error", "partial", broken, pass),
		Entry("partial with a warning that is known", "partial", knownWarn, pass),
		Entry("partial when all is provisional", "partial", provisional, provisional),
		Entry("conforms with a failure that is provisional", "conforms", pass, provisional),
		Entry("does-not-conform with a failure in the second", "does-not-conform", pass, fail),
		Entry("does-not-conform with a failure in the first", "does-not-conform", fail, pass),
		Entry("does-not-conform with a known failure", "does-not-conform", known, pass),
	)

	It("is not complete while a case of the suite is missing, and says so", func() {
		doc := merged(partOf("1", 3, called("a", pass)), partOf("2", 3, called("b", pass)))
		Expect([]any{doc.Complete, doc.Profile.Verdict}).To(Equal([]any{false, "partial"}))
		Expect(doc.Notes).To(ContainElement("merged: 1 of 3 cases of the suite are missing"))
	})

	It("is not complete when one shard was interrupted", func() {
		doc := merged(partOf("1", 2, called("a", pass)), changed("2", 2, func(r *reports.Report) { r.Complete = false }, called("b", pass)))
		Expect([]any{doc.Complete, doc.Profile.Verdict}).To(Equal([]any{false, "partial"}))
	})

	It("gives no profile verdict over the built-in target", func() {
		none := func(r *reports.Report) { r.Profile = nil }
		Expect(merged(changed("1", 2, none, called("a", pass)), changed("2", 2, none, called("b", pass))).Profile).To(BeNil())
	})

	It("joins notes, causes and platforms", func() {
		with := func(platform, explains string) func(*reports.Report) {
			return func(r *reports.Report) {
				r.Run.Platform, r.Notes = platform, []string{"both", platform}
				r.Causes = []reports.Cause{{Mutant: "m", Explains: []string{explains}}}
			}
		}
		doc := merged(changed("1", 2, with("linux", "b"), called("a", pass)), changed("2", 2, with("plan9", "a"), called("b", pass)))
		Expect(doc.Notes).To(Equal([]string{"both", "linux", "plan9"}))
		Expect(doc.Causes).To(Equal([]reports.Cause{{Mutant: "m", Explains: []string{"a", "b"}}}))
		Expect(doc.Run.Platform).To(Equal("linux, plan9"))
	})

	It("keeps long texts as the summaries that they are", func() {
		long := shown(dispatch(strings.Repeat("x", 1<<20)))
		var b bytes.Buffer
		m, err := reports.Merge([]reports.Shard{partOf("1", 1, long)})
		Expect(err).NotTo(HaveOccurred())
		Expect(m.WriteJSON(&b)).To(Succeed())
		Expect(b.String()).To(ContainSubstring(`"length": 1048576`))
	})

	It("is bounded as one run is, and keeps the first difference", func() {
		long := resultOf(runner.Fail)
		long.Want = nil
		for range 230 {
			long.Want = append(long.Want, dispatch("same"))
		}
		long.Got = append(long.Want[:220:220], dispatch("other"))
		var shards []reports.Shard
		for i := range 30 {
			var results []runner.Result
			for j := range 6 {
				results = append(results, called(fmt.Sprintf("a/%02d-%d", i, j), long))
			}
			Expect(reports.New(runOf(results...)).Results[0].Omitted).To(BeNil(), "all of it fits into a shard")
			shards = append(shards, partOf(fmt.Sprint(i), 180, results...))
		}
		m, err := reports.Merge(shards)
		Expect(err).NotTo(HaveOccurred())
		var b bytes.Buffer
		Expect(m.WriteJSON(&b)).To(Succeed())
		Expect(b.Len()).To(BeNumerically("<", 16<<20))
		Expect(strings.Count(b.String(), `"data": "other"`)).To(Equal(180))
		Expect(b.String()).To(MatchRegexp(`"omitted": \{\s+"want": 212,\s+"got": 212`))
	})

	DescribeTable("refuses shards of different runs, and names the file and what differs",
		func(change func(*reports.Report), message string) {
			_, err := reports.Merge([]reports.Shard{partOf("1.json", 2, called("a", pass)), changed("2.json", 2, change, called("b", pass))})
			Expect(err).To(MatchError(And(HavePrefix("2.json: the "+message), ContainSubstring("that of 1.json is "))))
		},
		Entry("another digest", func(r *reports.Report) { r.Suite.Digest = "e" }, `suite is {"version":"0.1","digest":"e","cases":2}`),
		Entry("another number of cases", func(r *reports.Report) { r.Suite.Cases = 3 }, `suite is {"version":"0.1","digest":"d","cases":3}`),
		Entry("another target", func(r *reports.Report) { r.Target.Name = "other" }, `target is {"name":"other"`),
		Entry("another version of it", func(r *reports.Report) { r.Target.Version = "2" }, `target is {"name":"fake","version":"2"`),
		Entry("another tool", func(r *reports.Report) { r.Tool.Version = "v2" }, `tool is {"name":"ssespec","version":"v2"}`),
		Entry("another standard", func(r *reports.Report) { r.Standard.HTML = "x" }, `standard is {"html":"x"`),
		Entry("another seed", func(r *reports.Report) { r.Run.Seed = 7 }, `seed is 7`),
	)

	It("refuses a case that is there twice, and names file and case", func() {
		_, err := reports.Merge([]reports.Shard{partOf("1.json", 2, called("a", pass)), partOf("2.json", 2, called("a", pass))})
		Expect(err).To(MatchError(`2.json: the case "a" is in 1.json already`))
	})

	It("refuses nothing, and more results than the suite has cases", func() {
		_, err := reports.Merge(nil)
		Expect(err).To(MatchError("no reports to merge"))
		_, err = reports.Merge([]reports.Shard{partOf("1", 1, called("a", pass), called("b", pass))})
		Expect(err).To(MatchError("2 results of a suite of 1 cases"))
	})

	DescribeTable("refuses a file that is no report", func(text, message string) {
		_, err := reports.ReadShard("x.json", strings.NewReader(text))
		Expect(err).To(MatchError(HavePrefix("x.json: " + message)))
	},
		Entry("empty", "", "no JSON report: "),
		Entry("no JSON", "<xml>", "no JSON report: "),
		Entry("cut off", `{"schema":"ssespec.report/v1","results":[`, "no JSON report: "),
		Entry("a list", "[]", "no JSON report: "),
		Entry("bytes that are no UTF-8 in a result", "{\"schema\":\"ssespec.report/v1\",\"totals\":{\"pass\":1},\"results\":[{\"case\":\"a\",\"x\":\"\xff\"}]}", "no JSON report: not all of it is UTF-8"),
		Entry("another schema", `{"schema":"ssespec.report/v2"}`, `the schema is "ssespec.report/v2", want "ssespec.report/v1"`),
		Entry("another document", `{}`, `the schema is "", want`),
		Entry("totals that are not those of the results", `{"schema":"ssespec.report/v1","totals":{"pass":3},"results":[{"case":"a"}]}`, "the totals are of 3 results, there are 1"),
		Entry("too large", strings.Repeat(" ", 33<<20), "larger than 32 MiB"),
	)

	It("refuses a result without a case", func() {
		_, err := reports.Merge([]reports.Shard{partOf("1.json", 1, called("", pass))})
		Expect(err).To(MatchError("1.json: a result has no case"))
	})
})
