package doctor

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// mostRuns is how many runs are opened at once, whatever hello promises.
const mostRuns = 32

// ownData is the data of the event that only one of them is sent.
const ownData = "of run %d"

// parallel opens as many runs as hello allows. Their streams stay open, so
// that one after the other cannot serve them.
func parallel(v *visit) Finding {
	n := min(v.hello.Parallel, mostRuns)
	var runs []*asked
	for i := range n {
		a, err := v.plain("data: " + fmt.Sprintf(ownData, i+1) + "\n\n")
		if err != nil {
			return v.unasked(err)
		}
		runs = append(runs, a)
	}
	began := v.began(runs)
	for i, a := range runs {
		if f := a.foreign(fmt.Sprintf(ownData, i+1)); f != nil {
			return *f
		}
	}
	if began < n {
		return bad("", fmt.Sprintf("hello says parallel %d, and of %d runs that are open at once only %d report their event", v.hello.Parallel, n, began), missing(runs),
			"start each run on its own and go on reading standard input, or say in parallel how many may be open at once").writing(`"parallel":1`)
	}
	return fine("parallel")
}

// foreign is the finding when the run reports an event that is not its own.
func (a *asked) foreign(own string) *Finding {
	for _, l := range a.events() {
		data := strings.TrimSpace(l.said.Step.Event.Data)
		if data != own && belongs(data) {
			f := bad("", "a run reports the event of another run", quoted(l.text),
				"take the run of each line from the line that opened it: no variable that the next run overwrites")
			return &f
		}
	}
	return nil
}

// belongs reports whether data is what some run is sent, and no other text.
func belongs(data string) bool {
	var run int
	_, err := fmt.Sscanf(data, ownData, &run)
	return err == nil
}

// missing says of the first run that reports nothing what is known of it.
func missing(runs []*asked) string {
	for _, a := range runs {
		if len(a.events()) == 0 {
			return fmt.Sprintf("run %q: %s", a.run, a.evidence())
		}
	}
	return ""
}

// began returns how many of the runs report an event in time.
func (v *visit) began(runs []*asked) int {
	n := 0
	count := func(t *transcript) bool {
		n = 0
		for _, a := range runs {
			n += min(1, len(t.dispatches(a.run)))
		}
		return n == len(runs)
	}
	if v.until(v.patience, count) {
		return len(runs)
	}
	v.holds(count)
	return n
}

// closing looks whether a close is answered and leaves the others alone.
func closing(v *visit) Finding {
	first, err := v.plain("data: a\n\n")
	if err != nil {
		return v.unasked(err)
	}
	if !first.dispatched(1) {
		return first.eventless("data: a\n\n")
	}
	if v.parser() {
		return v.closeParsed(first)
	}
	var other *asked
	if v.hello.Parallel > 1 {
		if other, err = v.ask(awaiting("data: a\n\n", "data: b\n\n"), target.Subscription{}); err != nil {
			return v.unasked(err)
		}
		if !other.dispatched(1) {
			return Finding{Class: Skipped, What: "a second run did not begin: see parallel"}
		}
	}
	if first.close() != nil || !first.ended(1) {
		return unanswered(first)
	}
	if other != nil && !other.goesOn() {
		return alone(other)
	}
	return v.another()
}

// closeParsed closes a run of a parser, which is over already.
func (v *visit) closeParsed(a *asked) Finding {
	if !a.ended(1) || a.close() != nil || !a.ended(2) {
		return unanswered(a)
	}
	return v.another()
}

func unanswered(a *asked) Finding {
	return bad("", "a close is not answered by the line end", a.evidence(), "answer each close by the line end of its run, also when the run is over").writing(endLine)
}

// goesOn reports whether the run reports its second event, and no end before it was closed.
func (a *asked) goesOn() bool {
	a.release()
	return a.dispatched(2) && a.close() == nil && a.ended(1)
}

func alone(a *asked) Finding {
	return bad("", "a close of one run ends another one", a.evidence(), "close only the run that the line names: the process and the other runs go on")
}

// another opens one more run.
func (v *visit) another() Finding {
	a, err := v.plain("data: c\n\n")
	if err != nil || !a.dispatched(1) || !a.through() {
		return bad("", "after a close no run is answered any more", v.lost(a), "go on reading standard input after a close: the process ends when standard input ends")
	}
	return fine("close")
}

// connecting closes a run while the server has not answered.
func connecting(v *visit) Finding {
	s := cases.Script{Connections: []cases.Connection{{Raw: []cases.Part{{Await: "dispatch"}}, End: "hang"}}}
	a, err := v.ask(s, target.Subscription{})
	if err != nil {
		return v.unasked(err)
	}
	if !v.eventually(func() bool { return a.play.Count() > 0 }) {
		return bad("", "no request came for a subscribe", a.evidence(), "open the url of the subscribe")
	}
	if a.close() != nil || !a.ended(1) {
		return bad("", "a close is not answered while the server has not answered the request", a.evidence(),
			"answer a close at once: do not wait for the library to connect").writing(endLine)
	}
	return fine("connecting")
}

// eventually waits for what the origin has seen, which tells nobody.
func (v *visit) eventually(fact func() bool) bool {
	limit := time.Now().Add(v.patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !fact() {
		select {
		case <-tick.C:
		case <-v.ctx.Done():
			return false
		}
		if time.Now().After(limit) {
			return fact()
		}
	}
	return true
}

// over looks whether a run ends that is over without a close: a client's after
// fail, a stream reader's with its stream.
func over(v *visit) Finding {
	c := cases.Connection{Status: http.StatusNoContent}
	if v.hello.Kind == target.StreamReader {
		c = cases.Connection{Body: []cases.Part{{Unit: []byte("data: x\n\n")}}}
	}
	a, err := v.ask(cases.Script{Connections: []cases.Connection{c}}, target.Subscription{})
	if err != nil {
		return v.unasked(err)
	}
	if v.hello.Kind == target.StreamReader {
		if !a.ended(1) {
			return bad("", "no end came when the stream was through", a.evidence(), "write the line end when the library is through with the stream").writing(endLine)
		}
		return fine("over")
	}
	return a.failing()
}

func (a *asked) failing() Finding {
	failed := func(t *transcript) bool {
		return len(t.of(a.run, func(l line) bool { return l.said.Step.Kind == spec.Fail })) > 0
	}
	if !a.until(a.patience, failed) {
		return Finding{Class: Skipped, What: "no fail came for status 204, so there is nothing that ends by itself"}
	}
	if !a.ended(1) {
		return bad("", "no end came after fail", a.evidence(), "write the line end after each fail").writing(endLine)
	}
	return fine("over")
}
