package observe_test

import (
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/lint"
	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/spec"
)

var _ = Describe("The table of checks", func() {
	It("has one for every case that is observed, and no other", func() {
		all, err := cases.Load(cases.Files)
		Expect(err).NotTo(HaveOccurred())
		var ids []string
		for _, c := range observe.Checks() {
			ids = append(ids, c.Case)
		}
		slices.Sort(ids)
		Expect(ids).To(Equal(cases.IDs(cases.Selection{Sides: []cases.Side{cases.Servers}}.Of(all))))
	})

	It("says of each what it needs", func() {
		for _, c := range observe.Checks() {
			Expect(c.Needs).NotTo(BeEmpty(), c.Case)
		}
	})

	It("says nothing against a stream as it should be, whatever check is put", func() {
		all := map[observe.Role]*probe.Exchange{}
		for _, c := range observe.Checks() {
			for _, role := range c.Needs {
				all[role] = exchange()
			}
		}
		all[observe.Resumed] = exchange(body(2, "id: 2\ndata: b\n\n"))
		all[observe.Over] = exchange(withStatus(204))
		all[observe.Head] = exchange(body())
		all[observe.Options] = exchange(withStatus(204))
		for _, c := range observe.Checks() {
			Expect(c.Put(seen(all)).Findings).To(BeEmpty(), c.Case)
		}
	})

	It("puts every finding of the linter down to one case that is there", func() {
		for _, h := range lint.Hints() {
			_, found := observe.Find(observe.CaseOf(lint.Finding{Rule: h.Slug, Clause: h.Clause, Level: h.Level}))
			Expect(found).To(BeTrue(), h.Slug)
		}
		for c := range spec.Clauses() {
			for _, level := range []lint.Level{lint.Error, lint.Warning, lint.Advice} {
				_, found := observe.Find(observe.CaseOf(lint.Finding{Rule: c.ID, Clause: c.ID, Level: level}))
				Expect(found).To(BeTrue(), c.ID)
			}
		}
	})

	It("is not skipped where the server has chosen JSON that nobody asked for", func() {
		Expect(verdict("response/content-type", stream(with("Content-Type", "application/json")))).To(HavePrefix("the Content-Type is"))
		Expect(verdict("response/status", stream(withStatus(201), with("Content-Type", "application/json"), asking("Accept", "application/json")))).To(HavePrefix("the answer has the status 201"))
	})

	DescribeTable("is skipped", func(id string, o *observe.Observation, why string) {
		Expect(verdict(id, o)).To(Equal("skip: " + why))
	},
		Entry("where the answer is no event stream", "framing/fields", stream(with("Content-Type", "text/html")), "the answer is no event stream"),
		Entry("where it is over", "response/status", stream(withStatus(204)), "over"),
		Entry("where the server has chosen JSON, as it was free to", "response/content-type", stream(with("Content-Type", "application/json; charset=utf-8"), asking("Accept", "application/json, text/event-stream")), "answered JSON"),
		Entry("where the stream was interrupted", "framing/fields", stream(unanswered(probe.Unsent)), "not sent: the reason"),
		Entry("where its request was not sent", "requests/head", stream(), "no request was sent for it"),
		Entry("where none was left", "requests/head", beside(observe.Head, unanswered(probe.Unsent)), "not sent: the reason"),
		Entry("where the server serves one client at a time", "requests/head", seen(map[observe.Role]*probe.Exchange{
			observe.Stream: exchange(), observe.Second: exchange(unanswered(probe.Silent)), observe.Head: exchange(unanswered(probe.Silent))}),
			"the server serves one client at a time"),
	)
})
