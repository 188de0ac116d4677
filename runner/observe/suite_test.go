package observe_test

import (
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
)

func TestObserve(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "observe")
}

// ms is a time in milliseconds.
func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// An option changes an exchange that is otherwise as it should be.
type option func(*probe.Exchange)

// exchange is a stream of three events, 100 ms apart, that the server has ended.
func exchange(options ...option) *probe.Exchange {
	e := &probe.Exchange{
		Request: probe.Request{Method: "GET"}, URL: "http://127.0.0.1/",
		Head: &probe.Head{At: ms(1), Proto: "HTTP/1.1", Status: 200, Headers: []probe.Header{{Name: "Content-Type", Value: "text/event-stream"}}},
		Body: []probe.Chunk{{At: ms(2), Bytes: []byte("id: 1\ndata: a\n\n")}, {At: ms(102), Bytes: []byte("id: 2\ndata: b\n\n")}, {At: ms(202), Bytes: []byte("id: 3\ndata: c\n\n")}},
		End:  probe.Closed, Until: ms(203),
	}
	for _, o := range options {
		o(e)
	}
	return e
}

func withStatus(n int) option { return func(e *probe.Exchange) { e.Head.Status = n } }

// with sets a header, in place of those of the name.
func with(name, value string) option {
	return func(e *probe.Exchange) {
		without(name)(e)
		e.Head.Headers = append(e.Head.Headers, probe.Header{Name: name, Value: value})
	}
}

// also adds a header.
func also(name, value string) option {
	return func(e *probe.Exchange) {
		e.Head.Headers = append(e.Head.Headers, probe.Header{Name: name, Value: value})
	}
}

func without(name string) option {
	return func(e *probe.Exchange) {
		var rest []probe.Header
		for _, h := range e.Head.Headers {
			if !strings.EqualFold(h.Name, name) {
				rest = append(rest, h)
			}
		}
		e.Head.Headers = rest
	}
}

// asking puts a header into the request.
func asking(name, value string) option {
	return func(e *probe.Exchange) { e.Asked = append(e.Asked, probe.Header{Name: name, Value: value}) }
}

func proto(p string) option { return func(e *probe.Exchange) { e.Head.Proto = p } }

func headAfter(n int) option { return func(e *probe.Exchange) { e.Head.At = ms(n) } }

// body replaces the body by texts and the milliseconds at which they came.
func body(timesAndTexts ...any) option {
	return func(e *probe.Exchange) {
		e.Body = nil
		for i := 0; i < len(timesAndTexts); i += 2 {
			at := ms(timesAndTexts[i].(int))
			e.Body = append(e.Body, probe.Chunk{At: at, Bytes: []byte(timesAndTexts[i+1].(string))})
			e.Until = at
		}
	}
}

// ends says how the exchange ended, and when.
func ends(end probe.End, at int) option {
	return func(e *probe.Exchange) { e.End, e.Until, e.Reason = end, ms(at), "the reason" }
}

// unanswered has no head.
func unanswered(end probe.End) option {
	return func(e *probe.Exchange) {
		e.Head, e.Body, e.End, e.Until, e.Reason = nil, nil, end, ms(3000), "the reason"
	}
}

// seen makes an observation of exchanges by role.
func seen(exchanges map[observe.Role]*probe.Exchange) *observe.Observation {
	o := &observe.Observation{Watched: 8 * time.Second, Foreign: "https://foreign.invalid", From: "1", Exchanges: exchanges, Unsent: map[observe.Role]string{}}
	o.Prepare()
	return o
}

// stream is an observation of nothing but the stream.
func stream(options ...option) *observe.Observation {
	return seen(map[observe.Role]*probe.Exchange{observe.Stream: exchange(options...)})
}

// beside is an observation of a right stream and another exchange.
func beside(role observe.Role, options ...option) *observe.Observation {
	return seen(map[observe.Role]*probe.Exchange{observe.Stream: exchange(), role: exchange(options...)})
}

// verdict puts the check of a case: "", "skip: why", "stalled", or the text of its
// main finding.
func verdict(id string, o *observe.Observation) string {
	GinkgoHelper()
	check, found := observe.Find("serving/" + id)
	Expect(found).To(BeTrue(), id)
	j := check.Put(o)
	switch {
	case j.Skip != "":
		return "skip: " + j.Skip
	case j.Stalled != "":
		Expect(j.Stalled).To(HavePrefix("host stalled: "))
		return "stalled"
	case len(j.Findings) > 0:
		main := j.Main()
		Expect(main.Hint).NotTo(BeEmpty(), "what to do")
		Expect(main.Rule).NotTo(BeEmpty())
		return main.Text
	}
	return ""
}
