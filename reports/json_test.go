package reports_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/spec"
)

// secondOpinion compiles the report's schema with an implementation other than
// the one that made it.
func secondOpinion() *jsonschema.Schema {
	GinkgoHelper()
	made, err := reports.Schema()
	Expect(err).NotTo(HaveOccurred())
	text, err := json.Marshal(made)
	Expect(err).NotTo(HaveOccurred())
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	Expect(err).NotTo(HaveOccurred())
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	Expect(c.AddResource("report.json", doc)).To(Succeed())
	compiled, err := c.Compile("report.json")
	Expect(err).NotTo(HaveOccurred())
	return compiled
}

// document is the JSON report of a run, as a reader gets it.
func document(run reports.Run) (text []byte, doc map[string]any) {
	GinkgoHelper()
	var b bytes.Buffer
	Expect(reports.WriteJSON(&b, reports.New(run))).To(Succeed())
	decoded, err := jsonschema.UnmarshalJSON(bytes.NewReader(b.Bytes()))
	Expect(err).NotTo(HaveOccurred())
	return b.Bytes(), decoded.(map[string]any)
}

// at walks down a document: names of members and indexes of lists.
func at(doc any, path ...any) any {
	GinkgoHelper()
	for _, p := range path {
		switch p := p.(type) {
		case string:
			Expect(doc).To(HaveKey(p))
			doc = doc.(map[string]any)[p]
		case int:
			Expect(len(doc.([]any))).To(BeNumerically(">", p))
			doc = doc.([]any)[p]
		}
	}
	return doc
}

