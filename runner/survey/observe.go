package survey

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// Observe carries out the plan for the roles. The error is a [target.Unreachable]
// where nothing of a stream could be seen: no connection, no answer, or one that
// refuses the request.
func (p Plan) Observe(ctx context.Context, roles []observe.Role) (*observe.Observation, error) {
	p.Roles = roles
	o := Run(ctx, p)
	e := o.Exchanges[observe.Stream]
	if why := refusal(e); why != "" && ctx.Err() == nil {
		return o, &target.Unreachable{Reason: fmt.Sprintf("%s %s: %s", method(p.Method), e.URL, why)}
	}
	return o, nil
}

func method(name string) string {
	if name == "" {
		return http.MethodGet
	}
	return name
}

// refusal says why there is nothing to observe, with what to do; "" when there is.
func refusal(e *probe.Exchange) string {
	switch {
	case e.Head == nil || e.End == probe.Looping:
		return NoAnswer(e) + moved(e)
	case e.Head.Status < 400:
		return ""
	case isForTLS(e):
		return "the answer is 400: the server wants https://"
	}
	return fmt.Sprintf("the answer is %d %s%s%s%s%s", e.Head.Status, http.StatusText(e.Head.Status), told(e.Head), said(e), hints[e.Head.Status], moved(e))
}

// isForTLS reports whether a server that speaks TLS says that we did not.
func isForTLS(e *probe.Exchange) bool {
	return e.Head.Status == http.StatusBadRequest && scheme(e.URL) == "http" &&
		(bytes.Contains(e.Bytes(), []byte("HTTP request to an HTTPS server")) || bytes.Contains(e.Bytes(), []byte("plain HTTP request was sent to HTTPS port")))
}

// tells are the headers that say more of a refusal.
var tells = []string{"WWW-Authenticate", "Retry-After", "Allow"} // never written to

// told is what the head says of a refusal.
func told(h *probe.Head) (text string) {
	for _, name := range tells {
		if v := h.Value(name); v != "" {
			text += fmt.Sprintf(", %s: %s", name, short(v))
		}
	}
	return text
}

// said is the beginning of what the body says of a refusal, where that is no page.
func said(e *probe.Exchange) string {
	text, _, _ := strings.Cut(strings.TrimSpace(string(e.Bytes())), "\n")
	if text == "" || text[0] == '<' || !utf8.ValidString(text) {
		return ""
	}
	return ", it says " + spec.Quote(short(strings.TrimSpace(text)))
}

// short cuts a text for people.
func short(text string) string {
	if letters := []rune(text); len(letters) > 120 {
		return string(letters[:120]) + "…"
	}
	return text
}

// moved says where a redirect has led, and what did not go with it.
func moved(e *probe.Exchange) string {
	if len(e.Hops) == 0 {
		return ""
	}
	text := "; the server redirects to " + e.Hops[len(e.Hops)-1].Location
	if e.Bare {
		text += ", another origin, where credentials and headers of yours are not sent: check that URL itself"
	}
	return text
}

// hints say what to do about a status.
var hints = map[int]string{ // never written to
	400: ": see what the server wants (--header, --method, --body)",
	401: ": send credentials with --header-env Authorization=VARIABLE, where $VARIABLE is \"Bearer …\"",
	403: ": the credentials, if any, do not allow this; send others with --header-env Authorization=VARIABLE",
	404: ": nothing is there; is the path right?",
	405: ": another method is wanted; try --method POST --body '{}'",
	406: ": another Accept is wanted; try --header 'Accept: application/json, text/event-stream'",
	415: ": the body has another type than the server wants; try --header 'Content-Type: application/json'",
	422: ": see what the server wants in the body (--body)",
	429: ": too many requests; wait, or try --requests 1",
	500: ": the server fails; its log says why",
	502: ": the proxy cannot reach the server behind it",
	503: ": the server is not ready; try --wait 30s",
	504: ": the proxy gave up waiting for the server behind it; does that flush its head?",
}

// NoAnswer says why there is no head, and what to do.
func NoAnswer(e *probe.Exchange) string {
	switch {
	case e.End == probe.Silent && strings.Contains(e.Reason, "no connection"):
		return fmt.Sprintf("no connection within %.0f s: are host and port right, and does every firewall let it pass?", e.Until.Seconds())
	case e.End == probe.Silent && strings.Contains(e.Reason, "no TLS handshake"):
		return fmt.Sprintf("no TLS handshake within %.0f s: is it http://?", e.Until.Seconds())
	case e.End == probe.Silent:
		return fmt.Sprintf("no answer within %.0f s: the server hangs, or keeps its head back until the first event (flush it; or watch longer with --for)", e.Until.Seconds())
	case strings.Contains(e.Reason, "malformed HTTP response") && scheme(e.URL) == "http":
		return e.Reason + ": is it https://?"
	case strings.Contains(e.Reason, "x509:"):
		return e.Reason + " (--ca FILE names whom to trust, --insecure trusts everybody)"
	case strings.Contains(e.Reason, "first record does not look like a TLS handshake"):
		return e.Reason + ": is it http://?"
	case strings.Contains(e.Reason, "tls: certificate required"):
		return e.Reason + ": the server wants to know who asks; --cert FILE --key FILE say so"
	case strings.HasPrefix(e.Reason, http2Preface):
		return "the answer is one in HTTP/2: without TLS ssespec speaks HTTP/1.1 only"
	case strings.Contains(e.Reason, "no such host"):
		return e.Reason + ": is the name right?"
	case strings.Contains(e.Reason, "connection refused"):
		return e.Reason + ": nothing listens there; ssespec server URL --wait 30s waits for it, ssespec server URL -- COMMAND starts it"
	}
	return e.Reason
}

// http2Preface is how the answer of a server begins that speaks HTTP/2 unasked: with
// a frame of settings.
const http2Preface = `no HTTP: the answer begins with "\x00\x00`

func scheme(url string) string {
	s, _, _ := strings.Cut(url, ":")
	return s
}
