package observe

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ssespec/ssespec/runner/probe"
)

func requestChecks() []Check {
	return []Check{
		{"serving/requests/head", []Role{Head}, false, headMethod},
		{"serving/requests/options", []Role{Options}, false, optionsMethod},
		{"serving/requests/accept", []Role{Accept}, false, acceptAny},
		{"serving/requests/http-1-0", []Role{HTTP10}, false, http10},
	}
}

// refusals are the statuses by which a server says that it does not do this.
var refusals = []int{http.StatusMethodNotAllowed, http.StatusNotImplemented} // never written to

func headMethod(o *Observation) Judgement {
	e := o.Exchanges[Head]
	switch {
	case e.Head == nil:
		return says("delivery", "HEAD: "+answer(e), "answer HEAD with the head alone, or with 405: do not enter the loop that streams")
	case e.Size() > 0:
		return says("delivery", fmt.Sprintf("the answer to HEAD has a body, %d bytes of it at once", e.Size()), "answer HEAD without a body, or with 405")
	case e.Head.Status == http.StatusOK, slices.Contains(refusals, e.Head.Status):
		return outcome("status %d", e.Head.Status)
	}
	return says("delivery", fmt.Sprintf("HEAD is answered with the status %d where GET has 200", e.Head.Status), "answer HEAD as GET without the body, or with 405")
}

func optionsMethod(o *Observation) Judgement {
	e := o.Exchanges[Options]
	switch {
	case e.Head == nil:
		return says("delivery", "OPTIONS: "+answer(e), "answer OPTIONS with 204 and Allow, or with 405")
	case IsStream(e):
		return says("delivery", "OPTIONS opens a stream", "let only GET (or POST) into the handler that streams; answer OPTIONS with 204 and Allow, or with 405")
	case e.Head.Status >= 500 && !slices.Contains(refusals, e.Head.Status):
		return says("delivery", fmt.Sprintf("OPTIONS is answered with the status %d", e.Head.Status), "answer OPTIONS with 204 and Allow, or with 405")
	}
	return outcome("status %d", e.Head.Status)
}

func acceptAny(o *Observation) Judgement {
	e := o.Exchanges[Accept]
	if IsStream(e) {
		return Judgement{}
	}
	return says("request-accept", fmt.Sprintf("with Accept: */* the answer is %s", answer(e)), "do not choose by Accept alone: clients may leave it out or send */*")
}

func http10(o *Observation) Judgement {
	e := o.Exchanges[HTTP10]
	switch {
	case e.Head == nil && strings.Contains(e.Reason, "no application protocol"):
		return skip("the server speaks HTTP/2 only")
	case e.Head == nil:
		return says("delivery", "HTTP/1.0: "+answer(e), "answer HTTP/1.0 without chunks, or with 426 or 505")
	case strings.EqualFold(e.Head.Value("Transfer-Encoding"), "chunked"):
		return says("delivery", "a request in HTTP/1.0 is answered in chunks, whose sizes the client takes for a part of the stream",
			"send the stream as it is to HTTP/1.0 and close the connection at its end (RFC 9112, 6.1); in nginx: proxy_http_version 1.1")
	}
	return outcome("%s, status %d", e.Head.Proto, e.Head.Status)
}

func clientChecks() []Check {
	return []Check{
		{"serving/clients/second", []Role{Second}, false, second},
		{"serving/clients/first-kept", []Role{Second}, false, firstKept},
		{"serving/clients/comes-back", []Role{Return}, false, comesBack},
	}
}

func second(o *Observation) Judgement {
	e := o.Exchanges[Second]
	if IsStream(e) || e.Head != nil && e.Head.Status == http.StatusNoContent {
		return Judgement{}
	}
	return says("delivery", "a second client, while the first was connected, got "+answer(e),
		"serve streams side by side: one worker (flask run --without-threads, a sync gunicorn worker) or one queue serves one client")
}

// firstKept looks for a first stream that ended when the second began, and was
// shorter than it.
func firstKept(o *Observation) Judgement {
	first, other := o.Exchanges[Stream], o.Exchanges[Second]
	switch {
	case !IsStream(other):
		return skip("there was no second stream")
	case first.End == probe.Left || first.End == probe.Bound || first.At+first.Until < other.At:
		return Judgement{}
	}
	ended := first.At + first.Until
	soon := o.span(other.At+other.Head.At, ended).below(longPause)
	if len(events(other)) <= len(o.events) {
		soon = min(soon, o.leftTooSoon(other, ended))
	}
	since := max(0, ended-other.At-other.Head.At)
	return o.decide(soon, says("delivery", fmt.Sprintf("the stream of the first client ended %s after a second one came, which got more events", seconds(since)),
		"keep one entry for each connection, not for each user or address"), Judgement{})
}

// leftTooSoon says whether we may have left the second stream before it could show
// that it goes on where the first has ended. We leave it while the first is open.
func (o *Observation) leftTooSoon(other *probe.Exchange, ended time.Duration) truth {
	if other.End == probe.Left && other.At+other.Until > ended {
		return maybe
	}
	return no
}

func comesBack(o *Observation) Judgement {
	e := o.Exchanges[Return]
	if IsStream(e) || e.Head != nil && e.Head.Status == http.StatusNoContent {
		return Judgement{}
	}
	return says("delivery", "a client that had left came back and got "+answer(e), "notice that a client has left (its request is cancelled, or a write fails) and free its place")
}
