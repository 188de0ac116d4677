package browser_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/browser"
	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/fuzz"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// streams returns texts as streams.
func streams(texts ...string) (list [][]byte) {
	for _, t := range texts {
		list = append(list, []byte(t))
	}
	return list
}

// generated returns the first n streams of seed 1.
func generated(n uint64) (list [][]byte) {
	for i := range n {
		list = append(list, fuzz.Stream(rand.New(rand.NewPCG(1, i))))
	}
	return list
}

// conforming is what an EventSource shows of a stream.
func conforming(stream []byte) spec.Trace {
	return cases.One(stream).Trace().Only(spec.Announce, spec.Dispatch, spec.Reestablish)
}

// hear runs Hear and hands over what came of it.
func (v visitor) hear(ctx context.Context, list [][]byte, dataURLs bool) (<-chan []browser.Heard, <-chan error) {
	heard, over := make(chan []browser.Heard, 1), make(chan error, 1)
	go func() {
		h, err := v.page.Hear(ctx, list, dataURLs)
		heard <- h
		over <- err
	}()
	return heard, over
}

// fetch gets what a page is told to subscribe to, up to the end or to n bytes.
func (v visitor) fetch(ctx context.Context, path string, n int64) (int, string) {
	GinkgoHelper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(v.base, v.page.Path())+path, nil)
	Expect(err).NotTo(HaveOccurred())
	answer, err := http.DefaultClient.Do(r)
	Expect(err).NotTo(HaveOccurred())
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, n))
	Expect(err).NotTo(HaveOccurred())
	return answer.StatusCode, string(text)
}

// found returns the one group of a pattern in a text.
func found(text, pattern string) string {
	GinkgoHelper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	Expect(m).NotTo(BeNil(), "%s in %s", pattern, text)
	return m[1]
}

