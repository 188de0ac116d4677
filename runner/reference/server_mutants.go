package reference

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A ServerMutant is a [PlainServer] with a mistake that servers make, and the
// case that must show it.
type ServerMutant struct {
	Name    string
	Case    string // the id of the case, without serving/
	Verdict string // fail or warn
	Text    string
	Also    []string // the warns that cannot be had apart from it
	HTTP2   bool     // the mistake is one over HTTP/2
	Lasting bool     // it takes more than 15 seconds to show
	Wanted  int      // events that the user demands

	bend bend
}

// ServerMutants returns all of them, by topic.
func ServerMutants() []ServerMutant {
	return slices.Concat(
		headMutants(), deliveryMutants(), compressionMutants(),
		framingMutants(), idMutants(), requestMutants(), corsMutants(), clientMutants(), resumeMutants(),
	)
}

// Server returns a server that makes the mistake.
func (m ServerMutant) Server() *PlainServer { return &PlainServer{bend: m.bend} }

// The verdicts of the rows.
const (
	fail = "fail"
	warn = "warn"
)

// headMutants say something wrong in the head.
func headMutants() []ServerMutant {
	return []ServerMutant{
		{Name: "status-201", Case: "response/status", Verdict: fail, Text: "The status is 201.", bend: status(http.StatusCreated)},
		{Name: "status-206", Case: "response/status", Verdict: fail, Text: "The status is 206.", bend: status(http.StatusPartialContent)},
		{Name: "status-299", Case: "response/status", Verdict: fail, Text: "The status is one that nobody knows.", bend: status(299)},
		{Name: "type-missing", Case: "response/content-type", Verdict: fail, Text: "There is no Content-Type.", bend: stream(without("Content-Type"))},
		{Name: "type-plain", Case: "response/content-type", Verdict: fail, Text: "The type is text/plain.", bend: header("Content-Type", "text/plain; charset=utf-8")},
		{Name: "type-html", Case: "response/content-type", Verdict: fail, Text: "The type is the framework's own, text/html.", bend: header("Content-Type", "text/html; charset=utf-8")},
		{Name: "type-json", Case: "response/content-type", Verdict: fail, Text: "The type is application/json.", bend: header("Content-Type", "application/json")},
		{Name: "type-misspelt", Case: "response/content-type", Verdict: fail, Text: "The type is text/eventstream.", bend: header("Content-Type", "text/eventstream")},
		{Name: "charset-latin1", Case: "response/charset", Verdict: fail, Text: "The charset is ISO 8859-1.", bend: header("Content-Type", "text/event-stream; charset=iso-8859-1")},
		{Name: "charset-utf16", Case: "response/charset", Verdict: fail, Text: "The charset is UTF-16.", bend: header("Content-Type", `text/event-stream; charset="utf-16"`)},
		{Name: "cache-max-age", Case: "response/cacheable", Verdict: warn, Text: "Caches may keep the stream for an hour.", bend: header("Cache-Control", "max-age=3600")},
		{Name: "cache-public", Case: "response/cacheable", Verdict: warn, Text: "The stream is public to caches.", bend: header("Cache-Control", "public, s-maxage=60")},
		{Name: "cache-expires", Case: "response/cacheable", Verdict: warn, Text: "The stream expires in many years.", bend: all(stream(without("Cache-Control")), header("Date", "Fri, 20 Nov 2026 00:00:00 GMT"), header("Expires", "Fri, 01 Jan 2100 00:00:00 GMT"))},
		{Name: "cache-etag", Case: "response/cacheable", Verdict: warn, Text: "The stream has a validator.", bend: all(stream(without("Cache-Control")), header("ETag", `"1"`))},
		{Name: "length-exact", Case: "response/content-length", Verdict: warn, Text: "The length is known: all was collected before.", bend: lengthened(0)},
		{Name: "keep-alive-http2", Case: "response/connection-header", Verdict: warn, Text: "Keep-Alive is sent over HTTP/2.", HTTP2: true, bend: header("Keep-Alive", "timeout=5")},
	}
}

