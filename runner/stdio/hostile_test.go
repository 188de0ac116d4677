package stdio_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// calling listens for the grandchild that is to dial.
func calling() (string, func() net.Conn) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(l.Close)
	return l.Addr().String(), func() net.Conn {
		GinkgoHelper()
		conn, err := l.Accept()
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(conn.Close)
		Expect(conn.SetReadDeadline(time.Now().Add(30 * time.Second))).To(Succeed())
		return conn
	}
}

// gone waits until the process at the other end of conn is.
func gone(conn net.Conn) {
	GinkgoHelper()
	_, err := conn.Read(make([]byte, 1))
	Expect(err).To(HaveOccurred())
	timeout, ok := err.(net.Error)
	Expect(ok && timeout.Timeout()).To(BeFalse(), "still there: %v", err)
}

var _ = Describe("a hostile target", func() {
	It("that crashes breaks all open runs, and the next has a fresh process", func(ctx SpecContext) {
		p := as("crash", "FIRST", clientHello)
		var all sync.WaitGroup
		for n := range 5 {
			all.Go(func() {
				defer GinkgoRecover()
				trace, err := p.trace(ctx, url(fmt.Sprint(n)))
				b := broken(err, target.Crashed)
				Expect(b.Detail).To(ContainSubstring("exit status 7"))
				Expect(b.Stderr).To(ContainSubstring("out of cheese"))
				Expect(trace).To(HaveLen(1), "what came before the crash is observed")
			})
		}
		all.Wait()
		Expect(p.trace(ctx, url("calm"))).To(BeEmpty())
	}, NodeTimeout(time.Minute))

	It("that dies inside a line has crashed", func(ctx SpecContext) {
		p := as("last", "FIRST", clientHello, "OPEN", `{"run":"RUN","step":"announce"}`+"\n"+`{"run":"RUN","st`)
		trace, err := p.trace(ctx, url("7"))
		Expect(broken(err, target.Crashed).Detail).To(Equal("exit status 4"))
		Expect(trace).To(HaveLen(1), "what it said before counts")
	}, NodeTimeout(time.Minute))

	It("that closes its standard output has crashed", func(ctx SpecContext) {
		p := as("mute", "FIRST", clientHello)
		p.CloseTimeout = 200 * time.Millisecond
		_, err := p.trace(ctx, url("7"))
		Expect(broken(err, target.Crashed).Detail).To(ContainSubstring("closed its standard output"))
	}, NodeTimeout(time.Minute))

	It("that does not end what was closed hangs, and all its runs are broken", func(ctx SpecContext) {
		p := as("scripted", "FIRST", clientHello, "OPEN", `{"run":"RUN","step":"announce"}`+"\n")
		p.CloseTimeout = 300 * time.Millisecond
		var w, v watch
		mine, cancel := context.WithCancel(ctx)
		closed := p.begin(mine, url("7"), &w)
		other := p.begin(ctx, url("8"), &v)
		Eventually(w.trace, "20s").Should(HaveLen(1))
		Eventually(v.trace, "20s").Should(HaveLen(1))
		cancel()
		var err error
		Eventually(closed, "20s").Should(Receive(&err))
		Expect(broken(err, target.Hung).Detail).To(Equal(`run "7": no end within 300ms of close`))
		Eventually(other, "20s").Should(Receive(&err))
		broken(err, target.Hung)
		Expect(p.Hello(ctx)).To(HaveField("Name", "fake"))
	}, NodeTimeout(time.Minute))

	DescribeTable("that goes on about other runs before it ends what was closed", func(ctx SpecContext, ticks string, timeout time.Duration, match OmegaMatcher) {
		p := as("busy", "FIRST", clientHello, "OPEN", `{"run":"RUN","step":"announce"}`+"\n", "CLOSE", ticks)
		p.CloseTimeout = timeout
		var w watch
		mine, cancel := context.WithCancel(ctx)
		closed := p.begin(mine, url("7"), &w)
		Eventually(w.trace, "20s").Should(HaveLen(1))
		cancel()
		var err error
		Eventually(closed, "30s").Should(Receive(&err))
		Expect(err).To(match)
	},
		Entry("is busy and does not hang", "15", time.Second, BeNil(), NodeTimeout(time.Minute)),
		Entry("hangs when it never comes to that end", "100000", 200*time.Millisecond, MatchError(ContainSubstring(`no end within 200ms of close`)), NodeTimeout(time.Minute)),
	)

	It("that writes garbage is killed, and the next run has a fresh process", func(ctx SpecContext) {
		p := as("scripted", "FIRST", clientHello, "OPEN", "RUN\n")
		for _, run := range []string{"oops", "again"} {
			_, err := p.trace(ctx, url(run))
			Expect(broken(err, target.Garbage).Detail).To(ContainSubstring(run))
		}
	}, NodeTimeout(time.Minute))

	It("that writes a line over the limit is killed", func(ctx SpecContext) {
		p := client(`{"run":"RUN","comment":"` + strings.Repeat("x", 70_000) + `"}` + "\n" + end)
		p.Limits.Line = 70_000
		_, err := p.trace(ctx, url("7"))
		Expect(broken(err, target.Garbage).Detail).To(HavePrefix(`a line of more than 70000 bytes: "{\"run\":\"7\"`))
	}, NodeTimeout(time.Minute))

	DescribeTable("that writes for ever is killed", func(ctx SpecContext, line string, limit func(started)) {
		p := as("flood", "FIRST", clientHello, "OPEN", line)
		limit(p)
		_, err := p.trace(ctx, url("7"))
		Expect(broken(err, target.Garbage).Detail).To(HavePrefix("flood: run "))
	},
		Entry("steps", `{"run":"RUN","step":"announce"}`+"\n", func(p started) { p.Limits.Steps = 2000 }),
		Entry("bytes", `{"run":"RUN","comment":"`+strings.Repeat("x", 10_000)+`"}`+"\n", func(p started) { p.Limits.Bytes = 100_000 }),
		Entry("runs that never were", `{"run":"x","step":"announce"}`+"\n", func(p started) { p.Limits.Steps = 2000 }),
	)

	It("that writes one line without end is killed", func(ctx SpecContext) {
		p := as("flood", "FIRST", clientHello, "OPEN", strings.Repeat("x", 1<<16))
		p.Limits.Line = 1 << 20
		_, err := p.trace(ctx, url("7"))
		broken(err, target.Garbage)
	}, NodeTimeout(time.Minute))

	It("that writes for ever after close hangs", func(ctx SpecContext) {
		p := as("flood", "FIRST", clientHello, "OPEN", `{"run":"RUN","step":"announce"}`+"\n")
		p.CloseTimeout = 100 * time.Millisecond
		p.Limits.Steps = 1 << 40
		p.Limits.Bytes = 1 << 50
		mine, cancel := context.WithCancel(ctx)
		var w watch
		returned := p.begin(mine, url("7"), &w)
		Eventually(w.trace, "20s").ShouldNot(BeEmpty())
		cancel()
		var err error
		Eventually(returned, "20s").Should(Receive(&err))
		broken(err, target.Hung)
	}, NodeTimeout(time.Minute))

	It("that does not read its standard input hangs", func(ctx SpecContext) {
		p := as("deaf", "FIRST", parserHello)
		p.StartTimeout, p.CloseTimeout = 5*time.Second, 100*time.Millisecond
		_, err := p.trace(ctx, target.Subscription{Run: "7", Chunks: [][]byte{make([]byte, 1<<20)}})
		Expect(broken(err, target.Hung).Detail).To(ContainSubstring("does not read its standard input"))
	}, NodeTimeout(time.Minute))

	It("that keeps standard error full keeps 8 KiB of ours", func(ctx SpecContext) {
		p := as("exit", "FIRST", strings.Repeat(strings.Repeat("x", 99)+"\n", 1000)+"the last\n")
		_, err := p.Hello(ctx)
		Expect(err).To(HaveField("Stderr", And(HaveLen(8192), ContainSubstring("the last\n"))))
	}, NodeTimeout(time.Minute))

	It("that leaves a child behind leaves none", func(ctx SpecContext) {
		addr, answer := calling()
		p := as("family", "DIAL", addr)
		_, err := p.trace(ctx, url("7"))
		Expect(broken(err, target.Crashed).Detail).To(Equal("exit status 6"))
		gone(answer())
	}, NodeTimeout(time.Minute))

	It("that leaves a child behind when it is closed leaves none", func(ctx SpecContext) {
		addr, answer := calling()
		p := as("family", "DIAL", addr)
		Expect(p.Hello(ctx)).Error().NotTo(HaveOccurred())
		Expect(p.Close()).To(Succeed())
		gone(answer())
	}, NodeTimeout(time.Minute))

	It("whose child has left the group, and holds the streams, cannot hold us", func(ctx SpecContext) {
		addr, answer := calling()
		p := as("linger", "DIAL", addr)
		p.CloseTimeout = 200 * time.Millisecond
		_, err := p.trace(ctx, url("7"))
		Expect(broken(err, target.Crashed).Detail).To(HavePrefix("exit status 6"))
		answer() // the clean-up of its connection ends it
	}, NodeTimeout(time.Minute))
})

