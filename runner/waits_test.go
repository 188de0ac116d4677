package runner_test

import (
	"context"
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

var _ = Describe("What a case waits for", func() {
	stream := func(body string) cases.Connection {
		return cases.Connection{Body: []cases.Part{{Unit: []byte(body)}}}
	}
	back := scripted("field-retry", cases.Script{Connections: []cases.Connection{stream("retry: 30\n\n"), stream("retry: 20\n\n"), stream("")}})
	watched := scripted("field-retry", cases.Script{Connections: []cases.Connection{stream("retry: 60000\n\n")}})
	watched.Requests = cases.Requests{Max: 1, For: 40 * time.Millisecond}

	refused := scripted("response-network-error-reconnect", cases.Script{Connections: []cases.Connection{stream("")}})
	refused.Subscribe = cases.Subscribe{URL: "{refused}", ReconnectionTime: new(int64(10))}
	refused.Expect = spec.Trace{{Kind: spec.Reestablish, Chunk: -1}, {Kind: spec.Reestablish, Chunk: -1}}

	DescribeTable("is told beforehand", func(h target.Hello, c cases.Case, want time.Duration) {
		Expect(one(client(h, asItIs), c).Waits).To(Equal(want))
	},
		Entry("nothing, of one stream", target.Hello{}, about("line-lf", "retry: 60000\ndata: a\n\n"), time.Duration(0)),
		Entry("each reconnection time", target.Hello{}, back, 50*time.Millisecond),
		Entry("how long it is watched that nothing comes", target.Hello{}, watched, 40*time.Millisecond),
		Entry("the time before the event that ends a run where no step does",
			target.Hello{Steps: []spec.Kind{spec.Dispatch}}, about("line-lf", "retry: 30\ndata: a\n\n"), 30*time.Millisecond),
		Entry("a while where no event of ours can reach the client",
			target.Hello{Steps: []spec.Kind{spec.Dispatch}}, refused, (10+10+500)*time.Millisecond),
		Entry("nothing of a case that is not put", target.Hello{}, requiring("cors", back), time.Duration(0)),
	)

	long := scripted("field-retry", cases.Script{Connections: []cases.Connection{stream("retry: 30\nevent: a\ndata\n\n"), stream("")}})

	// begun puts a short case and the long one to a target that takes so many at
	// once, and returns the types of the runs that were begun together at first.
	begun := func(parallel int) []string {
		GinkgoHelper()
		types := make([]string, parallel)
		var n atomic.Int32
		var together sync.WaitGroup
		together.Add(parallel)
		c := client(target.Hello{Parallel: parallel}, asItIs)
		subscribe := c.subscribe
		c.subscribe = func(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
			if i := int(n.Add(1)); i <= parallel {
				types[i-1] = sub.Types[0]
				together.Done()
				together.Wait()
			}
			return subscribe(ctx, sub, observe)
		}
		list := results(runner.Runner{}, c, about("line-lf", "data: a\n\n"), long)
		Expect([]time.Duration{list[0].Waits, list[1].Waits}).To(Equal([]time.Duration{0, 30 * time.Millisecond}))
		return types
	}

	It("is begun before all else, and shown in its place", func() {
		Expect(begun(2)).To(ContainElement("a"))
	})

	It("has its turn where one is put at a time, so that there is something to see meanwhile", func() {
		Expect(begun(1)).To(Equal([]string{"message"}))
	})
})