// deliveryMutants send the right bytes at the wrong times.
func deliveryMutants() []ServerMutant {
	return []ServerMutant{
		{Name: "head-late", Case: "delivery/head-first", Verdict: warn, Text: "The head waits for the first event.",
			bend: stream(func(_ query, a *answer) { a.headWaits = true; a.parts[0].after = 1800 * time.Millisecond })},
		{Name: "slow-start", Case: "delivery/prompt", Verdict: warn, Text: "The answer takes more than two seconds to begin.",
			bend: stream(func(_ query, a *answer) { a.thinks = 2800 * time.Millisecond })},
		{Name: "lump", Case: "delivery/one-by-one", Verdict: warn, Text: "Nothing is flushed: all events come at the end.", bend: parts(lump)},
		{Name: "lump-with-head", Case: "delivery/one-by-one", Verdict: warn, Text: "Nothing is flushed: even the head comes at the end.", bend: all(parts(lump), stream(func(_ query, a *answer) { a.headWaits = true }))},
		{Name: "blank-line-late", Case: "delivery/whole-events", Verdict: warn, Text: "The blank line comes with the next event.", bend: parts(blankLate)},
		{Name: "block-buffer", Case: "delivery/whole-events", Verdict: warn, Text: "A buffer of 48 bytes is flushed whenever it is full.", bend: parts(inBlocks(48))},
		{Name: "silent", Case: "delivery/heartbeat", Verdict: warn, Text: "Nothing at all comes after the events.", Lasting: true, bend: ends(held)},
		{Name: "too-few", Case: "delivery/enough", Verdict: fail, Text: "There are fewer events than the user demands.", Wanted: 6, bend: all()},
		{Name: "reset", Case: "delivery/clean-end", Verdict: warn, Text: "The connection is reset after the last event.", bend: ends(reset)},
		{Name: "chunk-cut", Case: "delivery/clean-end", Verdict: warn, Text: "The connection is closed without the last chunk of HTTP.", bend: ends(cut)},
		{Name: "length-long", Case: "delivery/clean-end", Verdict: warn, Text: "The Content-Length is more than what comes.", Also: []string{"response/content-length"}, bend: lengthened(7)},
	}
}

// longPace is a pause that nobody takes for one of the network's.
const longPace = 700 * time.Millisecond

// lump is all parts at once, well after the last one was due.
func lump(parts []part) []part {
	one := part{after: longPace}
	for _, p := range parts {
		one.after += p.after
		one.text += p.text
	}
	return []part{one}
}

// blankLate moves the blank line of each event to the front of the next.
func blankLate(parts []part) []part {
	var late []part
	front := ""
	for _, p := range parts {
		late = append(late, part{longPace, front + strings.TrimSuffix(p.text, "\n")})
		front = "\n"
	}
	return append(late, part{longPace, front})
}

// inBlocks cuts the body every so many bytes.
func inBlocks(size int) func([]part) []part {
	return func(parts []part) []part {
		one := lump(parts)[0]
		var blocks []part
		for block := range slices.Chunk([]byte(one.text), size) {
			blocks = append(blocks, part{longPace, string(block)})
		}
		return blocks
	}
}

// compressionMutants compress wrongly.
func compressionMutants() []ServerMutant {
	return []ServerMutant{
		{Name: "gzip-unasked", Case: "compression/unasked", Verdict: warn, Text: "The stream is compressed for everybody.", bend: compresses(flushed)},
		{Name: "gzip-unflushed", Case: "compression/flushed", Verdict: warn, Text: "Compression keeps the events until the end.", bend: all(slowly, when(offersGzip, compresses(unflushed)))},
		{Name: "gzip-mute", Case: "compression/sound", Verdict: warn, Text: "Who offers gzip gets no answer.", bend: when(offersGzip, mute)},
		{Name: "gzip-breaks", Case: "compression/sound", Verdict: warn, Text: "Who offers gzip gets an error.", bend: when(offersGzip, refused(http.StatusInternalServerError))},
		{Name: "gzip-corrupt", Case: "compression/sound", Verdict: warn, Text: "The compressed stream is damaged on its way.", bend: when(offersGzip, compresses(corrupt))},
		{Name: "gzip-label", Case: "compression/sound", Verdict: warn, Text: "The stream is labelled gzip, and is not compressed.", bend: when(offersGzip, header("Content-Encoding", "gzip"))},
	}
}

// slowly lets the events come so slowly that what keeps them together shows.
func slowly(q query, a *answer) {
	each(func(_ int, p part) part { return part{longPace / 2, p.text} })(q, a)
}

// lengthened names a Content-Length that is off by so much.
func lengthened(by int) bend {
	return stream(func(_ query, a *answer) {
		a.set("Content-Length", strconv.Itoa(len(a.body())+by))
		a.remove("Transfer-Encoding")
	})
}