var _ = Describe("Close", func() {
	It("kills what does not leave", func(ctx SpecContext) {
		addr, answer := calling()
		p := as("stubborn", "DIAL", addr)
		p.CloseTimeout = 100 * time.Millisecond
		Expect(p.Hello(ctx)).Error().NotTo(HaveOccurred())
		Expect(p.Close()).To(Succeed())
		gone(answer())
	}, NodeTimeout(time.Minute))

	It("ends open runs with a fault, from any goroutine, more than once, for good", func(ctx SpecContext) {
		p := client(`{"run":"RUN","step":"announce"}` + "\n")
		var w watch
		returned := p.begin(ctx, url("7"), &w)
		Eventually(w.trace, "20s").Should(HaveLen(1))
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				defer GinkgoRecover()
				Expect(p.Close()).To(Succeed())
			})
		}
		all.Wait()
		var err error
		Eventually(returned, "20s").Should(Receive(&err))
		Expect(fault(err)).To(Equal("the adapter was closed"))
		_, err = p.Hello(ctx)
		fault(err)
		fault(p.Subscribe(ctx, url("8"), w.observe))
	}, NodeTimeout(time.Minute))

	It("ends a start that is under way", func(ctx SpecContext) {
		p := as("deaf", "FIRST", "loading\n")
		p.CloseTimeout = 100 * time.Millisecond
		returned := make(chan error, 1)
		go func() { _, err := p.Hello(ctx); returned <- err }()
		Eventually(p.stderr.Contents, "20s").ShouldNot(BeEmpty())
		Expect(p.Close()).To(Succeed())
		var err error
		Eventually(returned, "20s").Should(Receive(&err))
		fault(err)
	}, NodeTimeout(time.Minute))

	It("is not held up by a caller that does not come back", func(ctx SpecContext) {
		p := client(strings.Repeat(`{"run":"RUN","step":"announce"}`+"\n", 500))
		p.CloseTimeout = 100 * time.Millisecond
		release := make(chan struct{})
		returned := make(chan error, 1)
		var w watch
		go func() {
			returned <- p.Subscribe(ctx, url("7"), func(s spec.Step) { w.observe(s); <-release })
		}()
		Eventually(w.trace, "20s").Should(HaveLen(1))
		Expect(p.Close()).To(Succeed())
		close(release)
		var err error
		Eventually(returned, "20s").Should(Receive(&err))
		fault(err)
	}, NodeTimeout(time.Minute))
})
