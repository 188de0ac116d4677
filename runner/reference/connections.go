package reference

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"slices"
	"strings"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// connections plays the answers of a script, one after the other.
type connections struct {
	bugs
	memory   *memory
	observe  func(spec.Step)
	closed   bool
	latin1   bool    // a bug decodes the next stream so
	accepted int     // answers that were streams
	failed   int     // network errors in a row
	last     *Stream // the one before, for what a bug keeps of it
}

// play plays one answer. A redirect is the HTTP layer's and shows no step.
func (c *connections) play(a cases.Connection) {
	redirects := a.Status >= 300 && a.Status < 400 && headers(a, "Location") != nil
	switch {
	case c.closed, redirects && c.follows(a.Status):
		return
	case c.has("announce-early"):
		c.step(spec.Announce)
	}
	switch {
	case len(a.Informational) > 0 && c.has("interim-final"):
		c.giveUp()
	case a.Refuse:
		c.networkError()
	default:
		c.failed = 0
		c.answer(a)
	}
}

// follows reports whether a redirect of that status is followed.
func (c *connections) follows(status int) bool {
	return !c.has("redirect-not-followed") && !(status == 303 && c.has("redirect-303")) && !(status == 308 && c.has("redirect-308")) &&
		!(c.accepted > 0 && c.has("redirect-first-only"))
}

// networkError is an attempt without an answer.
func (c *connections) networkError() {
	if c.failed++; c.has("network-error-fails") || c.failed >= 3 && c.has("network-errors-three") {
		c.giveUp()
		return
	}
	c.step(spec.Reestablish)
}

// answer judges an answer and plays its body.
func (c *connections) answer(a cases.Connection) {
	types := headers(a, "Content-Type")
	if types == nil {
		types = []string{"text/event-stream"} // the origin's own
	}
	if s := c.accept(cmp.Or(a.Status, 200), types); s != nil {
		c.stream(s, a)
	} else if c.has("failed-body-read") {
		newStream(c.bugs, c.memory, c.observe).Feed(slices.Concat(a.Chunks()...))
	}
}

// giveUp fails the connection for good.
func (c *connections) giveUp() {
	c.closed = true
	c.step(spec.Fail)
}

func (c *connections) step(k spec.Kind) { c.observe(spec.Step{Kind: k, Chunk: -1}) }

// accept judges the head of an answer: it returns the stream that begins there,
// nil when the connection has failed.
func (c *connections) accept(status int, types []string) *Stream {
	if !c.acceptsStatus(status) || !c.acceptsType(types) {
		c.refuse(status, types)
		return nil
	}
	if c.accepted++; c.accepted == 1 || !c.has("announce-once") {
		if !c.has("announce-late") && !c.has("announce-early") {
			c.step(spec.Announce)
		}
	}
	return c.begin()
}

// acceptsStatus reports whether an answer of that status is a stream.
func (c *connections) acceptsStatus(status int) bool {
	switch {
	case status == 200, c.has("status-ignored"):
		return true
	case c.accepted > 0 && c.has("status-once"):
		return true
	case status < 300:
		return c.has("status-2xx") && status != 204
	}
	return false
}

// acceptsType reports whether an answer with those types is a stream.
func (c *connections) acceptsType(types []string) bool {
	const right = "text/event-stream"
	all := strings.Join(types, ", ")
	switch {
	case c.has("type-ignored"), c.accepted > 0 && c.has("type-once"):
		return true
	case all == "" && c.has("type-missing"):
		return true
	case c.has("type-prefix"):
		return strings.HasPrefix(strings.ToLower(all), right)
	case c.has("type-anywhere"):
		return strings.Contains(strings.ToLower(all), right)
	case c.has("type-whole"):
		return strings.EqualFold(all, right)
	case c.has("type-case"):
		all = strings.TrimSpace(all)
		return all == right || strings.HasPrefix(all, right+";") || strings.Contains(all, ",") && essence(types) == right
	case c.has("type-first"):
		return essence(types[:min(1, len(types))]) == right && !strings.HasPrefix(all, "text/plain,")
	case c.has("type-charset") && strings.Contains(strings.ToLower(all), "charset="):
		_, charset, _ := strings.Cut(strings.ToLower(all), "charset=")
		return strings.Trim(charset, `"`) == "utf-8" && essence(types) == right
	case c.has("type-half"):
		return strings.HasPrefix(essence(types), "text/event")
	}
	return essence(types) == right
}

