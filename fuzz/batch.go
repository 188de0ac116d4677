package fuzz

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// A batch is some cases that are made, put and compared together, from what was
// known when it was formed.
type batch struct {
	*Search
	first, size int
	corpus      [][]byte
	acted       *signature

	streams    [][][]byte
	news       []newcomer
	reached    reached
	departures []*Departure
	known      int // streams of which it is known what the target makes
	unknown    int // streams that were put and of which it is not
	put        int // streams before the first one that was not put
	err        error
}

// The acts of each stream are taken down in the beginning, when most of what is new
// comes, and then of every fourth: that takes as long as to parse it.
const (
	allGuided = 1 << 14
	oneGuided = 4
)

// A newcomer is a stream that did something new to the model.
type newcomer struct {
	number int
	stream []byte
	chunks [][]byte
	acts   []act
	passed bool // the target did with it what is right
}

// run makes the cases, puts them and compares. When ctx ends, what is known by then
// stands.
func (b *batch) run(ctx context.Context) {
	b.make()
	observed, err := b.observed(ctx)
	if err != nil && ctx.Err() == nil {
		b.err = err
		return
	}
	passed := b.compare(observed)
	for i, n := range b.news {
		b.news[i].passed = passed[n.number-b.first]
	}
	b.streams = nil
}

// compare takes down the departures, and returns with which streams the target did
// what is right.
func (b *batch) compare(observed []Observed) (passed []bool) {
	passed, b.put = make([]bool, b.size), len(observed)
	o := newOracle(b.View)
	for i, seen := range observed {
		switch {
		case errors.Is(seen.Err, ErrNotPut):
			b.put = min(b.put, i)
			continue
		case seen.unknown():
			b.unknown++
			continue
		case seen.fatal():
			b.err = seen.Err
			return passed
		}
		b.known++
		if seen.Err == nil && o.agrees(b.streams[i], seen.Trace) {
			passed[i] = true
			continue
		}
		d := b.departure(cases.One(b.streams[i]...), seen)
		if passed[i] = d == nil; !passed[i] {
			b.departures = append(b.departures, d)
		}
	}
	return passed
}

func (b *batch) observed(ctx context.Context) ([]Observed, error) {
	if b.Parse != nil {
		return b.Parse(ctx, b.streams)
	}
	scripts := make([]cases.Script, len(b.streams))
	for i, chunks := range b.streams {
		scripts[i] = cases.One(chunks...)
	}
	return b.observe(ctx, scripts)
}

// make makes the cases, each a function of the seed, its number and the corpus.
func (b *batch) make() {
	var a account
	source := new(rand.PCG)
	r := rand.New(source)
	b.streams = make([][][]byte, b.size)
	for i := range b.streams {
		number := b.first + i
		source.Seed(b.Seed, uint64(number))
		stream := b.invent(r)
		b.streams[i] = b.cut(r, stream)
		if number >= allGuided && number%oneGuided != 0 {
			continue
		}
		list := a.of(stream, b.streams[i])
		b.reached.note(list)
		if b.acted.news(list) {
			b.news = append(b.news, newcomer{number: number, stream: bytes.Clone(stream), chunks: b.streams[i], acts: slices.Clone(list)})
		}
	}
}

// invent makes a stream: of nothing, or of those that are known.
func (b *batch) invent(r *rand.Rand) []byte {
	if len(b.corpus) == 0 || oneIn(r, oneInvented) {
		return Stream(r)
	}
	return Mutate(r, b.corpus[r.IntN(len(b.corpus))], b.corpus[r.IntN(len(b.corpus))])
}

func (b *batch) cut(r *rand.Rand, stream []byte) [][]byte {
	chunks := Cuts(r, stream)
	if b.Chunks > 0 && len(chunks) > b.Chunks {
		return [][]byte{stream}
	}
	return chunks
}

// An oracle is the model, to say of many streams quickly whether a trace is right.
// What it does not vouch for is to be looked at closely.
type oracle struct {
	quick    bool
	timed    bool
	parser   spec.Parser
	dispatch func(spec.View)

	got   spec.Trace
	next  int // the step of got that is due
	chunk int
	right bool
}

func newOracle(v View) *oracle {
	o := &oracle{timed: v.Timed, quick: true}
	o.dispatch = o.see
	for _, k := range v.kinds() {
		switch k {
		case spec.Dispatch:
		case spec.Comment:
			o.parser.OnComment = func(text []byte) { o.text(spec.Comment, string(text)) }
		case spec.Retry:
			o.parser.OnRetry = func(digits []byte) { o.text(spec.Retry, spec.Canonical(string(digits))) }
		default:
			o.quick = false
		}
	}
	return o
}

// agrees reports whether got is what the model shows, and nothing else.
func (o *oracle) agrees(chunks [][]byte, got spec.Trace) bool {
	if !o.quick {
		return false
	}
	o.got, o.next, o.right = got, 0, true
	for i, c := range chunks {
		o.chunk = i
		o.parser.FeedViews(c, o.dispatch)
	}
	o.parser.End()
	o.parser.SetLastEventID("")
	return o.right && o.next == len(got)
}

func (o *oracle) see(v spec.View) {
	s := o.due(spec.Dispatch)
	if s == nil {
		return
	}
	o.right = s.Event.Data == string(v.Data) && s.Event.Type == string(v.Type) && s.Event.LastEventID == string(v.LastEventID) &&
		(!o.timed || s.Chunk < 0 || s.Chunk == o.chunk)
}

func (o *oracle) text(kind spec.Kind, text string) {
	if s := o.due(kind); s != nil {
		same := s.Text == text || kind == spec.Comment && s.Text == strings.TrimPrefix(text, " ")
		o.right = same && (s.Chunk < 0 || s.Chunk >= o.chunk)
	}
}

// due returns the next step that was seen where it is of that kind, else nil.
func (o *oracle) due(kind spec.Kind) *spec.Step {
	if !o.right || o.next == len(o.got) || o.got[o.next].Kind != kind {
		o.right = false
		return nil
	}
	o.next++
	return &o.got[o.next-1]
}
