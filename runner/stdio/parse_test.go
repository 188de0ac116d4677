package stdio_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/stdio"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// manyAtOnce is a parser that allows 16 runs to be open.
const manyAtOnce = `{"hello":{"protocol":1,"kind":"parser","name":"fake","parallel":16}}` + "\n"

// touchy returns a parser that does what the words in a stream say.
func touchy(hello string, variables ...string) started {
	p := as("touchy", append([]string{"FIRST", hello}, variables...)...)
	p.ParseTimeout = 20 * time.Second
	return p
}

// numbered makes n streams that all differ.
func numbered(n int) [][][]byte {
	streams := make([][][]byte, n)
	for i := range streams {
		streams[i] = chunks(fmt.Sprint("stream ", i))
	}
	return streams
}

func chunks(texts ...string) [][]byte {
	all := make([][]byte, len(texts))
	for i, t := range texts {
		all[i] = []byte(t)
	}
	return all
}

// data lists the data of the events of each stream, and an error after them.
func data(parsed []stdio.Parsed) []string {
	all := make([]string, len(parsed))
	for i, out := range parsed {
		var words []string
		for _, s := range out.Trace {
			Expect(s.At).To(BeZero())
			words = append(words, fmt.Sprintf("%d:%s", s.Chunk, s.Event.Data))
		}
		if out.Err != nil {
			words = append(words, out.Err.Error())
		}
		all[i] = strings.Join(words, " ")
	}
	return all
}

