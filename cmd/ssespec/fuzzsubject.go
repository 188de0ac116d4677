package main

import (
	"context"
	"errors"
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

	mu     sync.Mutex
	known  map[string]int // streams by the cause that is known of a browser
	amiss  int            // streams of which the runner could say nothing
	reason string         // and why, the first time
}

// subject asks the chosen target what it is.
func (f *fuzzFlags) subject(ctx context.Context, it chosen) (*subject, error) {
	s := &subject{chosen: it, flags: &f.target, known: map[string]int{}}
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
				list[i] = s.failed(streams[i], one)
			}
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return list, err
	}
}

// failed says what an error of one stream is: a breakdown is the target's, and of
// anything else the search says that it knows nothing.
func (s *subject) failed(chunks [][]byte, p stdio.Parsed) fuzz.Observed {
	if b := (*target.Broken)(nil); errors.As(p.Err, &b) {
		return fuzz.Observed{Trace: p.Trace, Err: &fuzz.Breakdown{How: b.How, Detail: b.Detail, Stderr: b.Stderr}}
	}
	return s.nothing(cases.One(chunks...), p.Err.Error())
}

// nothing is what is observed where nothing is known: what is right.
func (s *subject) nothing(script cases.Script, why string) fuzz.Observed {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.amiss++; s.amiss == 1 {
		s.reason = why
	}
	return fuzz.Observed{Trace: script.Trace().Only(s.kinds()...)}
}

// overNetwork puts the streams in turns, so that whoever waits for a few has not to
// wait for many.
func (s *subject) overNetwork(ctx context.Context, streams [][][]byte) (list []fuzz.Observed, err error) {
	for turn := range slices.Chunk(streams, turn) {
		s.turn.take(len(streams) <= window)
		some, err := s.inTurn(ctx, turn)
		s.turn.end()
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	return list, nil
}

// turns are taken by one at a time: who has little to do goes before those who
// have much.
type turns struct{ much, next, mine sync.Mutex }

func (t *turns) take(little bool) {
	if !little {
		t.much.Lock()
		defer t.much.Unlock()
	}
	t.next.Lock()
	t.mine.Lock()
	t.next.Unlock()
}

func (t *turns) end() { t.mine.Unlock() }

// inTurn puts streams as cases, as many at once as the target takes.
func (s *subject) inTurn(ctx context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	suite := make([]cases.Case, len(streams))
	for i, chunks := range streams {
		suite[i] = s.asCase(cases.One(chunks...))
	}
	list, bad := make([]fuzz.Observed, 0, len(streams)), 0
	r := s.runner()
	for result := range r.CheckClient(ctx, s.client, suite) {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		o, ok := observed(result)
		if !ok {
			bad++
			s.amiss++
			s.reason = result.Reason
			o.Trace = result.Case.Script.Trace().Only(s.kinds()...)
		}
		list = append(list, o)
	}
	switch {
	case len(list) < len(suite):
		return nil, context.Cause(ctx)
	case bad == len(suite):
		return nil, errors.New(s.reason)
	}
	return list, nil
}

func (s *subject) runner() runner.Runner {
	return runner.Runner{Timeout: s.flags.timeout, TimeScale: s.flags.timeScale, Parallel: s.flags.parallel, Seed: 1,
		Deliveries: []string{cases.AsWritten}, Origin: s.origin, Listen: s.flags.listen}
}

// asCase is a script as a case that compares whatever the target shows.
func (s *subject) asCase(script cases.Script) cases.Case {
	c := cases.Case{ID: "fuzz/it", Clauses: []string{"response-incremental"}, Level: spec.Must, Script: script,
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
	s.mu.Lock()
	defer s.mu.Unlock()
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
			s.amiss++
			s.reason = "put with others it did something else than alone"
		}
	}
	return list, nil
}

// judge puts a case as ssespec client does.
func (s *subject) judge(ctx context.Context, c cases.Case) (runner.Result, error) {
	clause, _ := spec.ClauseByID(c.Clauses[0])
	c.Level = clause.Level
	r := s.runner()
	results := slices.Collect(r.CheckClient(ctx, s.client, []cases.Case{c}))
	if len(results) == 0 {
		return runner.Result{}, context.Cause(ctx)
	}
	runner.Settle(results, s.hello.Kind)
	return results[0], nil
}
