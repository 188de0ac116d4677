package survey

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/runner/target"
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
	if e.Head == nil || e.End == probe.Looping {
		return noAnswer(e)
	}
	if e.Head.Status < 400 {
		return ""
	}
	return fmt.Sprintf("the answer is %d %s%s", e.Head.Status, http.StatusText(e.Head.Status), hints[e.Head.Status])
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

// noAnswer says why there is no head.
func noAnswer(e *probe.Exchange) string {
	switch {
	case e.End == probe.Silent:
		return fmt.Sprintf("no answer within %.0f s: the server hangs, or keeps its head back until the first event (flush it; or watch longer with --for)", e.Until.Seconds())
	case strings.Contains(e.Reason, "malformed HTTP response") && scheme(e.URL) == "http":
		return e.Reason + ": is it https://?"
	case strings.Contains(e.Reason, "x509:"):
		return e.Reason + " (--ca FILE names whom to trust, --insecure trusts everybody)"
	case strings.Contains(e.Reason, "first record does not look like a TLS handshake"):
		return e.Reason + ": is it http://?"
	case strings.Contains(e.Reason, "connection refused"):
		return e.Reason + ": nothing listens there; try --wait 30s, or start it: ssespec server URL -- COMMAND"
	}
	return e.Reason
}

func scheme(url string) string {
	s, _, _ := strings.Cut(url, ":")
	return s
}
