package survey

import (
	"net/url"

	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/runner/secret"
)

// mask takes the secrets out of everything that was seen. What the server sets as
// a cookie, or puts into the URL that it redirects to, is one from then on.
func mask(o *observe.Observation, secrets *secret.Set) {
	if secrets == nil {
		return
	}
	for _, e := range o.Exchanges {
		learn(e, secrets)
	}
	for _, e := range o.Exchanges {
		maskExchange(e, secrets)
	}
	o.From = secrets.String(o.From)
	for role, why := range o.Unsent {
		o.Unsent[role] = secrets.String(why)
	}
}

// learn adds what the server has made a secret.
func learn(e *probe.Exchange, secrets *secret.Set) {
	addURL := func(text string) {
		if u, err := url.Parse(text); err == nil {
			secrets.AddURL(u)
		}
	}
	for _, h := range e.Hops {
		addURL(h.Location)
	}
	if e.Head == nil {
		return
	}
	for _, cookie := range e.Head.Values("Set-Cookie") {
		secrets.AddHeader("Set-Cookie", cookie)
	}
	for _, location := range e.Head.Values("Location") {
		addURL(location)
	}
}

func maskExchange(e *probe.Exchange, secrets *secret.Set) {
	e.URL, e.Reason = secrets.String(e.URL), secrets.String(e.Reason)
	secrets.Mask(e.Sent)
	maskHeaders(e.Asked, secrets)
	for i, h := range e.Hops {
		e.Hops[i].Location = secrets.String(h.Location)
	}
	if e.Head != nil {
		maskHeaders(e.Head.Headers, secrets)
	}
	pieces := make([][]byte, len(e.Body))
	for i, c := range e.Body {
		pieces[i] = c.Bytes
	}
	secrets.MaskAll(pieces)
	e.Request = probe.Request{Method: e.Request.Method} // the rest is in Asked and Sent
}

func maskHeaders(list []probe.Header, secrets *secret.Set) {
	for i, h := range list {
		list[i].Value = secrets.String(h.Value)
	}
}
