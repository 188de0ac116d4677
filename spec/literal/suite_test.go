package literal_test

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/spec"
	"github.com/ssespec/ssespec/spec/literal"
)

func TestLiteral(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "literal")
}

// message is an event of the default type without an id.
func message(data string) spec.Event {
	return spec.Event{Type: "message", Data: data}
}

// messages is a stream's events when all of them are plain messages.
func messages(data ...string) []spec.Event {
	var all []spec.Event
	for _, d := range data {
		all = append(all, message(d))
	}
	return all
}

// dispatches asserts what the events of stream are, and all of them.
func dispatches(stream string, want ...spec.Event) {
	GinkgoHelper()
	got := literal.Parse([]byte(stream)).Events
	if len(want) == 0 { // a table hands over no events now as nil, now as empty
		Expect(got).To(BeEmpty())
		return
	}
	Expect(got).To(Equal(want))
}
