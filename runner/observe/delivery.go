package observe

import (
	"fmt"
	"strings"
	"time"

	"github.com/ssespec/ssespec/runner/lint"
	"github.com/ssespec/ssespec/runner/probe"
)

// What is late. The network between is not the server's, nor is the time that this
// machine did not give us, [Observation.Stalls]: what is judged is far above both.
const (
	longPause = 250 * time.Millisecond // within what belongs together
	atOnce    = 50 * time.Millisecond  // between what was written together
	lateHead  = time.Second
	slowHead  = 2 * time.Second
	silence   = 15 * time.Second // §9.2.7: a comment about so often
)

func deliveryChecks() []Check {
	return []Check{
		{"serving/delivery/one-by-one", []Role{Stream}, false, oneByOne},
		{"serving/response/content-length", []Role{Stream}, false, contentLength},
		{"serving/delivery/whole-events", []Role{Stream}, false, wholeEvents},
		{"serving/delivery/head-first", []Role{Stream}, false, headFirst},
		{"serving/delivery/prompt", []Role{Stream}, false, prompt},
		{"serving/delivery/clean-end", []Role{Stream}, false, cleanEnd},
		{"serving/delivery/enough", []Role{Stream}, false, enough},
		{"serving/delivery/heartbeat", []Role{Stream}, false, heartbeat},
	}
}

// togetherWithBody reports whether the head came late, and the body right with it.
func (o *Observation) togetherWithBody(e *probe.Exchange) bool {
	return o.awake(e, 0, e.Head.At) >= lateHead && len(e.Body) > 0 && e.Body[0].At-e.Head.At < atOnce
}

func headFirst(o *Observation) Judgement {
	e := o.Exchanges[Stream]
	if !o.togetherWithBody(e) || len(lump(o)) > 0 {
		return Judgement{}
	}
	return says("response-open-on-headers", fmt.Sprintf("the head came after %s, together with the first byte of the body", seconds(e.Head.At)),
		"flush the head before waiting for the first event (flushHeaders, Flush, or a comment line)")
}

func prompt(o *Observation) Judgement {
	e := o.Exchanges[Stream]
	if o.awake(e, 0, e.Head.At) < slowHead || o.togetherWithBody(e) {
		return outcome("head after %s", seconds(e.Head.At))
	}
	return says("delivery", fmt.Sprintf("the head came after %s", seconds(e.Head.At)), "answer before doing what takes time")
}

// lump returns the events of a stream that ended with them, when all came at once
// after a wait.
func lump(o *Observation) []event {
	e, list := o.Exchanges[Stream], o.events
	if e.End != probe.Closed || len(list) < 3 {
		return nil
	}
	first, last := list[0].block, list[len(list)-1].block
	waited := o.awake(e, 0, first.begun) >= longPause
	together := last.end-first.begun < atOnce && e.Until-last.end < atOnce
	if !waited || !together {
		return nil
	}
	return list
}

func oneByOne(o *Observation) Judgement {
	list := lump(o)
	if len(list) == 0 {
		return outcome("%s", times(o.events))
	}
	f := at(field{offset: list[0].block.from, line: list[0].block.line}, "response-incremental",
		fmt.Sprintf("all %d events came in one lump after %s, with the end of the stream: nothing was flushed", len(list), seconds(list[0].block.begun)),
		"flush after each event; behind a proxy switch its buffering off (nginx: X-Accel-Buffering: no), and leave out middleware that compresses or rewrites")
	f.Level = lint.Warning
	return Judgement{Findings: []lint.Finding{f}}
}

// A gap is a pause between two pieces of the body: before is its offset.
type gap struct {
	before int64
	pause  time.Duration
}

