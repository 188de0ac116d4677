package spec_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing/iotest"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/spec"
	"github.com/ssespec/ssespec/spec/literal"
)

var _ = Describe("The fields", func() {
	fact := func(stream string, want ...string) {
		want = without(want)
		for _, chunks := range deliveries(stream) {
			Expect(observed(new(spec.Parser), chunks)).To(Equal(want), "%q", chunks)
		}
		second := literal.Parse([]byte(stream))
		for _, e := range second.Events {
			want = remove(want, shown(e))
		}
		for _, r := range second.Retries {
			want = remove(want, "retry "+r)
		}
		Expect(without(want, ":", "last")).To(BeNil(), "not seen by the second opinion")
	}

	DescribeTable("data", fact,
		Entry("with a colon and a space", "data: a\n\n", `message "a"`),
		Entry("with a colon alone", "data:a\n\n", `message "a"`),
		Entry("loses one space only", "data:  a \n\n", `message " a "`),
		Entry("keeps a tab", "data:\ta\n\n", `message "\ta"`),
		Entry("keeps later colons", "data: a: b:c\n\n", `message "a: b:c"`),
		Entry("without a colon dispatches empty data", "data\n\n", `message ""`),
		Entry("without a value dispatches empty data", "data:\n\n", `message ""`),
		Entry("with one space dispatches empty data", "data: \n\n", `message ""`),
		Entry("twice is joined by LF", "data: a\ndata: b\n\n", `message "a\nb"`),
		Entry("twice empty is one LF", "data\ndata\n\n", `message "\n"`),
		Entry("empty first keeps its LF", "data\ndata: a\n\n", `message "\na"`),
		Entry("empty last keeps its LF", "data: a\ndata\n\n", `message "a\n"`),
		Entry("holds NUL", "data: \x00a\x00\n\n", `message "\x00a\x00"`),
		Entry("does not carry over", "data: a\n\ndata: b\n\n", `message "a"`, `message "b"`),
	)

	DescribeTable("event", fact,
		Entry("sets the type", "event: t\ndata: a\n\n", `t "a"`),
		Entry("after data as well", "data: a\nevent: t\n\n", `t "a"`),
		Entry("last one wins", "event: other\nevent: t\ndata: a\n\n", `t "a"`),
		Entry("empty goes back to message", "event: t\nevent\ndata: a\n\n", `message "a"`),
		Entry("is forgotten after its block", "event: t\ndata: a\n\ndata: b\n\n", `t "a"`, `message "b"`),
		Entry("is forgotten after a block without data", "event: t\n\ndata: b\n\n", `message "b"`),
		Entry("repeats, with another between", "event: t\ndata\n\nevent: other\ndata\n\nevent: t\ndata\n\n", `t ""`, `other ""`, `t ""`),
		Entry("is itself again after an empty one", "event: t\ndata\n\nevent:\ndata\n\nevent: t\ndata\n\n", `t ""`, `message ""`, `t ""`),
		Entry("longer than the one before begins like it", "event: t\ndata\n\nevent: t x\ndata\n\n", `t ""`, `t x ""`),
		Entry("keeps a trailing space", "event: t \ndata: a\n\n", `t  "a"`),
		Entry("alone dispatches nothing", "event: t\n\n"),
	)

	DescribeTable("id", fact,
		Entry("sets the id of its event", "id: 1\ndata: a\n\n", `message "a" #1`, "last 1"),
		Entry("after data as well", "data: a\nid: 1\n\n", `message "a" #1`, "last 1"),
		Entry("stays for later events", "id: 1\ndata: a\n\ndata: b\n\n", `message "a" #1`, `message "b" #1`, "last 1"),
		Entry("is committed by a block without data", "id: 1\n\ndata: b\n\n", `message "b" #1`, "last 1"),
		Entry("last one wins", "id: 1\nid: 2\ndata: a\n\n", `message "a" #2`, "last 2"),
		Entry("empty resets it", "id: 1\ndata: a\n\nid\ndata: b\n\n", `message "a" #1`, `message "b"`),
		Entry("empty with a colon resets it", "id: 1\ndata: a\n\nid:\ndata: b\n\n", `message "a" #1`, `message "b"`),
		Entry("with NUL is ignored", "id: 1\x00\ndata: a\n\n", `message "a"`),
		Entry("with NUL leaves the one before in the block", "id: 1\nid: \x002\ndata: a\n\n", `message "a" #1`, "last 1"),
		Entry("with NUL leaves the one before in the stream", "id: 1\n\nid: \x00\ndata: a\n\n", `message "a" #1`, "last 1"),
		Entry("keeps a second space and a tab", "id:  \t\ndata: a\n\n", "message \"a\" # \t", "last  \t"),
	)

	DescribeTable("retry", fact,
		Entry("of digits is taken", "retry: 1000\n", "retry 1000"),
		Entry("without a space is taken", "retry:0\n", "retry 0"),
		Entry("keeps its leading zeros as written", "retry: 007\n", "retry 007"),
		Entry("of 40 digits is taken", "retry: "+strings.Repeat("9", 40)+"\n", "retry "+strings.Repeat("9", 40)),
		Entry("each counts", "retry: 1\nretry: 2\n", "retry 1", "retry 2"),
		Entry("in a discarded block counts", "retry: 1\ndata: a", "retry 1"),
		Entry("empty is ignored", "retry\nretry:\nretry: \n"),
		Entry("with a sign, point, unit or space is ignored", "retry: +1\nretry: -1\nretry: 1.5\nretry: 1s\nretry: 1 \nretry:  1\n"),
		Entry("in hex or other digits is ignored", "retry: 0x1\nretry: 1e3\nretry: \u0661\nretry: \uFF11\nretry: 1\x00\n"),
	)

	DescribeTable("any other line", fact,
		Entry("a comment touches no buffer", "data: a\n: c\n:data: b\ndata: d\n\n", `: " c"`, `: "data: b"`, `message "a\nd"`),
		Entry("a colon alone is a comment", ":\n", `: ""`),
		Entry("an unknown field is ignored", "data: a\nfoo: b\nfoo\ndata: c\n\n", `message "a\nc"`),
		Entry("names are not folded", "Data: a\nDATA: a\ndata: b\n\n", `message "b"`),
		Entry("names are not trimmed", " data: a\ndata : a\n\tdata: a\ndata: b\n\n", `message "b"`),
		Entry("NUL belongs to the name", "data\x00: a\n\x00data: a\nda\x00ta: a\ndata: b\n\n", `message "b"`),
		Entry("prefixes and extensions are other names", "dat: a\ndatax: a\nevents: x\nid2: x\nretryy: 1\ndata: b\n\n", `message "b"`),
	)
})

