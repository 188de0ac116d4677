package main

import (
	"context"
	"errors"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/browser"
	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/fuzz"
	"github.com/ssespec/ssespec/runner"
)

// newFuzz is the verb with one verb below it for each side that can be searched.
func newFuzz() *cobra.Command {
	parent := &cobra.Command{
		Use:     "fuzz client [TARGET]",
		Short:   "Look for departures that no case knows",
		Example: `  ssespec fuzz client --for 60s --out found -- node adapter.mjs`,
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("fuzz knows client, not %q%s", args[0], cases.DidYouMean(args[0], []string{"client"}))
			}
			return cmd.Help()
		},
	}
	parent.AddCommand(newFuzzClient())
	return parent
}

// fuzzFlags are the flags of `ssespec fuzz client`.
type fuzzFlags struct {
	target      clientFlags
	count       int
	duration    time.Duration
	corpus, out string
}

const (
	defaultDuration = time.Minute     // of a search that nobody bounds
	lazyCollection  = 400             // percent: what a search leaves behind is small and short-lived
	defaultPatience = 5 * time.Second // with one stream: a search puts many that hang, once it has found one
)

func newFuzzClient() *cobra.Command {
	var f fuzzFlags
	cmd := &cobra.Command{
		Use:   "client [flags] [-- COMMAND ARG...]",
		Short: "Look for departures of YOUR client or parser that no case knows",
		Long: `Put random event streams to a client or parser, thousands a second, and hold what
it makes of each against the model. The streams are made of what matters in event
streams, and of the cases with something changed; one that does something new to the
model is kept, and more are made of it.

Each departure is put again, made as small as it gets in bytes and in cuts, and told
from the others by the defect that explains it. Of a thousand only the few remain that
differ. With --out each is a case file that ssespec client --cases runs at once.
The same --seed and --count find the same, byte for byte.

With --corpus the search goes on where it stopped the last time: the streams that
were kept are there, and the number of the next one.`,
		Example: `  ssespec fuzz client --out found -- node adapter.mjs
  ssespec fuzz client --for 10m --corpus corpus --out found -- ./adapter
  ssespec fuzz client --count 20000 --seed 7 --out found -- python3 adapter.py
  ssespec fuzz client --browser chromium --for 5m --out found
  ssespec client --cases found -- node adapter.mjs    puts what was found once more`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return f.fuzz(cmd, args) },
	}
	f.flags(cmd)
	return cmd
}

func (f *fuzzFlags) flags(cmd *cobra.Command) {
	fl, t := cmd.Flags(), &f.target
	fl.DurationVar(&f.duration, "for", 0, "search for this `time` (default 1m0s, where there is no --count)")
	fl.IntVar(&f.count, "count", 0, "put `N` streams")
	fl.Uint64Var(&t.seed, "seed", 1, "the streams are a function of this `number`, and of the corpus")
	fl.StringVar(&f.corpus, "corpus", "", "keep the streams that others are made of in this `folder`, and go on from there")
	fl.StringVar(&f.out, "out", "", "write each finding into this `folder`, as a case file")
	fl.IntVar(&t.parallel, "parallel", 0, "runs open at once, at most `N` (default what the target declares)")
	fl.DurationVar(&t.timeout, "timeout", defaultPatience, "time limit of one run: what takes longer hangs")
	fl.DurationVar(&t.startTimeout, "start-timeout", 10*time.Second, "time limit for the adapter's first line, or the service's first answer")
	fl.Float64Var(&t.timeScale, "time-scale", 1, "stretch every time limit by this factor")
	fl.StringVar(&t.name, "name", "", "the target's name in findings (default what it says)")
	fl.StringVar(&t.version, "target-version", "", "the target's version in findings (default what it says)")
	fl.StringVar(&t.chdir, "chdir", "", "start COMMAND in this `folder`")
	fl.StringVar(&t.listen, "listen", "127.0.0.1:0", "`address` where the origin listens")
	fl.StringVar(&t.browser, "browser", "", "search this `browser`: "+strings.Join(browser.Names(), ", "))
	fl.StringVar(&t.service, "service", "", "search the test service at this `URL` ({port}: the free one that COMMAND gets)")
	fl.BoolVar(&t.strict, "strict", false, "a warning counts as a failure")
	completeWith(cmd, "browser", browser.Names)
	t.verb, t.all, t.repeat, t.color = "fuzz client", "default", 1, "never"
}