// gaps returns the long pauses within the stream, and the one at its end if we left.
func (o *Observation) gaps() (list []gap) {
	e := o.Exchanges[Stream]
	offset := int64(0)
	for i, c := range e.Body {
		if i > 0 && o.awake(e, e.Body[i-1].At, c.At) >= longPause {
			list = append(list, gap{offset, c.At - e.Body[i-1].At})
		}
		offset += int64(len(c.Bytes))
	}
	if n := len(e.Body); n > 0 && e.End == probe.Left && o.awake(e, e.Body[n-1].At, e.Until) >= 4*longPause {
		list = append(list, gap{offset, e.Until - e.Body[n-1].At})
	}
	return list
}

func wholeEvents(o *Observation) (j Judgement) {
	e := o.Exchanges[Stream]
	if o.neverClosed() {
		return Judgement{} // blankLines says more
	}
	pauses := o.gaps()
	for b := range blocks(e) {
		for len(pauses) > 0 && pauses[0].before <= b.from {
			pauses = pauses[1:]
		}
		if len(pauses) == 0 {
			break
		}
		p := pauses[0]
		inside := p.before < b.to || !b.done && p.before == b.to
		if !inside || !b.data && !b.done {
			continue
		}
		f := at(field{offset: p.before, line: b.line}, "response-incremental",
			fmt.Sprintf("the event that begins in line %d was cut by a pause of %s: %s", b.line, seconds(p.pause), whatWaited(p, b)),
			"write an event and its blank line at once, and flush after the blank line")
		f.Level = lint.Warning
		if len(j.Findings) < mostFindings {
			j.Findings = append(j.Findings, f)
		} else {
			j.Findings[mostFindings-1].Repeats++
		}
	}
	return j
}

// whatWaited tells a blank line that came late from a buffer that was full.
func whatWaited(p gap, b block) string {
	switch {
	case b.to-p.before <= 2:
		return "its blank line came late"
	case p.before%1024 == 0:
		return fmt.Sprintf("the server sends pieces of %d bytes, not events", p.before)
	}
	return "the rest of it came late"
}

func heartbeat(o *Observation) Judgement {
	e := o.Exchanges[Stream]
	longest, last := time.Duration(0), e.Head.At
	for _, c := range e.Body {
		longest, last = max(longest, c.At-last), c.At
	}
	longest = max(longest, e.Until-last)
	switch {
	case longest > silence+time.Second:
		return says("author-keepalive", fmt.Sprintf("the stream was silent for %s", seconds(longest)),
			"send a comment line (\":\" and a blank line) every 15 seconds: proxies close silent connections")
	case e.Until-e.Head.At > silence || e.End == probe.Closed:
		return outcome("silent for %s at most", seconds(longest))
	}
	return skip("watched for %s: --for 20s sees a silence of 15", seconds(e.Until))
}

func cleanEnd(o *Observation) Judgement {
	e := o.Exchanges[Stream]
	switch e.End {
	case probe.Cut:
		return says("response-body-error-reconnect", "the stream broke off: "+e.Reason,
			"end the response (the last chunk of size 0, or the end of the handler): a crash, a worker's time limit or a proxy's breaks it off")
	case probe.Closed:
		return outcome("the server ended the stream after %s", seconds(e.Until))
	}
	return outcome("the stream was open when we left after %s", seconds(e.Until))
}

func enough(o *Observation) Judgement {
	e := o.Exchanges[Stream]
	if o.Events() >= o.MinEvents {
		return outcome("%d events in %s", o.Events(), seconds(e.Until))
	}
	return says("delivery", fmt.Sprintf("saw %d events in %s, and --min-events wants %d", o.Events(), seconds(e.Until), o.MinEvents),
		"watch longer with --for, or see to it that events are sent meanwhile")
}

// times says when events came.
func times(list []event) string {
	if len(list) == 0 {
		return "no events"
	}
	var words []string
	for _, e := range list[:min(len(list), 10)] {
		words = append(words, seconds(e.block.end))
	}
	if more := len(list) - len(words); more > 0 {
		words = append(words, fmt.Sprintf("%d more", more))
	}
	return "events after " + strings.Join(words, ", ")
}
