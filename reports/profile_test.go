package reports_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

var _ = Describe("the profile verdict", func() {
	pass, warn, fail := resultOf(runner.Pass), resultOf(runner.Warn), resultOf(runner.Fail)
	skip, broken := resultOf(runner.Skip), resultOf(runner.Error)
	free, advised := skip, skip // skips that nothing binds
	free.Case.Requires = []string{"retry"}
	advised.Case.Level = spec.Should
	ofServers := skip
	ofServers.Case.Clauses = []string{clauseOf(spec.Server)}

	knownFail, knownWarn, newer := fail, warn, fail
	knownFail.Known, knownWarn.Known, newer.Provisional = true, true, true

	verdict := func(run reports.Run) string { return reports.New(run).Profile.Verdict }

	DescribeTable("is",
		func(want string, results ...runner.Result) {
			Expect(verdict(runOf(results...))).To(Equal(want))
		},
		Entry("conforms when all pass", "conforms", pass, pass),
		Entry("conforms with a warning", "conforms", pass, warn),
		Entry("conforms when only what needs a capability is skipped", "conforms", pass, free),
		Entry("conforms when only advice is skipped", "conforms", pass, advised),
		Entry("conforms when only what binds servers is skipped", "conforms", pass, ofServers),
		Entry("partial when something bound is skipped", "partial", pass, skip),
		Entry("partial when a run is an error", "partial", pass, broken),
		Entry("conforms when only a case that is newer fails", "conforms", pass, newer),
		Entry("partial when nothing applies", "partial", free),
		Entry("partial when all is newer", "partial", newer),
		Entry("partial when a warning is known", "partial", pass, knownWarn),
		Entry("does-not-conform with a failure that is known", "does-not-conform", pass, knownFail),
		Entry("does-not-conform with one failure", "does-not-conform", pass, fail),
		Entry("does-not-conform with a failure and an error", "does-not-conform", fail, broken),
		Entry("does-not-conform with a failure and a skip", "does-not-conform", fail, skip),
	)

	reconnection := skip
	reconnection.Case.Script.Connections = make([]cases.Connection, 2)

	DescribeTable("is, when what needs several connections is skipped,",
		func(want string, kind target.Profile) {
			run := runOf(pass, reconnection)
			run.Target.Kind = kind
			Expect(verdict(run)).To(Equal(want))
			Expect(reports.New(run).Profile.Applicable == 2).To(Equal(want == "partial"))
		},
		Entry("conforms for a parser", "conforms", target.Parser),
		Entry("conforms for a stream reader", "conforms", target.StreamReader),
		Entry("partial for a client", "partial", target.Client),
	)

	It("is partial for a parser that was not put one stream", func() {
		run := runOf(pass, skip)
		run.Target.Kind = target.Parser
		Expect(verdict(run)).To(Equal("partial"))
	})

	It("is partial when the user selected some of the cases", func() {
		run := runOf(pass)
		run.Suite.Cases = 2
		Expect(verdict(run)).To(Equal("partial"))
	})

	It("is partial when the run was interrupted", func() {
		run := runOf(pass)
		run.Complete = false
		Expect(verdict(run)).To(Equal("partial"))
	})

	It("is does-not-conform even when interrupted after a failure", func() {
		run := runOf(fail)
		run.Complete = false
		Expect(verdict(run)).To(Equal("does-not-conform"))
	})

	It("counts what passed, what applied and what bound was skipped", func() {
		p := reports.New(runOf(pass, warn, fail, broken, skip, free)).Profile
		Expect(*p).To(Equal(reports.Profile{Name: "client", Verdict: "does-not-conform", Passed: 2, Applicable: 5, Skipped: 1}))
	})

	It("stands beside totals by verdict", func() {
		Expect(reports.Count([]runner.Result{pass, pass, fail, warn, skip, skip, broken})).To(
			Equal(reports.Totals{Pass: 2, Fail: 1, Warn: 1, Skip: 2, Error: 1}))
	})
})

// clauseOf returns the id of a clause that binds the party.
func clauseOf(p spec.Party) string {
	for c := range spec.Clauses() {
		if c.Binds == p {
			return c.ID
		}
	}
	return ""
}
