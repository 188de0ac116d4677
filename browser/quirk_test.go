package browser_test

import (
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/browser"
	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/baseline"
	"github.com/ssespec/ssespec/spec"
)

// rewritten is the stream as all quirks of the engine have it.
func rewritten(name, stream string) string {
	GinkgoHelper()
	engine, found := browser.Find(name)
	Expect(found).To(BeTrue())
	text := []byte(stream)
	for _, q := range engine.Quirks() {
		text = q.Rewrite(text)
	}
	return string(text)
}

// shown is what an EventSource shows of the stream, after the quirks if there are any.
func shown(stream []byte, quirks ...browser.Quirk) spec.Trace {
	for _, q := range quirks {
		stream = q.Rewrite(stream)
	}
	return cases.One(stream).Trace().Only(spec.Dispatch)
}

// knownParsing returns the reasons that are known of an engine, and the streams, by
// the id of the case, of those that a quirk can be about: one ordinary stream.
func knownParsing(e browser.Engine) (reasons map[string]string, streams map[string][]byte) {
	GinkgoHelper()
	name, text := e.Known()
	known, err := baseline.Parse(name, text)
	Expect(err).NotTo(HaveOccurred())
	all, err := cases.Load(cases.Files)
	Expect(err).NotTo(HaveOccurred())
	reasons, streams = map[string]string{}, map[string][]byte{}
	for _, c := range all {
		if chunks, plain := c.Script.Stream(); plain && c.Side() == cases.Clients {
			streams[c.ID] = slices.Concat(chunks...)
		}
	}
	for _, entry := range known.Entries {
		if streams[entry.Case] != nil {
			reasons[entry.Case] = entry.Reason
		}
	}
	return reasons, streams
}

var _ = Describe("A quirk", func() {
	DescribeTable("is a rewriting of the stream", func(engine, stream, want string) {
		Expect(rewritten(engine, stream)).To(Equal(want))
	},
		Entry("a single LF behind a byte order mark is text", "chromium", "\ufeff\ndata: a\n\n", "\ufeffxdata: a\n\n"),
		Entry("a single CR as well", "chromium", "\ufeff\rdata: a\n\n", "\ufeffxdata: a\n\n"),
		Entry("of a CRLF only the CR", "chromium", "\ufeff\r\ndata: a\n\n", "\ufeffx\ndata: a\n\n"),
		Entry("another first line is as it is", "chromium", "\ufeffdata: a\n\n", "\ufeffdata: a\n\n"),
		Entry("a mark alone as well", "chromium", "\ufeff", "\ufeff"),
		Entry("and a stream without a mark", "chromium", "\ndata: a\n\n", "\ndata: a\n\n"),

		Entry("NUL is left out of a value", "firefox", "data: a\x00b\n\n", "data: ab\n\n"),
		Entry("but for one right behind the colon", "firefox", "data:\x00a\x00b\n\n", "data:\x00ab\n\n"),
		Entry("and of the beginning of a line that follows LF", "firefox", ":\n\x00\x00data: a\n\n", ":\ndata: a\n\n"),
		Entry("or CRLF", "firefox", ":\r\n\x00data: a\n\n", ":\r\ndata: a\n\n"),
		Entry("but not CR", "firefox", ":\r\x00data: a\n\n", ":\r\x00data: a\n\n"),
		Entry("nor nothing", "firefox", "\x00data: a\n\n", "\x00data: a\n\n"),
		Entry("nor a byte order mark", "firefox", "\ufeff\x00data: a\n\n", "\ufeff\x00data: a\n\n"),
		Entry("nor of a name", "firefox", "da\x00ta: a\n\n", "da\x00ta: a\n\n"),
		Entry("a line of NULs is blank", "firefox", "data: a\n\x00\ndata: b\n\n", "data: a\n\ndata: b\n\n"),
		Entry("bytes that are no UTF-8 are no character once NUL is gone", "firefox", "data: \xe4\x00\xbd\n\n", "data: \ufffd\ufffd\n\n"),
		Entry("an id with NUL is given up, and spoils the next field", "firefox", "id: 1\x002\n:\ndata: a\ndata: b\n\n", ":\n:\niddata: a\ndata: b\n\n"),
		Entry("but not in the next block", "firefox", "data\nid: 1\x002\n\ndata: a\n\n", "data\n:\n\ndata: a\n\n"),
		Entry("one that begins with NUL is taken", "firefox", "data\nid:\x002\n\n", "data\nid:\U0010fffe2\n\n"),
		Entry("an id is left out of a block without data", "firefox", "id: 1\nevent: a\n\ndata: a\n\n", "event: a\n\ndata: a\n\n"),
		Entry("also behind a byte order mark", "firefox", "\ufeffid: 1\n\ndata: a\n\n", "\ndata: a\n\n"),
		Entry("but stays where data is empty", "firefox", "id: 1\ndata\n\n", "id: 1\ndata\n\n"),
		Entry("an unfinished block is as it is", "firefox", "data: a\n\nid: 1", "data: a\n\nid: 1"),

		Entry("a mark of UTF-16 makes it UTF-16, little-endian", "webkit", "\xff\xfed\x00:\x00=\xd8\x00\xde", "\ufeffd:\U0001f600"),
		Entry("or big-endian", "webkit", "\xfe\xff\x00d\x00:\xd8=\xde\x00", "\ufeffd:\U0001f600"),
		Entry("a byte too many is dropped", "webkit", "\xfe\xff\x00d\x00", "\ufeffd"),
		Entry("a mark of UTF-8 does not", "webkit", "\ufeffd:", "\ufeffd:"),
		Entry("nor half a mark", "webkit", "\xff", "\xff"),
		Entry("nor no stream", "webkit", "", ""),
	)

	DescribeTable("explains what is known of the engine, and no other case", func(name string) {
		engine, _ := browser.Find(name)
		reasons, streams := knownParsing(engine)
		var quirks []string
		for _, q := range engine.Quirks() {
			quirks = append(quirks, q.Reason)
		}
		for id, stream := range streams {
			bent := !shown(stream, engine.Quirks()...).Equal(shown(stream))
			Expect(bent).To(Equal(slices.Contains(quirks, reasons[id])), "%s: %q", id, reasons[id])
		}
	},
		Entry(nil, "chromium"), Entry(nil, "firefox"), Entry(nil, "webkit"),
	)

	It("is known by the reason that is in the file of the engine", func() {
		for _, e := range browser.Engines() {
			reasons, _ := knownParsing(e)
			for _, q := range e.Quirks() {
				Expect(reasons).To(ContainElement(q.Reason), e.Title)
			}
		}
	})
})
