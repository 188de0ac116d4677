package observe

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ssespec/ssespec/runner/probe"
)

func corsChecks() []Check {
	return []Check{
		{"serving/cors/wildcard-credentials", []Role{Origin}, false, answered(wildcardCredentials)},
		{"serving/cors/reflected-origin", []Role{Origin}, false, answered(reflectedOrigin)},
		{"serving/cors/one-origin", []Role{Origin}, false, answered(oneOrigin)},
		{"serving/cors/vary", []Role{Origin}, false, answered(vary)},
		{"serving/cors/preflight", []Role{Origin, Options}, false, answered(preflight)},
	}
}

// answered judges only where the request from another origin has an answer.
func answered(judge func(*Observation) Judgement) func(*Observation) Judgement {
	return func(o *Observation) Judgement {
		if e := o.Exchanges[Origin]; e.Head == nil {
			return skip("a request from another origin got %s", answer(e))
		}
		return judge(o)
	}
}

const allowOrigin = "Access-Control-Allow-Origin"

// allows returns what the answer allows, and whether with credentials.
func allows(e *probe.Exchange) (origin string, credentials bool) {
	if e.Head == nil {
		return "", false
	}
	return e.Head.Value(allowOrigin), e.Head.Value("Access-Control-Allow-Credentials") == "true"
}

func wildcardCredentials(o *Observation) Judgement {
	if origin, credentials := allows(o.Exchanges[Origin]); origin == "*" && credentials {
		return says("cors-check-credentials", allowOrigin+" is * and credentials are allowed: browsers refuse the pair",
			"name the origin in place of *, or leave out Access-Control-Allow-Credentials")
	}
	return Judgement{}
}

func reflectedOrigin(o *Observation) Judgement {
	if origin, credentials := allows(o.Exchanges[Origin]); origin == o.Foreign && credentials {
		return says("cors-check-credentials", fmt.Sprintf("the origin %s, which nobody knows, may read the stream with the user's cookies", o.Foreign),
			"allow credentials only for origins on a list of yours")
	}
	return Judgement{}
}

func oneOrigin(o *Observation) Judgement {
	if origin, _ := allows(o.Exchanges[Origin]); strings.Contains(origin, ",") {
		return says("cors-check", fmt.Sprintf("%s is %q, and only one value is allowed", allowOrigin, origin),
			"set it once: mostly a proxy and the application both do")
	}
	return Judgement{}
}

func vary(o *Observation) Judgement {
	e := o.Exchanges[Origin]
	origin, _ := allows(e)
	if origin != o.Foreign {
		return Judgement{}
	}
	names := strings.FieldsFunc(strings.ToLower(e.Head.Value("Vary")), func(r rune) bool { return r == ',' || r == ' ' })
	if slices.Contains(names, "origin") || slices.Contains(names, "*") {
		return Judgement{}
	}
	return says("cors-check", allowOrigin+" depends on the request, and Vary does not say so", "send Vary: Origin")
}

func preflight(o *Observation) Judgement {
	if origin, _ := allows(o.Exchanges[Origin]); origin != "*" && origin != o.Foreign {
		return outcome("the stream is for its own origin only")
	}
	e := o.Exchanges[Options]
	origin, _ := allows(e)
	const hint = "answer OPTIONS with 204, Access-Control-Allow-Origin, and Access-Control-Allow-Headers: last-event-id"
	switch {
	case e.Head == nil || e.Head.Status < 200 || e.Head.Status > 299 || origin != "*" && origin != o.Foreign:
		return says("cors-check", "the stream is for other origins, but a preflight got "+preflightAnswer(e), hint)
	case !allowsHeader(e, "last-event-id"):
		return says("cors-check", "the stream is for other origins, but a preflight does not allow the header Last-Event-ID", hint)
	}
	return Judgement{}
}

func preflightAnswer(e *probe.Exchange) string {
	if e.Head == nil || e.Head.Status < 200 || e.Head.Status > 299 {
		return answer(e)
	}
	return "no " + allowOrigin
}

func allowsHeader(e *probe.Exchange, name string) bool {
	names := strings.FieldsFunc(strings.ToLower(e.Head.Value("Access-Control-Allow-Headers")), func(r rune) bool { return r == ',' || r == ' ' })
	return slices.Contains(names, name) || slices.Contains(names, "*")
}
