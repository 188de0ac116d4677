package runner_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// numbered returns n cases whose only event has the number as data.
func numbered(n int) []cases.Case {
	list := make([]cases.Case, n)
	for i := range list {
		list[i] = about("line-lf", fmt.Sprintf("data: %d\n\n", i))
		list[i].ID = fmt.Sprintf("n/%02d", i)
	}
	return list
}

// number reads which of the numbered cases a run is.
func number(sub target.Subscription) (n int) {
	fmt.Sscanf(string(sub.Chunks[0]), "data: %d", &n)
	return n
}

// parallel is a parser that can take n runs at once and asks do before each.
func parallel(n int, do func(ctx context.Context, number int) error) *fake {
	return &fake{target.Hello{Kind: target.Parser, Parallel: n}, func(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
		if err := do(ctx, number(sub)); err != nil {
			return err
		}
		for _, s := range parsed(sub.Chunks) {
			observe(s)
		}
		return nil
	}}
}

// gate lets runs through when n of them are waiting, once.
type gate struct {
	mu   sync.Mutex
	n    int
	open chan struct{}
}

func newGate(n int) *gate { return &gate{n: n, open: make(chan struct{})} }

// pass waits at the gate; later runs find it open. It is false when ctx ended first.
func (g *gate) pass(ctx context.Context) bool {
	g.mu.Lock()
	if g.n--; g.n == 0 {
		close(g.open)
	}
	g.mu.Unlock()
	select {
	case <-g.open:
		return true
	case <-ctx.Done():
		return false
	}
}

// verdicts counts what is in list.
func verdicts(list []runner.Result) map[runner.Verdict]int {
	count := map[runner.Verdict]int{}
	for _, r := range list {
		count[r.Verdict]++
	}
	return count
}

func ids(list []runner.Result) (names []string) {
	for _, r := range list {
		names = append(names, r.Case.ID)
	}
	return names
}

var written = []string{cases.AsWritten}

