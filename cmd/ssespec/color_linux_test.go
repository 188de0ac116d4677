package main

import (
	"os"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = DescribeTable("colour on a terminal",
	func(flag, noColor string, want bool) {
		terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(terminal.Close)
		Expect(isTerminal(terminal)).To(BeTrue())
		GinkgoT().Setenv("NO_COLOR", noColor)
		Expect((&output{color: flag}).colored(terminal)).To(Equal(want))
	},
	Entry("is there by itself", "auto", "", true),
	Entry("is not there with NO_COLOR", "auto", "1", false),
	Entry("is there with NO_COLOR when it is asked for", "always", "1", true),
	Entry("is not there when it is not wanted", "never", "", false),
)
