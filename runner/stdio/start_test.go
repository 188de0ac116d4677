package stdio_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"

	"github.com/ssespec/ssespec/runner/stdio"
	"github.com/ssespec/ssespec/runner/target"
)

var _ = Describe("the start", func() {
	It("reads the hello", func(ctx SpecContext) {
		p := client("")
		Expect(p.Hello(ctx)).To(Equal(target.Hello{
			Protocol: 1, Kind: target.Client, Name: "fake", Version: "1.2", Capabilities: []string{"reestablish"}, Parallel: 32,
		}))
	}, NodeTimeout(time.Minute))

	It("starts one process for all who ask", func(ctx SpecContext) {
		p := as("scripted", "FIRST", "I am here\n"+clientHello, "OPEN", `{"run":"RUN","step":"end"}`+"\n")
		for range 3 {
			Expect(p.Hello(ctx)).Error().NotTo(HaveOccurred())
		}
		Expect(p.trace(ctx, url("1"))).Error().NotTo(HaveOccurred())
		Expect(strings.Count(string(p.stderr.Contents()), "I am here")).To(Equal(1))
	}, NodeTimeout(time.Minute))

	It("takes lines before the hello for standard error", func(ctx SpecContext) {
		p := as("scripted", "FIRST", "loading\n\n [warn] slow\r\n"+clientHello)
		Expect(p.Hello(ctx)).To(HaveField("Name", "fake"))
		Expect(p.stderr).To(gbytes.Say("loading\n\n \\[warn\\] slow"))
	}, NodeTimeout(time.Minute))

	DescribeTable("an adapter is unreachable whose first line is", func(ctx SpecContext, first, words string) {
		p := as("scripted", "FIRST", first)
		_, err := p.Hello(ctx)
		Expect(err).To(BeAssignableToTypeOf(&target.Unreachable{}), "%v", err)
		Expect(err).To(MatchError(ContainSubstring(words)))
	},
		Entry("of another protocol", `{"hello":{"protocol":2,"kind":["x"]}}`+"\n", "protocol 2, and this ssespec speaks 1"),
		Entry("without a protocol", `{"hello":{"kind":"client","name":"x"}}`+"\n", `add "protocol":1`),
		Entry("of an unknown kind", `{"hello":{"protocol":1,"kind":"clinet","name":"x"}}`+"\n", `kind "clinet" is not known: say one of ["parser" "client" "stream-reader"]`),
		Entry("without a name", `{"hello":{"protocol":1,"kind":"client"}}`+"\n", `add "name"`),
		Entry("not a hello", `{"run":"1","step":"end"}`+"\n", `no hello in the line`),
		Entry("cut", `{"hello":{"proto`+"\n", `no hello in the line`),
		Entry("a hello with a member twice", `{"hello":{"protocol":1,"kind":"client","name":"x","name":"y"}}`+"\n", `member "hello/name" is there twice`),
		Entry("a hello with bytes that are no UTF-8", `{"hello":{"protocol":1,"kind":"client","name":"`+"\xff"+`"}}`+"\n", `member "hello/name" is not valid Unicode`),
		Entry("a hello of the wrong type", `{"hello":{"protocol":1,"kind":"client","name":7}}`+"\n", `member "hello/name" has the wrong JSON type`),
	)

	It("says what an adapter wrote that exits before the hello", func(ctx SpecContext) {
		_, err := as("exit", "FIRST", "on stdout\n").Hello(ctx)
		var u *target.Unreachable
		Expect(errors.As(err, &u)).To(BeTrue(), "%v", err)
		Expect(u.Reason).To(And(ContainSubstring("exit status 3 before the hello"), ContainSubstring(`{"hello":`)))
		Expect(u.Stderr).To(And(ContainSubstring("no such module"), ContainSubstring("on stdout")))
	}, NodeTimeout(time.Minute))

	It("waits no longer than StartTimeout, and kills what did not say hello", func(ctx SpecContext) {
		p := as("deaf", "FIRST", "still loading\n")
		p.StartTimeout = time.Second
		_, err := p.Hello(ctx)
		Expect(err).To(MatchError(ContainSubstring("no hello within 1s")))
		Expect(err).To(HaveField("Stderr", "still loading\n"))
	}, NodeTimeout(time.Minute))

	It("bounds a line before the hello", func(ctx SpecContext) {
		p := as("deaf", "FIRST", strings.Repeat("x", 5000)+"\n")
		p.Limits.Line = 4096
		_, err := p.Hello(ctx)
		Expect(err).To(MatchError(ContainSubstring("a line of more than 4096 bytes")))
	}, NodeTimeout(time.Minute))

	It("says that a command cannot be started", func(ctx SpecContext) {
		p := stdio.Process{Command: []string{"ssespec-no-such-command", "x"}}
		_, err := p.Hello(ctx)
		Expect(err).To(BeAssignableToTypeOf(&target.Unreachable{}))
		Expect(err).To(MatchError(And(HavePrefix("ssespec-no-such-command x: "), ContainSubstring("check that it is installed"))))
		Expect(p.Close()).To(Succeed())
	})

	It("says that there is no command", func(ctx SpecContext) {
		var p stdio.Process
		_, err := p.Hello(ctx)
		Expect(err).To(MatchError(HavePrefix("no command")))
	})

	It("tries again after a start that went wrong", func(ctx SpecContext) {
		p := as("exit")
		for range 2 {
			Expect(p.Hello(ctx)).Error().To(BeAssignableToTypeOf(&target.Unreachable{}))
		}
		Expect(strings.Count(string(p.stderr.Contents()), "no such module")).To(Equal(2))
	}, NodeTimeout(time.Minute))

	It("wants the same target after a restart", func(ctx SpecContext) {
		p := as("restarted", "MARK", filepath.Join(GinkgoT().TempDir(), "mark"))
		_, err := p.trace(ctx, url("1"))
		broken(err, target.Crashed)
		_, err = p.trace(ctx, url("2"))
		Expect(err).To(BeAssignableToTypeOf(&target.Unreachable{}), "%v", err)
		Expect(err).To(MatchError(ContainSubstring(`after a restart the target is "second"`)))
	}, NodeTimeout(time.Minute))

	It("leaves the start to the next call when ctx ends first", func(ctx SpecContext) {
		p := as("deaf")
		p.CloseTimeout = 100 * time.Millisecond
		short, cancel := context.WithCancelCause(ctx)
		returned := make(chan error, 1)
		go func() { _, err := p.Hello(short); returned <- err }()
		enough := errors.New("enough")
		cancel(enough)
		Eventually(returned, "20s").Should(Receive(MatchError(enough)))
	}, NodeTimeout(time.Minute))
})
