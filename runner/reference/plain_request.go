package reference

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// request is the next request.
func (v *visitor) request(ctx context.Context) (*http.Request, error) {
	method, body := v.method()
	place := v.sub.URL
	if v.led != "" && v.has("back-where-it-led") {
		place = v.led
	}
	r, err := http.NewRequestWithContext(ctx, method, place, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if r.URL.Fragment != "" && v.has("fragment-sent") {
		r.URL.Opaque = "//" + r.URL.Host + r.URL.Path + "#" + r.URL.Fragment
	}
	if v.asked > 0 && v.has("query-once") {
		r.URL.RawQuery = ""
	}
	if !v.has("accept-left-out") {
		r.Header.Set("Accept", "text/event-stream")
	}
	if v.has("more-headers") {
		r.Header.Set("X-Requested-With", "ssespec")
	}
	if !v.has("cache-asked") && !(v.asked > 0 && v.has("cache-asked-again")) {
		r.Header.Set("Cache-Control", "no-cache")
	}
	if v.has("gzip-kept") {
		r.Header.Set("Accept-Encoding", "gzip")
	}
	if v.asked == 0 || !v.has("headers-once") {
		for name, value := range v.sub.Headers {
			r.Header.Set(name, value)
		}
	}
	v.identify(r)
	return r, nil
}

// method returns the method and the body of the next request.
func (v *visitor) method() (method, body string) {
	method, body = v.sub.Method, v.sub.Body
	switch {
	case method == "" && v.has("post"):
		return http.MethodPost, ""
	case method == "" && v.asked > 0 && v.has("post-again"):
		return http.MethodPost, ""
	case method == "" && v.has("body-sent"):
		return http.MethodGet, "{}"
	case v.asked > 0 && v.has("get-again"):
		return http.MethodGet, ""
	case v.asked > 0 && v.has("body-once"):
		body = ""
	}
	if method == "" {
		method = http.MethodGet
	}
	return method, body
}

// identify sets the last event ID.
func (v *visitor) identify(r *http.Request) {
	id := v.memory.lastEventID
	switch {
	case v.has("id-never-sent"), v.asked > 1 && v.has("id-once"), v.asked == 0 && v.has("id-initial-lost"):
		return
	case v.has("id-stale") && id == "":
		id = v.sent
	case v.has("id-latin1"):
		id = latin1(id)
	case v.has("id-escaped"):
		id = url.PathEscape(id)
	case v.has("id-cut"):
		id, _, _ = strings.Cut(id, " ")
	case v.has("id-sent-as-number"):
		id = strings.TrimLeft(id, "0")
	}
	v.sent = id
	if carried(id) || v.has("id-empty-sent") && (v.asked > 0 || v.has("id-empty-first")) || id == "" && v.has("id-empty-first") {
		r.Header.Set("Last-Event-ID", id)
	}
}

// latin1 returns s with one byte for each character, as far as there is one.
func latin1(s string) string {
	var b []byte
	for _, c := range s {
		if c > 0xFF {
			c = '?'
		}
		b = append(b, byte(c))
	}
	return string(b)
}

// redirects follows twenty redirects of one request and no more.
func (v *visitor) redirects(r *http.Request, via []*http.Request) error {
	most := maxRedirects
	switch status := r.Response.StatusCode; {
	case v.has("redirect-not-followed"), status == 308 && v.has("redirect-308"), status == 303 && v.has("redirect-303"),
		v.asked > 0 && v.has("redirect-first-only"):
		return http.ErrUseLastResponse
	case v.has("redirect-absolute-only") && !strings.Contains(r.Response.Header.Get("Location"), "://"):
		return errors.New("no URL")
	case v.has("redirect-same-origin") && r.URL.Host != via[0].URL.Host:
		return errors.New("another origin")
	case v.has("redirect-four"):
		most = 4
	case v.has("redirect-without-end"):
		most = 100
	}
	if v.has("redirect-loses-headers") {
		r.Header.Del("Last-Event-ID")
	}
	if v.has("redirect-asks-caches") {
		r.Header.Del("Cache-Control")
	}
	if len(via) > most {
		return errors.New("too many redirects")
	}
	return nil
}
