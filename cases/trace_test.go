package cases_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
)

// body is one chunk.
func body(text string) []cases.Part { return []cases.Part{{Unit: []byte(text)}} }

var _ = Describe("The trace of a script", func() {
	DescribeTable("is what the model observes", func(want string, connections ...cases.Connection) {
		Expect(cases.Brief(cases.Script{Connections: connections}.Trace())).To(Equal(want))
	},
		Entry("of none", "nothing"),
		Entry("of one stream", `announce; dispatch message "a"; reestablish`, cases.Connection{Body: body("data: a\n\n")}),
		Entry("of a repeat", `announce; dispatch message "a"; dispatch message "a"; reestablish`, cases.Connection{Body: []cases.Part{{Unit: []byte("data: a\n\n"), Times: 2}}}),
		Entry("of one that hangs", `announce; dispatch message "a"`, cases.Connection{Body: body("data: a\n\ndata: b\n"), End: "hang"}),
		Entry("of one that is reset", `announce; reestablish`, cases.Connection{Body: body("data: b\n"), End: "reset"}),
		Entry("of a refusal", `reestablish; announce; reestablish`, cases.Connection{Refuse: true}, cases.Connection{}),
		Entry("of a redirect, which shows no step", `announce; reestablish`, cases.Connection{Status: 307, Headers: [][2]string{{"location", "{url:/b}"}}}, cases.Connection{On: "/b"}),
		Entry("of a redirect to nowhere", `fail`, cases.Connection{Status: 307}),
		Entry("of a wrong status, after which nothing is observed", `fail`, cases.Connection{Status: 204}, cases.Connection{Body: body("data: a\n\n")}),
		Entry("of a wrong type", `fail`, cases.Connection{Headers: [][2]string{{"content-type", "text/plain"}}}),
		Entry("of the last of two types", `announce; reestablish`, cases.Connection{Headers: [][2]string{{"Content-Type", "text/plain"}, {"Content-Type", "text/event-stream"}}}),
		Entry("of an id that the second connection keeps", `announce; dispatch message "a" id "1"; reestablish; announce; dispatch message "b" id "1"; reestablish`,
			cases.Connection{Body: body("id: 1\ndata: a\n\n")}, cases.Connection{Body: body("data: b\n\n")}),
	)
})
