package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/ssespec/ssespec/browser"
	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/fuzz"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/runner/stdio"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A subject is the target of a search: what puts streams to it, and what of its
// steps can be seen.
type subject struct {
	chosen
	flags *clientFlags
	hello target.Hello

	turn turns

	mu      sync.Mutex
	known   map[string]int // streams by the cause that is known of a browser
	amiss   unknown        // streams of which something went wrong beside the target
	skipped unknown        // streams that the target does not implement
}

// unknown are streams of which nothing is known, and why the first is one.
type unknown struct {
	streams int
	why     string
}

func (u unknown) String() string {
	return fmt.Sprintf("%s, the first because %s", counted(u.streams, "stream"), spec.Quote(u.why))
}

// subject asks the chosen target what it is.
func (f *fuzzFlags) subject(ctx context.Context, it chosen) (*subject, error) {
	s := &subject{chosen: it, flags: &f.target, known: map[string]int{}, turn: newTurns()}
	var err error
	if s.hello, err = it.client.Hello(ctx); err != nil {
		return nil, err
	}
	if f.target.name != "" {
		s.hello.Name = f.target.name
	}
	if f.target.version != "" {
		s.hello.Version = f.target.version
	}
	return s, nil
}

// named is the name of the target and its version.
func (s *subject) named() string { return strings.TrimSpace(s.hello.Name + " " + s.hello.Version) }

// The bounds of what goes over the network.
const (
	fewChunks = 16 // each costs a round trip
	window    = 16 // scripts that are put at once to make one smaller
	turn      = 64 // streams that are put at once over the network
)

// mostBroken is how often a process breaks down before others are asked for: once
// with many streams, and once with one of them.
const mostBroken = 2

// equip gives the search what is particular to the target.
func (s *subject) equip(f *fuzz.Search) {
	f.Suspects, f.Window = s.suspects(), window
	f.View.Kinds = s.kinds()
	process, isProcess := s.client.(*stdio.Process)
	switch {
	case s.builtIn:
		f.Parse, f.Window, f.View.Timed = parseInProcess, 1, true
		f.View.Kinds = []spec.Kind{spec.Dispatch, spec.Comment, spec.Retry}
	case s.browser != nil:
		f.Parse, f.Chunks, f.View.Types = s.hear, 1, typesHeard
		f.View.Kinds = []spec.Kind{spec.Announce, spec.Dispatch, spec.Reestablish, spec.Fail}
	case isProcess && s.hello.Kind == target.Parser:
		process.MostBroken = mostBroken
		process.ParseTimeout = time.Duration(float64(s.flags.timeout) * s.flags.timeScale)
		f.Parse, f.View.Timed = s.parse(process), true
	default:
		f.Parse, f.Chunks = s.overNetwork, fewChunks
		if !s.hello.Can("types-any") {
			f.View.Types = typesHeard
		}
	}
}

// kinds are those of the steps that the target shows.
func (s *subject) kinds() []spec.Kind {
	kinds := slices.Clone(s.hello.Shown())
	if s.hello.Can("comments") {
		kinds = append(kinds, spec.Comment)
	}
	if s.hello.Can("retry") {
		kinds = append(kinds, spec.Retry)
	}
	return kinds
}

// suspects are the mutants; of connections only those have defects that have any.
func (s *subject) suspects() fuzz.Suspects {
	all := suspects()
	others := map[string]bool{}
	for _, m := range reference.ConnectionMutants() {
		others[m.Name] = s.hello.Kind != target.Client
	}
	f := fuzz.Suspects{Combine: all.Combine}
	for _, m := range all.Models {
		if !others[m.Name] {
			f.Models = append(f.Models, fuzz.Model(m))
		}
	}
	return f
}

// typesHeard are the types that a target is told to listen for.
func typesHeard(s cases.Script) []string {
	chunks, _ := s.Stream()
	return slices.DeleteFunc(spec.TypesRead(slices.Concat(chunks...)), func(t string) bool { return !utf8.ValidString(t) })
}

