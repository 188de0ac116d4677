package stdio_test

import (
	"context"
	"errors"
	"io"
	"strings"

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

// A seer looks at each subscription.
type seer func(target.Subscription)

func (s seer) Hello(context.Context) (target.Hello, error) { return target.Hello{}, nil }

func (s seer) Subscribe(_ context.Context, sub target.Subscription, _ func(spec.Step)) error {
	s(sub)
	return nil
}
