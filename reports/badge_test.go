package reports_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
)

// badgeOf is what Shields reads of a run.
func badgeOf(run reports.Run) (badge map[string]any) {
	GinkgoHelper()
	var b bytes.Buffer
	Expect(reports.WriteBadgeJSON(&b, run)).To(Succeed())
	Expect(json.Unmarshal(b.Bytes(), &badge)).To(Succeed())
	return badge
}

// drawn is a run's badge as a picture.
func drawn(run reports.Run) string {
	GinkgoHelper()
	var b strings.Builder
	Expect(reports.WriteBadgeSVG(&b, run)).To(Succeed())
	return b.String()
}

// elementsOf returns the names in XML, which has to be well-formed, and the text of its titles.
func elementsOf(text string) (names map[string]int, title string) {
	GinkgoHelper()
	names = map[string]int{}
	inside := ""
	for d := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return names, title
		}
		Expect(err).NotTo(HaveOccurred())
		switch token := token.(type) {
		case xml.StartElement:
			inside = token.Name.Local
			names[inside]++
		case xml.EndElement:
			inside = ""
		case xml.CharData:
			if inside == "title" {
				title += string(token)
			}
		}
	}
}

var _ = Describe("A badge", func() {
	pass, fail, skip := resultOf(runner.Pass), shown(), resultOf(runner.Skip)
	asItIs := func(*reports.Run) {}

	DescribeTable("says",
		func(message, color string, change func(*reports.Run), results ...runner.Result) {
			run := runOf(results...)
			change(&run)
			want := map[string]any{"schemaVersion": 1.0, "label": "SSE client", "message": message, "color": color}
			if color != "brightgreen" {
				want["isError"] = true
			}
			Expect(badgeOf(run)).To(Equal(want))
			Expect(strings.Contains(drawn(run), "#1a7f37")).To(Equal(color == "brightgreen"))
		},
		Entry("that a target conforms", "conforms (suite 0.1)", "brightgreen", asItIs, pass),
		Entry("that it conforms with a warning", "conforms (suite 0.1)", "brightgreen", asItIs, pass, resultOf(runner.Warn)),
		Entry("to which suite it is held", "conforms (suite 0.0.1)", "brightgreen", func(r *reports.Run) { r.Suite.HeldTo = "0.0.1" }, pass),
		Entry("that it does not", "does not conform (suite 0.1)", "red", asItIs, pass, fail),
		Entry("that it does not, though it is known", "does not conform (suite 0.1)", "red", asItIs, func() runner.Result { r := fail; r.Known = true; return r }()),
		Entry("how much passes where something is skipped", "partial, 1 of 2 pass (suite 0.1)", "yellow", asItIs, pass, skip),
		Entry("how much passes where something broke", "partial, 1 of 2 pass (suite 0.1)", "yellow", asItIs, pass, resultOf(runner.Error)),
		Entry("how much passes of a shard", "partial, 1 of 1 pass (suite 0.1)", "yellow", func(r *reports.Run) { r.Suite.Cases = 3 }, pass),
		Entry("how much passes until an interruption", "partial, 1 of 1 pass (suite 0.1)", "yellow", func(r *reports.Run) { r.Complete = false }, pass),
		Entry("that nothing ran", "partial, 0 of 0 pass (suite 0.1)", "yellow", func(r *reports.Run) { r.Complete = false }),
	)

	It("is not to be had of the built-in target", func() {
		run := runOf(pass)
		run.BuiltIn = true
		Expect(reports.WriteBadgeJSON(io.Discard, run)).To(MatchError(ContainSubstring("built-in")))
		Expect(reports.WriteBadgeSVG(io.Discard, run)).To(MatchError(ContainSubstring("built-in")))
	})

	It("is a picture with a title, and nothing that could run or be loaded", func() {
		text := drawn(everyRun())
		names, title := elementsOf(text)
		Expect(names).To(Equal(map[string]int{"svg": 1, "title": 1, "clipPath": 1, "rect": 3, "g": 2, "text": 2}))
		Expect(title).To(And(HavePrefix("ta/rget nul \\x00 esc \\x1b[2J"), HaveSuffix("SSE client does not conform (suite 0.1)")))
		Expect(strings.Count(text, "http")).To(Equal(1), "the namespace")
	})

	It("is as wide as its words", func() {
		Expect(drawn(runOf(pass))).To(And(ContainSubstring(`<svg xmlns="http://www.w3.org/2000/svg" width="207" height="20"`), ContainSubstring(`textLength="61">SSE client<`), ContainSubstring(`textLength="122">conforms (suite 0.1)<`)))
	})
})
