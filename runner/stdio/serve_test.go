package stdio_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"

	"github.com/ssespec/ssespec/runner/stdio"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// served is a target that shows steps, and then waits for its close where it has
// a URL.
type served struct {
	steps spec.Trace
	err   error
}

func (s served) Hello(context.Context) (target.Hello, error) {
	return target.Hello{Protocol: 1, Kind: target.Parser, Name: "a"}, nil
}

func (s served) Subscribe(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
	for _, step := range s.steps {
		observe(step)
	}
	if sub.URL != "" {
		<-ctx.Done()
	}
	return s.err
}

// answers returns what Serve writes to these orders, without the hello.
func answers(s served, orders ...string) string {
	GinkgoHelper()
	var out strings.Builder
	Expect(stdio.Serve(context.Background(), s, strings.NewReader(strings.Join(orders, "\n")), &out)).To(Succeed())
	hello, rest, _ := strings.Cut(out.String(), "\n")
	Expect(hello).To(Equal(`{"hello":{"protocol":1,"kind":"parser","name":"a"}}`))
	return rest
}

var _ = Describe("Serve", func() {
	const parse = `{"parse":{"run":"7","chunks":["ZGF0YTogYQo=",""]}}`
	const end = `{"run":"7","step":"end"}` + "\n"

	DescribeTable("writes each step as one line, and the end", func(step spec.Step, line string) {
		Expect(answers(served{steps: spec.Trace{step}}, parse)).To(Equal(line + "\n" + end))
	},
		Entry("an event", spec.Step{Kind: spec.Dispatch, Event: &spec.Event{Type: "t", Data: "ä\n", LastEventID: "1"}, Chunk: 2},
			`{"chunk":2,"event":{"data":"ä\n","lastEventId":"1","type":"t"},"run":"7","step":"dispatch"}`),
		Entry("one that is no Unicode, as its bytes", spec.DispatchStep(spec.Event{Type: "t\xFF", Data: "\xFF", LastEventID: "\xFF"}),
			`{"event":{"dataBase64":"/w==","lastEventIdBase64":"/w==","typeBase64":"dP8="},"run":"7","step":"dispatch"}`),
		Entry("announce", spec.Step{Kind: spec.Announce, Chunk: -1}, `{"run":"7","step":"announce"}`),
		Entry("reestablish", spec.Step{Kind: spec.Reestablish, Chunk: -1, Text: "closed"}, `{"message":"closed","run":"7","step":"reestablish"}`),
		Entry("fail", spec.Step{Kind: spec.Fail, Chunk: 0}, `{"chunk":0,"run":"7","step":"fail"}`),
		Entry("a comment", spec.Step{Kind: spec.Comment, Text: " c", Chunk: 1}, `{"chunk":1,"comment":" c","run":"7"}`),
		Entry("a reconnection time as a number, however large", spec.Step{Kind: spec.Retry, Text: "18446744073709551616", Chunk: -1}, `{"retry":18446744073709551616,"run":"7"}`),
	)

	DescribeTable("says why a run could not be served", func(err error, line string) {
		Expect(answers(served{err: err}, parse)).To(Equal(line + "\n" + end))
	},
		Entry("what it cannot do", &target.Unimplemented{Reason: "no headers"}, `{"run":"7","unimplemented":"no headers"}`),
		Entry("what went wrong", errors.New("no such thing"), `{"error":"no such thing","run":"7"}`),
	)

	It("hands over chunks, the empty one too", func() {
		var got [][]byte
		Expect(stdio.Serve(context.Background(), seer(func(sub target.Subscription) { got = sub.Chunks }), strings.NewReader(parse+"\n"), io.Discard)).To(Succeed())
		Expect(got).To(Equal([][]byte{[]byte("data: a\n"), {}}))
	})

	It("answers a close by the end of its run, once", func() {
		Expect(answers(served{}, `{"subscribe":{"run":"7","url":"http://x"}}`, `{"close":{"run":"7"}}`)).To(Equal(end))
	})

	It("answers the close of a run that it does not know", func() {
		Expect(answers(served{}, `{"close":{"run":"7"}}`)).To(Equal(end))
	})

	It("closes what is open when nobody asks any more", func() {
		Expect(answers(served{}, `{"subscribe":{"run":"7","url":"http://x"}}`)).To(Equal(end))
	})

	It("closes what is open when its context ends", func() {
		ctx, cancel := context.WithCancel(context.Background())
		in, orders := io.Pipe()
		out := gbytes.NewBuffer()
		returned := make(chan error, 1)
		go func() { returned <- stdio.Serve(ctx, served{}, in, out) }()
		_, err := io.WriteString(orders, `{"subscribe":{"run":"7","url":"http://x"}}`+"\n")
		Expect(err).NotTo(HaveOccurred())
		cancel()
		Eventually(out, "10s").Should(gbytes.Say(`{"run":"7","step":"end"}`))
		Expect(orders.Close()).To(Succeed()) // a read cannot be broken off
		Eventually(returned, "10s").Should(Receive(BeNil()))
	})

	DescribeTable("ends with what it cannot read", func(order, reason string) {
		err := stdio.Serve(context.Background(), served{}, strings.NewReader(order+"\n"), io.Discard)
		Expect(err).To(MatchError(ContainSubstring(reason)))
	},
		Entry("no JSON", `hello`, `"hello"`),
		Entry("a word for a run", `{"parse":"7"}`, `member "parse" has the wrong JSON type`),
		Entry("chunks that are no Base64", `{"parse":{"run":"7","chunks":["*"]}}`, "chunks"),
	)

	It("ends when nobody reads any more", func() {
		out, in := io.Pipe()
		out.Close()
		Expect(stdio.Serve(context.Background(), served{}, strings.NewReader(parse+"\n"), in)).To(MatchError(io.ErrClosedPipe))
	})
})

