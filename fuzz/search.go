package fuzz

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// A Search puts random streams to a target and looks where it departs from the
// model. Only one of Observe and Parse is needed. What it finds is a function of
// the other fields and of what the target does, as long as no time ends it.
type Search struct {
	Seed  uint64
	First int           // the number of the first case
	Count int           // of cases; 0 is no bound
	For   time.Duration // how long cases are put; 0 is no bound

	// Observe puts one script to the target. An error that is a [*Breakdown] is the
	// target's; but for an [*Unknown] any other ends the search.
	Observe func(context.Context, cases.Script) (spec.Trace, error)
	// Parse puts many streams, each in chunks, at once. It is called from several
	// goroutines. It may leave out some of those that follow a breakdown, but not all
	// (see [ErrNotPut]); when its context ends, it returns what is known by then.
	Parse func(context.Context, [][][]byte) ([]Observed, error)

	View      View
	Suspects  Suspects
	Seeds     [][]byte       // streams that others are made of
	Found     []cases.Script // findings of a search before: what they explain is not new
	Chunks    int            // a stream is cut into so many at most, else it is whole; 0 is any number
	MostLooks int            // scripts that are looked at to make one smaller; see [Minimiser]
	Window    int            // scripts that are looked at at once for that

	Learned func(number int, stream []byte) error // told of each stream that did something new to the model
	Seen    func(Tally)                           // told from time to time how far the search is
}

// A Tally says how far a search is.
type Tally struct {
	Cases      int // of which it is known what the target makes
	Unknown    int // of which it is not, though they were put
	Next       int // the number of the first case that was not put
	Elapsed    time.Duration
	Departures int
	Explained  int // departures of which nothing new was learnt
	Findings   int
	Unstable   []Unstable
	Clauses    []string // those that have acted
	Corpus     int      // streams that others are made of
	Stopped    string   // why the search ended early
}

// Unstable is a script that the target does not always do the same with.
type Unstable struct {
	Departure
	Departs, Times int
}

// The bounds of a search.
const (
	firstBatch   = 8 // cases; the next ones have twice as many each
	batchSize    = 256
	ahead        = 4 // batches of that size that are made before one is judged
	mostCorpus   = 4096
	mostUnstable = 50
	mostUnknown  = 100 // where nothing is known of any other
	mostBroken   = 200 // breakdowns
	oftenBroken  = 10  // breakdowns that are too many where they are more than
	rarelyBroken = 100 // one of so many cases
	mostSeed     = 256 // bytes of a stream that others are made of
	mostFindings = 500
	oneInvented  = 2 // streams to one that is made of none
)

// Run searches until the count or the time is reached, or ctx ends, and yields
// what is found. The error is that of the target or of ctx and comes last. The
// tally is complete then.
func (s *Search) Run(ctx context.Context, tally *Tally) iter.Seq2[Finding, error] {
	return func(yield func(Finding, error) bool) {
		h := s.begin(ctx, tally)
		defer h.end()
		if err := h.recall(ctx); err != nil {
			yield(Finding{}, err)
			return
		}
		for h.next() {
			more, err := h.settle(ctx, yield)
			if err != nil {
				yield(Finding{}, err)
			}
			if err != nil || !more {
				return
			}
		}
	}
}

// A hunt is one search under way.
type hunt struct {
	examiner
	start    time.Time
	batches  context.Context // ends when the time is over
	cancel   context.CancelFunc
	waiting  []chan batch // in their order
	formed   int          // the number of the first case of the next batch
	corpus   [][]byte     // only ever appended to
	acted    *signature   // replaced, never changed, once a batch has it
	reached  reached
	breaking int
	size     int          // of the next batch
	pending  []*Departure // of small batches: few say little of their causes
}

func (s *Search) begin(ctx context.Context, tally *Tally) *hunt {
	h := &hunt{examiner: examiner{Search: s, over: ctx.Done(), tally: tally, taken: map[string]int{}, records: map[string]*record{}}, start: time.Now(), formed: s.First, size: firstBatch, acted: new(signature)}
	*tally = Tally{Next: s.First}
	h.batches, h.cancel = context.WithCancel(ctx)
	if s.For > 0 {
		h.batches, h.cancel = context.WithTimeout(ctx, s.For)
	}
	var a account
	for _, seed := range s.Seeds {
		if len(seed) <= mostSeed && len(h.corpus) < mostCorpus {
			h.corpus = append(h.corpus, seed)
			h.acted.learn(a.of(seed, nil))
		}
	}
	return h
}

// end lets the batches go that nobody waits for any more.
func (h *hunt) end() {
	h.cancel()
	for _, b := range h.waiting {
		<-b
	}
	h.count()
}

// recall looks at the findings of a search before.
func (h *hunt) recall(ctx context.Context) error {
	observed, err := h.look(ctx, h.Found)
	for i, o := range observed {
		if d := h.departure(h.Found[i], o); d != nil && h.explain(d) == nil {
			h.found = append(h.found, h.describe(d, Minimised{}, vote{}))
		}
	}
	return err
}