var _ = Describe("A check", func() {
	It("yields in the order of the suite, whatever is ready first", func() {
		second := make(chan struct{})
		list := results(runner.Runner{Deliveries: written}, parallel(2, func(ctx context.Context, n int) error {
			switch n {
			case 0:
				<-second
			case 1:
				close(second)
			}
			return nil
		}), numbered(6)...)
		Expect(ids(list)).To(Equal(cases.IDs(numbered(6))))
		Expect(verdicts(list)).To(Equal(map[runner.Verdict]int{runner.Pass: 6}))
	})

	DescribeTable("has as many runs open as the target takes, and never more", func(declared, limit, want int) {
		var mu sync.Mutex
		open, most := 0, 0
		g := newGate(want)
		list := results(runner.Runner{Parallel: limit, Timeout: 10 * time.Second}, parallel(declared, func(ctx context.Context, n int) error {
			mu.Lock()
			open++
			most = max(most, open)
			mu.Unlock()
			g.pass(ctx)
			for range 1000 {
				runtime.Gosched() // one too many has its chance to begin
			}
			mu.Lock()
			open--
			mu.Unlock()
			return nil
		}), numbered(20)...)
		Expect(verdicts(list)).To(Equal(map[runner.Verdict]int{runner.Pass: 20}))
		Expect(most).To(Equal(want))
	},
		Entry("as many as it declares", 3, 0, 3),
		Entry("one when it declares none", 0, 0, 1),
		Entry("as many as the runner allows", 8, 2, 2),
		Entry("not what the runner allows beyond that", 2, 8, 2),
	)

	It("counts the deliveries, lists those that failed and shows the smallest", func() {
		swallowsNothing := &fake{target.Hello{Kind: target.Parser}, func(_ context.Context, sub target.Subscription, observe func(spec.Step)) error {
			var chunks [][]byte
			for i, c := range sub.Chunks {
				if i > 0 && strings.HasSuffix(string(sub.Chunks[i-1]), "\r") && strings.HasPrefix(string(c), "\n") {
					c = append([]byte("\n"), c...) // the LF after a cut CR is a line end of its own
				}
				chunks = append(chunks, c)
			}
			for _, s := range parsed(chunks) {
				observe(s)
			}
			return nil
		}}
		c := about("line-crlf", "data: a\r\ndata: b\r\n\r\n")
		r := results(runner.Runner{Seed: 3}, swallowsNothing, c)[0]
		Expect(r.Verdict).To(Equal(runner.Fail))
		Expect(r.Deliveries).To(Equal(len(c.Script.Deliveries(cases.Direct, 3))))
		Expect(r.Delivery).To(Equal("cut-8"))
		Expect(chunkTexts(r.Chunks)).To(Equal([]string{"data: a\r", "\ndata: b\r\n\r\n"}))
		Expect(r.Failed).To(ContainElements("cut-8", "cut-eol", "bytes"))
		Expect(r.Failed).NotTo(ContainElements("as-written", "whole", "cut-1"))
	})

	DescribeTable("skips what the target cannot be asked", func(c cases.Case, reason string) {
		r := one(&fake{hello: target.Hello{Kind: target.Parser, Capabilities: []string{"retry"}}}, c)
		Expect([]any{r.Verdict, r.Reason, r.Deliveries}).To(Equal([]any{runner.Skip, reason, 0}))
	},
		Entry("a capability that it lacks", requiring("post", about("line-lf", "")), "needs capability post"),
		Entry("several connections of a parser", scripted("line-lf", cases.Script{Connections: make([]cases.Connection, 2)}), "needs a client: a parser has no connections"),
	)

	It("puts a long stream when no other run is open", func() {
		long := about("line-comment", strings.Repeat(":\n", 40_000)+"data: a\n\n")
		var open, most atomic.Int64
		c := parser(unbent)
		c.hello.Parallel = 4
		right := c.subscribe
		c.subscribe = func(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
			n := open.Add(1)
			defer open.Add(-1)
			if len(slices.Concat(sub.Chunks...)) > 64<<10 {
				most.Store(max(most.Load(), n))
			}
			runtime.Gosched() // another has its chance to begin
			return right(ctx, sub, observe)
		}
		Expect(verdicts(results(runner.Runner{}, c, append([]cases.Case{long, long}, numbered(9)...)...))).To(Equal(map[runner.Verdict]int{runner.Pass: 11}))
		Expect(most.Load()).To(BeEquivalentTo(1))
	})

	It("yields an error for each case when the target does not say hello", func() {
		list := results(runner.Runner{}, speechless{}, numbered(3)...)
		Expect(verdicts(list)).To(Equal(map[runner.Verdict]int{runner.Error: 3}))
		Expect(list[0].Reason).To(Equal("no hello"))
		for range new(runner.Runner).CheckClient(context.Background(), speechless{}, numbered(3)) {
			break
		}
	})

	It("yields only what was complete when its context ends", func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		c := parallel(1, func(ctx context.Context, n int) error {
			if n == 3 {
				cancel()
				<-ctx.Done()
			}
			return nil
		})
		var list []runner.Result
		for r := range (&runner.Runner{Deliveries: written}).CheckClient(ctx, c, numbered(9)) {
			list = append(list, r)
		}
		Expect(ids(list)).To(Equal([]string{"n/00", "n/01", "n/02"}))
		Expect(verdicts(list)).To(Equal(map[runner.Verdict]int{runner.Pass: 3}))
	})

	It("cancels what is under way when it is broken off", func() {
		causes := make(chan error, 1)
		c := parallel(1, func(ctx context.Context, n int) error {
			if n == 1 {
				<-ctx.Done()
				causes <- context.Cause(ctx)
			}
			return nil
		})
		for r := range (&runner.Runner{Deliveries: written}).CheckClient(context.Background(), c, numbered(9)) {
			Expect(r.Case.ID).To(Equal("n/00"))
			break
		}
		select {
		case cause := <-causes:
			Expect(cause).To(MatchError(context.Canceled), "it was not the time limit")
		default: // it was broken off before the second run began
		}
	})

	It("yields nothing of a case some of whose deliveries are missing when its context ends", func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		runs := 0
		c := parallel(1, func(context.Context, int) error {
			if runs++; runs == 3 {
				cancel()
			}
			return nil
		})
		for r := range new(runner.Runner).CheckClient(ctx, c, numbered(2)) {
			Fail("yielded " + r.Case.ID)
		}
	})
})

// speechless is a target that does not say hello.
type speechless struct{ fake }

func (speechless) Hello(context.Context) (target.Hello, error) {
	return target.Hello{}, errors.New("no hello")
}

func (speechless) Subscribe(context.Context, target.Subscription, func(spec.Step)) error {
	return errors.New("subscribed")
}

func chunkTexts(chunks [][]byte) (list []string) {
	for _, c := range chunks {
		list = append(list, string(c))
	}
	return list
}
