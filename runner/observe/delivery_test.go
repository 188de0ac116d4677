package observe_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
)

const one, two, three = "data: 1\n\n", "data: 2\n\n", "data: 3\n\n"

var _ = Describe("The delivery of a stream", func() {
	const inLump = "all 3 events came in one lump after 2.0 s, with the end of the stream: nothing was flushed"
	DescribeTable("one by one", func(want string, options ...option) { of("delivery/one-by-one", want, options...) },
		Entry("with pauses", ""),
		Entry("all at the end", inLump, body(2000, one+two+three)),
		Entry("all at the end, in two pieces", inLump, body(2000, one, 2010, two+three)),
		Entry("all at once, without a wait: they were there", "", body(2, one+two+three)),
		Entry("all at once, and the stream goes on: a burst", "", body(2000, one+two+three), ends(probe.Left, 8000)),
		Entry("all at once, and the end much later", "", body(2000, one+two+three), ends(probe.Closed, 2500)),
		Entry("two are too few to say", "", body(2000, one+two)),
		Entry("cut off by us", "", body(2000, one+two+three), ends(probe.Bound, 2001)),
	)

	It("says when each event came", func() {
		check, _ := observe.Find("serving/delivery/one-by-one")
		Expect(check.Put(stream()).Outcome).To(Equal("events after 2 ms, 102 ms, 202 ms"))
		Expect(check.Put(stream(body(2, strings.Repeat(one, 12)))).Outcome).To(HaveSuffix("2 ms, 2 more"))
		Expect(check.Put(stream(body())).Outcome).To(Equal("no events"))
	})

	DescribeTable("whole events", func(want string, options ...option) { of("delivery/whole-events", want, options...) },
		Entry("whole", ""),
		Entry("in pieces without a pause", "", body(2, "data", 20, ": 1\n", 200, "\n")),
		Entry("the blank line late", "the event that begins in line 1 was cut by a pause of 998 ms: its blank line came late", body(2, "data: 1\n", 1000, "\ndata: 2\n", 2000, "\n")),
		Entry("a buffer of 1024 bytes", "the event that begins in line 255 was cut by a pause of 1.0 s: the server sends pieces of 1024 bytes, not events",
			body(2, strings.Repeat("data:1\n\n", 127)+"data:234", 1002, "5\n\n")),
		Entry("and its second piece", "the event that begins in line 511 was cut by a pause of 500 ms: the server sends pieces of 1024 bytes, not events",
			body(2, strings.Repeat("data:1\n\n", 128), 1002, strings.Repeat("data:1\n\n", 127)+"data:234", 1502, "5\n\n")),
		Entry("within the data", "the event that begins in line 1 was cut by a pause of 500 ms: the rest of it came late", body(500, "data: ", 1000, "1\n\n")),
		Entry("a pause between events", "", body(2, one, 4000, two)),
		Entry("a comment, then a pause, then an event", "", body(2, ": hello\n", 4000, one)),
		Entry("a retry, then a pause, then an event", "", body(2, "retry: 1000\n", 4000, one)),
		Entry("the blank line never, until we left", "the event that begins in line 1 was cut by a pause of 7.0 s: its blank line came late", body(1000, "data: 1\n"), ends(probe.Left, 8000)),
		Entry("unfinished when we left, just begun", "", body(7900, "data: 1\n"), ends(probe.Left, 8000)),
		Entry("unfinished at the end of the stream: that is another case", "", body(1000, "data: 1\n"), ends(probe.Closed, 8000)),
		Entry("lines without any blank one: that is another case", "", body(1, "data: 1\n", 1001, "data: 2\n", 2001, "data: 3\n"), ends(probe.Left, 3001)),
	)

	It("names ten late events and counts the rest", func() {
		var parts []any
		for i := range 15 {
			parts = append(parts, i*600, "data: 1\n", i*600+300, "\n")
		}
		check, _ := observe.Find("serving/delivery/whole-events")
		j := check.Put(stream(body(parts...)))
		Expect(j.Findings).To(HaveLen(10))
		Expect(j.Findings[9].Repeats).To(Equal(5))
		Expect(j.Findings[1].Line).To(Equal(3))
		Expect(j.Findings[1].Offset).To(BeEquivalentTo(17))
	})

	DescribeTable("the head first", func(want string, options ...option) { of("delivery/head-first", want, options...) },
		Entry("at once", ""),
		Entry("at once, the event later", "", body(5000, one)),
		Entry("with the first event", "the head came after 2.0 s, together with the first byte of the body", headAfter(2000), body(2010, one)),
		Entry("late, and the event later still", "", headAfter(2000), body(2500, one)),
		Entry("with a lump, which says more", "", headAfter(2000), body(2010, one+two+three)),
	)

	DescribeTable("the answer in time", func(want string, options ...option) { of("delivery/prompt", want, options...) },
		Entry("at once", ""),
		Entry("after a second", "", headAfter(1000), body(3000, one)),
		Entry("after three", "the head came after 3.0 s", headAfter(3000), body(4000, one)),
		Entry("held back with the event: that is another case", "", headAfter(3000), body(3001, one)),
	)

	DescribeTable("heartbeat", func(want string, options ...option) { of("delivery/heartbeat", want, options...) },
		Entry("a short stream that has ended", ""),
		Entry("not watched long enough", "skip: watched for 8.0 s: --for 20s sees a silence of 15", ends(probe.Left, 8000)),
		Entry("a comment every 15 seconds", "", body(2, one, 15000, ":\n", 30000, ":\n"), ends(probe.Left, 40000)),
		Entry("silent from the start", "the stream was silent for 20.0 s", body(), ends(probe.Left, 20001)),
		Entry("silent in the middle", "the stream was silent for 17.0 s", body(2, one, 17002, two), ends(probe.Closed, 17003)),
	)

	DescribeTable("the end", func(want string, options ...option) { of("delivery/clean-end", want, options...) },
		Entry("clean", ""),
		Entry("ours", "", ends(probe.Left, 8000)),
		Entry("our bound", "", ends(probe.Bound, 8000)),
		Entry("broken off", "the stream broke off: the reason", ends(probe.Cut, 300)),
	)

	DescribeTable("enough", func(wanted int, want string) {
		o := stream()
		o.MinEvents = wanted
		Expect(verdict("delivery/enough", o)).To(Equal(want))
	},
		Entry("none are demanded", 0, ""),
		Entry("as many as came", 3, ""),
		Entry("more than came", 4, "saw 3 events in 203 ms, and --min-events wants 4"),
	)
})