// A tap is standard output that hands over each write, and takes no other
// until that was received.
type tap chan string

func (t tap) Write(b []byte) (int, error) {
	t <- string(b)
	return len(b), nil
}

// rest returns the writes up to the end of the run.
func (t tap) rest(ctx context.Context) (writes []string) {
	GinkgoHelper()
	for {
		select {
		case text := <-t:
			if writes = append(writes, text); strings.HasSuffix(text, `"step":"end"}`+"\n") {
				return writes
			}
		case <-ctx.Done():
			Fail("no end: " + context.Cause(ctx).Error())
		}
	}
}

var _ = Describe("What Serve writes", func() {
	const parse = `{"parse":{"run":"7","chunks":[]}}` + "\n"
	announce := spec.Step{Kind: spec.Announce, Chunk: -1}

	It("is on its way as soon as it is said, while the run goes on", func(ctx SpecContext) {
		out, steps := make(tap), make(chan spec.Step)
		go func() {
			defer GinkgoRecover()
			Expect(stdio.Serve(ctx, stepwise(steps), strings.NewReader(parse), out)).To(Succeed())
		}()
		Eventually(ctx, out).Should(Receive(ContainSubstring("hello")))
		for range 3 {
			steps <- announce
			Eventually(ctx, out).Should(Receive(Equal(`{"run":"7","step":"announce"}` + "\n")))
		}
		close(steps)
		Eventually(ctx, out).Should(Receive(Equal(`{"run":"7","step":"end"}` + "\n")))
	}, NodeTimeout(time.Minute))

	It("goes out in one write where it was said during another", func(ctx SpecContext) {
		out, steps := make(tap), make(chan spec.Step)
		go func() {
			defer GinkgoRecover()
			Expect(stdio.Serve(ctx, stepwise(steps), strings.NewReader(parse), out)).To(Succeed())
		}()
		for range 100 {
			steps <- announce
		}
		close(steps)
		writes := out.rest(ctx)
		Expect(strings.Count(strings.Join(writes, ""), "announce")).To(Equal(100))
		Expect(len(writes)).To(BeNumerically("<=", 4), "the first, what came meanwhile, and what came after the 99th")
	}, NodeTimeout(time.Minute))

	It("makes the target wait, and not memory grow, while nobody reads", func(ctx SpecContext) {
		out, said := make(tap), make(chan struct{}, 1<<20)
		go func() {
			defer GinkgoRecover()
			Expect(stdio.Serve(ctx, flood(said), strings.NewReader(parse), out)).To(Succeed())
		}()
		Eventually(ctx, func() int { return len(said) }).Should(BeNumerically(">", 200))
		Consistently(ctx, func() int { return len(said) }, "300ms").Should(BeNumerically("<", 600), "lines of 1 KiB: 256 KiB are held, and as many are being written")
		Expect(strings.Count(strings.Join(out.rest(ctx), ""), "comment")).To(Equal(2000))
	}, NodeTimeout(time.Minute))

	It("is written before a panic of the target ends the process", func(ctx SpecContext) {
		p := as("panics")
		trace, err := p.trace(ctx, target.Subscription{Run: "7"})
		broken(err, target.Crashed)
		Expect(trace).To(HaveLen(1000))
	}, NodeTimeout(time.Minute))
})

// stepwise is a target that shows what it is handed.
type stepwise chan spec.Step

func (s stepwise) Hello(context.Context) (target.Hello, error) { return target.Hello{}, nil }

func (s stepwise) Subscribe(_ context.Context, _ target.Subscription, observe func(spec.Step)) error {
	for step := range s {
		observe(step)
	}
	return nil
}

// flood is a target that shows 2,000 comments of 1 KiB, and counts them.
type flood chan struct{}

func (f flood) Hello(context.Context) (target.Hello, error) { return target.Hello{}, nil }

func (f flood) Subscribe(_ context.Context, _ target.Subscription, observe func(spec.Step)) error {
	for range 2000 {
		observe(spec.Step{Kind: spec.Comment, Text: strings.Repeat("c", 1024), Chunk: -1})
		f <- struct{}{}
	}
	return nil
}

// A seer looks at each subscription.
type seer func(target.Subscription)

func (s seer) Hello(context.Context) (target.Hello, error) { return target.Hello{}, nil }

func (s seer) Subscribe(_ context.Context, sub target.Subscription, _ func(spec.Step)) error {
	s(sub)
	return nil
}