// parseInProcess puts the streams to the model's own parser: nothing is compared
// but the search with itself.
func parseInProcess(_ context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
	list := make([]fuzz.Observed, len(streams))
	var p spec.Parser
	var t spec.Trace
	chunk := 0
	p.OnComment = func(text []byte) { t = append(t, spec.Step{Kind: spec.Comment, Text: string(text), Chunk: chunk}) }
	p.OnRetry = func(digits []byte) {
		t = append(t, spec.Step{Kind: spec.Retry, Text: spec.Canonical(string(digits)), Chunk: chunk})
	}
	dispatch := func(e spec.Event) { t = append(t, spec.Step{Kind: spec.Dispatch, Event: &e, Chunk: chunk}) }
	for i, chunks := range streams {
		t, chunk = nil, 0
		for _, c := range chunks {
			p.Feed(c, dispatch)
			chunk++
		}
		p.End()
		p.SetLastEventID("")
		list[i].Trace = t
	}
	return list, nil
}

// parse puts the streams to a parser that is a process.
func (s *subject) parse(p *stdio.Process) func(context.Context, [][][]byte) ([]fuzz.Observed, error) {
	return func(ctx context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
		parsed, err := p.Parse(ctx, streams)
		list := make([]fuzz.Observed, len(parsed))
		for i, one := range parsed {
			if list[i].Trace, list[i].Err = one.Trace, one.Err; one.Err != nil {
				list[i] = s.failed(one)
			}
		}
		return list, err
	}
}

// failed says what an error of one stream is: a breakdown is the target's, and of
// anything else the search says that it knows nothing.
func (s *subject) failed(p stdio.Parsed) fuzz.Observed {
	if errors.Is(p.Err, stdio.ErrNotPut) {
		return fuzz.Observed{Err: fuzz.ErrNotPut}
	}
	if b := (*target.Broken)(nil); errors.As(p.Err, &b) {
		return fuzz.Observed{Trace: p.Trace, Err: &fuzz.Breakdown{How: b.How, Detail: b.Detail, Stderr: b.Stderr}}
	}
	return s.nothing(p.Err.Error(), errors.As(p.Err, new(*target.Unimplemented)))
}

// nothing is what is observed where nothing is known.
func (s *subject) nothing(why string, skipped bool) fuzz.Observed {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := &s.amiss
	if skipped {
		u = &s.skipped
	}
	if u.streams++; u.streams == 1 {
		u.why = why
	}
	return fuzz.Observed{Err: &fuzz.Unknown{Reason: why}}
}

// overNetwork puts the streams in turns, so that whoever waits for a few has not to
// wait for many.
func (s *subject) overNetwork(ctx context.Context, streams [][][]byte) (list []fuzz.Observed, err error) {
	for turn := range slices.Chunk(streams, turn) {
		if err = s.turn.take(ctx, len(streams) <= window); err != nil {
			break
		}
		some, failed := s.inTurn(ctx, turn)
		s.turn.end()
		list = append(list, some...)
		if err = failed; err != nil {
			break
		}
	}
	for len(list) < len(streams) {
		list = append(list, fuzz.Observed{Err: fuzz.ErrNotPut})
	}
	return list, err
}

// unsure is the failure of a search that cannot say of what it put what the target
// makes of it: nobody takes that for conforming.
func (s *subject) unsure(tally fuzz.Tally) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.amiss.streams > 0:
		return &failure{exitTarget, fmt.Errorf("nothing is known of %v", s.amiss)}
	case tally.Cases == 0 && s.skipped.streams > 0:
		return usage("nothing was checked: the target skipped %v", s.skipped)
	case tally.Cases == 0:
		return &failure{exitTarget, errors.New("no stream was over in time, so nothing is known: search longer (--for), or give up earlier on one (--timeout)")}
	}
	return nil
}

// turns are taken by one at a time: who has little to do goes before those who
// have much.
type turns struct {
	free   chan struct{} // has one in it while somebody has the turn
	little chan struct{} // takes a turn that ends first
}

func newTurns() turns { return turns{free: make(chan struct{}, 1), little: make(chan struct{})} }

