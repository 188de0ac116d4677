package cases_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
)

var _ = Describe("What browsers confirm", func() {
	some := func() cases.Confirmations {
		return cases.Confirmations{Engines: map[string]string{"A": "1", "B": "2"}, Cases: map[string]map[string]string{
			"b/two": {"A": "pass", "B": "fail line-cr"}, "a/one": {"A": "fail line-cr", "B": "fail"}, "c": {},
		}}
	}

	DescribeTable("is contested when none of those that were put to it does it", func(id string, want bool) {
		Expect(some().Contested(id)).To(Equal(want))
	},
		Entry("one does", "b/two", false),
		Entry("none does", "a/one", true),
		Entry("none was put to it", "c", false),
		Entry("nobody knows", "d", false),
	)

	It("is written one case a line, in order, and read again", func() {
		text, err := some().Write()
		Expect(err).NotTo(HaveOccurred())
		Expect(string(text)).To(Equal("{\"engines\": {\"A\":\"1\",\"B\":\"2\"},\n\"cases\": {\n" +
			"\"a/one\":{\"A\":\"fail line-cr\",\"B\":\"fail\"},\n\"b/two\":{\"A\":\"pass\",\"B\":\"fail line-cr\"},\n\"c\":{}\n}}\n"))
		Expect(cases.ReadConfirmations(text)).To(Equal(some()))
	})

	It("is refused where it is no such file", func() {
		_, err := cases.ReadConfirmations([]byte("{"))
		Expect(err).To(MatchError(ContainSubstring("confirmations: ")))
	})

	It("speaks of cases of this suite only", func() {
		confirmed, err := cases.Confirmed()
		Expect(err).NotTo(HaveOccurred())
		all := map[string]bool{}
		for _, c := range embedded() {
			all[c.ID] = true
		}
		for id := range confirmed.Cases {
			Expect(all).To(HaveKey(id))
		}
	})
})