var _ = Describe("A page that is put many streams", func() {
	It("is told of one connection for those that mean the same between others, and of data: URLs for the rest", func(ctx SpecContext) {
		v := visit()
		heard, over := v.hear(ctx, streams("data: a\n\n", "data: b", "event: c\rdata\r\r"), true)
		told := v.next(ctx)
		Expect(found(told, `"alone":\[\{"url":"([^"]*)"`)).To(Equal("data:text/event-stream;base64,ZGF0YTogYg=="))
		separator := found(told, `"separator":"([^"]*)"`)
		want := fmt.Sprintf(":\n\nid\nevent: %[1]s\ndata: 0\n\ndata: a\n\n:\n\nid\nevent: %[1]s\ndata: 1\n\nevent: c\rdata\r\r:\n\nid\nevent: %[1]s\ndata: 2\n\n", separator)
		_, body := v.fetch(ctx, found(told, `"together":\{"url":"([^"]*)"`), int64(len(want)))
		Expect(body).To(Equal(want))
		Expect(v.say(`{"run":"batch-1","heard":{"alone":[[{"step":"announce"},{"step":"reestablish"}]],"together":[[{"step":"announce"}],[{"step":"dispatch","event":{"type":"message","data":"a","lastEventId":""}}],[]]}}`)).To(Equal(204))
		Eventually(over).WithContext(ctx).Should(Receive(BeNil()))
		list := <-heard
		Expect(list).To(HaveLen(3))
		Expect(cases.Brief(list[0].Trace)).To(Equal(`dispatch message "a"`))
		Expect(cases.Brief(list[1].Trace)).To(Equal("announce; reestablish"))
		Expect(list[2].Trace).To(BeEmpty())
		Expect([]bool{list[0].Together, list[1].Together, list[2].Together}).To(Equal([]bool{true, false, true}))
		Expect([]bool{list[0].Lost, list[1].Lost, list[2].Lost}).To(Equal([]bool{false, false, false}))
	})

	It("is told of URLs of its own where an EventSource takes no data: URLs, until the batch is over", func(ctx SpecContext) {
		v := visit()
		_, over := v.hear(ctx, streams("data: b"), false)
		url := found(v.next(ctx), `"alone":\[\{"url":"([^"]*)"`)
		status, body := v.fetch(ctx, url, 100)
		Expect([]any{status, body}).To(Equal([]any{200, "data: b"}))
		Expect(v.say(`{"run":"batch-1","heard":{"alone":[[]],"together":[[]]}}`)).To(Equal(204))
		Eventually(over).WithContext(ctx).Should(Receive(BeNil()))
		status, _ = v.fetch(ctx, url, 100)
		Expect(status).To(Equal(204))
	})

	DescribeTable("knows nothing of a stream when", func(ctx SpecContext, report string, lost ...bool) {
		v := visit()
		heard, over := v.hear(ctx, streams("data: a\n\n", "data: b\n\n", "data: c"), true)
		v.next(ctx)
		Expect(v.say(`{"run":"batch-1","heard":{` + report + `}}`)).To(Equal(204))
		Eventually(over).WithContext(ctx).Should(Receive(BeNil()))
		var got []bool
		for _, h := range <-heard {
			got = append(got, h.Lost)
		}
		Expect(got).To(Equal(lost))
	},
		Entry("its end was not heard", `"alone":[[]],"together":[[],[]]`, false, true, false),
		Entry("nor that of the one before", `"alone":[[]],"together":[[],null,[]]`, true, true, false),
		Entry("nor that there was a beginning", `"alone":[[]],"together":[null,[],[]]`, true, false, false),
		Entry("it had no connection", `"alone":[null],"together":[[],[],[]]`, false, false, true),
		Entry("nothing was heard", `"alone":[],"together":[]`, true, true, true),
	)

	It("passes on what went wrong in it", func(ctx SpecContext) {
		v := visit()
		_, over := v.hear(ctx, streams("data"), true)
		v.next(ctx)
		Expect(v.say(`{"run":"batch-1","error":"SyntaxError"}`)).To(Equal(204))
		Eventually(over).WithContext(ctx).Should(Receive(MatchError("the page: SyntaxError")))
	})

	It("breaks down", func(ctx SpecContext) {
		v := visit()
		_, over := v.hear(ctx, streams("data"), true)
		v.next(ctx)
		v.page.Break(target.Crashed, "killed")
		Eventually(over).WithContext(ctx).Should(Receive(MatchError("crashed: killed")))
	})

	It("is given up when nobody waits any more", func(ctx SpecContext) {
		v := visit()
		wait, cancel := context.WithCancelCause(ctx)
		_, over := v.hear(wait, streams("data"), true)
		v.next(ctx)
		cancel(io.ErrNoProgress)
		Eventually(over).WithContext(ctx).Should(Receive(MatchError(io.ErrNoProgress)))
	})

	DescribeTable("has a connection of its own for a stream", func(ctx SpecContext, stream string, alone bool) {
		v := visit()
		v.hear(ctx, streams(stream), true)
		Expect(strings.Contains(v.next(ctx), `"alone":[]`)).To(Equal(!alone))
	},
		Entry("that ends within a line", "data: a", true),
		Entry("that ends within a block", "data: a\n", true),
		Entry("whose last line ends in CRLF", "data: a\r\n", true),
		Entry("that is empty", "", true),
		Entry("that begins with a byte order mark", "\ufeffdata: a\n\n", true),
		Entry("that begins with a part of one", "\xefdata: a\n\n", true),
		Entry("or with one of UTF-16", "\xff\xfedata: a\n\n", true),
		Entry("of either kind", "\xfe\xffdata: a\n\n", true),
		Entry("that begins with NUL", "\x00data: a\n\n", true),
		Entry("that has a byte order mark", "data: \ufeffa\n\n", true),
		Entry("but not for one that is complete with LF", "data: a\n\n", false),
		Entry("with CR", "data: a\r\r", false),
		Entry("with CRLF", "data: a\r\n\r\n", false),
		Entry("with CR and CRLF", "data: a\r\r\n", false),
		Entry("with LF and CR", "data: a\n\r", false),
		Entry("or that is a blank line", "\r\n", false),
	)
})

