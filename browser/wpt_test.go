package browser_test

import (
	"os"
	"regexp"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
)

// eventsourceTests are the tests of web-platform-tests below eventsource/, as of
// November 2026, but for those in workers.
var eventsourceTests = strings.Fields(`event-data.any eventsource-bfcache.window eventsource-close.window
	eventsource-constructor-document-domain.window eventsource-constructor-empty-url.any eventsource-constructor-non-same-origin.window
	eventsource-constructor-stringify.window eventsource-constructor-url-bogus.any eventsource-constructor-url-multi-window
	eventsource-cross-origin.window eventsource-cross-origin-preflight.window eventsource-cross-origin-redirect-origin.any
	eventsource-eventtarget.any eventsource-from-readable-stream.any eventsource-onmessage-realm eventsource-onmessage-trusted.any
	eventsource-onmessage.any eventsource-onopen.any eventsource-prototype.any eventsource-reconnect.window
	eventsource-request-cancellation.window eventsource-url.any format-bom.any format-bom-2.any format-comments.any
	format-data-before-final-empty-line.any format-field-data.any format-field-event-empty.any format-field-event.any format-field-id.any
	format-field-id-2.any format-field-id-3.window format-field-id-null.window format-field-parsing.any format-field-retry-bogus.any
	format-field-retry-empty.any format-field-retry.any format-field-unknown.any format-leading-space.any format-mime-bogus.any
	format-mime-trailing-semicolon.any format-mime-valid-bogus.any format-newlines.any format-null-character.any format-utf-8.any
	idlharness.any request-accept.any request-cache-control.any request-credentials.window request-redirect.window
	request-status-error.window`)

// inCode are the words that the README sets as code in its tables.
func inCode() (words []string) {
	GinkgoHelper()
	text, err := os.ReadFile("README.md")
	Expect(err).NotTo(HaveOccurred())
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "| ") {
			words = append(words, regexp.MustCompile("`[^`]+`").FindAllString(line, -1)...)
		}
	}
	for i, w := range words {
		words[i] = strings.Trim(w, "`")
	}
	return words
}

var _ = Describe("web-platform-tests", func() {
	suite := func() []cases.Case {
		all, err := cases.Load(cases.Files)
		Expect(err).NotTo(HaveOccurred())
		return all
	}

	It("are each covered by a case, or named with the reason why not", func() {
		known := inCode()
		for _, c := range suite() {
			for _, s := range c.Seen {
				known = append(known, strings.TrimPrefix(s, "wpt:"))
			}
		}
		for _, t := range eventsourceTests {
			Expect(known).To(ContainElement(t))
		}
	})

	It("are covered by cases that there are", func() {
		ids := cases.IDs(suite())
		for _, w := range inCode() {
			if strings.Contains(w, "/") && !strings.HasPrefix(w, "shared-worker/") && !strings.HasPrefix(w, "dedicated-worker/") {
				Expect(ids).To(ContainElement(w))
			}
		}
	})

	It("have a check of that name for each case of the interface, and no other", func() {
		text, err := os.ReadFile("api.js")
		Expect(err).NotTo(HaveOccurred())
		var checks, wanted []string
		for _, m := range regexp.MustCompile(`(?m)^  '([a-z-]+)'(?:\(t\) \{|: async t => \{)$`).FindAllStringSubmatch(string(text), -1) {
			checks = append(checks, m[1])
		}
		for _, c := range (cases.Selection{Sides: []cases.Side{cases.Browsers}}).Of(suite()) {
			wanted = append(wanted, c.Check())
		}
		slices.Sort(checks)
		slices.Sort(wanted)
		Expect(checks).To(Equal(wanted))
	})
})
