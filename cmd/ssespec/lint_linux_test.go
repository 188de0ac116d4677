package main

import (
	"context"
	"os"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = It("lint says that it reads from a terminal", func(spec SpecContext) {
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	Expect(err).NotTo(HaveOccurred())
	ctx, interrupt := context.WithCancel(spec)
	interrupt()
	var out, errs strings.Builder
	Expect(execute(ctx, []string{"lint"}, terminal, &out, &errs)).To(Equal(130))
	Expect(errs.String()).To(Equal("ssespec: reading the stream from this terminal; end it with Ctrl-D\n"))
	Expect(out.String()).To(Equal("<stdin>: no findings; 0 events would be dispatched (interrupted)\n"))
})