// A heardBy is what a browser that takes streams wrongly makes of them.
func heardBy(wrong func([]byte) spec.Trace) func(context.Context, [][]byte) ([]browser.Heard, error) {
	return func(_ context.Context, list [][]byte) (heard []browser.Heard, err error) {
		for _, s := range list {
			heard = append(heard, browser.Heard{Trace: wrong(s)})
		}
		return heard, nil
	}
}

// alone is [heardBy] for one stream.
func alone(wrong func([]byte) spec.Trace) func(context.Context, []byte) (spec.Trace, error) {
	return func(_ context.Context, s []byte) (spec.Trace, error) { return wrong(s), nil }
}

// without is a browser that does not see a word.
func without(word string) func([]byte) spec.Trace {
	return func(s []byte) spec.Trace { return conforming(bytes.ReplaceAll(s, []byte(word), nil)) }
}

// quirky is the quirk of not seeing a word.
func quirky(word string) browser.Quirk {
	return browser.Quirk{Reason: "no " + word, Rewrite: func(s []byte) []byte { return bytes.ReplaceAll(s, []byte(word), nil) }}
}

var _ = Describe("A batch", func() {
	var (
		some  = streams("data: A\n\n", "data: B\n\n", "data: AB\n\n", "data: C\n\n")
		right = browser.Batch{Hear: heardBy(conforming), Again: alone(conforming), Model: conforming}
	)

	It("finds nothing in what the model does", func(ctx SpecContext) {
		tally, err := right.Compare(ctx, slices.Values(some))
		Expect(err).NotTo(HaveOccurred())
		Expect(tally.Streams).To(Equal(4))
		Expect(tally.New).To(BeEmpty())
		Expect(tally.Known).To(BeEmpty())
	})

	It("finds what departs, and puts it again alone", func(ctx SpecContext) {
		b := right
		b.Hear, b.Again = heardBy(without("A")), alone(without("A"))
		tally, err := b.Compare(ctx, slices.Values(some[1:]))
		Expect(err).NotTo(HaveOccurred())
		Expect(tally.New).To(HaveLen(1))
		d := tally.New[0]
		Expect([]any{d.Number, string(d.Stream), d.Repeats()}).To(Equal([]any{1, "data: AB\n\n", true}))
		Expect(cases.Brief(d.Want)).To(Equal(`announce; dispatch message "AB"; reestablish`))
		Expect(cases.Brief(d.Again)).To(Equal(`announce; dispatch message "B"; reestablish`))
	})

	It("tells what departs in the batch only", func(ctx SpecContext) {
		b := right
		b.Hear = heardBy(without("C"))
		tally, err := b.Compare(ctx, slices.Values(some))
		Expect(err).NotTo(HaveOccurred())
		Expect(tally.New).To(HaveLen(1))
		Expect(tally.New[0].Repeats()).To(BeFalse())
	})

	It("counts what a quirk explains, or two together, and tells the rest", func(ctx SpecContext) {
		b := right
		bent := func(s []byte) spec.Trace {
			return without("B")(bytes.ReplaceAll(bytes.ReplaceAll(s, []byte("A"), nil), []byte("C"), nil))
		}
		b.Hear, b.Again, b.Quirks = heardBy(bent), alone(bent), []browser.Quirk{quirky("A"), quirky("B")}
		list := streams("data: A\n\n", "x: B\n\n", "data: 1B2\n\n", "event: AB\ndata: x\n\n", "data: C\n\n")
		tally, err := b.Compare(ctx, slices.Values(list))
		Expect(err).NotTo(HaveOccurred())
		Expect(tally.Known).To(Equal(map[string][]int{"no A": {0, 3}, "no B": {2, 3}}))
		Expect(tally.New).To(HaveLen(1))
		Expect(tally.New[0].Number).To(Equal(4))
	})

	It("tells what a quirk explains in the batch and not alone", func(ctx SpecContext) {
		b := right
		b.Hear, b.Quirks = heardBy(without("A")), []browser.Quirk{quirky("A")}
		tally, err := b.Compare(ctx, slices.Values(streams("data: 1A\n\n")))
		Expect(err).NotTo(HaveOccurred())
		Expect(tally.New).To(HaveLen(1))
	})

	It("puts every stream alone when the browser broke down over many, and tells over which", func(ctx SpecContext) {
		b := right
		b.Hear = func(context.Context, [][]byte) ([]browser.Heard, error) {
			return nil, &target.Broken{How: target.Crashed}
		}
		b.Again = func(_ context.Context, s []byte) (spec.Trace, error) {
			if bytes.Contains(s, []byte("C")) {
				return nil, &target.Broken{How: target.Hung, Detail: "over c"}
			}
			return without("B")(s), nil
		}
		b.Quirks = []browser.Quirk{quirky("B")}
		tally, err := b.Compare(ctx, slices.Values(streams("data: A\n\n", "data: 1B\n\n", "data: C\n\n")))
		Expect(err).NotTo(HaveOccurred())
		Expect(tally.Known).To(Equal(map[string][]int{"no B": {1}}))
		Expect(tally.New).To(HaveLen(1))
		Expect(tally.New[0].Broken).To(Equal("hung: over c"))
	})

	It("puts many again when the browser broke down over them once", func(ctx SpecContext) {
		b, tries := right, 0
		b.Hear = func(ctx context.Context, list [][]byte) ([]browser.Heard, error) {
			if tries++; tries == 1 {
				return nil, &target.Broken{How: target.Crashed}
			}
			return right.Hear(ctx, list)
		}
		b.Again = nil // not called
		tally, err := b.Compare(ctx, slices.Values(some))
		Expect(err).NotTo(HaveOccurred())
		Expect([]int{tally.Streams, tries, len(tally.New)}).To(Equal([]int{4, 2, 0}))
	})

	It("gives up on a browser that breaks down over everything", func(ctx SpecContext) {
		b := right
		b.Hear = func(context.Context, [][]byte) ([]browser.Heard, error) {
			return nil, &target.Broken{How: target.Crashed}
		}
		b.Again = func(context.Context, []byte) (spec.Trace, error) { return nil, &target.Broken{How: target.Crashed} }
		tally, err := b.Compare(ctx, slices.Values(slices.Repeat(some, 100)))
		Expect(err).NotTo(HaveOccurred())
		Expect(tally.New).To(HaveLen(10))
		Expect(tally.Stopped).To(BeTrue())
	})

	It("holds only dispatches against a stream that was between others", func(ctx SpecContext) {
		b := right
		b.Hear = func(context.Context, [][]byte) ([]browser.Heard, error) {
			return []browser.Heard{{Together: true, Trace: conforming(some[0]).Only(spec.Dispatch)}}, nil
		}
		tally, err := b.Compare(ctx, slices.Values(some[:1]))
		Expect(err).NotTo(HaveOccurred())
		Expect([]int{tally.Together, len(tally.New)}).To(Equal([]int{1, 0}))
	})

	It("takes a NUL in an id that only a quirk lets in", func(ctx SpecContext) {
		firefox, _ := browser.Find("firefox")
		b := right
		b.Quirks = firefox.Quirks()
		taken := func([]byte) spec.Trace {
			return spec.Trace{{Kind: spec.Announce}, spec.DispatchStep(spec.Event{Type: "message", LastEventID: "\x001"}), {Kind: spec.Reestablish}}
		}
		b.Hear, b.Again = heardBy(taken), alone(taken)
		tally, err := b.Compare(ctx, slices.Values(streams("id:\x001\ndata\n\n")))
		Expect(err).NotTo(HaveOccurred())
		Expect(tally.New).To(BeEmpty())
	})

	It("keeps the order of many streams, and says how far it is", func(ctx SpecContext) {
		b, far := right, 0
		b.Seen = func(t browser.Tally) { far = t.Streams }
		b.Hear, b.Again = heardBy(without("7")), alone(without("7"))
		var list [][]byte
		for n := range 1600 {
			list = append(list, fmt.Appendf(nil, "id: %d\ndata: %d\n\n", n%7, n%1000))
		}
		list[1500] = []byte("data: 7\n\n")
		tally, err := b.Compare(ctx, slices.Values(list[1400:]))
		Expect(err).NotTo(HaveOccurred())
		Expect(far).To(Equal(200))
		Expect(tally.New).To(HaveLen(39))
		Expect(slices.IndexFunc(tally.New, func(d browser.Departure) bool { return d.Number == 100 })).To(BeNumerically(">=", 0))
	})

	It("stops when there is too much to put again", func(ctx SpecContext) {
		b := right
		b.Hear = heardBy(func([]byte) spec.Trace { return nil })
		tally, err := b.Compare(ctx, slices.Values(slices.Repeat(some, 2000)))
		Expect(err).NotTo(HaveOccurred())
		Expect(tally.Stopped).To(BeTrue())
		Expect(tally.Streams).To(BeNumerically("<", 8000))
	})

	It("gives up with the browser, and with whoever waits", func(ctx SpecContext) {
		b := right
		b.Hear = func(context.Context, [][]byte) ([]browser.Heard, error) { return nil, io.ErrNoProgress }
		_, err := b.Compare(ctx, slices.Values(some))
		Expect(err).To(MatchError(io.ErrNoProgress))
		over, cancel := context.WithCancel(ctx)
		cancel()
		_, err = right.Compare(over, slices.Values(some))
		Expect(err).To(MatchError(context.Canceled))
	})
})

