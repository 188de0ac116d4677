package stdio_test

import (
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// dispatch is a line with that event.
func dispatch(event string) string {
	return `{"run":"RUN","step":"dispatch","event":` + event + "}\n"
}

var _ = Describe("a line", func() {
	DescribeTable("is the step", func(ctx SpecContext, line string, want spec.Step) {
		p := client(line + end)
		trace, err := p.trace(ctx, url("7"))
		Expect(err).NotTo(HaveOccurred())
		Expect(trace).To(HaveLen(1))
		trace[0].At = 0
		Expect(trace[0]).To(Equal(want))
	},
		Entry("whose Base64 members are bytes", dispatch(`{"typeBase64":"/w==","dataBase64":"YQDtoIA=","lastEventIdBase64":""}`),
			spec.Step{Kind: spec.Dispatch, Event: &spec.Event{Type: "\xff", Data: "a\x00\xed\xa0\x80"}, Chunk: -1}),
		Entry("whose event has no type: that is not message", dispatch(`{"data":"a"}`), spec.Step{Kind: spec.Dispatch, Event: &spec.Event{Data: "a"}, Chunk: -1}),
		Entry("where null is left out", `{"run":"RUN","step":"dispatch","event":{"type":null,"data":"a","dataBase64":null},"retry":null,"comment":null,"chunk":null}`+"\n",
			spec.Step{Kind: spec.Dispatch, Event: &spec.Event{Data: "a"}, Chunk: -1}),
		Entry("with a surrogate pair and U+FFFD, which are Unicode", dispatch(`{"data":"\ud83d\ude00\ufffd\u0000"}`),
			spec.Step{Kind: spec.Dispatch, Event: &spec.Event{Data: "😀\ufffd\x00"}, Chunk: -1}),
		Entry("of a chunk", `{"run":"RUN","step":"fail","chunk":3}`+"\n", spec.Step{Kind: spec.Fail, Chunk: 3}),
		Entry("of an empty comment", `{"run":"RUN","comment":""}`+"\n", spec.Step{Kind: spec.Comment, Chunk: -1}),
		Entry("of a retry in a language without integers", `{"run":"RUN","retry":3000.0}`+"\n", spec.Step{Kind: spec.Retry, Text: "3000", Chunk: -1}),
		Entry("of a retry above all integers", `{"run":"RUN","retry":99999999999999999999}`+"\n", spec.Step{Kind: spec.Retry, Text: "99999999999999999999", Chunk: -1}),
		Entry("of a retry that is no time", `{"run":"RUN","retry":1e999999999}`+"\n", spec.Step{Kind: spec.Retry, Text: "1e999999999", Chunk: -1}),
		Entry("with members that nobody knows", `{"run":"RUN","step":"announce","x":{"y":1},"event":{"z":2}}`+"\n", spec.Step{Kind: spec.Announce, Chunk: -1}),
	)

	DescribeTable("is a fault of its run, and of no other,", func(ctx SpecContext, line string, words ...string) {
		p := client(line + end)
		_, err := p.trace(ctx, url("7"))
		for _, w := range append(words, `run "7"`) {
			Expect(fault(err)).To(ContainSubstring(w))
		}
		Expect(p.Hello(ctx)).Error().NotTo(HaveOccurred())
		_, err = p.trace(ctx, url("8"))
		Expect(fault(err)).To(ContainSubstring(`run "8"`))
	},
		Entry("with a lone surrogate", dispatch(`{"data":"\ud83d"}`), `member "event/data" is not valid Unicode`, `"dataBase64"`),
		Entry("with a low surrogate first", dispatch(`{"type":"\ude00\ud83d"}`), `member "event/type"`, `"typeBase64"`),
		Entry("with bytes that are no UTF-8", dispatch(`{"lastEventId":"`+"\xe4\xbd"+`"}`), `member "event/lastEventId" is not valid Unicode`, `"lastEventIdBase64"`),
		Entry("with an encoded surrogate", dispatch(`{"data":"`+"\xed\xa0\x80"+`"}`), `member "event/data" is not valid Unicode`),
		Entry("with a comment that is no UTF-8", `{"run":"RUN","comment":"`+"\xff"+`"}`+"\n", `member "comment" is not valid Unicode`),
		Entry("with the bad bytes before the run", `{"comment":"`+"\xff"+`","run":"RUN"}`+"\n", `member "comment" is not valid Unicode`),
		Entry("with a member twice", dispatch(`{"data":"a","data":"b"}`), `member "event/data" is there twice`, `"dataBase64"`),
		Entry("with a member in two spellings of the same name", dispatch(`{"data":"a","d\u0061ta":"b"}`), `member "event/data" is there twice`),
		Entry("with two forms of one string", dispatch(`{"data":"a","dataBase64":"YQ=="}`), `both "data" and "dataBase64"`),
		Entry("with Base64 that is none", dispatch(`{"dataBase64":"_-"}`), `member "event/dataBase64": illegal base64`),
		Entry("with a dispatch of nothing", `{"run":"RUN","step":"dispatch"}`+"\n", `step "dispatch" without the member "event"`),
		Entry("with data that is a number", dispatch(`{"data":1}`), `member "event/data" has the wrong JSON type`),
		Entry("with an unknown step", `{"run":"RUN","step":"opened"}`+"\n", `step "opened" is not known`),
		Entry("that says nothing", `{"run":"RUN"}`+"\n", "a line says one of step, comment"),
		Entry("that says two things", `{"run":"RUN","step":"announce","comment":"x"}`+"\n", `["step" "comment"]`),
		Entry("with a chunk before the first", `{"run":"RUN","step":"fail","chunk":-1}`+"\n", "chunks count from 0"),
		Entry("with a retry in quotes", `{"run":"RUN","retry":"3000"}`+"\n", `retry "3000" is not a number`),
	)

	DescribeTable("is garbage that is", func(ctx SpecContext, line, words string) {
		p := client(line + "\n")
		_, err := p.trace(ctx, url("7"))
		Expect(broken(err, target.Garbage).Detail).To(ContainSubstring(words))
	},
		Entry("no JSON", "Segmentation fault", `no JSON: "Segmentation fault"`),
		Entry("cut", `{"run":"RUN","step":"en`, "no JSON"),
		Entry("two objects", `{"run":"RUN","step":"end"}{"run":"RUN","step":"end"}`, "no JSON"),
		Entry("empty", "", `no JSON: ""`),
		Entry("an array", `[{"run":"RUN"}]`, `the line has the wrong JSON type`),
		Entry("of no run", `{"step":"end"}`, `no member "run"`),
		Entry("of a run that is a number", `{"run":7,"step":"end"}`, `member "run" has the wrong JSON type`),
		Entry("of two runs", `{"run":"RUN","run":"8","step":"end"}`, `member "run" is there twice`),
		Entry("of a run that is no Unicode", `{"run":"\ud83d","step":"end"}`, `member "run" is not valid Unicode`),
		Entry("deep beyond reason", func() string {
			deep := make([]byte, 200_000)
			for i := range deep {
				deep[i] = '['
			}
			return `{"run":"RUN","x":` + string(deep[:20_000])
		}(), "no JSON"),
	)

	Describe("with a member that the contract does not name", func() {
		const odd = `{"run":"RUN","step":"announce","tsep":1}` + "\n"

		It("is told", func(ctx SpecContext) {
			var mu sync.Mutex
			var told []string
			p := client(odd + dispatch(`{"id":"1"}`) + end)
			p.Unknown = func(line []byte, member string) {
				mu.Lock()
				defer mu.Unlock()
				told = append(told, member)
			}
			Expect(p.trace(ctx, url("7"))).To(HaveLen(2))
			mu.Lock()
			defer mu.Unlock()
			Expect(told).To(Equal([]string{"/tsep", "/event/id"}))
		}, NodeTimeout(time.Minute))

		It("is a fault where reading is strict", func(ctx SpecContext) {
			p := client(odd)
			p.Strict = true
			_, err := p.trace(ctx, url("7"))
			Expect(fault(err)).To(ContainSubstring(`member "tsep" is not known`))
		}, NodeTimeout(time.Minute))
	})
})
