package observe

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/spec"
)

func responseChecks() []Check {
	return []Check{
		{"serving/response/status", []Role{Stream}, true, status},
		{"serving/response/content-type", []Role{Stream}, true, contentType},
		{"serving/response/charset", []Role{Stream}, true, charset},
		{"serving/response/connection-header", []Role{Stream}, true, connectionHeader},
		{"serving/response/cacheable", []Role{Stream}, false, cacheable},
	}
}

func (o *Observation) head() *probe.Head { return o.Exchanges[Stream].Head }

func status(o *Observation) Judgement {
	if got := o.head().Status; got != http.StatusOK {
		return says("response-status-not-200", fmt.Sprintf("the answer has the status %d: EventSource takes 200 only, and does not come back", got),
			"answer 200 with the stream, or 204 when it is over")
	}
	return Judgement{}
}

func contentType(o *Observation) Judgement {
	h := o.head()
	values := h.Values("Content-Type")
	switch {
	case h.Status != http.StatusOK:
		return skip("the status is %d", h.Status)
	case spec.IsEventStream(values):
		return Judgement{}
	case len(values) == 0:
		return says("response-mime-missing", "the answer has no Content-Type: EventSource refuses it, and does not come back",
			"send Content-Type: text/event-stream")
	}
	return says("format-mime-type", fmt.Sprintf("the Content-Type is %s: EventSource refuses it, and does not come back", spec.Quote(h.Value("Content-Type"))),
		"send Content-Type: text/event-stream"+hintOfType(h.Value("Content-Type"))+redirected(o.Exchanges[Stream]))
}

// redirected says that another address than the one that was named has answered.
func redirected(e *probe.Exchange) string {
	if len(e.Hops) == 0 {
		return ""
	}
	return "; it is the answer of " + e.Hops[len(e.Hops)-1].Location + ", to which the server redirects"
}

// hintOfType says where an answer of another type mostly comes from.
func hintOfType(value string) string {
	essence, _, _ := mime.ParseMediaType(value)
	switch essence {
	case "text/html":
		return "; HTML is mostly the default type of a framework, or the page of an error or a login: look at the body"
	case "application/json":
		return "; JSON is mostly an error, or an API that streams only when asked to (\"stream\": true)"
	case "application/x-ndjson", "application/jsonl":
		return ", or read it as lines of JSON: this is another format"
	}
	return ""
}

func charset(o *Observation) Judgement {
	for _, value := range o.head().Values("Content-Type") {
		_, parameters, err := mime.ParseMediaType(value)
		if c, named := parameters["charset"]; err == nil && named && !strings.EqualFold(c, "utf-8") {
			return says("iana-charset", fmt.Sprintf("the charset is %s, which clients ignore or refuse", spec.Quote(c)),
				"leave charset out or set it to utf-8: an event stream is always UTF-8")
		}
	}
	return Judgement{}
}

func contentLength(o *Observation) Judgement {
	length := o.head().Values("Content-Length")
	if len(length) == 0 {
		return Judgement{}
	}
	return says("delivery", fmt.Sprintf("the answer names Content-Length: %s, so it was complete before its first byte was sent", length[0]),
		"write to the response while it is open in place of returning one text: the server then sends chunks")
}

// ofConnection are the headers that HTTP/2 does not have.
var ofConnection = []string{"Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Upgrade"} // never written to

func connectionHeader(o *Observation) Judgement {
	h := o.head()
	if h.Proto != "HTTP/2.0" {
		return skip("needs HTTP/2, and the server answers in %s", h.Proto)
	}
	for _, name := range ofConnection {
		if len(h.Values(name)) > 0 {
			return says("delivery", fmt.Sprintf("the answer over HTTP/2 has the header %s: %s", name, h.Value(name)),
				"leave it out: HTTP/2 forbids it (RFC 9113, 8.2.2), and Safari and curl refuse the answer")
		}
	}
	return Judgement{}
}

func cacheable(o *Observation) Judgement {
	h := o.head()
	why := invitation(h)
	if why == "" {
		return Judgement{}
	}
	return says("delivery", why+": caches may keep the stream and hand it to others", "send Cache-Control: no-store, or no-cache")
}

// invitation returns what invites caches to keep the answer, "" when nothing does.
func invitation(h *probe.Head) string {
	directives := strings.FieldsFunc(strings.ToLower(h.Value("Cache-Control")), func(r rune) bool { return r == ',' || r == ' ' })
	has := func(name string) bool { return slices.Contains(directives, name) }
	if has("no-store") || has("no-cache") {
		return ""
	}
	for _, d := range directives {
		name, value, _ := strings.Cut(d, "=")
		seconds, err := strconv.Atoi(strings.Trim(value, `"`))
		switch {
		case (name == "max-age" || name == "s-maxage") && err == nil && seconds > 0:
			return "Cache-Control has " + d
		case name == "public", name == "immutable":
			return "Cache-Control has " + name
		}
	}
	return validator(h, len(directives) > 0)
}

// validator returns the header by which a cache may keep an answer that has no
// Cache-Control.
func validator(h *probe.Head, controlled bool) string {
	expires, err := http.ParseTime(h.Value("Expires"))
	date, err2 := http.ParseTime(h.Value("Date"))
	switch {
	case controlled:
		return ""
	case err == nil && err2 == nil && expires.After(date):
		return "Expires is in the future"
	case len(h.Values("Last-Modified")) > 0:
		return "there is Last-Modified and no Cache-Control"
	case len(h.Values("ETag")) > 0:
		return "there is an ETag and no Cache-Control"
	}
	return ""
}
