package cases_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// refuses asserts the whole message about a file.
func refuses(text, message string) {
	GinkgoHelper()
	found, err := load(text)
	Expect(err).To(MatchError("dir/x.yaml" + message))
	Expect(found).To(BeEmpty())
}

// with is a file whose only case has further lines after its title.
func with(lines string) string { return one("title:", "  title: A\n"+lines) }

var _ = Describe("Loading", func() {
	DescribeTable("a file that is no list of cases is refused", refuses,
		Entry("empty", "", ":1:1: empty: want about: and cases:"),
		Entry("only comments", "# a\n", ":1:1: empty: want about: and cases:"),
		Entry("null", "~\n", ":1:1: want keys and values, found nothing"),
		Entry("a list", "- a\n", ":1:1: want keys and values, found a list"),
		Entry("one word", "a\n", `:1:1: want keys and values, found "a"`),
		Entry("without cases", "about: a\n", ":1:1: no cases: want a list under cases:"),
		Entry("an empty list of cases", "cases: []\n", ":1:1: no cases: want a list under cases:"),
		Entry("no list under cases", "cases: a\n", `:1:8: want a list, found "a"`),
		Entry("nothing under cases", "cases:\n", ":1:7: want a list, found nothing"),
		Entry("an unknown key at the top", "cass: []\n", `:1:1: unknown key "cass" (did you mean "cases"?)`),
		Entry("a second document", one()+"---\na: b\n", ":8:1: a second document: a file holds one"),
		Entry("larger than 1 MiB", one()+strings.Repeat("#\n", 1<<20), ":1:1: larger than 1 MiB"),
		Entry("no UTF-8", "about: \"\xff\"\n", ":1:9: not UTF-8: write the bytes as {hex: …}"),
		Entry("a control character", "about: a\ncases: \"ä\x00\"\n", ":2:10: a control character: write it as an escape in double quotes"),
		Entry("a tab as indentation", "cases:\n\t- id: a\n", ":2:1: a tab in the indentation: use spaces"),
		Entry("a tab after spaces", "cases:\n- id: a\n \ttitle: b\n", ":3:2: a tab in the indentation: use spaces"),
		Entry("a word that nothing starts with", "about: x\ncases: @a\nb:\n\t- c\n", ":2:1: no YAML: found character that cannot start any token"),
		Entry("an open list", "cases: [}\n", ":1:1: no YAML: did not find expected node content"),
		Entry("an open list further down", "about: x\ncases:\n- [}\n", ":3:1: no YAML: did not find expected node content"),
		Entry("a directive that is none", "%&$@!\n", ":1:1: no YAML: could not find expected directive name"),
		Entry("an unknown escape", "about: x\ncases:\n  - \"\\q\"\n", ":3:3: no YAML: found unknown escape character"),
		Entry("an open quote", "about: \"a\n", ":2:1: no YAML: found unexpected end of stream"),
		Entry("no mapping value", "cases:\n- id: a\n  title: a: b\n", ":3:3: no YAML: mapping values are not allowed in this context"),
		Entry("nested 100 deep", "about: "+strings.Repeat("[", 100)+strings.Repeat("]", 100)+"\n", ":1:71: nested deeper than 64 levels"),
		Entry("an anchor", "about: &a b\n", ":1:8: anchors and aliases are not allowed: write the value out"),
		Entry("an alias", one("title:", "  title: A\n  about: &a b\n  seen: [*a]"), ":4:10: anchors and aliases are not allowed: write the value out"),
	)

	DescribeTable("a case with wrong keys or types is refused", refuses,
		Entry("an unknown key near a known one", with("  expct: []"), `:4:3: unknown key "expct" (did you mean "expect"?)`),
		Entry("an unknown key near none", with("  zzzzzzzzzz: 1"), `:4:3: unknown key "zzzzzzzzzz"`),
		Entry("a key twice", with("  title: B"), `:4:3: key "title" is there twice`),
		Entry("a merge key", with("  <<: {about: \"a\"}"), `:4:3: unknown key "<<"`),
		Entry("a number for text", one("title:", "  title: 7"), `:3:10: want text, found "7": put it in quotes`),
		Entry("a day for text", one("title:", "  title: 2027-06-01"), `:3:10: want text, found "2027-06-01": put it in quotes`),
		Entry("yes for text", one("title:", "  title: true"), `:3:10: want text, found "true": put it in quotes`),
		Entry("a list for a key", with("  ? [a, b]\n  : c"), `:4:5: want a word before the colon, found a list`),
		Entry("nothing for text", one("title:", "  title:"), `:3:9: want text, found nothing`),
		Entry("a tag of its own", one("title:", "  title: !x a"), `:3:10: want text, found "a"`),
		Entry("text for a list", one("clauses:", "  clauses: line-lf"), `:4:12: want a list, found "line-lf"`),
		Entry("a word for a case", "cases: [a]\n", `:1:9: want keys and values, found "a"`),
		Entry("text for a number", one("stream:", "  connections: [{status: \"200\"}]"), `:5:26: want a whole number, found "200"`),
		Entry("a number that does not fit", one("stream:", "  connections: [{status: 18446744073709551615}]"), `:5:26: want a whole number that fits, found "18446744073709551615"`),
		Entry("text for true or false", one("stream:", "  connections: [{refuse: 1}]"), `:5:26: want true or false, found "1"`),
		Entry("a header of three", one("stream:", "  connections: [{headers: [[a, b, c]]}]"), `:5:28: a header is a pair [name, value], found 3 entries`),
		Entry("an unknown key of a connection", one("stream:", "  connections: [{stauts: 200}]"), `:5:18: unknown key "stauts" (did you mean "status"?)`),
		Entry("a header twice", with("  subscribe: {headers: {a: b, a: c}}"), `:4:31: key "a" is there twice`),
		Entry("kills that is a word", with("  kills: all"), `:4:10: want keys and values, found "all"`),
		Entry("long text is cut short", one("stream:", "  stream: "+strings.Repeat("a", 99)), `:5:11: want a list, found "`+strings.Repeat("a", 40)+`"`),
	)

	DescribeTable("a case that says too little or too much is refused", refuses,
		Entry("no id", one("- id:", "- about: a"), `:2:3: id wants small letters, digits and single hyphens, found ""`),
		Entry("an id with capitals", one("- id:", "- id: Two-Lines"), `:2:7: id wants small letters, digits and single hyphens, found "Two-Lines"`),
		Entry("no title", one("title:", ""), `:2:3: case "a" has no title`),
		Entry("no clauses", one("clauses:", ""), `:2:3: case "a" names no clause`),
		Entry("an empty list of clauses", one("clauses:", "  clauses: []"), `:4:12: case "a" names no clause`),
		Entry("an unknown clause near a known one", one("clauses:", "  clauses: [line-lf, field-dta-append]"), `:4:22: case "a": unknown clause "field-dta-append" (did you mean "field-data-append"?)`),
		Entry("an unknown clause near none", one("clauses:", "  clauses: [zzzzzzzzzzzzzzzzz]"), `:4:13: case "a": unknown clause "zzzzzzzzzzzzzzzzz"`),
		Entry("a level that is none", with("  level: always"), `:4:10: case "a": level is must, should or may, found "always"`),
		Entry("neither stream nor connections", one("stream:", ""), `:2:3: case "a" has neither stream nor connections`),
		Entry("neither stream nor expect, and no clause for servers", "cases:\n- id: a\n  title: A\n  clauses: [line-lf]\n",
			`:2:3: case "a" has neither stream nor connections, and no clause that binds servers (or delivery, advice)`),
		Entry("a capability for what a server answers", "cases:\n- id: a\n  title: A\n  clauses: [delivery]\n  requires: [retry]\n",
			`:5:13: case "a": requires is for cases with a stream`),
		Entry("a subscription to what a server answers", "cases:\n- id: a\n  title: A\n  clauses: [delivery]\n  subscribe: {method: POST}\n",
			`:5:14: case "a": subscribe is for cases with a stream`),
		Entry("both stream and connections", with("  connections: []"), `:2:3: case "a" has both stream and connections: stream is short for one connection`),
		Entry("no expect", one("expect:", "", "dispatch:", ""), `:2:3: case "a" has no expect: write [] when nothing is dispatched`),
		Entry("an expect of null", one("expect:", "  expect:", "dispatch:", ""), `:2:3: case "a" has no expect: write [] when nothing is dispatched`),
	)

	DescribeTable("an expectation that the model contradicts is refused", refuses,
		Entry("other data", one("dispatch:", "  - dispatch: {data: \"b\"}"),
			":7:3: case \"a\": the expectation and the model disagree\n  expect dispatch message \"b\"\n  model  dispatch message \"a\""),
		Entry("nothing", one("expect:", "  expect: []", "dispatch:", ""),
			":6:11: case \"a\": the expectation and the model disagree\n  expect nothing\n  model  dispatch message \"a\""),
		Entry("an event too many", one("dispatch:", "  - dispatch: {data: \"a\"}\n  - dispatch: {data: \"b\", lastEventId: \"1\"}"),
			":7:3: case \"a\": the expectation and the model disagree\n  expect dispatch message \"a\"; dispatch message \"b\" id \"1\"\n  model  dispatch message \"a\""),
		Entry("a step but not all", one("dispatch:", "  - announce\n  - dispatch: {data: \"a\"}"),
			":7:3: case \"a\": the expectation and the model disagree\n  expect announce; dispatch message \"a\"\n  model  announce; dispatch message \"a\"; reestablish"),
		Entry("an event too often", one("dispatch:", "  - dispatch: {data: \"a\"}\n    times: 2"),
			":7:3: case \"a\": the expectation and the model disagree\n  expect dispatch message \"a\"; dispatch message \"a\"\n  model  dispatch message \"a\""),
		Entry("one of thirty events", one("stream:", "  stream: [{repeat: \"data: a\\n\\n\", times: 30}]", "dispatch:", "  - dispatch: {data: \"a\"}\n    times: 29"),
			":7:3: case \"a\": the expectation and the model disagree\n  expect (26 steps); "+strings.Repeat("dispatch message \"a\"; ", 2)+"dispatch message \"a\"\n  model  (26 steps); "+strings.Repeat("dispatch message \"a\"; ", 3)+"dispatch message \"a\""),
		Entry("a comment that is not there", one("dispatch:", "  - comment: \"c\"\n  - dispatch: {data: \"a\"}"),
			":7:3: case \"a\": the expectation and the model disagree\n  expect comment \"c\"; dispatch message \"a\"\n  model  dispatch message \"a\""),
	)

	DescribeTable("a step that is none is refused",
		func(step, message string) { refuses(one("dispatch:", "  - "+step), message) },
		Entry("an unknown word", "anounce", `:7:5: unknown step "anounce" (did you mean "announce"?)`),
		Entry("dispatch without an event", "dispatch", `:7:5: unknown step "dispatch"`),
		Entry("an unknown key", "{dispach: {data: \"a\"}}", `:7:6: unknown step "dispach" (did you mean "dispatch"?)`),
		Entry("two keys", "{comment: \"a\", retry: 1}", `:7:5: a step is one word, or one of dispatch, comment, retry with its value`),
		Entry("no times at all", "{dispatch: {data: \"a\"}, times: 0}", `:7:36: times wants a whole number from 1 to 100000, found "0"`),
		Entry("too many times", "{dispatch: {data: \"a\"}, times: 100001}", `:7:36: times wants a whole number from 1 to 100000, found "100001"`),
		Entry("a word for times", "{dispatch: {data: \"a\"}, times: often}", `:7:36: times wants a whole number from 1 to 100000, found "often"`),
		Entry("a comment times over", "{comment: \"a\", times: 2}", `:7:5: a step is one word, or one of dispatch, comment, retry with its value`),
		Entry("a dispatch with another key", "{dispatch: {data: \"a\"}, time: 2}", `:7:5: a step is one word, or one of dispatch, comment, retry with its value`),
		Entry("a list", "[announce]", `:7:5: a step is one word, or one of dispatch, comment, retry with its value`),
		Entry("an unknown key of an event", "dispatch: {dta: \"a\"}", `:7:16: unknown key "dta" (did you mean "data"?)`),
		Entry("a number for data", "dispatch: {data: 1}", `:7:22: want text in quotes, found "1"`),
		Entry("data that pauses", "dispatch: {data: {pause: 1ms}}", `:7:22: text cannot pause`),
		Entry("a retry that is no number", "retry: soon", `:7:12: retry wants a whole number, found "soon"`),
		Entry("a retry below 0", "retry: -1", `:7:12: retry wants a whole number, found "-1"`),
		Entry("a retry of nothing", "{retry: ~}", `:7:13: retry wants a whole number, found nothing`),
	)

	It("tells of every bad file at once, and keeps the cases of the good ones", func() {
		found, err := cases.Load(files("a.yaml", one(), "b.yaml", "b\n", "c.yaml", ""))
		Expect(err).To(MatchError("b.yaml:1:1: want keys and values, found \"b\"\nc.yaml:1:1: empty: want about: and cases:"))
		Expect(cases.IDs(found)).To(Equal([]string{"a/a"}))
	})

	It("tells one thing about a case with several faults, with its place", func() {
		refuses(one("clauses:", "  clauses: [no]", "dispatch:", "  - dispatch: {data: \"b\"}"), `:4:13: case "a": unknown clause "no"`)
	})

	It("refuses an id that is there twice in one file", func() {
		_, err := load(one() + strings.TrimPrefix(one(), "cases:\n"))
		Expect(err).To(MatchError(`dir/x.yaml:8:3: id "dir/x/a" is already used at dir/x.yaml:2`))
	})

	It("lets two files use one name: the ids differ by the file's", func() {
		found, err := cases.Load(files("a/b.yaml", one(), "a/b.yaml.yaml", one(), "a.yaml", one()))
		Expect(err).NotTo(HaveOccurred())
		Expect(cases.IDs(found)).To(Equal([]string{"a/a", "a/b.yaml/a", "a/b/a"}))
	})

	It("says that there is no case file", func() {
		_, err := cases.Load(files("read.me", "a", ".hidden.yaml", "a"))
		Expect(err).To(MatchError("no case files (*.yaml) found"))
	})

	It("says that a directory cannot be read", func() {
		_, err := cases.Load(broken{})
		Expect(err).To(MatchError(ContainSubstring("no such directory")))
	})

	It("fills in what the case leaves out", func() {
		found, err := load(one())
		Expect(err).NotTo(HaveOccurred())
		Expect(found).To(HaveLen(1))
		c := found[0]
		Expect([]any{c.ID, c.File, c.Line, c.Column, c.Level}).To(Equal([]any{"dir/x/a", "dir/x.yaml", 2, 3, spec.Must}))
		Expect(cases.Brief(c.Expect)).To(Equal(`announce; dispatch message "a"; reestablish`))
		Expect([]bool{c.AllSteps, c.Comments, c.Retries}).To(Equal([]bool{false, false, false}))
	})

	It("takes a case in which nothing is sent for a check of servers", func() {
		found, err := load("cases:\n- id: a\n  title: A\n  clauses: [advice, line-lf]\n")
		Expect(err).NotTo(HaveOccurred())
		Expect(found[0].Observed).To(BeTrue())
		Expect(found[0].Side()).To(Equal(cases.Servers))
		found, err = load(one())
		Expect(err).NotTo(HaveOccurred())
		Expect(found[0].Side()).To(Equal(cases.Clients))
	})

	DescribeTable("the level is that of the first clause unless the case names one",
		func(lines string, want spec.Level) {
			found, err := load(one("clauses:", lines))
			Expect(err).NotTo(HaveOccurred())
			Expect(found[0].Level).To(Equal(want))
		},
		Entry("a must", "  clauses: [line-lf, delivery]", spec.Must),
		Entry("delivery", "  clauses: [delivery]", spec.Should),
		Entry("advice", "  clauses: [advice, line-lf]", spec.Should),
		Entry("named", "  clauses: [line-lf]\n  level: may", spec.May),
	)

	It("compares a retry of any size", func() {
		found, err := load(one("stream:", `  stream: ["retry: 099999999999999999999999\ndata: a\n\n"]`, "dispatch:", "  - retry: 99999999999999999999999\n  - dispatch: {data: a}"))
		Expect(err).NotTo(HaveOccurred())
		Expect(found[0].Expect[1].Text).To(Equal("99999999999999999999999"))
	})

	It("reads every member of a connection and of a subscription", func() {
		found, err := load(one("title:", `  title: A
  kills: {none: "because"}
  subscribe: {url: "{url:/b}", lastEventId: "7", reconnectionTime: 5, headers: {X-A: "b"}, method: POST, body: "b", closeOn: {step: dispatch, count: 1}}`,
			"stream:", `  connections: [{on: /b, http: "1.0", informational: [103], status: 200, headers: [[A, b], [A, c]], framing: until-close, trailers: [[T, t]], body: ["data: a\n\n"], end: cut}]`,
			"dispatch:", `  - dispatch: {type: "message", data: "a", lastEventId: "7"}`))
		Expect(err).NotTo(HaveOccurred())
		ms := int64(5)
		Expect(found[0].Subscribe).To(Equal(cases.Subscribe{URL: "{url:/b}", LastEventID: "7", ReconnectionTime: &ms, Headers: map[string]string{"X-A": "b"},
			Method: "POST", Body: []byte("b"), CloseOn: spec.Dispatch, CloseCount: 1}))
		Expect(found[0].Script).To(Equal(cases.Script{Connections: []cases.Connection{{On: "/b", HTTP: "1.0", Informational: []int{103}, Status: 200,
			Headers: [][2]string{{"A", "b"}, {"A", "c"}}, Framing: "until-close", Trailers: [][2]string{{"T", "t"}},
			Body: []cases.Part{{Unit: []byte("data: a\n\n")}}, End: "cut"}}}))
		Expect(found[0].Kills.None).To(Equal("because"))
	})

	It("reads other files as strictly, and places what it reads", func() {
		var into struct {
			A cases.Placed[string] `yaml:"a"`
		}
		Expect(cases.DecodeStrict("b.yaml", []byte("\na: x\n"), &into)).To(Succeed())
		Expect(into.A).To(Equal(cases.Placed[string]{Value: "x", Line: 2}))
		Expect(cases.DecodeStrict("b.yaml", []byte("b: x\n"), &into)).To(MatchError(`b.yaml:1:1: unknown key "b"`))
		Expect(cases.DecodeStrict("b.yaml", nil, &into)).To(MatchError("b.yaml:1:1: empty"))
	})

	It("compares comments and retries where the case names one", func() {
		found, err := load(one("stream:", `  stream: [":c\nretry: 7\ndata: a\n\n"]`, "dispatch:", "  - comment: c\n  - retry: 7\n  - dispatch: {data: a}"))
		Expect(err).NotTo(HaveOccurred())
		Expect([]bool{found[0].Comments, found[0].Retries}).To(Equal([]bool{true, true}))
		Expect(cases.Brief(found[0].Expect)).To(Equal(`announce; comment "c"; retry "7"; dispatch message "a"; reestablish`))
	})
})