var _ = Describe("the JSON report", func() {
	event := func(e spec.Event) reports.Run { return runOf(shown(spec.DispatchStep(e))) }
	long := strings.Repeat("é", 3000)

	DescribeTable("fits its own schema, in the eyes of another implementation",
		func(run reports.Run) {
			_, doc := document(run)
			Expect(secondOpinion().Validate(doc)).To(Succeed())
		},
		Entry("with every verdict", runOf(resultOf(runner.Pass), resultOf(runner.Fail), resultOf(runner.Warn), resultOf(runner.Skip), resultOf(runner.Error))),
		Entry("without a result", runOf()),
		Entry("of the zero run", reports.Run{}),
		Entry("with bytes that are no UTF-8", event(spec.Event{Type: "\xff", Data: "a\xc3", LastEventID: "\xed\xa0\x80"})),
		Entry("with long strings", event(spec.Event{Type: long, Data: long, LastEventID: long})),
		Entry("with long strings that are no UTF-8", event(spec.Event{Type: long + "\xff", Data: long + "\xff", LastEventID: long + "\xff"})),
		Entry("with every kind of step", runOf(shown(spec.Step{Kind: spec.Announce, Chunk: -1}, dispatch("a"),
			spec.Step{Kind: spec.Comment, Text: "c\xff", Chunk: 0}, spec.Step{Kind: spec.Retry, Text: "3000", Chunk: 1},
			spec.Step{Kind: spec.Reestablish, Text: "gone"}, spec.Step{Kind: spec.Fail}))),
		Entry("with an event of nothing", event(spec.Event{})),
		Entry("with hostile requests", runOf(asked(hostileRequest()))),
		Entry("with too much to hold", runOf(shown(slices.Repeat(spec.Trace{dispatch(long)}, 2000)...))),
	)

	DescribeTable("its schema refuses what a report must not be",
		func(change func(doc map[string]any)) {
			_, doc := document(runOf(resultOf(runner.Fail)))
			schema := secondOpinion()
			Expect(schema.Validate(doc)).To(Succeed())
			change(doc)
			Expect(schema.Validate(doc)).NotTo(Succeed())
		},
		Entry("without results", func(doc map[string]any) { delete(doc, "results") }),
		Entry("with a member that nobody knows", func(doc map[string]any) { doc["surprise"] = true }),
		Entry("with a number for complete", func(doc map[string]any) { doc["complete"] = 1 }),
		Entry("with a step that has a number for data", func(doc map[string]any) {
			at(doc, "results", 0, "got", 0, "event").(map[string]any)["data"] = 1
		}),
		Entry("with half a summary for data", func(doc map[string]any) {
			at(doc, "results", 0, "got", 0, "event").(map[string]any)["data"] = map[string]any{"length": 1}
		}),
	)

	It("carries bytes that are no UTF-8 in the Base64 members, and in those alone", func() {
		_, doc := document(event(spec.Event{Type: "message", Data: "a\xff", LastEventID: "\xc3("}))
		Expect(at(doc, "results", 0, "got", 0, "event")).To(Equal(map[string]any{
			"type":              "message",
			"dataBase64":        base64.StdEncoding.EncodeToString([]byte("a\xff")),
			"lastEventIdBase64": base64.StdEncoding.EncodeToString([]byte("\xc3(")),
		}))
	})

	It("holds a string of 4 KiB whole, and of one byte more the length, digest and ends", func() {
		_, doc := document(runOf(shown(dispatch(strings.Repeat("x", 4096)), dispatch("head"+strings.Repeat("x", 4089)+"tail"))))
		Expect(at(doc, "results", 0, "got", 0, "event", "data")).To(HaveLen(4096))
		summary := at(doc, "results", 0, "got", 1, "event", "data")
		Expect(at(summary, "length")).To(Equal(json.Number("4097")))
		Expect(at(summary, "sha256")).To(Equal(sha256Of("head" + strings.Repeat("x", 4089) + "tail")))
		Expect(at(summary, "head")).To(HavePrefix("headx"))
		Expect(at(summary, "tail")).To(HaveSuffix("xtail"))
	})

	It("says so when a string in base64 is too long, in place of cutting it", func() {
		_, doc := document(event(spec.Event{Data: strings.Repeat("\xff", 5000)}))
		Expect(at(doc, "results", 0, "got", 0, "event", "dataBase64", "length")).To(Equal(json.Number("6668")))
	})

	It("of an interrupted run says that it is partial", func() {
		run := runOf(resultOf(runner.Pass))
		run.Complete, run.Suite.Cases = false, 156
		_, doc := document(run)
		Expect(secondOpinion().Validate(doc)).To(Succeed())
		Expect(at(doc, "complete")).To(BeFalse())
		Expect(at(doc, "notes")).To(ContainElement(ContainSubstring("interrupted")))
		Expect(at(doc, "profile", "verdict")).To(Equal("partial"))
	})

	It("of the built-in target has that kind and no profile", func() {
		run := runOf(resultOf(runner.Pass))
		run.BuiltIn = true
		_, doc := document(run)
		Expect(at(doc, "target", "kind")).To(Equal("built-in"))
		Expect(doc).NotTo(HaveKey("profile"))
	})

	It("keeps evidence of what did not pass, and none of what did", func() {
		_, doc := document(runOf(resultOf(runner.Pass), resultOf(runner.Warn)))
		Expect(at(doc, "results", 0)).NotTo(Or(HaveKey("wire"), HaveKey("reproduce")))
		Expect(at(doc, "results", 1)).To(And(HaveKey("wire"), HaveKey("reproduce")))
	})

	It("keeps the offset 0 and leaves out none", func() {
		_, doc := document(runOf(shown(dispatch("b")), resultOf(runner.Fail)))
		Expect(at(doc, "results", 0, "offset")).To(Equal(json.Number("0")))
		Expect(at(doc, "results", 1)).NotTo(HaveKey("offset"))
	})

	It("reads the bytes of a hostile request as what they are, shortened", func() {
		_, doc := document(runOf(asked(hostileRequest())))
		headers := at(doc, "results", 0, "requests", 0, "headers")
		Expect(at(headers, 0, 1)).To(Equal("\x1b]0;owned\a\ufffd"))
		Expect(at(headers, 1, 1)).To(HaveSuffix("… (100000 bytes)"))
		Expect(len(at(headers, 1, 1).(string))).To(BeNumerically("<", 4200))
	})
})

