package main

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("The turns of what goes over the network", func() {
	var t turns
	BeforeEach(func() { t = newTurns() })

	It("are not waited for when the search is over", func(ctx SpecContext) {
		Expect(t.take(ctx, false)).To(Succeed())
		over, cancel := context.WithCancel(ctx)
		cancel()
		Expect(t.take(over, false)).To(MatchError(context.Canceled))
		Expect(t.take(over, true)).To(MatchError(context.Canceled))
		t.end()
		Expect(t.take(ctx, true)).To(Succeed(), "who left has taken none")
		t.end()
	})

	It("are taken by one at a time, and by all who wait", func(ctx SpecContext) {
		Expect(t.take(ctx, false)).To(Succeed())
		took := make(chan string)
		for who, little := range map[string]bool{"much": false, "little": true} {
			go func() {
				defer GinkgoRecover()
				Expect(t.take(ctx, little)).To(Succeed())
				took <- who
				t.end()
			}()
		}
		Consistently(took, "50ms").ShouldNot(Receive())
		t.end()
		var first, second string
		Eventually(ctx, took).Should(Receive(&first))
		Eventually(ctx, took).Should(Receive(&second))
		Expect([]string{first, second}).To(ConsistOf("little", "much"))
	})
})