// remove returns facts without the first that is f, and with "no "+f if none is.
func remove(facts []string, f string) []string {
	i := slices.Index(facts, f)
	if i < 0 {
		return append(facts, "no "+f)
	}
	return slices.Delete(slices.Clone(facts), i, i+1)
}

var _ = Describe("Events", func() {
	pull := func(r io.Reader) (seen []string, err error) {
		for e, failed := range spec.Events(r) {
			if failed != nil {
				return seen, failed
			}
			seen = append(seen, shown(e))
		}
		return seen, nil
	}

	DescribeTable("reads to the end", func(wrap func(io.Reader) io.Reader) {
		seen, err := pull(wrap(strings.NewReader("data: a\n\nid: 1\ndata: b\n\ndata: lost")))
		Expect(err).NotTo(HaveOccurred())
		Expect(seen).To(Equal([]string{`message "a"`, `message "b" #1`}))
	},
		Entry("in one read", func(r io.Reader) io.Reader { return r }),
		Entry("bytewise", iotest.OneByteReader),
		Entry("with the error beside the last bytes", iotest.DataErrReader),
	)

	It("yields a read error once, after the events", func() {
		broken := errors.New("broken")
		seen, err := pull(io.MultiReader(strings.NewReader("data: a\n\n"), iotest.ErrReader(broken)))
		Expect(seen).To(Equal([]string{`message "a"`}))
		Expect(err).To(MatchError(broken))
	})

	It("yields nothing more and reads no further once broken off", func() {
		n := 0
		for range spec.Events(io.MultiReader(strings.NewReader("data: a\n\ndata: b\n\n"), iotest.ErrReader(errors.New("read")))) {
			n++
			break
		}
		Expect(n).To(Equal(1))
	})
})