// take waits for a turn, or for the end of ctx.
func (t *turns) take(ctx context.Context, little bool) error {
	first := t.little
	if !little {
		first = nil
	}
	select {
	case <-first:
		return nil
	case t.free <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// end hands the turn on.
func (t *turns) end() {
	select {
	case t.little <- struct{}{}:
	default:
		<-t.free
	}
}

// inTurn puts streams as cases, as many at once as the target takes, and returns
// what is known when ctx ends.
func (s *subject) inTurn(ctx context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
	suite, list := make([]cases.Case, len(streams)), make([]fuzz.Observed, len(streams))
	places := map[string]int{}
	for i, chunks := range streams {
		suite[i] = s.asCase(cases.One(chunks...))
		suite[i].ID = fmt.Sprintf("fuzz/%d", i)
		places[suite[i].ID] = i
		list[i].Err = fuzz.ErrNotPut
	}
	r := s.runner()
	for result := range r.CheckClient(ctx, s.client, suite) {
		o, ok := observed(result)
		if !ok {
			o = s.nothing(result.Reason, result.Verdict == runner.Skip)
		}
		list[places[result.Case.ID]] = o
	}
	return list, context.Cause(ctx)
}

func (s *subject) runner() runner.Runner {
	return runner.Runner{Timeout: s.flags.timeout, TimeScale: s.flags.timeScale, Parallel: s.flags.parallel, Seed: 1,
		Deliveries: []string{cases.AsWritten}, Origin: s.origin, Listen: s.flags.listen}
}

// asCase is a script as a case that compares whatever the target shows.
func (s *subject) asCase(script cases.Script) cases.Case {
	c := cases.Case{Clauses: []string{"response-incremental"}, Level: spec.Must, Script: script,
		Comments: s.hello.Can("comments"), Retries: s.hello.Can("retry")}
	kinds := append(target.AllSteps(), s.kinds()...)
	c.Expect = script.Trace().Only(kinds...)
	return c
}

// observed is what a result says of the target, if it says anything.
func observed(r runner.Result) (o fuzz.Observed, ok bool) {
	for _, how := range []string{target.Crashed, target.Hung, target.Garbage} {
		if detail, broke := strings.CutPrefix(r.Reason, how+": "); broke && r.Verdict == runner.Fail && r.Rule == "" {
			return fuzz.Observed{Trace: r.Got, Err: &fuzz.Breakdown{How: how, Detail: detail, Stderr: r.Stderr}}, true
		}
	}
	return fuzz.Observed{Trace: r.Got}, r.Verdict == runner.Pass || r.Verdict == runner.Fail || r.Verdict == runner.Warn
}

// hear puts the streams to a browser. What it is known to do otherwise is left out.
func (s *subject) hear(ctx context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
	if err := s.turn.take(ctx, len(streams) <= window); err != nil {
		return nil, err
	}
	defer s.turn.end()
	list, whole := make([]fuzz.Observed, len(streams)), make([][]byte, len(streams))
	for i, chunks := range streams {
		whole[i] = slices.Concat(chunks...)
		list[i].Trace = model(whole[i])
	}
	b := browser.Batch{Hear: s.browser.Hear, Again: again(s.chosen), Model: model, Quirks: s.browser.Engine.Quirks()}
	tally, err := b.Compare(ctx, slices.Values(whole))
	if err != nil {
		return nil, err
	}
	for cause, numbers := range tally.Known {
		s.known[cause] += len(numbers)
	}
	for _, d := range tally.New {
		switch {
		case d.Broken != "":
			how, detail, _ := strings.Cut(d.Broken, ": ")
			list[d.Number].Err = &fuzz.Breakdown{How: how, Detail: detail}
		case d.Repeats():
			list[d.Number].Trace = d.Again
		default:
			list[d.Number] = s.nothing("put with others it did something else than alone", false)
		}
	}
	return list, nil
}

// judge puts a case as ssespec client does.
func (s *subject) judge(ctx context.Context, c cases.Case) (runner.Result, error) {
	if clause, ok := spec.ClauseByID(c.Clauses[0]); ok {
		c.Level = clause.Level
	}
	r := s.runner()
	results := slices.Collect(r.CheckClient(ctx, s.client, []cases.Case{c}))
	if len(results) == 0 {
		return runner.Result{}, context.Cause(ctx)
	}
	runner.Settle(results, s.hello.Kind)
	return results[0], nil
}
