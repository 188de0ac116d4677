package doctor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

const (
	helloLine = `{"hello":{"protocol":1,"kind":"client","name":"your-library","version":"1.0.0","language":"…","parallel":1}}`
	flushLine = `print(line, flush=True); sys.stdout.flush(); fflush(stdout); out.Flush()`
	eventLine = `{"run":"1","step":"dispatch","event":{"type":"message","data":"x","lastEventId":""}}`
	endLine   = `{"run":"7","step":"end"}`
)

// first looks at what everything else stands on: the hello, and one run that
// is answered while standard input is open.
func (x *examination) first() ([]Finding, error) {
	began := time.Now()
	s, err := x.start()
	if err != nil {
		return nil, err
	}
	defer s.finish()
	if !s.greeted() {
		return x.speechless(s)
	}
	x.took = time.Since(began)
	l := s.greeting()
	x.hello = *l.hello
	findings := []Finding{greet(l)}
	if Faulty(findings) {
		return findings, nil
	}
	v := &visit{session: s, hello: x.hello, origin: x.origin, ctx: x.ctx}
	findings = append(findings, v.answers()...)
	s.finish()
	return append(findings, s.leaving()), nil
}

// speechless says why no hello came. A process that has ended without one has
// not been started.
func (x *examination) speechless(s *session) ([]Finding, error) {
	if s.gone() {
		return nil, x.unreachable(s)
	}
	saw := s.state()
	s.finish()
	if l := s.greeting(); l != nil {
		return []Finding{bad("flush", "the hello came only when standard input was closed: standard output is buffered", quoted(l.text),
			"flush standard output after each line, the hello too").writing(flushLine)}, nil
	}
	if text := s.firstLine(); text != "" {
		saw = quoted(text)
	}
	return []Finding{bad("hello", fmt.Sprintf("no hello within %v", s.startTimeout), saw,
		"write the hello as the first line of standard output, unasked, and flush it").writing(helloLine)}, nil
}

func (s *session) greeting() *line {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard.hello()
}

func (s *session) firstLine() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.heard.lines) == 0 {
		return ""
	}
	return s.heard.lines[0].text
}

// greet judges the first line.
func greet(l *line) Finding {
	h := l.hello
	if l.err != nil {
		return bad("hello", "the hello is not valid: "+strings.TrimPrefix(safe(l.err), "hello: "), quoted(l.text), "write a valid hello first").writing(helloLine)
	}
	for _, k := range h.Steps {
		if !slices.Contains(kinds(), string(k)) {
			return bad("hello", "a step in the hello is not known: "+quoted(string(k)), quoted(l.text),
				"name in steps only what the interface can show, of: "+strings.Join(kinds(), ", "))
		}
	}
	for _, c := range h.Capabilities {
		if !slices.Contains(capabilities(), c) {
			return bad("hello", "a capability in the hello is not known: "+quoted(c), quoted(l.text),
				"name only these capabilities: "+strings.Join(capabilities(), ", "))
		}
	}
	if h.Parallel < 0 {
		return bad("hello", fmt.Sprintf("parallel is %d", h.Parallel), quoted(l.text), "say in parallel how many runs may be open at once, 1 or more")
	}
	return Finding{Check: "hello", Class: OK, What: fmt.Sprintf("%s %s %s, parallel %d", h.Kind, quoted(h.Name), quoted(h.Version), max(h.Parallel, 1))}
}

// safe is an error whose words may hold words of the adapter.
func safe(err error) string {
	text := quoted(err.Error())
	return strings.ReplaceAll(text[1:len(text)-1], `\"`, `"`)
}

func kinds() []string {
	return []string{string(spec.Announce), string(spec.Dispatch), string(spec.Reestablish), string(spec.Fail)}
}

// capabilities are the ones that contracts, section 2, knows.
func capabilities() []string {
	return []string{"reestablish", "last-event-id", "reconnection-time", "headers", "post", "credentials", "cors",
		"close-in-callback", "comments", "retry", "types-any"}
}

// answers puts one event, and looks whether it and the end come while standard
// input, and of a client the stream, are open.
func (v *visit) answers() []Finding {
	a, err := v.plain("data: x\n\n")
	if err != nil {
		return []Finding{bad("answers", "standard input is not read: "+safe(err), v.state(), "read standard input line by line, to its end")}
	}
	if !a.dispatched(1) {
		return []Finding{a.withheld("dispatch", func(t *transcript) bool { return len(t.dispatches(a.run)) > 0 }, a.mute())}
	}
	if e := a.events()[0]; slices.Contains(e.absent, "data") {
		return []Finding{bad("answers", "an event has no data", quoted(e.text), "write the data of each event").writing(eventLine)}
	}
	answered := ok("an event is dispatched while the stream is open")
	answered.Check = "answers"
	if !a.through() {
		return []Finding{answered, a.withheld("end", func(t *transcript) bool { return len(t.ends(a.run)) > 0 }, a.endless())}
	}
	return []Finding{answered,
		{Check: "flush", Class: OK, What: "each line comes as soon as it is due"},
		{Check: "end", Class: OK, What: "each run ends, and only in answer to what is due"}}
}

// withheld says whether the missing line comes when standard input is closed;
// otherwise finds what it was given.
func (a *asked) withheld(what string, came func(*transcript) bool, otherwise func() Finding) Finding {
	f := otherwise()
	a.finish()
	if held, _ := a.holds(came); !held {
		return f
	}
	return bad("flush", fmt.Sprintf("run %q: the line %q came only when standard input was closed", a.run, what), quoted(a.lastLate()),
		"flush standard output after each line, the last one of a run too").writing(flushLine)
}

func (s *session) lastLate() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range slices.Backward(s.heard.lines) {
		if l.late {
			return l.text
		}
	}
	return ""
}

// mute is the finding when an event does not come at all.
func (a *asked) mute() func() Finding {
	return func() Finding {
		return bad("answers", `no dispatch came for the stream "data: x\n\n" while it was open`, a.evidence(),
			"report each event as soon as the library hands it out; if the library hands it out only at the end of the stream, that is its own").
			writing(eventLine)
	}
}

// endless is the finding when a run does not end.
func (a *asked) endless() func() Finding {
	when := "in answer to each close"
	if a.parser() {
		when = "after each parse"
	}
	return func() Finding {
		return bad("end", "no end came "+when, a.evidence(), "write the line end "+when).writing(endLine)
	}
}

// leaving says whether the process ended with its standard input.
func (s *session) leaving() Finding {
	if s.hung {
		return bad("exit", fmt.Sprintf("still alive %v after standard input was closed", max(leaveTime, s.patience)), "it had to be killed",
			"exit when standard input ends, also while runs are open")
	}
	return Finding{Check: "exit", Class: OK, What: "it exits when standard input ends"}
}

// without says why a check does not apply to h, "" if it does.
func (c check) without(h target.Hello) string {
	switch {
	case len(c.kinds) > 0 && !slices.Contains(c.kinds, h.Kind):
		return fmt.Sprintf("not for kind %s", h.Kind)
	case c.together && h.Parallel < 2:
		return "hello says that one run is open at a time"
	}
	return ""
}
