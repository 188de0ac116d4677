package observe

import (
	"fmt"
	"slices"
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

// togetherWithBody says whether the head came late, and the body right with it.
func (o *Observation) togetherWithBody(e *probe.Exchange) truth {
	if len(e.Body) == 0 {
		return no
	}
	return min(o.within(e, 0, e.Head.At).atLeast(lateHead), o.within(e, e.Head.At, e.Body[0].At).below(atOnce))
}

func headFirst(o *Observation) Judgement {
	e := o.Exchanges[Stream]
	return o.decide(min(o.togetherWithBody(e), o.inLump().not()),
		says("response-open-on-headers", fmt.Sprintf("the head came after %s, together with the first byte of the body", seconds(e.Head.At)),
			"flush the head before waiting for the first event (flushHeaders, Flush, or a comment line)"), Judgement{})
}

func prompt(o *Observation) Judgement {
	e := o.Exchanges[Stream]
	came := fmt.Sprintf("head after %s", seconds(e.Head.At))
	return o.decide(min(o.within(e, 0, e.Head.At).atLeast(slowHead), o.togetherWithBody(e).not()),
		says("delivery", "the "+strings.Replace(came, "after", "came after", 1), "answer before doing what takes time"), outcome("%s", came))
}

// inLump says whether the stream ended with its events, and all of them came at
// once after a wait.
func (o *Observation) inLump() truth {
	e, list := o.Exchanges[Stream], o.events
	if e.End != probe.Closed || len(list) < 3 {
		return no
	}
	first, last := list[0].block, list[len(list)-1].block
	waited, together, ended := o.within(e, 0, first.begun), o.within(e, first.begun, last.end), o.within(e, last.end, e.Until)
	return min(waited.atLeast(longPause), together.below(atOnce), ended.below(longPause))
}

func oneByOne(o *Observation) Judgement {
	in := o.inLump()
	if in == no {
		return outcome("%s", times(o.events))
	}
	first := o.events[0].block
	f := at(field{offset: first.from, line: first.line}, "response-incremental",
		fmt.Sprintf("all %d events came in one lump after %s, with the end of the stream: nothing was flushed", len(o.events), seconds(first.begun)),
		"flush after each event; behind a proxy switch its buffering off (nginx: X-Accel-Buffering: no), and leave out middleware that compresses or rewrites")
	f.Level = lint.Warning
	return o.decide(in, Judgement{Findings: []lint.Finding{f}}, Judgement{})
}

// A gap is a pause between two pieces of the body: before is its offset, size that of
// what came since the one before, and long says whether it is one.
type gap struct {
	before int64
	size   int64
	pause  time.Duration
	long   truth
}

// gaps returns the long pauses within the stream, and the one at its end if we left.
func (o *Observation) gaps() (list []gap) {
	e := o.Exchanges[Stream]
	offset, before, last := int64(0), int64(0), time.Duration(0)
	add := func(until, least time.Duration) {
		if long := o.within(e, last, until).atLeast(least); long != no {
			list = append(list, gap{offset, offset - before, until - last, long})
			before = offset
		}
	}
	for i, c := range e.Body {
		if i > 0 {
			add(c.At, longPause)
		}
		offset, last = offset+int64(len(c.Bytes)), c.At
	}
	if len(e.Body) > 0 && e.End == probe.Left {
		add(e.Until, 4*longPause)
	}
	return list
}

// wholeEvents looks for pauses within an event. Where no blank line ever came,
// blankLines says more.
func wholeEvents(o *Observation) (j Judgement) {
	doubtful, pauses := o.neverClosed(), o.gaps()
	if doubtful == yes {
		return Judgement{}
	}
	for b := range blocks(o.Exchanges[Stream]) {
		for len(pauses) > 0 && pauses[0].before <= b.from {
			pauses = pauses[1:]
		}
		if len(pauses) == 0 {
			break
		}
		p := pauses[0]
		inside := p.before < b.to || !b.done && p.before == b.to
		switch {
		case !inside || !b.data && !b.done:
		case p.long == maybe:
			doubtful = maybe
		default:
			j.add(cutEvent(p, b))
		}
	}
	if len(j.Findings) > 0 {
		return j
	}
	return o.decide(doubtful, j, j)
}

// cutEvent is the finding of an event with a pause in it.
func cutEvent(p gap, b block) lint.Finding {
	why, what := whatWaited(p, b)
	f := at(field{offset: p.before, line: b.line}, "response-incremental",
		fmt.Sprintf("the event that begins in line %d was cut by a pause of %s: %s", b.line, seconds(p.pause), why), what)
	f.Level = lint.Warning
	return f
}

// whatWaited tells a blank line that came late from a buffer that was full, and says
// what to do.
func whatWaited(p gap, b block) (why, what string) {
	const together = "write an event and its blank line at once, and flush after the blank line"
	switch {
	case b.to-p.before <= 2:
		return "its blank line came late", together
	case p.size%1024 == 0:
		return fmt.Sprintf("the server sends pieces of %d bytes, not events", p.size),
			"flush after each event; behind a proxy switch its buffering off (nginx: X-Accel-Buffering: no, or proxy_buffering off)"
	}
	return "the rest of it came late", together
}

// heartbeat looks for the longest silence. A server that was kept from writing by
// a stall was so for one of them, not for their sum.
func heartbeat(o *Observation) Judgement {
	e := o.Exchanges[Stream]
	silent := span{}
	longest, last := time.Duration(0), e.Head.At
	for _, c := range append(slices.Clone(e.Body), probe.Chunk{At: e.Until}) {
		pause := c.At - last
		longest = max(longest, pause)
		silent.least = max(silent.least, pause-o.longest(e.At+last, e.At+c.At))
		last = c.At
	}
	silent.most = longest
	short := skip("watched for %s: --for 20s sees a silence of 15", seconds(e.Until))
	if e.Until-e.Head.At > silence || e.End == probe.Closed {
		short = outcome("silent for %s at most", seconds(longest))
	}
	return o.decide(silent.atLeast(silence+time.Second),
		says("author-keepalive", fmt.Sprintf("the stream was silent for %s", seconds(longest)),
			"send a comment line (\":\" and a blank line) every 15 seconds: proxies close silent connections"), short)
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
	few := truthOf(o.Events() < o.MinEvents)
	if e.End == probe.Left && o.hindered(e) { // else there might have been more
		few = min(few, maybe)
	}
	return o.decide(few, says("delivery", fmt.Sprintf("saw %d events in %s, and --min-events wants %d", o.Events(), seconds(e.Until), o.MinEvents),
		"watch longer with --for, or see to it that events are sent meanwhile"), outcome("%d events in %s", o.Events(), seconds(e.Until)))
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