// next forms batches ahead, and reports whether one is to be settled.
func (h *hunt) next() bool {
	for len(h.waiting) < h.ahead() && h.batches.Err() == nil && h.tally.Stopped == "" {
		n := h.size
		if h.Count > 0 {
			n = min(n, h.First+h.Count-h.formed)
		}
		if n <= 0 {
			break
		}
		b := batch{Search: h.Search, first: h.formed, size: n, corpus: h.corpus, acted: h.acted}
		h.formed += n
		h.size = min(2*h.size, batchSize)
		done := make(chan batch, 1)
		h.waiting = append(h.waiting, done)
		go func() {
			b.run(h.batches)
			done <- b
		}()
	}
	return len(h.waiting) > 0
}

// ahead is how many batches are under way at once: one while they are small, so that
// what departs at once is told at once, and one of a target that breaks down, which
// is not to be busy with the next when a departure is looked at.
func (h *hunt) ahead() int {
	if h.size < batchSize || h.breaking > 0 {
		return 1
	}
	return ahead
}

// settle takes in the oldest batch. It is false when nothing more is wanted.
func (h *hunt) settle(ctx context.Context, yield func(Finding, error) bool) (more bool, err error) {
	b := <-h.waiting[0]
	h.waiting = h.waiting[1:]
	late := h.batches.Err() != nil
	switch {
	case ctx.Err() != nil:
		return false, context.Cause(ctx)
	case b.err != nil:
		return false, b.err
	}
	if err := h.learn(b); err != nil {
		return false, err
	}
	h.reached.add(b.reached)
	h.tally.Departures += len(b.departures)
	few := h.size < batchSize && !late && (h.Count == 0 || h.formed < h.First+h.Count)
	if more, err := h.examineDue(ctx, h.due(b.departures, few), late, yield); err != nil || !more {
		return more, err
	}
	h.tally.Cases += b.known
	h.tally.Unknown += b.unknown
	switch { // what was not settled comes again
	case late:
		h.tally.Next = b.first + b.put
	case !few:
		h.tally.Next = b.first + b.size
	}
	h.stop()
	h.count()
	if h.Seen != nil {
		h.Seen(*h.tally)
	}
	return !late || b.put == b.size, nil
}

// due takes in departures and returns those to look at now, small ones first: of
// few only the breakdowns.
func (h *hunt) due(list []*Departure, few bool) (now []*Departure) {
	for _, d := range inOrderOfSize(append(h.pending, list...)) {
		if d.Broken != nil || !few {
			now = append(now, d)
		}
	}
	for _, d := range list {
		if d.Broken != nil {
			h.breaking++
		}
	}
	h.pending = slices.DeleteFunc(append(h.pending, list...), func(d *Departure) bool { return slices.Contains(now, d) })
	return now
}

// examineDue looks at departures. When the time is over that ends with the first
// finding.
func (h *hunt) examineDue(ctx context.Context, list []*Departure, late bool, yield func(Finding, error) bool) (more bool, err error) {
	if late && h.tally.Findings > 0 {
		return true, nil
	}
	wanted := true
	_, err = h.examineAll(ctx, list, func(f Finding) bool {
		wanted = yield(f, nil)
		return wanted && !late
	})
	return wanted, err
}

// stop says why there is no use in going on, if there is none.
func (h *hunt) stop() {
	switch {
	case h.breaking >= mostBroken, h.breaking >= oftenBroken && h.breaking*rarelyBroken > h.tally.Cases:
		h.tally.Stopped = "the target breaks down again and again"
	case h.tally.Cases == 0 && h.tally.Unknown >= mostUnknown:
		h.tally.Stopped = "of no stream it is known what the target makes of it"
	case len(h.tally.Unstable) > mostUnstable:
		h.tally.Stopped = "the target does not do the same twice"
	case h.tally.Findings >= mostFindings:
		h.tally.Stopped = "there are too many findings"
	}
}

func (h *hunt) count() {
	h.tally.Elapsed = time.Since(h.start)
	h.tally.Corpus = len(h.corpus)
	h.tally.Clauses = h.reached.clauses()
}

// learn keeps the streams that did something new to the model.
func (h *hunt) learn(b batch) error {
	if len(b.news) == 0 {
		return nil
	}
	next := *h.acted
	for _, n := range b.news {
		if !next.news(n.acts) {
			continue
		}
		next.learn(n.acts)
		if n.passed {
			h.pass(cases.One(n.chunks...))
		}
		if len(h.corpus) >= mostCorpus || len(n.stream) > mostSeed {
			continue
		}
		h.corpus = append(h.corpus, n.stream)
		if h.Learned != nil {
			if err := h.Learned(n.number, n.stream); err != nil {
				return err
			}
		}
	}
	h.acted = &next
	return nil
}

// inOrderOfSize returns the departures, small ones first: they are soon made
// smaller, and explain the large ones.
func inOrderOfSize(list []*Departure) []*Departure {
	slices.SortStableFunc(list, func(a, b *Departure) int { return a.Script.Len() - b.Script.Len() })
	return list
}

// observe is [Search.Parse] for whoever can only put one script after the other.
func (s *Search) observe(ctx context.Context, scripts []cases.Script) ([]Observed, error) {
	if s.Observe == nil {
		return nil, errors.New("the search has nothing to observe scripts with")
	}
	list := make([]Observed, len(scripts))
	for i, script := range scripts {
		t, err := s.Observe(ctx, script)
		list[i] = Observed{t, err}
		if ctx.Err() != nil {
			list = list[:i]
			return list, context.Cause(ctx)
		}
		if list[i].fatal() {
			return nil, err
		}
	}
	return list, nil
}
