package stdio_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/stdio"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

const end = `{"run":"RUN","step":"end"}` + "\n"

var _ = Describe("a run", func() {
	It("is a subscribe for a client, and over at its end", func(ctx SpecContext) {
		p := client(`{"run":"RUN","step":"announce"}` + "\r\n" +
			`{"run":"RUN","step":"dispatch","event":{"type":"add","data":"a","lastEventId":"1"}}` + "\n" +
			`{"run":"RUN","comment":"keep-alive"}` + "\n" + `{"run":"RUN","retry":3000}` + "\n" +
			`{"run":"RUN","step":"reestablish","message":"closed"}` + "\n" + `{"run":"RUN","step":"fail","message":"HTTP 204"}` + "\n" + end)
		delay := int64(5)
		trace, err := p.trace(ctx, target.Subscription{
			Run: "7", URL: "http://127.0.0.1:1/p", Types: []string{"message", "add"}, LastEventID: "é", ReconnectionTime: &delay,
			Headers: map[string]string{"a": "b"}, CloseOn: &target.CloseOn{Step: spec.Dispatch, Count: 1}, Chunks: [][]byte{{1}},
		})
		Expect(err).NotTo(HaveOccurred())
		for i := range trace {
			Expect(trace[i].At).To(BeNumerically(">", 0))
			trace[i].At = 0
		}
		Expect(trace).To(Equal(spec.Trace{
			{Kind: spec.Announce, Chunk: -1},
			{Kind: spec.Dispatch, Event: &spec.Event{Type: "add", Data: "a", LastEventID: "1"}, Chunk: -1},
			{Kind: spec.Comment, Text: "keep-alive", Chunk: -1},
			{Kind: spec.Retry, Text: "3000", Chunk: -1},
			{Kind: spec.Reestablish, Text: "closed", Chunk: -1},
			{Kind: spec.Fail, Text: "HTTP 204", Chunk: -1},
		}))
		Expect(p.noted()).To(Equal(`read {"subscribe":{"run":"7","url":"http://127.0.0.1:1/p","types":["message","add"],` +
			`"lastEventId":"é","reconnectionTime":5,"headers":{"a":"b"},"closeOn":{"step":"dispatch","count":1}}}` + "\n"))
	}, NodeTimeout(time.Minute))

	DescribeTable("is a parse for a parser", func(ctx SpecContext, chunks [][]byte, sent string) {
		p := as("parser", "FIRST", parserHello)
		trace, err := p.trace(ctx, target.Subscription{Run: "8", Chunks: chunks, Types: []string{"x"}})
		Expect(err).NotTo(HaveOccurred())
		Expect(trace).To(HaveLen(len(chunks) + 1))
		for i, c := range chunks {
			Expect(trace[i]).To(And(HaveField("Chunk", i), HaveField("Event", &spec.Event{Data: string(c)})))
		}
		Expect(trace[len(chunks)]).To(And(HaveField("Chunk", len(chunks)), HaveField("Text", sent)))
	},
		Entry("of several chunks, one empty", [][]byte{[]byte("data: a\n"), {}, []byte("\n")}, `{"parse":{"run":"8","chunks":["ZGF0YTogYQo=","","Cg=="]}}`),
		Entry("of an empty stream", nil, `{"parse":{"run":"8","chunks":[]}}`),
		Entry("of bytes that are no UTF-8", [][]byte{{0xff, 0}}, `{"parse":{"run":"8","chunks":["/wA="]}}`),
	)

	It("carries 10 MiB in one line, there and back", func(ctx SpecContext) {
		p := as("parser", "FIRST", parserHello)
		big := strings.Repeat("0123456789abcdef", 10<<16)
		trace, err := p.trace(ctx, target.Subscription{Run: "8", Chunks: [][]byte{[]byte(big)}})
		Expect(err).NotTo(HaveOccurred())
		Expect(trace[0].Event.Data == big).To(BeTrue())
	}, NodeTimeout(time.Minute))

	It("is one of 32 whose steps come in turn, each in order", func(ctx SpecContext) {
		p := as("interleaved", "FIRST", clientHello)
		var all sync.WaitGroup
		for n := range 32 {
			all.Go(func() {
				defer GinkgoRecover()
				run := fmt.Sprint("r", n)
				trace, err := p.trace(ctx, url(run))
				Expect(err).NotTo(HaveOccurred())
				Expect(trace).To(HaveLen(100))
				for i, s := range trace {
					Expect(s.Event.Data).To(Equal(fmt.Sprintf("%s-%d", run, i)))
				}
			})
		}
		all.Wait()
	}, NodeTimeout(time.Minute))

	It("is told to close when ctx ends, and observed until its end", func(ctx SpecContext) {
		p := as("scripted", "FIRST", clientHello, "OPEN", `{"run":"RUN","step":"announce"}`+"\n",
			"CLOSE", `{"run":"RUN","step":"fail","message":"in flight"}`+"\n"+end)
		mine, cancel := context.WithCancel(ctx)
		defer cancel()
		var w watch
		returned := p.begin(mine, url("7"), &w)
		Eventually(w.trace, "20s").Should(HaveLen(1))
		Consistently(returned, "50ms").ShouldNot(Receive())
		cancel()
		Eventually(returned, "20s").Should(Receive(BeNil()))
		Expect(w.trace()).To(HaveLen(2))
		Expect(p.noted()).To(HaveSuffix(`read {"close":{"run":"7"}}` + "\n"))
	}, NodeTimeout(time.Minute))

	It("goes on after fail until its end", func(ctx SpecContext) {
		p := client(`{"run":"RUN","step":"fail"}` + "\n")
		mine, cancel := context.WithCancel(ctx)
		var w watch
		returned := p.begin(mine, url("7"), &w)
		Eventually(w.trace, "20s").Should(HaveLen(1))
		Consistently(returned, "50ms").ShouldNot(Receive())
		cancel()
		Eventually(returned, "20s").Should(Receive(BeNil()))
	}, NodeTimeout(time.Minute))

	It("is not sent when ctx has ended", func(ctx SpecContext) {
		p := client(end)
		gone := errors.New("gone")
		ended, cancel := context.WithCancelCause(ctx)
		cancel(gone)
		Expect((&stdio.Process{Command: []string{"ssespec-no-such-command"}}).Subscribe(ended, url("7"), nil)).To(MatchError(gone), "nothing is started")
		Expect(p.trace(ctx, url("1"))).Error().NotTo(HaveOccurred())
		for range 50 { // by chance it would be sent now and then
			Expect(p.Subscribe(ended, url("7"), nil)).To(MatchError(gone))
		}
		Expect(p.trace(ctx, url("2"))).Error().NotTo(HaveOccurred())
		Expect(strings.Count(p.noted(), "read ")).To(Equal(2))
	}, NodeTimeout(time.Minute))

	It("may be unimplemented", func(ctx SpecContext) {
		p := client(`{"run":"RUN","unimplemented":"no custom headers"}` + "\n" + end)
		for _, run := range []string{"1", "2"} {
			_, err := p.trace(ctx, url(run))
			Expect(err).To(Equal(&target.Unimplemented{Reason: "no custom headers"}))
		}
		Expect(p.Late()).To(BeEmpty())
	}, NodeTimeout(time.Minute))

	It("is closed after an error, so that the adapter lets it go", func(ctx SpecContext) {
		p := client(`{"run":"RUN","error":"adapter bug: x"}` + "\n" + `{"run":"RUN","step":"announce"}` + "\n")
		trace, err := p.trace(ctx, url("7"))
		Expect(fault(err)).To(Equal(`adapter error: run "7": adapter bug: x`))
		Expect(trace).To(BeEmpty())
		Expect(p.noted()).To(HaveSuffix(`read {"close":{"run":"7"}}` + "\n"))
	}, NodeTimeout(time.Minute))

	It("that ends never after an error breaks nobody else's", func(ctx SpecContext) {
		p := as("scripted", "FIRST", clientHello, "OPEN", `{"run":"bad","error":"x"}`+"\n"+`{"run":"good","step":"announce"}`+"\n")
		p.CloseTimeout = 200 * time.Millisecond
		var w watch
		good := p.begin(ctx, url("good"), &w)
		Eventually(w.trace, "20s").Should(HaveLen(1))
		_, err := p.trace(ctx, url("bad"))
		fault(err)
		Consistently(good, "50ms").ShouldNot(Receive())
	}, NodeTimeout(time.Minute))

	DescribeTable("is refused that", func(ctx SpecContext, sub target.Subscription, words string) {
		p := client(end)
		_, err := p.trace(ctx, sub)
		Expect(fault(err)).To(ContainSubstring(words))
	},
		Entry("has no id", target.Subscription{URL: "http://127.0.0.1:1/"}, "without a run"),
		Entry("has no URL", target.Subscription{Run: "7"}, "needs a URL"),
		Entry("is not valid Unicode", target.Subscription{Run: "7", URL: "http://127.0.0.1:1/", LastEventID: "\xff"}, "invalid UTF-8"),
	)

	It("is refused that is open already, or too long", func(ctx SpecContext) {
		p := client(`{"run":"RUN","step":"announce"}` + "\n")
		p.Limits.Line = 1000
		var w watch
		mine, cancel := context.WithCancel(ctx)
		returned := p.begin(mine, url("7"), &w)
		Eventually(w.trace, "20s").Should(HaveLen(1))
		_, err := p.trace(ctx, url("7"))
		Expect(fault(err)).To(Equal(`run "7" is open already`))
		_, err = p.trace(ctx, url(strings.Repeat("8", 1000)))
		Expect(fault(err)).To(ContainSubstring("1000 is the most"))
		cancel()
		Eventually(returned, "20s").Should(Receive(BeNil()))
	}, NodeTimeout(time.Minute))

	It("keeps what comes after its end, and of runs that never were", func(ctx SpecContext) {
		p := client(`{"run":"ghost","step":"announce"}` + "\n" + end + end +
			`{"run":"RUN","step":"dispatch","event":{"data":"late"}}` + "\n" + strings.Repeat(`{"run":"RUN","step":"announce"}`+"\n", 100))
		Expect(p.trace(ctx, url("7"))).Error().NotTo(HaveOccurred())
		Eventually(p.Late, "20s").Should(HaveLen(17))
		late := p.Late()
		Expect(late[0].Run).To(Equal("ghost"))
		Expect(late[0].Step.At).To(BeZero())
		Expect(late[1].Run).To(Equal("7"))
		Expect(late[1].Step.Event.Data).To(Equal("late"))
		Expect(late[1].Step.At).To(BeNumerically(">", 0))
		Expect(p.trace(ctx, url("8"))).Error().NotTo(HaveOccurred())
	}, NodeTimeout(time.Minute))

	It("takes a last line without its line end when the line is whole", func(ctx SpecContext) {
		p := as("last", "FIRST", clientHello, "OPEN", strings.TrimSpace(end))
		Expect(p.trace(ctx, url("7"))).Error().NotTo(HaveOccurred())
	}, NodeTimeout(time.Minute))
})
