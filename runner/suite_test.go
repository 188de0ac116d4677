package runner_test

import (
	"context"
	"slices"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

func TestRunner(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "runner")
}

// fake is a target in this process.
type fake struct {
	hello     target.Hello
	subscribe func(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error
}

func (f *fake) Hello(context.Context) (target.Hello, error) { return f.hello, nil }

func (f *fake) Subscribe(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
	return f.subscribe(ctx, sub, observe)
}

// bend changes what a target shows.
type bend func(spec.Trace) spec.Trace

func unbent(t spec.Trace) spec.Trace { return t }

// parser is a target of kind parser that is right but for the bend.
func parser(b bend) *fake {
	return &fake{target.Hello{Kind: target.Parser}, func(_ context.Context, sub target.Subscription, observe func(spec.Step)) error {
		for _, s := range b(parsed(sub.Chunks)) {
			observe(s)
		}
		return nil
	}}
}

// parsed is what the model dispatches, with its chunks.
func parsed(chunks [][]byte) spec.Trace { return cases.One(chunks...).Trace().Only(spec.Dispatch) }

// client is the reference client, saying hello as h and showing each step as
// show makes it.
func client(h target.Hello, show func(spec.Step) spec.Trace) *fake {
	h.Kind = target.Client
	return &fake{h, func(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
		return new(reference.Client).Subscribe(ctx, sub, func(s spec.Step) {
			for _, shown := range show(s) {
				observe(shown)
			}
		})
	}}
}

func asItIs(s spec.Step) spec.Trace { return spec.Trace{s} }

// about is a case of one stream on one clause.
func about(clause string, chunks ...string) cases.Case {
	var list [][]byte
	for _, c := range chunks {
		list = append(list, []byte(c))
	}
	return scripted(clause, cases.One(list...))
}

// scripted is a case on one clause that expects what the model observes.
func scripted(clause string, s cases.Script) cases.Case {
	return cases.Case{
		ID: "test/" + clause, Title: clause, Clauses: []string{clause}, Level: spec.Must, Script: s,
		Expect: s.Trace().Only(spec.Announce, spec.Dispatch, spec.Reestablish, spec.Fail),
	}
}

func at(l spec.Level, c cases.Case) cases.Case {
	c.Level = l
	return c
}

func requiring(capability string, c cases.Case) cases.Case {
	c.Requires = []string{capability}
	return c
}

// results returns all that r yields.
func results(r runner.Runner, c runner.Client, suite ...cases.Case) []runner.Result {
	return timed(r, c, suite)
}

// timed puts what this machine has voided again, up to five times.
func timed(r runner.Runner, c runner.Client, suite []cases.Case) []runner.Result {
	list := slices.Collect(r.CheckClient(context.Background(), c, suite))
	for range 5 {
		for i, old := range list {
			if len(stalled([]runner.Result{old})) > 0 {
				list[i] = slices.Collect(r.CheckClient(context.Background(), c, []cases.Case{old.Case}))[0]
			}
		}
	}
	return list
}

// one returns the result of one case, delivered as written.
func one(c runner.Client, only cases.Case) runner.Result {
	GinkgoHelper()
	list := results(runner.Runner{Deliveries: []string{cases.AsWritten}}, c, only)
	Expect(list).To(HaveLen(1))
	return list[0]
}

func event(typ, data, id string) spec.Step {
	return spec.DispatchStep(spec.Event{Type: typ, Data: data, LastEventID: id})
}