// valid refuses flags that mean nothing.
func (f *fuzzFlags) valid(cmd *cobra.Command) error {
	switch given := cmd.Flags().Changed; {
	case given("count") && f.count < 1:
		return usage("--count %d puts nothing: want a number from 1", f.count)
	case given("for") && f.duration <= 0:
		return usage("--for %s is no time to search in", f.duration)
	case f.count == 0 && f.duration == 0:
		f.duration = defaultDuration
	}
	return f.target.valid()
}

func (f *fuzzFlags) fuzz(cmd *cobra.Command, args []string) (err error) {
	if err := f.valid(cmd); err != nil {
		return err
	}
	f.target.given = cmd.Flags().Changed
	it, err := f.target.choose(args, cmd.ArgsLenAtDash())
	if err != nil {
		return err
	}
	if it.builtIn {
		if err := f.target.needsTarget(cmd); err != nil {
			return err
		}
	}
	defer func() {
		if e := it.close(); err == nil && e != nil {
			err = &failure{exitTarget, e}
		}
	}()
	kept, err := openStore(f.corpus, f.out, f.target.seed)
	if err != nil {
		return err
	}
	subject, err := f.subject(cmd.Context(), it)
	if err != nil {
		writeStderrTail(cmd.ErrOrStderr(), err)
		return f.ended(cmd.Context(), err)
	}
	return f.search(cmd, subject, kept)
}

// ended is the failure for the error that a target, or an interruption, ends with.
func (f *fuzzFlags) ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return status(exitInterrupted)
	}
	return &failure{exitTarget, err}
}

// search searches, tells what is found as it is found, and keeps it.
func (f *fuzzFlags) search(cmd *cobra.Command, it *subject, kept *store) error {
	seeds, err := kept.seeds()
	if err != nil {
		return err
	}
	s := fuzz.Search{Seed: f.target.seed, First: kept.next, Count: f.count, For: f.duration, Seeds: seeds, Found: kept.found, Learned: kept.learn}
	it.equip(&s)
	debug.SetGCPercent(lazyCollection)
	t := &teller{w: cmd.OutOrStdout(), out: f.out, command: f.again(cmd)}
	defer t.progress(cmd.ErrOrStderr(), &s, f)()
	var tally fuzz.Tally
	for found, ferr := range s.Run(cmd.Context(), &tally) {
		if err = ferr; err == nil {
			err = f.keep(cmd.Context(), it, kept, t, found)
		}
		if err != nil {
			break
		}
	}
	err = errors.Join(err, kept.remember(tally.Next))
	t.clear()
	if told := t.summary(tally, it, f, cmd.Context().Err() != nil); told != nil {
		return told
	}
	switch {
	case cmd.Context().Err() != nil:
		return status(exitInterrupted)
	case err != nil:
		writeStderrTail(cmd.ErrOrStderr(), err)
		return &failure{exitTarget, err}
	}
	if err := it.unsure(tally); err != nil {
		return err
	}
	if t.departs(f.target.strict, tally) {
		return status(exitDeparts)
	}
	return nil
}

// keep puts a finding as a case, as ssespec client would, and keeps and tells it.
func (f *fuzzFlags) keep(ctx context.Context, it *subject, kept *store, t *teller, found fuzz.Finding) error {
	c := found.Case(it.named())
	r, err := it.judge(ctx, c)
	if err != nil {
		return err
	}
	file, err := "", error(nil)
	if r.Verdict == runner.Fail || r.Verdict == runner.Warn {
		if file, err = kept.keep(found, c); err != nil {
			return err
		}
	}
	return t.found(found, r, file)
}

// again is the command that puts findings of this target once more.
func (f *fuzzFlags) again(cmd *cobra.Command) []string {
	words := []string{"ssespec", "client"}
	for _, name := range []string{"chdir", "browser", "service", "listen", "time-scale"} {
		if flag := cmd.Flags().Lookup(name); flag.Changed {
			words = append(words, flagWords(flag)...)
		}
	}
	if args := cmd.Flags().Args(); len(args) > 0 {
		words = append(append(words, "--"), args...)
	}
	return words
}

// folder makes the folder where it is not there.
func folder(flag, name string) error {
	if name == "" {
		return nil
	}
	if err := os.MkdirAll(name, 0o755); err != nil {
		return usage("--%s: %w", flag, err)
	}
	return nil
}