// refuse fails the connection, or, where a bug says so, does not.
func (c *connections) refuse(status int, types []string) {
	back := status == 204 && c.has("back-after-204") || status >= 500 && c.has("back-after-5xx") ||
		status >= 400 && status < 500 && c.has("back-after-4xx") || status == 429 && c.has("back-after-429") ||
		status >= 300 && status < 400 && c.has("back-after-3xx") || status == 503 && c.has("back-after-503") ||
		c.accepted > 0 && c.has("back-once-open") || status == 200 && c.has("back-after-type")
	if back {
		c.step(spec.Reestablish)
		return
	}
	c.closed = !c.has("fails-and-comes-back")
	c.step(spec.Fail)
}

// begin returns the next stream: a new one, with nothing of the one before.
func (c *connections) begin() *Stream {
	b := c.bugs
	if c.latin1 {
		b = append(slices.Clip(b), "latin1")
	}
	s, before := newStream(b, c.memory, c.observe), c.last
	c.last = s
	if before == nil {
		return s
	}
	if c.has("buffers-kept") {
		s.block.data, s.block.typ = before.block.data, before.block.typ
	}
	if c.has("line-kept") {
		s.lines = before.lines
	}
	if c.has("decoder-kept") {
		s.decoder = before.decoder
	}
	if c.has("bom-once") {
		s.decoder.started = true
	}
	return s
}

// essence returns the media type of a response. Of several the last that can be
// read counts, and is not any type.
func essence(types []string) (essence string) {
	for _, t := range strings.Split(strings.Join(types, ","), ",") {
		t, _, _ = strings.Cut(t, ";")
		if t = strings.ToLower(strings.Trim(t, " \t")); strings.Contains(t, "/") && t != "*/*" {
			essence = t
		}
	}
	return essence
}

// stream plays the body, up to its end if it has one.
func (c *connections) stream(s *Stream, a cases.Connection) {
	chunks := a.Chunks()
	if a.Coding == "gzip" && c.has("gzip-kept") {
		chunks = zipped(chunks)
	}
	if len(chunks) > 0 && c.has("announce-late") {
		c.step(spec.Announce)
	}
	for _, chunk := range chunks {
		s.Feed(chunk)
	}
	switch {
	case a.End == "hang":
	case (a.End == "cut" || a.End == "reset") && c.has("cut-fails"):
		c.giveUp()
	default:
		c.end(s)
	}
}

// end is the end of the body: the client will come back.
func (c *connections) end(s *Stream) {
	s.End()
	if c.has("end-fails-connection") || s.chunk == 0 && c.has("empty-fails") || c.accepted >= 4 && c.has("back-three-times") {
		c.giveUp()
	}
	if c.closed = c.closed || s.over; !c.closed {
		c.step(spec.Reestablish)
	}
}

// headers returns the values of the header.
func headers(a cases.Connection, name string) (values []string) {
	for _, h := range a.Headers {
		if strings.EqualFold(h[0], name) {
			values = append(values, h[1])
		}
	}
	return values
}

// zipped returns chunks as the origin codes them: each is flushed.
func zipped(chunks [][]byte) (coded [][]byte) {
	var wire bytes.Buffer
	coder := gzip.NewWriter(&wire)
	for _, chunk := range chunks {
		coder.Write(chunk) // a buffer takes everything
		coder.Flush()
		coded = append(coded, slices.Clone(wire.Bytes()))
		wire.Reset()
	}
	coder.Close()
	return append(coded, wire.Bytes())
}
