package runner

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A plan is one case with the deliveries that are to be put, and what has come
// of them so far.
type plan struct {
	c          cases.Case
	skip       string // why it is not put at all
	deliveries []string
	rounds     int // how often each is put
	types      []string
	acceptable []cases.Outcome
	played     cases.Played  // by the model
	waits      time.Duration // what a run takes at least, for times that nobody can shorten

	mu       sync.Mutex
	known    []explained // departures seen before, at another delivery
	attempts []attempt
	dropped  int           // deliveries that were not put
	broken   int           // deliveries during which the target broke down
	done     chan struct{} // closed when every delivery was judged
}

func (k *check) planCase(c cases.Case) *plan {
	p := &plan{c: c, skip: k.skip(c), done: make(chan struct{}), rounds: max(k.Repeat, 1)}
	p.acceptable, p.played = c.Acceptable(), c.Played()
	if p.skip != "" {
		close(p.done)
		return p
	}
	p.deliveries, p.waits = k.deliveries(c), k.waits(p)
	p.types = typesRead(c, p.acceptable)
	return p
}

// skip returns why the target cannot be asked, "" when it can.
func (k *check) skip(c cases.Case) string {
	for _, need := range c.Requires {
		if !k.hello.Can(need) {
			return "needs capability " + need
		}
	}
	if !c.OneStream() && k.hello.Kind != target.Client {
		return "needs a client: a " + string(k.hello.Kind) + " has no connections"
	}
	if k.Advertise != "" && c.UsesOrigin("other") {
		return "needs a second host name, which " + k.Advertise + " does not have"
	}
	return ""
}

func (k *check) deliveries(c cases.Case) []string {
	s := c.Script
	if !c.OneStream() {
		return []string{cases.AsWritten}
	}
	if len(k.Runner.Deliveries) > 0 && s.Cuttable() {
		return s.Bearable(k.Runner.Deliveries)
	}
	reach := cases.Network
	switch {
	case k.hello.Kind == target.Parser:
		reach = cases.Direct
	case k.All:
		reach = cases.NetworkAll
	}
	return s.Deliveries(reach, k.Seed)
}

// largeStream is where the other readings of a stream are no longer tried.
const largeStream = 64 << 10

// typesRead returns the event types that a target must listen for.
func typesRead(c cases.Case, acceptable []cases.Outcome) []string {
	types := []string{spec.DefaultType}
	for _, o := range acceptable {
		for _, s := range o.Expect.Only(spec.Dispatch) {
			types = append(types, s.Event.Type)
		}
	}
	if chunks, plain := c.Script.Stream(); plain {
		if stream := slices.Concat(chunks...); len(stream) <= largeStream {
			types = append(types, spec.TypesRead(stream)...)
		}
	}
	slices.Sort(types)
	return slices.DeleteFunc(slices.Compact(types), func(t string) bool { return !utf8.ValidString(t) }) // JSON has no such name

}

// explained is a departure with its explanations.
type explained struct {
	got  spec.Trace
	acts []spec.Act
}

// explain returns what explains the departure, nothing where the case is more
// than one stream of ordinary size. The deliveries of a case mostly depart in
// the same way, so what was found once is kept.
func (p *plan) explain(want, got spec.Trace) []spec.Act {
	chunks, _ := p.c.Script.Stream()
	if !p.c.OneStream() || p.large() {
		return nil
	}
	stream := slices.Concat(chunks...)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, k := range p.known {
		if k.got.Equal(got) {
			return k.acts
		}
	}
	acts := spec.Explanations(stream, want, got)
	p.known = append(p.known, explained{got, acts})
	return acts
}

// premature returns what explains that step n of a kind came when only that much
// of the stream was known.
func (p *plan) premature(kind spec.Kind, n, known int) []spec.Act {
	if p.large() {
		return []spec.Act{{Clause: "line-blank", Reading: "line-blank"}}
	}
	chunks, _ := p.c.Script.Stream()
	return spec.Premature(slices.Concat(chunks...), kind, n, known)
}

// large reports whether the stream is too long to try other readings of it.
func (p *plan) large() bool { return p.c.OneStream() && p.c.Script.Len() > largeStream }

// add takes in what came of one delivery.
func (p *plan) add(a attempt) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if a.verdict == Pass && a.delivery != cases.AsWritten {
		a.got, a.want, a.network = nil, nil, network{} // not shown: only the first of what passes is
	}
	p.attempts = append(p.attempts, a)
	p.finish()
}

