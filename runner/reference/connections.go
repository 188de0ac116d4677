package reference

import (
	"cmp"
	"strings"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// connections plays the answers of a script, one after the other.
type connections struct {
	bugs
	memory  *memory
	observe func(spec.Step)
	closed  bool
}

// play plays one answer. A redirect is the HTTP layer's and shows no step.
func (c *connections) play(a cases.Connection) {
	switch {
	case c.closed, a.Status >= 300 && a.Status < 400 && headers(a, "Location") != nil:
		return
	case a.Refuse:
		c.step(spec.Reestablish)
		return
	}
	types := headers(a, "Content-Type")
	if types == nil {
		types = []string{"text/event-stream"} // the origin's own
	}
	if s := c.accept(cmp.Or(a.Status, 200), types); s != nil {
		c.stream(s, a)
	}
}

func (c *connections) step(k spec.Kind) { c.observe(spec.Step{Kind: k, Chunk: -1}) }

// accept judges the head of an answer: it returns the stream that begins there,
// nil when the connection has failed.
func (c *connections) accept(status int, types []string) *Stream {
	if status != 200 || essence(types) != "text/event-stream" {
		c.closed = true
		c.step(spec.Fail)
		return nil
	}
	c.step(spec.Announce)
	return newStream(c.bugs, c.memory, c.observe)
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
	for _, chunk := range a.Chunks() {
		s.Feed(chunk)
	}
	if a.End != "hang" {
		c.end(s)
	}
}

// end is the end of the body: the client will come back.
func (c *connections) end(s *Stream) {
	s.End()
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