// putAlone plays a stream as a case is played.
func putAlone(b *browser.Browser, o *origin.Origin) func(context.Context, []byte) (spec.Trace, error) {
	return func(ctx context.Context, stream []byte) (spec.Trace, error) {
		play := o.Play(ctx, cases.One(stream))
		defer play.Close()
		return b.HearOne(ctx, play.URL(), stream)
	}
}

var _ = Describe("Many streams in a browser", func() {
	DescribeTable("are as the model, but for what is known", func(ctx SpecContext, name string) {
		b, o := opened(name)
		list := generated(map[string]uint64{"chromium": 3000}[name] + 500)
		tally, err := browser.Batch{Hear: b.Hear, Again: putAlone(b, o), Model: conforming, Quirks: b.Engine.Quirks()}.Compare(ctx, slices.Values(list))
		Expect(err).NotTo(HaveOccurred())
		Expect(tally.New).To(BeEmpty())
		Expect(tally.Streams).To(Equal(len(list)))
		Expect(tally.Together).To(BeNumerically(">", len(list)/5))
		Expect(tally.Known).NotTo(BeEmpty(), "every engine has a quirk that shows in so many")
	}, engines())

	It("show where a model is bent, and show it alone as well", func(ctx SpecContext) {
		b, o := opened("chromium")
		list := append(generated(600), streams("data: bent\n\n", "data: bent\n\ndata")...)
		tally, err := browser.Batch{Hear: b.Hear, Again: putAlone(b, o), Model: without("bent"), Quirks: b.Engine.Quirks()}.Compare(ctx, slices.Values(list))
		Expect(err).NotTo(HaveOccurred())
		Expect(tally.New).To(HaveLen(2))
		for i, d := range tally.New {
			Expect(d.Number).To(Equal(600 + i))
			Expect(d.Repeats()).To(BeTrue())
			Expect(cases.Brief(d.Again)).To(Equal(`announce; dispatch message "bent"; reestablish`))
		}
	})
})