func hostileRequest() origin.Request {
	return origin.Request{Method: "G\xffT", Target: "/\x00?\xc3", Status: 200, Headers: []origin.Header{
		{Name: "X-A", Value: "\x1b]0;owned\a\xff"}, {Name: "\xfe", Value: strings.Repeat("h", 100000)}, {},
	}}
}

// asked returns a failure with those requests.
func asked(list ...origin.Request) runner.Result {
	r := resultOf(runner.Fail)
	r.Requests = list
	return r
}

var _ = Describe("the size of the JSON report", func() {
	const most = 16 << 20
	nuls := strings.Repeat("\x00", 4096)

	DescribeTable("stays at most 16 MiB",
		func(n int, result func(i int) runner.Result) {
			results := make([]runner.Result, n)
			for i := range results {
				results[i] = result(i)
			}
			text, doc := document(runOf(results...))
			Expect(len(text)).To(BeNumerically("<=", most))
			Expect(at(doc, "results")).To(HaveLen(n), "no result is left out")
		},
		Entry("for 1 MiB of controls in one string each", 256, func(int) runner.Result { return shown(dispatch(nuls)) }),
		Entry("for 1 MiB of the shortest steps", 1, func(int) runner.Result {
			return shown(slices.Repeat(spec.Trace{{Kind: spec.Announce, Chunk: -1}}, 1<<20/len(`{"run":"7","step":"announce"}`))...)
		}),
		Entry("for a million events", 2, func(int) runner.Result { return shown(manySteps...) }),
		Entry("for many events in every case", 150, func(int) runner.Result { return shown(manySteps[:20000]...) }),
		Entry("for three strings of 4 KiB of controls, many times", 300, func(int) runner.Result {
			return shown(slices.Repeat(spec.Trace{spec.DispatchStep(spec.Event{Type: nuls, Data: nuls, LastEventID: nuls})}, 100)...)
		}),
		Entry("for a megabyte of reason, outcome and standard error each", 150, func(int) runner.Result {
			r := shown(dispatch("b"))
			r.Reason, r.Outcome, r.Stderr = manyControls, manyControls, manyControls
			return r
		}),
		Entry("for a hundred requests each", 150, func(int) runner.Result {
			return asked(slices.Repeat([]origin.Request{hostileRequest()}, 100)...)
		}),
		Entry("for 65,536 chunks of a byte each", 10, func(int) runner.Result {
			r := shown(dispatch("b"))
			r.Chunks = slices.Repeat([][]byte{{0}}, 1<<16)
			return r
		}),
	)

	It("counts the steps that it leaves out, and keeps those around the first difference", func() {
		want := make(spec.Trace, 10000)
		for i := range want {
			want[i] = dispatch(fmt.Sprint(i))
		}
		got := slices.Clone(want)
		got[7000] = dispatch("wrong")
		r := shown(got...)
		r.Want = want
		_, doc := document(runOf(r))
		kept := at(doc, "results", 0, "got").([]any)
		Expect(at(doc, "results", 0, "omitted", "got")).To(Equal(json.Number(fmt.Sprint(10000 - len(kept)))))
		Expect(at(kept, 0, "event", "data")).To(Equal("6992"))
		Expect(at(kept, 8, "event", "data")).To(Equal("wrong"))
		Expect(at(doc, "results", 0, "want", 8, "event", "data")).To(Equal("7000"))
	})

	It("leaves nothing out where there is room", func() {
		_, doc := document(runOf(shown(slices.Repeat(spec.Trace{dispatch("a")}, 200)...)))
		Expect(at(doc, "results", 0, "got")).To(HaveLen(200))
		Expect(at(doc, "results", 0)).NotTo(HaveKey("omitted"))
	})
})

// manySteps and manyControls are shared: the rows of the table only read them.
var (
	manySteps    = slices.Repeat(spec.Trace{dispatch("\x00")}, 1_000_000)
	manyControls = strings.Repeat("\x00", 1<<20)
)
