package cases

import (
	"slices"
	"strings"

	"github.com/ssespec/ssespec/spec"
)

// Trace returns what the model observes when the script is played to it: no
// network, no time. It ends with the last scripted connection; the 204 after it
// is not part of it. Comments and retries are included.
func (s Script) Trace() spec.Trace { return s.play(new(spec.EventSource)) }

func (s Script) play(es *spec.EventSource) spec.Trace {
	var t spec.Trace
	for _, c := range s.Connections {
		t = append(t, c.play(es)...)
	}
	return t
}

// play plays one connection. A redirect is the HTTP layer's and shows no step.
func (c Connection) play(es *spec.EventSource) spec.Trace {
	if c.redirects() || es.ReadyState() == spec.Closed {
		return nil
	}
	step := es.Respond(c.response())
	t := spec.Trace{step}
	if step.Kind != spec.Announce {
		return t
	}
	for _, p := range c.Body {
		if p.IsChunk() {
			t = append(t, es.Receive(p.Bytes())...)
		}
	}
	if c.End == "hang" {
		return t
	}
	return append(t, es.End())
}

func (c Connection) response() spec.Response {
	if c.Refuse {
		return spec.Response{NetworkError: true}
	}
	r := spec.Response{Status: c.Status, ContentType: []string{"text/event-stream"}}
	if c.Status == 0 {
		r.Status = 200
	}
	if c.has("Content-Type") {
		r.ContentType = c.values("Content-Type")
	}
	return r
}

func (c Connection) redirects() bool {
	return slices.Contains([]int{301, 302, 303, 307, 308}, c.Status) && c.has("Location")
}

func (c Connection) has(name string) bool { return len(c.values(name)) > 0 }

func (c Connection) values(name string) (values []string) {
	for _, h := range c.Headers {
		if strings.EqualFold(h[0], name) {
			values = append(values, h[1])
		}
	}
	return values
}
