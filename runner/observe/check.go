package observe

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ssespec/ssespec/runner/lint"
	"github.com/ssespec/ssespec/runner/probe"
)

// A Check is one question to an [Observation]. Needs are the roles without whose
// exchange it cannot be answered; the stream itself must be one for all but those
// in [Check.Any].
type Check struct {
	Case  string
	Needs []Role
	Any   bool // asked also when the answer is no event stream
	Judge func(o *Observation) Judgement
}

// A Judgement is what a check says: nothing is a pass. Skip is why it cannot be
// answered, Stalled why it could not this time, Outcome what was seen of things that
// may be one way or another.
type Judgement struct {
	Findings []lint.Finding
	Skip     string
	Stalled  string
	Outcome  string
}

// add adds a finding; the tenth counts all that follow.
func (j *Judgement) add(f lint.Finding) {
	if len(j.Findings) == mostFindings {
		j.Findings[mostFindings-1].Repeats++
		return
	}
	j.Findings = append(j.Findings, f)
}

// Main returns the finding that explains most.
func (j Judgement) Main() lint.Finding {
	main, _ := lint.Report{Findings: j.Findings}.Main()
	return main
}

// Checks returns the table of all, those first whose findings explain others.
func Checks() []Check {
	return slices.Concat(responseChecks(), framingChecks(), deliveryChecks(), compressionChecks(), clientChecks(),
		requestChecks(), valueChecks(), resumeChecks(), corsChecks())
}

// Find returns the check of the case, and whether there is one.
func Find(id string) (Check, bool) {
	all := Checks()
	i := slices.IndexFunc(all, func(c Check) bool { return c.Case == id })
	if i < 0 {
		return Check{}, false
	}
	return all[i], true
}

// ofHeads are the cases of which the heads say all.
var ofHeads = []string{"serving/response/", "serving/requests/", "serving/cors/"} // never written to

// Watches reports whether the stream has to be watched for the check: its head
// alone does not say enough.
func (c Check) Watches() bool {
	return !slices.ContainsFunc(ofHeads, func(prefix string) bool { return strings.HasPrefix(c.Case, prefix) })
}

// Put asks the check, if what it needs was seen.
func (c Check) Put(o *Observation) Judgement {
	if why := noStream(o.Exchanges[Stream]); why != "" {
		return skip("%s", why)
	}
	if !c.Any && !IsStream(o.Exchanges[Stream]) {
		return skip("the answer is no event stream")
	}
	for _, role := range c.Needs {
		if why := o.unseen(role); why != "" {
			return skip("%s", why)
		}
		if e := o.Exchanges[role]; e.End == probe.Silent && o.hindered(e) {
			return o.stalled()
		}
	}
	return c.Judge(o)
}

// unseen says why nothing was seen for the role, "" when there was.
func (o *Observation) unseen(role Role) string {
	e := o.Exchanges[role]
	switch {
	case e == nil && o.Unsent[role] != "":
		return o.Unsent[role]
	case e == nil:
		return "no request was sent for it"
	case e.End == probe.Unsent:
		return "not sent: " + e.Reason
	case role != Stream && role != Second && o.turnedAway(e):
		return "the server serves one client at a time"
	}
	return ""
}

// noStream says why the answer is no stream and no mistake either, "" when it is
// one of the two: it is over, or the server has chosen JSON, which was asked for.
func noStream(e *probe.Exchange) string {
	switch {
	case e == nil:
		return ""
	case e.End == probe.Unsent:
		return "not sent: " + e.Reason
	case e.Head == nil:
		return "no answer came"
	case e.Head.Status == http.StatusNoContent:
		return "over"
	case e.Head.Status == http.StatusOK && isJSON(e.Head.Value("Content-Type")) && asksForJSON(e):
		return "answered JSON"
	}
	return ""
}

func isJSON(contentType string) bool {
	essence, _, err := mime.ParseMediaType(contentType)
	return err == nil && essence == "application/json"
}

func asksForJSON(e *probe.Exchange) bool {
	return slices.ContainsFunc(e.Asked, func(h probe.Header) bool {
		return strings.EqualFold(h.Name, "Accept") && strings.Contains(strings.ToLower(h.Value), "application/json")
	})
}

// turnedAway reports whether an exchange ended as that of a second client did, who
// was not served while the first was there: it shows nothing else.
func (o *Observation) turnedAway(e *probe.Exchange) bool {
	second := o.Exchanges[Second]
	switch {
	case second == nil:
		return false
	case second.Head == nil:
		return second.End == probe.Silent && e.Head == nil
	}
	return second.Head.Status >= 400 && e.Head != nil && e.Head.Status == second.Head.Status
}

func skip(format string, args ...any) Judgement { return Judgement{Skip: fmt.Sprintf(format, args...)} }

func outcome(format string, args ...any) Judgement {
	return Judgement{Outcome: fmt.Sprintf(format, args...)}
}

// says is a judgement of one finding that has no place in the bytes.
func says(rule string, text, hint string) Judgement {
	return Judgement{Findings: []lint.Finding{{Rule: rule, Clause: rule, Level: lint.Warning, Text: text, Hint: hint}}}
}

// seconds writes a duration as people read it.
func seconds(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// answer says in a few words what came of an exchange.
func answer(e *probe.Exchange) string {
	switch {
	case e.Head == nil && e.End == probe.Silent:
		return fmt.Sprintf("no answer within %s", seconds(e.Until))
	case e.Head == nil:
		return e.Reason
	case e.Head.Status != 200:
		return fmt.Sprintf("the status %d", e.Head.Status)
	}
	return fmt.Sprintf("%d with the type %q", e.Head.Status, e.Head.Value("Content-Type"))
}