var _ = Describe("Parse", func() {
	DescribeTable("returns what was made of each stream, in the order of the streams", func(ctx SpecContext, hello string) {
		p := touchy(hello)
		streams := numbered(300)
		parsed, err := p.Parse(ctx, streams)
		Expect(err).NotTo(HaveOccurred())
		for i, out := range parsed {
			Expect(out).To(Equal(stdio.Parsed{Trace: spec.Trace{
				{Kind: spec.Dispatch, Event: &spec.Event{Data: string(streams[i][0])}},
			}}))
		}
		Expect(parsed).To(HaveLen(300))
	},
		Entry("of a child that allows one run at a time", parserHello, NodeTimeout(time.Minute)),
		Entry("of one that allows many", manyAtOnce, NodeTimeout(time.Minute)),
	)

	It("feeds each chunk on its own, and an empty stream", func(ctx SpecContext) {
		parsed, err := touchy(manyAtOnce).Parse(ctx, [][][]byte{chunks("a", "", "\xFF"), {}, nil, chunks("")})
		Expect(err).NotTo(HaveOccurred())
		Expect(data(parsed)).To(Equal([]string{"0:a 1: 2:\xFF", "", "", "0:"}))
	}, NodeTimeout(time.Minute))

	It("writes the line that opens a run as Subscribe does", func(ctx SpecContext) {
		p := touchy(manyAtOnce)
		streams := [][][]byte{chunks("a", "", "\xFF\xFE\n"), {}}
		_, err := p.Parse(ctx, streams)
		Expect(err).NotTo(HaveOccurred())
		wrote := p.noted()
		for i, stream := range streams {
			line, err := stdio.Opening(target.Parser, target.Subscription{Run: fmt.Sprint("parse-", i+1), Chunks: stream})
			Expect(err).NotTo(HaveOccurred())
			Expect(wrote).To(ContainSubstring("read " + string(line)))
		}
	}, NodeTimeout(time.Minute))

	It("refuses a stream whose line passes the limit, and no other", func(ctx SpecContext) {
		p := touchy(manyAtOnce)
		p.Limits.Line = 1000
		parsed, err := p.Parse(ctx, [][][]byte{chunks("a"), chunks(strings.Repeat("b", 1000)), chunks("c")})
		Expect(err).NotTo(HaveOccurred())
		Expect(data(parsed)).To(Equal([]string{"0:a", `run "parse-2": the line to the adapter has 1377 bytes, 1000 is the most`, "0:c"}))
	}, NodeTimeout(time.Minute))

	It("of no streams is nothing", func(ctx SpecContext) {
		Expect(touchy(manyAtOnce).Parse(ctx, nil)).To(BeEmpty())
	}, NodeTimeout(time.Minute))

	It("never has more runs open than the child declares", func(ctx SpecContext) {
		p := touchy(strings.Replace(manyAtOnce, "16", "2", 1), "WAIT", "3")
		p.ParseTimeout = 300 * time.Millisecond
		parsed, err := p.Parse(ctx, numbered(4))
		Expect(err).NotTo(HaveOccurred())
		for _, out := range parsed {
			broken(out.Err, target.Hung) // it answers no run before 3 are open
		}
	}, NodeTimeout(time.Minute))

	It("has as many runs open as the child declares", func(ctx SpecContext) {
		p := touchy(manyAtOnce, "WAIT", "16")
		parsed, err := p.Parse(ctx, numbered(16))
		Expect(err).NotTo(HaveOccurred(), "the child answers no run before 16 are open")
		Expect(data(parsed)).To(HaveEach(HaveSuffix("open 16")))
	}, NodeTimeout(time.Minute))

	It("opens more once half of them are over", func(ctx SpecContext) {
		p := touchy(manyAtOnce, "WAIT", "8")
		parsed, err := p.Parse(ctx, numbered(160))
		Expect(err).NotTo(HaveOccurred(), "the child answers no run before 8 are open")
		Expect(data(parsed)).To(HaveEach(HaveSuffix("open 8")))
	}, NodeTimeout(time.Minute))

	DescribeTable("tells which stream broke the child, and what the others give",
		func(ctx SpecContext, word, how string) {
			streams := numbered(40)
			streams[7], streams[21] = chunks("before", word), chunks(word)
			p := touchy(manyAtOnce)
			if how == target.Hung {
				p.ParseTimeout = time.Second
			}
			parsed, err := p.Parse(ctx, streams)
			Expect(err).NotTo(HaveOccurred())
			for i, out := range parsed {
				switch i {
				case 7:
					broken(out.Err, how)
					Expect(data([]stdio.Parsed{{Trace: out.Trace}})).To(Equal([]string{"0:before"}), "what it said before counts")
				case 21:
					broken(out.Err, how)
					Expect(out.Trace).To(BeEmpty())
				default:
					Expect(out).To(HaveField("Err", BeNil()))
					Expect(out.Trace).To(HaveLen(1))
				}
			}
			Expect(parsed[7].Err.(*target.Broken).Stderr).To(ContainSubstring(word))
		},
		Entry("by a crash", "crash", target.Crashed, NodeTimeout(time.Minute)),
		Entry("by silence", "hang", target.Hung, NodeTimeout(time.Minute)),
		Entry("by garbage", "garbage", target.Garbage, NodeTimeout(time.Minute)),
	)

	It("takes turns with other calls: none has more runs open, or is blamed for another's stream", func(ctx SpecContext) {
		p := touchy(manyAtOnce)
		var all sync.WaitGroup
		for n := range 4 {
			all.Go(func() {
				defer GinkgoRecover()
				streams := numbered(60)
				if n == 0 {
					for i := range streams {
						if i%5 == 0 {
							streams[i] = chunks("crash")
						}
					}
				}
				parsed, err := p.Parse(ctx, streams)
				Expect(err).NotTo(HaveOccurred())
				for i, out := range parsed {
					if n == 0 && i%5 == 0 {
						broken(out.Err, target.Crashed)
					} else {
						Expect(data([]stdio.Parsed{out})).To(Equal([]string{fmt.Sprint("0:stream ", i)}))
					}
				}
			})
		}
		all.Wait()
	}, NodeTimeout(time.Minute))

	It("blames no stream for a breakdown that none repeats", func(ctx SpecContext) {
		streams := numbered(5)
		streams[3] = chunks("crash once")
		parsed, err := touchy(manyAtOnce, "MARK", GinkgoT().TempDir()+"/mark").Parse(ctx, streams)
		Expect(err).NotTo(HaveOccurred())
		var faults []string
		for _, out := range parsed {
			if out.Err != nil {
				faults = append(faults, fault(out.Err))
			}
		}
		Expect(data(parsed)).To(ContainElements("0:stream 1", "0:stream 2", "0:stream 4"))
		Expect(faults).To(ConsistOf(And(ContainSubstring("crashed: exit status 7"), ContainSubstring("did not happen again"))))
	}, NodeTimeout(time.Minute))

	It("puts no more after as many breakdowns as are borne, and keeps what it knows", func(ctx SpecContext) {
		streams := numbered(40)
		for i := 4; i < 40; i++ {
			streams[i] = chunks("crash")
		}
		p := touchy(parserHello)
		p.MostBroken = 2
		parsed, err := p.Parse(ctx, streams)
		Expect(err).NotTo(HaveOccurred())
		Expect(data(parsed[:4])).To(Equal([]string{"0:stream 0", "0:stream 1", "0:stream 2", "0:stream 3"}))
		broken(parsed[4].Err, target.Crashed)
		for _, out := range parsed[5:] {
			Expect(out).To(Equal(stdio.Parsed{Err: stdio.ErrNotPut}))
		}
		Expect(strings.Count(p.noted(), "crash\"")).To(Equal(2), "once after others, and once by itself")
	}, NodeTimeout(time.Minute))

	It("finds one stream to blame where many break it down at once, whatever is borne", func(ctx SpecContext) {
		p := touchy(manyAtOnce)
		p.MostBroken = 1
		parsed, err := p.Parse(ctx, slices.Repeat([][][]byte{chunks("crash")}, 16))
		Expect(err).NotTo(HaveOccurred())
		broken(parsed[0].Err, target.Crashed)
		Expect(parsed[1:]).To(HaveEach(stdio.Parsed{Err: stdio.ErrNotPut}))
	}, NodeTimeout(time.Minute))

	It("takes a stream that was all that a fresh process was given to have done it by itself", func(ctx SpecContext) {
		p := touchy(manyAtOnce)
		parsed, err := p.Parse(ctx, [][][]byte{chunks("crash")})
		Expect(err).NotTo(HaveOccurred())
		broken(parsed[0].Err, target.Crashed)
		Expect(strings.Count(p.noted(), "crash\"")).To(Equal(1))
	}, NodeTimeout(time.Minute))

	DescribeTable("keeps no flood", func(ctx SpecContext, word string, steps int) {
		parsed, err := touchy(manyAtOnce).Parse(ctx, [][][]byte{chunks("a"), chunks(word)})
		Expect(err).NotTo(HaveOccurred())
		Expect(broken(parsed[1].Err, target.Garbage).Detail).To(ContainSubstring("steps of a stream of"))
		Expect(parsed[1].Trace).To(HaveLen(steps))
		Expect(data(parsed[:1])).To(Equal([]string{"0:a"}))
	},
		Entry("of steps", "flood 1", len("flood 1")+1000, NodeTimeout(time.Minute)),
		Entry("of bytes", "flood 1000000", 16, NodeTimeout(time.Minute)),
	)

	DescribeTable("keeps to one stream what is wrong with one", func(ctx SpecContext, text, complaint string) {
		streams := numbered(20)
		streams[4] = chunks(strings.Split(text, "\x00")...)
		p := touchy(manyAtOnce)
		if len(streams[4]) > 1 {
			p.ParseTimeout = time.Second
		}
		parsed, err := p.Parse(ctx, streams)
		Expect(err).NotTo(HaveOccurred())
		for i, out := range parsed {
			if i == 4 {
				Expect(out.Err).To(MatchError(ContainSubstring(complaint)))
			} else {
				Expect(out.Err).NotTo(HaveOccurred())
			}
		}
	},
		Entry("an error of the adapter", "error", "adapter error", NodeTimeout(time.Minute)),
		Entry("a string that is not Unicode", "surrogate", `member "event/data" is not valid Unicode`, NodeTimeout(time.Minute)),
		Entry("a member twice", "twice", `is there twice`, NodeTimeout(time.Minute)),
		Entry("an error and no end", "error\x00hang", "hung: was through with no stream", NodeTimeout(time.Minute)),
		Entry("what the adapter has not implemented", "unimplemented", "unimplemented: not this", NodeTimeout(time.Minute)),
	)

	It("takes only a parser", func(ctx SpecContext) {
		_, err := client("").Parse(ctx, numbered(1))
		Expect(fault(err)).To(ContainSubstring("fake is of kind client: streams are parsed by a target of kind parser"))
	}, NodeTimeout(time.Minute))

	It("says that the child cannot be started", func(ctx SpecContext) {
		p := stdio.Process{Command: []string{"/no/such/adapter"}}
		DeferCleanup(p.Close)
		_, err := p.Parse(ctx, numbered(1))
		Expect(err).To(BeAssignableToTypeOf(&target.Unreachable{}))
	}, NodeTimeout(time.Minute))

	It("ends with its context, whose cause it returns", func(ctx SpecContext) {
		p := touchy(manyAtOnce)
		p.ParseTimeout = time.Hour
		p.CloseTimeout = 200 * time.Millisecond
		mine, cancel := context.WithCancelCause(ctx)
		reason := errors.New("had enough")
		returned := make(chan error, 1)
		var parsed []stdio.Parsed
		go func() {
			var err error
			parsed, err = p.Parse(mine, [][][]byte{chunks("a"), chunks("hang"), chunks("b")})
			returned <- err
		}()
		Eventually(ctx, p.stderr.Contents).Should(ContainSubstring("hang"))
		cancel(reason)
		Eventually(ctx, returned).Should(Receive(Equal(reason)))
		Expect(data(parsed)).To(Equal([]string{"0:a", stdio.ErrNotPut.Error(), stdio.ErrNotPut.Error()}), "what was over by then stands")
		Expect(p.Close()).To(Succeed())
	}, NodeTimeout(time.Minute))

	It("is remembered, of the last 4,096 runs, for the steps that come too late", func(ctx SpecContext) {
		p := touchy(manyAtOnce)
		_, err := p.Parse(ctx, numbered(4098))
		Expect(err).NotTo(HaveOccurred())
		_, err = p.Parse(ctx, [][][]byte{chunks("late parse-2", "late parse-3")})
		Expect(err).NotTo(HaveOccurred())
		late := p.Late()
		Expect(late).To(HaveLen(2))
		Expect(late[0].Step.At).To(BeZero(), "nobody knows when it began")
		Expect(late[1].Step.At).To(BeNumerically(">", 0))
	}, NodeTimeout(time.Minute))

	It("can be called again, also after a breakdown", func(ctx SpecContext) {
		p := touchy(manyAtOnce)
		for range 3 {
			parsed, err := p.Parse(ctx, [][][]byte{chunks("a"), chunks("crash"), chunks("b")})
			Expect(err).NotTo(HaveOccurred())
			Expect(data(parsed)).To(Equal([]string{"0:a", "crashed: exit status 7", "0:b"}))
		}
	}, NodeTimeout(time.Minute))
})
