package doctor

import (
	"context"
	"fmt"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/runner/stdio"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A visit is one check at work on one process.
type visit struct {
	*session
	hello  target.Hello
	origin *origin.Origin
	ctx    context.Context // ends with the visit, and its plays with it
}

func (v *visit) parser() bool { return v.hello.Kind == target.Parser }

// An asked run. play is nil for a parser.
type asked struct {
	*visit
	run  string
	play *origin.Play
}

// stream is a script that stays open after its chunks.
func stream(chunks ...string) cases.Script {
	s := cases.One()
	for _, c := range chunks {
		s.Connections[0].Body = append(s.Connections[0].Body, cases.Part{Unit: []byte(c)})
	}
	s.Connections[0].End = "hang"
	return s
}

// awaiting is a stream whose second part is sent once it is let go.
func awaiting(first, second string) cases.Script {
	s := stream(first, second)
	b := s.Connections[0].Body
	s.Connections[0].Body = []cases.Part{b[0], {Await: "dispatch"}, b[1]}
	return s
}

// ask opens a run of s. sub says what else is asked; its run, URL and chunks
// are filled in.
func (v *visit) ask(s cases.Script, sub target.Subscription) (*asked, error) {
	v.mu.Lock()
	v.session.runs++
	a := &asked{visit: v, run: fmt.Sprint(v.session.runs)}
	v.heard.chunks[a.run] = len(s.Connections[0].Chunks())
	if v.parser() {
		v.session.parses++
	}
	v.heard.over[a.run] = v.hello.Kind != target.Client || sub.CloseOn != nil
	v.mu.Unlock()
	sub.Run = a.run
	if v.parser() {
		sub.Chunks = s.Connections[0].Chunks()
	} else {
		a.play = v.origin.Play(v.ctx, s)
		sub.URL = a.play.URL()
	}
	if len(sub.Types) == 0 {
		sub.Types = []string{"message", "add"}
	}
	text, err := stdio.Opening(v.hello.Kind, sub)
	if err != nil {
		return nil, err
	}
	return a, v.say(text)
}

// plain opens a run of the stream with those chunks, and nothing else.
func (v *visit) plain(chunks ...string) (*asked, error) {
	return v.ask(stream(chunks...), target.Subscription{})
}

// close asks the adapter to close the run.
func (a *asked) close() error {
	text, err := stdio.Closing(a.run)
	if err != nil {
		return err
	}
	a.mu.Lock()
	a.heard.closed[a.run] = len(a.heard.lines)
	a.mu.Unlock()
	return a.say(text)
}

// dispatched waits for n events of the run.
func (a *asked) dispatched(n int) bool {
	return a.until(a.patience, func(t *transcript) bool { return len(t.dispatches(a.run)) >= n })
}

// ended waits for the n-th end of the run.
func (a *asked) ended(n int) bool {
	return a.until(a.patience, func(t *transcript) bool { return len(t.ends(a.run)) >= n })
}

// through lets the run end, by a close where it does not end by itself.
func (a *asked) through() bool {
	if a.parser() {
		return a.ended(1)
	}
	a.mu.Lock()
	_, closed := a.heard.closed[a.run]
	a.mu.Unlock()
	return (closed || a.close() == nil) && a.ended(1)
}

// events returns the lines that dispatched the run's events so far.
func (a *asked) events() []line {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.heard.dispatches(a.run)
}

// evidence returns what the run reported, or why it reported nothing.
func (a *asked) evidence() string {
	a.mu.Lock()
	why := a.heard.unimplemented(a.run)
	all := a.heard.of(a.run, func(line) bool { return true })
	a.mu.Unlock()
	switch {
	case why != "":
		return "unimplemented: " + quoted(why)
	case len(all) > 0 && a.gone():
		return quoted(all[len(all)-1].text) + "; " + a.state()
	case len(all) > 0:
		return quoted(all[len(all)-1].text) + ", and no more"
	}
	return a.state()
}

// release lets an awaiting stream go on.
func (a *asked) release() {
	if a.play != nil {
		a.play.Observed(spec.Dispatch)
	}
}
