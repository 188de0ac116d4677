package reports

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/spec"
)

// Result is one case in the JSON report.
type Result struct {
	Case        string     `json:"case"`
	Title       string     `json:"title"`
	Level       spec.Level `json:"level"`
	Clauses     []string   `json:"clauses"`
	Verdict     string     `json:"verdict"`
	Reason      string     `json:"reason,omitempty"`
	Rule        string     `json:"rule,omitempty"`
	Offset      *int       `json:"offset,omitempty"`
	Outcome     string     `json:"outcome,omitempty"`
	Contested   bool       `json:"contested,omitempty"`
	Known       bool       `json:"known,omitempty"`
	Provisional bool       `json:"provisional,omitempty"`
	Delivery    string     `json:"delivery,omitempty"`
	Deliveries  Deliveries `json:"deliveries"`
	Cuts        string     `json:"cuts,omitempty"`
	Want        []Step     `json:"want"`
	Got         []Step     `json:"got"`
	Findings    []Finding  `json:"findings,omitempty"`
	Requests    []Request  `json:"requests,omitempty"`
	Wire        []Packet   `json:"wire,omitempty"`
	Omitted     *Omitted   `json:"omitted,omitempty"`
	Stderr      string     `json:"stderr,omitempty"` // the tail of the target's standard error
	Reproduce   string     `json:"reproduce,omitempty"`
	ElapsedMs   int64      `json:"elapsedMs"`
}

// Deliveries says how many were put and which did not pass.
type Deliveries struct {
	Run    int      `json:"run"`
	Failed []string `json:"failed"`
}

// Step is one step of a trace, in the form of the adapter protocol.
type Step struct {
	Step    string `json:"step"`
	Event   *Event `json:"event,omitempty"`
	Comment *Text  `json:"comment,omitempty"`
	Retry   string `json:"retry,omitempty"`
	Chunk   *int   `json:"chunk,omitempty"`
}

// Event is one event. A string that is no Unicode stands in the Base64 member;
// of a long one that has the summary of its base64.
type Event struct {
	Type              *Text `json:"type,omitempty"`
	TypeBase64        *Text `json:"typeBase64,omitempty"`
	Data              *Text `json:"data,omitempty"`
	DataBase64        *Text `json:"dataBase64,omitempty"`
	LastEventID       *Text `json:"lastEventId,omitempty"`
	LastEventIDBase64 *Text `json:"lastEventIdBase64,omitempty"`
}

// longText is the longest string that a report holds whole.
const longText = 4 << 10

// Text is a string, or, above 4 KiB, its length, digest and ends.
type Text string

// MarshalJSON writes the string or its summary.
func (t Text) MarshalJSON() ([]byte, error) {
	if len(t) <= longText {
		return json.Marshal(string(t))
	}
	s := string(t)
	sum := sha256.Sum256([]byte(s))
	return json.Marshal(map[string]any{
		"length": len(s), "sha256": hex.EncodeToString(sum[:]),
		"head": spec.Decode([]byte(s[:256])), "tail": spec.Decode([]byte(s[len(s)-256:])),
	})
}

// Request is one request as it was received. Values that are no Unicode have
// their bytes read as Latin-1.
type Request struct {
	At      float64     `json:"at"` // seconds
	Method  string      `json:"method"`
	Target  string      `json:"target"`
	Headers [][2]string `json:"headers"`
	Status  int         `json:"status,omitempty"`
}

// Packet is one write, or a piece of one: bytes in base64, how many were left
// out after them and, where the write is not whole, the digest of all of it.
type Packet struct {
	At      float64 `json:"at"` // seconds
	Dir     string  `json:"dir"`
	Base64  string  `json:"base64"`
	Omitted int     `json:"omitted,omitempty"`
	SHA256  string  `json:"sha256,omitempty"`
	End     string  `json:"end,omitempty"`
}

// newResult renders r in about share bytes at most.
func newResult(run Run, r runner.Result, share int) Result {
	out := Result{
		Case: r.Case.ID, Title: r.Case.Title, Level: r.Case.Level, Clauses: r.Case.Clauses, Verdict: string(r.Verdict),
		Reason: headOf(r.Reason, share), Rule: r.Rule, Outcome: headOf(r.Outcome, share), Contested: r.Contested, Known: r.Known, Provisional: r.Provisional, Delivery: r.Delivery,
		Deliveries: Deliveries{r.Deliveries, append([]string{}, r.Failed...)}, Cuts: r.Cuts,
		Stderr: tailOf(r.Stderr, share), ElapsedMs: r.Elapsed.Milliseconds(),
	}
	if r.Offset >= 0 {
		out.Offset = &r.Offset
	}
	out.Findings = findingsOf(r, share)
	if r.Verdict != runner.Pass {
		out.Requests, out.Wire, out.Reproduce = requestsOf(r.Requests), wireOf(r), Reproduce(run.Command, r)
	}
	out.bound(r, share)
	return out
}

// washed makes any text valid Unicode, as JSON demands.
func washed(s string) string { return spec.Decode([]byte(s)) }

func newStep(s spec.Step) Step {
	step := Step{Step: string(s.Kind)}
	if s.Chunk >= 0 {
		step.Chunk = &s.Chunk
	}
	switch {
	case s.Event != nil:
		step.Event = newEvent(*s.Event)
	case s.Kind == spec.Comment:
		text := Text(washed(s.Text))
		step.Comment = &text
	case s.Kind == spec.Retry:
		step.Retry = s.Text
	}
	return step
}

func newEvent(e spec.Event) *Event {
	var out Event
	out.Type, out.TypeBase64 = unicode(e.Type)
	out.Data, out.DataBase64 = unicode(e.Data)
	out.LastEventID, out.LastEventIDBase64 = unicode(e.LastEventID)
	return &out
}

// unicode returns s as text or, when it is no Unicode, in base64.
func unicode(s string) (text, inBase64 *Text) {
	if utf8.ValidString(s) {
		t := Text(s)
		return &t, nil
	}
	t := Text(base64.StdEncoding.EncodeToString([]byte(s)))
	return nil, &t
}

func requestsOf(list []origin.Request) []Request {
	out := make([]Request, len(list))
	for i, r := range list {
		out[i] = Request{At: r.At.Seconds(), Method: washed(r.Method), Target: washed(r.Target), Headers: [][2]string{}, Status: r.Status}
		for _, h := range r.Headers {
			out[i].Headers = append(out[i].Headers, [2]string{washed(h.Name), washed(shortened(h.Value))})
		}
	}
	return out
}

func shortened(s string) string {
	if len(s) <= longText {
		return s
	}
	return s[:longText] + "… (" + strconv.Itoa(len(s)) + " bytes)"
}
