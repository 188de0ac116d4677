package runner

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/spec"
)

// tooManyRequests says how many requests came where fewer may, "" when they are
// no more than that.
func (a *attempt) tooManyRequests(script int, allowed cases.Requests) string {
	switch {
	case allowed.Closed:
		for _, r := range a.requests {
			if r.At > a.over {
				return fmt.Sprintf("a request %s after close", brief(r.At-a.over))
			}
		}
	case allowed.Max > 0 && a.count > allowed.Max:
		return fmt.Sprintf("%d requests where at most %d may be, within %s", a.count, allowed.Max, a.span())
	}
	if a.storm {
		return fmt.Sprintf("a storm: %d requests within %s, where the script answers %d", a.count, a.span(), script)
	}
	return ""
}

// span is the time from the first request that was kept to the last.
func (a *attempt) span() string {
	if len(a.requests) == 0 {
		return "no time"
	}
	return brief(a.requests[len(a.requests)-1].At - a.requests[0].At)
}

// brief is d without digits that nobody can rely on.
func brief(d time.Duration) string {
	if d < 10*time.Millisecond {
		return d.Round(10 * time.Microsecond).String()
	}
	return d.Round(time.Millisecond).String()
}

// misdirected says how the paths of the requests differ from those of an
// outcome, "" when they do not.
func (a *attempt) misdirected(want []string) string {
	var paths []string
	for _, r := range a.requests {
		if r.Connection >= 0 {
			paths = append(paths, r.Target)
		}
	}
	if want == nil || slices.Equal(paths, want) {
		return ""
	}
	return fmt.Sprintf("requests to %s, not to %s", strings.Join(paths, ", "), strings.Join(want, ", "))
}

// wrongRequest says how the first of the requests that departs from what is
// wanted of it does so, "" when none does. late is a request that only came
// later than it should.
func (a *attempt) wrongRequest(s cases.Script, last cases.Request, repeated bool, scale func(time.Duration) time.Duration) (reason string, late bool) {
	for i, r := range a.requests {
		if r.Connection < 0 || r.Omitted {
			continue
		}
		wanted := []cases.Request{s.Connections[r.Connection].Request}
		if r.Connection == len(s.Connections)-1 {
			wanted = append(wanted, last)
		}
		for _, want := range wanted {
			reason := wrongHead(r, want)
			if reason == "" && !repeated && i > 0 {
				reason, late = a.untimely(r, a.requests[i-1], want, scale)
			}
			if reason != "" {
				return fmt.Sprintf("request %d %s", i+1, reason), late
			}
		}
	}
	return "", false
}

// wrongHead says how r departs from what is wanted of its method, headers and
// body.
func wrongHead(r origin.Request, want cases.Request) string {
	if want.Method != "" && r.Method != want.Method {
		return fmt.Sprintf("is a %s, not a %s", cut(r.Method), want.Method)
	}
	for _, name := range slices.Sorted(maps.Keys(want.Headers)) {
		if reason := wrongHeader(name, values(r, name), want.Headers[name]); reason != "" {
			return reason
		}
	}
	if want.Body != nil && (string(r.Body) != *want.Body || r.BodyLength != int64(len(*want.Body))) {
		return fmt.Sprintf("has the body %s (%d bytes), not %s", cut(string(r.Body)), r.BodyLength, cut(*want.Body))
	}
	return ""
}

func wrongHeader(name string, got []string, want *string) string {
	switch {
	case want == nil && len(got) > 0:
		return fmt.Sprintf("carries %s: %s, which must be absent", name, cut(got[0]))
	case want == nil || len(got) == 1 && got[0] == *want:
		return ""
	case len(got) == 0:
		return fmt.Sprintf("carries no %s; wanted %s", name, cut(*want))
	case len(got) > 1:
		return fmt.Sprintf("carries %s %d times", name, len(got))
	}
	return fmt.Sprintf("carries %s: %s, not %s", name, cut(got[0]), cut(*want))
}

func values(r origin.Request, name string) (list []string) {
	for _, h := range r.Headers {
		if strings.EqualFold(h.Name, name) {
			list = append(list, h.Value)
		}
	}
	return list
}

// shownBytes is how much of a value is shown in a reason.
const shownBytes = 60

// cut quotes s, of a long one its beginning and its length.
func cut(s string) string {
	if len(s) <= shownBytes {
		return spec.Quote(s)
	}
	return fmt.Sprintf("%s… (%d bytes)", spec.Quote(s[:shownBytes]), len(s))
}

// untimely says how much sooner or later r came than it may, after the end of
// the connection before it.
func (a *attempt) untimely(r, before origin.Request, want cases.Request, scale func(time.Duration) time.Duration) (reason string, late bool) {
	end, found := a.endOf(before.Connection)
	if !found {
		return "", false
	}
	switch waited := r.At - end; {
	case want.After > 0 && waited < want.After:
		return fmt.Sprintf("came %s after the end of the connection before, not %s", brief(waited), brief(want.After)), false
	case want.Before > 0 && waited > scale(want.Before):
		return fmt.Sprintf("came %s after the end of the connection before, later than %s", brief(waited), brief(scale(want.Before))), true
	}
	return "", false
}

// endOf returns when the client could know that a connection had ended: with
// the last byte of it, or with the end itself where that is not told by bytes.
func (a *attempt) endOf(connection int) (at time.Duration, found bool) {
	for _, p := range a.wire {
		if p.Conn == connection && connection >= 0 && (p.Length > 0 || !found || p.End == "reset" || p.End == "refuse") {
			at, found = p.At, true
		}
	}
	return at, found
}
