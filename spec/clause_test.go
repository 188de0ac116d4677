package spec_test

import (
	"net/url"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/spec"
)

var _ = Describe("The list of clauses", func() {
	all := slices.Collect(spec.Clauses())

	It("has 181 rows", func() {
		Expect(all).To(HaveLen(181))
	})

	It("names no clause twice", func() {
		seen := map[string]bool{}
		for _, c := range all {
			Expect(seen).NotTo(HaveKey(c.ID))
			seen[c.ID] = true
		}
	})

	It("yields only as many as are wanted", func() {
		var first []spec.Clause
		for c := range spec.Clauses() {
			first = append(first, c)
			if len(first) == 2 {
				break
			}
		}
		Expect(first).To(Equal(all[:2]))
	})

	It("holds well-formed rows", func() {
		for _, c := range all {
			Expect(c.ID).To(MatchRegexp(`^[a-z0-9]+(-[a-z0-9]+)*$`))
			Expect(c.Section).NotTo(BeEmpty(), c.ID)
			Expect(c.Summary).To(MatchRegexp(`[.)]$`), c.ID)
			Expect(c.Dispute).To(And(BeNumerically(">=", 0), BeNumerically("<=", 18)), c.ID)
		}
	})

	It("links each row to a fragment over https", func() {
		for _, c := range all {
			u, err := url.Parse(c.URL)
			Expect(err).NotTo(HaveOccurred(), c.ID)
			Expect(u.Scheme).To(Equal("https"), c.ID)
			Expect(u.Host).NotTo(BeEmpty(), c.ID)
			Expect(u.Fragment).NotTo(BeEmpty(), c.ID)
		}
	})

	It("uses only the declared words", func() {
		for _, c := range all {
			Expect(c.Level).To(BeElementOf(spec.Must, spec.Should, spec.May), c.ID)
			Expect(c.Binds).To(BeElementOf(spec.Client, spec.Server, spec.Browser), c.ID)
			Expect(c.Source).To(BeElementOf(spec.HTML, spec.Fetch, spec.Encoding, spec.HTTP, spec.IANA), c.ID)
			Expect(c.Observe).To(BeElementOf(spec.ByWire, spec.ByAPI, spec.ByHost, spec.ByBytes, spec.ByNothing), c.ID)
		}
	})

	DescribeTable("counts, by level and by whom they bind",
		func(level spec.Level, binds spec.Party, want int) {
			n := 0
			for _, c := range all {
				if c.Level == level && c.Binds == binds {
					n++
				}
			}
			Expect(n).To(Equal(want))
		},
		Entry("113 musts bind clients", spec.Must, spec.Client, 113),
		Entry("9 musts bind servers", spec.Must, spec.Server, 9),
		Entry("38 musts bind browsers", spec.Must, spec.Browser, 38),
		Entry("5 shoulds bind clients", spec.Should, spec.Client, 5),
		Entry("3 shoulds bind servers", spec.Should, spec.Server, 3),
		Entry("1 should binds browsers", spec.Should, spec.Browser, 1),
		Entry("7 mays bind clients", spec.May, spec.Client, 7),
		Entry("5 mays bind servers", spec.May, spec.Server, 5),
		Entry("no may binds browsers", spec.May, spec.Browser, 0),
	)
})

var _ = Describe("ClauseByID", func() {
	It("finds each clause by its id", func() {
		for c := range spec.Clauses() {
			got, ok := spec.ClauseByID(c.ID)
			Expect(ok).To(BeTrue(), c.ID)
			Expect(got).To(Equal(c))
		}
	})

	DescribeTable("finds nothing for what is no id",
		func(id string) {
			got, ok := spec.ClauseByID(id)
			Expect(ok).To(BeFalse())
			Expect(got).To(BeZero())
		},
		Entry("the empty string", ""),
		Entry("an unknown word", "no-such-clause"),
		Entry("a beginning of an id", "line-"),
		Entry("an id in capitals", "LINE-LF"),
		Entry("an id and a space", "line-lf "),
		Entry("the word for no clause in case files", "delivery"),
	)
})