// finish tells that every delivery was judged or dropped. The caller locks.
func (p *plan) finish() {
	if len(p.attempts)+p.dropped == len(p.deliveries)*p.rounds {
		close(p.done)
	}
}

// drop leaves out one delivery.
func (p *plan) drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dropped++
	p.finish()
}

// breaks notes that the target broke down during a delivery.
func (p *plan) breaks() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.broken++
}

// broke returns how often it did.
func (p *plan) broke() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.broken
}

// complete waits until every delivery was judged; it is false when ctx ends first.
func (p *plan) complete(ctx context.Context) bool {
	select {
	case <-p.done:
		return true
	case <-ctx.Done():
	}
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// result folds the attempts into one result: the gravest verdict, shown by the
// delivery with the fewest chunks that has it. Rounds with different verdicts
// are a failure of their own.
func (p *plan) result() Result {
	if p.skip != "" {
		return Result{Case: p.c, Verdict: Skip, Reason: p.skip, Offset: -1}
	}
	if len(p.attempts) == 0 {
		return Result{Case: p.c, Verdict: Error, Reason: "not put: the target breaks down again and again, and has not completed one run", Offset: -1}
	}
	slices.SortFunc(p.attempts, p.rank)
	p.blameCuts()
	r := gravest(p.attempts).result(p.c)
	r.Waits = p.waits
	r.Deliveries = len(p.deliveries) - p.dropped/p.rounds
	for _, a := range p.attempts {
		if a.verdict != Pass && !slices.Contains(r.Failed, a.delivery) {
			r.Failed = append(r.Failed, a.delivery)
		}
		r.Elapsed += a.elapsed
	}
	for _, a := range p.attempts {
		if a.round == 0 && !slices.Contains(r.Failed, a.delivery) {
			r.Passed = append(r.Passed, a.delivery)
		}
	}
	if bad := p.unstable(); bad > 0 {
		r.Explanations = nil // there is no one trace to explain
		r.Verdict, r.Reason = Fail, fmt.Sprintf("unstable %d/%d: %s", bad, p.rounds, r.Reason)
	}
	return r
}

// blameCuts puts a departure down to the cuts when the same stream passes in
// other chunks. Where it shows in one piece as well, the whole run decides between
// that and what else explains it. A CRLF that is two line ends where it is cut, and
// events that are all there in another order, have clauses of their own.
func (p *plan) blameCuts() {
	if !slices.ContainsFunc(p.attempts, func(a attempt) bool { return a.verdict == Pass }) {
		return
	}
	for i := range p.attempts {
		a := &p.attempts[i]
		if len(a.explanations) == 0 || a.want.Equal(defaulted(a.got)) || a.rule == "line-crlf" || a.rule == "line-order" {
			continue
		}
		act := spec.Act{Clause: "parse-chunk-boundaries", Reading: "parse-chunk-boundaries", Offset: a.offset}
		if len(a.chunks) == 1 && !a.explanations[0].Guess {
			a.explanations = append(slices.Clip(a.explanations), act)
			continue
		}
		a.rule, a.explanations, a.verdict = act.Clause, []spec.Act{act}, verdictOf(p.c.Level, act, "")
	}
}

func gravest(attempts []attempt) attempt {
	return slices.MaxFunc(attempts, func(a, b attempt) int { return a.verdict.grave() - b.verdict.grave() })
}

// unstable returns how many rounds did not pass when not all rounds have the
// same verdict, else 0.
func (p *plan) unstable() (bad int) {
	verdicts := map[Verdict]bool{}
	for round := range p.rounds {
		mine := slices.DeleteFunc(slices.Clone(p.attempts), func(a attempt) bool { return a.round != round })
		if len(mine) == 0 {
			continue // all of it was dropped
		}
		worst := gravest(mine)
		verdicts[worst.verdict] = true
		if worst.verdict != Pass {
			bad++
		}
	}
	if len(verdicts) == 1 {
		return 0
	}
	return bad
}

// rank orders attempts by the number of chunks, then as the deliveries are listed.
func (p *plan) rank(a, b attempt) int {
	return cmp.Or(len(a.chunks)-len(b.chunks), slices.Index(p.deliveries, a.delivery)-slices.Index(p.deliveries, b.delivery))
}
