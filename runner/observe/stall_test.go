package observe_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
)

// stalls makes a list of pairs of milliseconds.
func stalls(times ...int) (list []observe.Stall) {
	for i := 0; i < len(times); i += 2 {
		list = append(list, observe.Stall{From: ms(times[i]), To: ms(times[i+1])})
	}
	return list
}

var _ = Describe("What this machine lost itself", func() {
	const found, passes, unknown = "found", "", "stalled"
	// judged reduces a text to found.
	judged := func(id string, o *observe.Observation) string {
		GinkgoHelper()
		if v := verdict(id, o); v == passes || v == unknown {
			return v
		}
		return found
	}
	late := func(e *probe.Exchange) { e.At = ms(10000) }

	DescribeTable("leaves a verdict as it is, or takes it back, and never makes one:", func(id string, stalls []observe.Stall, want string, options ...option) {
		o := stream(options...)
		o.Stalls = stalls
		Expect(judged(id, o)).To(Equal(want))
	},
		Entry("a pause in an event", "delivery/whole-events", stalls(5000, 9000), found, body(500, "data: ", 1000, "1\n\n")),
		Entry("a pause that may be ours", "delivery/whole-events", stalls(600, 1000), unknown, body(500, "data: ", 1000, "1\n\n")),
		Entry("a pause that is longer than ours", "delivery/whole-events", stalls(600, 800), found, body(500, "data: ", 1000, "1\n\n")),
		Entry("a pause that is ours, between events", "delivery/whole-events", stalls(600, 1000), passes, body(500, one, 1000, two)),
		Entry("two pauses, one of them ours", "delivery/whole-events", stalls(600, 1000), found, body(500, "data: ", 1000, "1\n\n", 1500, "data: ", 2000, "2\n\n")),
		Entry("pieces that may have come apart", "delivery/whole-events", stalls(100, 500), unknown, body(500, "data: ", 600, "1\n\n")),
		Entry("a lump", "delivery/one-by-one", stalls(5000, 9000), found, body(600, one+two+three)),
		Entry("a wait that may be ours", "delivery/one-by-one", stalls(0, 400), unknown, body(600, one+two+three)),
		Entry("a lump that may be of our making", "delivery/one-by-one", stalls(300, 598), unknown, body(600, one+two+three)),
		Entry("a lump that we may have taken apart", "delivery/one-by-one", stalls(602, 700), unknown, body(600, one, 710, two+three)),
		Entry("no lump, whatever we lost", "delivery/one-by-one", stalls(602, 700), passes, body(600, one, 900, two+three)),
		Entry("a late head", "delivery/head-first", stalls(5000, 9000), found, headAfter(1300), body(1310, one)),
		Entry("a late head that may be ours", "delivery/head-first", stalls(100, 500), unknown, headAfter(1300), body(1310, one)),
		Entry("a head that may have come long before the event", "delivery/head-first", stalls(1100, 1299), unknown, headAfter(1300), body(1310, one)),
		Entry("a slow answer", "delivery/prompt", stalls(5000, 9000), found, headAfter(2300), body(4000, one)),
		Entry("a slow answer that may be ours", "delivery/prompt", stalls(0, 2000), unknown, headAfter(2300), body(4000, one)),
		Entry("a quick answer", "delivery/prompt", stalls(0, 1000), passes, headAfter(1300), body(4000, one)),
		Entry("lines with pauses", "framing/blank-lines", stalls(5000, 9000), found, body(1, "data: 1\n", 501, "data: 2\n", 1001, "data: 3\n"), ends(probe.Left, 1200)),
		Entry("lines with pauses that may be ours", "framing/blank-lines", stalls(100, 400), unknown, body(1, "data: 1\n", 501, "data: 2\n", 1001, "data: 3\n"), ends(probe.Left, 1200)),
		Entry("a line with a pause in it that may be ours", "framing/blank-lines", stalls(1100, 1500), unknown, body(1, "data: 1\n", 501, "data: 2\n", 1001, "data", 1501, ": 3\n"), ends(probe.Left, 1600)),
		Entry("silence", "delivery/heartbeat", stalls(100, 500, 700, 1100, 1300, 1700), found, body(2, one), ends(probe.Left, 16600)),
		Entry("silence that may be ours", "delivery/heartbeat", stalls(100, 1100), unknown, body(2, one), ends(probe.Left, 16600)),
		Entry("in an exchange that was later", "delivery/whole-events", stalls(600, 1000), found, body(500, "data: ", 1000, "1\n\n"), late),
		Entry("in an exchange that was later, at that time", "delivery/whole-events", stalls(10600, 11000), unknown, body(500, "data: ", 1000, "1\n\n"), late),
	)

	DescribeTable("may be why events are missing", func(end probe.End, stalls []observe.Stall, want string) {
		o := stream(ends(end, 8000))
		o.MinEvents, o.Stalls = 4, stalls
		Expect(judged("delivery/enough", o)).To(Equal(want))
	},
		Entry("for a while", probe.Left, stalls(0, 1000), found),
		Entry("for long", probe.Left, stalls(0, 4500), unknown),
		Entry("but not where the stream has ended", probe.Closed, stalls(0, 4500), found),
	)

	DescribeTable("may be why there was no answer", func(stalls []observe.Stall, want string) {
		o := beside(observe.Head, unanswered(probe.Silent))
		o.Stalls = stalls
		Expect(judged("requests/head", o)).To(Equal(want))
	},
		Entry("for a while", stalls(0, 1400), found),
		Entry("for long", stalls(0, 1600), unknown),
		Entry("at another time", stalls(3000, 6000), found),
	)

	DescribeTable("may be why a client that came back got nothing", func(end probe.End, stalls []observe.Stall, want string) {
		o := beside(observe.Resumed, body(), ends(end, 6000))
		o.Stalls = stalls
		Expect(judged("resume/nothing-lost", o)).To(Equal(want))
	},
		Entry("for a while", probe.Left, stalls(0, 700), found),
		Entry("for long", probe.Left, stalls(0, 3100), unknown),
		Entry("but not where the stream has ended", probe.Closed, stalls(0, 3100), found),
	)

	gzip := with("Content-Encoding", "gzip")
	DescribeTable("compared with compression", func(stalls []observe.Stall, want string, squeezed ...option) {
		o := seen(map[observe.Role]*probe.Exchange{
			observe.Stream: exchange(body(2, one, 500, two, 1000, three)), observe.Gzip: exchange(append(squeezed, gzip)...)})
		o.Stalls = stalls
		Expect(judged("compression/flushed", o)).To(Equal(want))
	},
		Entry("a lump", stalls(3000, 4000), found, body(900, one+two+three)),
		Entry("a lump of our making", stalls(100, 899), unknown, body(900, one+two+three)),
		Entry("a late event", stalls(3000, 4000), found, body(1400, one)),
		Entry("a late event that may be ours", stalls(500, 1000), unknown, body(1400, one)),
		Entry("nothing", stalls(3000, 4000), found, body(), ends(probe.Left, 900)),
		Entry("nothing, which may be our doing", stalls(300, 800), unknown, body(), ends(probe.Left, 900)),
		Entry("flushed", stalls(300, 800), passes, body(2, one, 500, two, 1000, three)),
	)

	DescribeTable("when a second client came", func(stalls []observe.Stall, want string, first, other *probe.Exchange) {
		o := seen(map[observe.Role]*probe.Exchange{observe.Stream: first, observe.Second: other})
		o.Stalls = stalls
		Expect(judged("clients/first-kept", o)).To(Equal(want))
	},
		Entry("the first one is dismissed", stalls(3000, 4000), found, exchange(body(5, one), ends(probe.Closed, 10)), exchange(body(20, one+two))),
		Entry("the first one may have been", stalls(20, 220), unknown, exchange(body(5, one), ends(probe.Closed, 300)), exchange(body(20, one+two))),
		Entry("we left before that could show", nil, unknown, exchange(body(5, one+two), ends(probe.Closed, 100)), exchange(body(90, one), ends(probe.Left, 260))),
		Entry("the first one ended before it came", nil, passes, exchange(body(5, one), ends(probe.Closed, 10)), exchange(body(20, one+two), func(e *probe.Exchange) { e.At = ms(11) })),
	)
})
