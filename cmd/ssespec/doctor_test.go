package main

import (
	"context"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
)

var _ = Describe("ssespec doctor", Ordered, func() {
	var adapter string
	BeforeAll(func() {
		var err error
		adapter, err = gexec.Build("github.com/ssespec/ssespec/runner/doctor/testdata/broken")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(gexec.CleanupBuildArtifacts)
	})

	DescribeTable("ends with the status that its findings stand for", func(ctx SpecContext, kind, fault string, status int, told string) {
		out, errs := gbytes.NewBuffer(), gbytes.NewBuffer()
		Expect(execute(ctx, []string{"doctor", "--", adapter, kind, fault}, nil, out, errs)).To(Equal(status))
		Expect(string(out.Contents())).To(HaveSuffix(told + "\n"))
		Expect(errs.Contents()).To(BeEmpty())
	},
		Entry("a right parser", "parser", "none", exitOK, "the adapter is fine"),
		Entry("a right client", "client", "none", exitOK, "the adapter is fine"),
		Entry("what may be the library's", "parser", "block-id", exitOK, "the adapter is fine, 1 thing to look at"),
		Entry("a fault of the adapter", "client", "typeless", exitDeparts, "the adapter is at fault: 1 thing to change"),
	)

	It("says that it was interrupted", func(ctx SpecContext) {
		gone, cancel := context.WithCancel(ctx)
		cancel()
		out, errs := gbytes.NewBuffer(), gbytes.NewBuffer()
		Expect(execute(gone, []string{"doctor", "--", adapter, "parser", "none"}, nil, out, errs)).To(Equal(exitInterrupted))
		Expect(errs).To(gbytes.Say("interrupted"))
		Expect(out.Contents()).To(BeEmpty())
	})
})
