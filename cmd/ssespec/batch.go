package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ssespec/ssespec/browser"
	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/fuzz"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/spec"
)

// batchFlags are the flags of `ssespec compare --batch`.
type batchFlags struct {
	streams, first int
	seed           uint64
}

func (f *batchFlags) flags(fl *pflag.FlagSet) {
	fl.IntVar(&f.streams, "batch", 0, "put `N` random streams in place of the cases")
	fl.IntVar(&f.first, "first", 0, "the number of the first stream of --batch, from `0`")
	fl.Uint64Var(&f.seed, "seed", 1, "the `seed` of the streams of --batch")
}

// withoutBatch and withBatch are flags that mean nothing with --batch, or without it.
var (
	withoutBatch = []string{"run", "skip", "clause", "level", "cases", "shard", "delivery", "write", "check", "format"} // never written to
	withBatch    = []string{"first", "seed"}                                                                            // never written to
)

func (f *batchFlags) valid(given *pflag.FlagSet) error {
	batch := given.Changed("batch")
	switch {
	case batch && f.streams < 1:
		return usage("--batch %d puts nothing: want a number from 1", f.streams)
	case f.first < 0:
		return usage("--first %d: streams are numbered from 0", f.first)
	case !batch:
		return refuse(given, withBatch, "belongs to --batch")
	}
	return refuse(given, withoutBatch, "is about cases, and --batch puts random streams")
}

// refuse refuses flags that were given.
func refuse(given *pflag.FlagSet, names []string, why string) error {
	for _, name := range names {
		if given.Changed(name) {
			return usage("--%s %s", name, why)
		}
	}
	return nil
}

// all returns the streams: each is a function of the seed and its number.
func (f *batchFlags) all() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for n := range f.streams {
			if !yield(fuzz.Stream(rand.New(rand.NewPCG(f.seed, uint64(f.first+n))))) {
				return
			}
		}
	}
}

// compare puts the streams to each engine. The status is that of the worst.
func (f *batchFlags) compare(cmd *cobra.Command, engines []browser.Engine, of func(browser.Engine) (chosen, error)) error {
	var worst error
	for _, e := range engines {
		it, err := of(e)
		if err != nil {
			return err
		}
		departs, err := f.put(cmd, e, it)
		if err = errors.Join(err, it.close()); err != nil {
			return err
		}
		if departs {
			worst = status(exitDeparts)
		}
	}
	return worst
}

// put puts the streams to one browser, and tells what came of it.
func (f *batchFlags) put(cmd *cobra.Command, e browser.Engine, it chosen) (departs bool, err error) {
	ctx := cmd.Context()
	hello, err := it.client.Hello(ctx)
	if err != nil {
		return false, &failure{exitTarget, err}
	}
	b := browser.Batch{Hear: it.browser.Hear, Again: again(it), Model: model, Quirks: e.Quirks()}
	if w := cmd.ErrOrStderr(); isTerminal(w) {
		b.Seen = func(t browser.Tally) { fmt.Fprintf(w, "\r\x1b[K%d of %d streams", t.Streams, f.streams) }
		defer fmt.Fprint(w, "\r\x1b[K")
	}
	tally, err := b.Compare(ctx, f.all())
	told := batchReport{f, e, hello.Version, tally}.write(cmd.OutOrStdout())
	switch {
	case ctx.Err() != nil:
		fmt.Fprintf(cmd.OutOrStdout(), "interrupted: this is what was seen until then\n")
		return false, status(exitInterrupted)
	case err != nil:
		return false, &failure{exitTarget, err}
	}
	return len(tally.New) > 0, told
}

// model is what an EventSource shows of a stream.
func model(stream []byte) spec.Trace {
	return cases.One(stream).Trace().Only(spec.Announce, spec.Dispatch, spec.Reestablish, spec.Fail)
}

// again returns what puts one stream as a case is put: alone, over HTTP.
func again(it chosen) func(context.Context, []byte) (spec.Trace, error) {
	return func(ctx context.Context, stream []byte) (spec.Trace, error) {
		ctx, cancel := context.WithTimeout(ctx, runner.DefaultTimeout)
		defer cancel()
		play := it.origin.Play(ctx, cases.One(stream))
		defer play.Close()
		return it.browser.HearOne(ctx, play.URL(), stream)
	}
}
