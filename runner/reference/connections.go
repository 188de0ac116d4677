package reference

import (
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
	case c.closed, a.Status >= 300 && a.Status < 400 && len(headers(a, "Location")) > 0:
	case a.Refuse:
		c.step(spec.Reestablish)
	case a.Status != 0 && a.Status != 200, !eventStream(a):
		c.closed = true
		c.step(spec.Fail)
	default:
		c.step(spec.Announce)
		c.read(a)
	}
}

func (c *connections) step(k spec.Kind) { c.observe(spec.Step{Kind: k, Chunk: -1}) }

// read plays the body, up to its end if it has one.
func (c *connections) read(a cases.Connection) {
	s := newStream(c.bugs, c.memory, c.observe)
	for _, chunk := range a.Chunks() {
		s.Feed(chunk)
	}
	if a.End == "hang" {
		return
	}
	s.End()
	if s.over {
		c.closed = true
		return
	}
	c.step(spec.Reestablish)
}

// eventStream reports whether the answer is of the right type, which it is
// unless its headers say otherwise. Of several types the last that can be read
// counts.
func eventStream(a cases.Connection) bool {
	types := headers(a, "Content-Type")
	if types == nil {
		return true
	}
	essence := ""
	for _, t := range strings.Split(strings.Join(types, ","), ",") {
		t, _, _ = strings.Cut(t, ";")
		if t = strings.ToLower(strings.Trim(t, " \t")); strings.Contains(t, "/") {
			essence = t
		}
	}
	return essence == "text/event-stream"
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
