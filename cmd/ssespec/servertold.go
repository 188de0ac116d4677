package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/survey"
)

// A seen server is one that was observed; what is to be seen again is asked for.
type seen struct {
	survey.Plan
	first *observe.Observation
}

func (s *seen) Observe(ctx context.Context, roles []observe.Role) (o *observe.Observation, err error) {
	if o, s.first = s.first, nil; o != nil {
		return o, nil
	}
	s.Plan.Hello = false
	return s.Plan.Observe(ctx, roles)
}

// tell observes the server, prints the results, writes the reports and returns
// the exit status as an error.
func (f *serverFlags) tell(ctx context.Context, cmd *cobra.Command, u *url.URL, run *reports.Run, all, picked []cases.Case) error {
	newer, err := newerThan(f.suite)
	if err != nil {
		return err
	}
	o, results, err := f.observed(ctx, cmd, u, picked)
	if err != nil {
		return err
	}
	if err := f.scriptedAnswer(o, run); err != nil && ctx.Err() == nil {
		return err
	}
	for _, r := range results {
		r.Provisional = newer != nil && newer(r.Case)
		run.Results = append(run.Results, r)
	}
	run.Suite.HeldTo = f.suite
	run.Elapsed, run.Complete = time.Since(run.Started), ctx.Err() == nil && len(run.Results) == len(picked)
	f.known.apply(run, all)
	if run.Complete {
		run.Remarks = append(run.Remarks, f.remarks(o, results)...)
	}
	if err := f.print(cmd, run, all); err != nil {
		return err
	}
	return f.status(*run)
}

// observed observes the server as often as is wanted, and returns what was seen
// first and what became of the cases.
func (f *serverFlags) observed(ctx context.Context, cmd *cobra.Command, u *url.URL, picked []cases.Case) (first *observe.Observation, results []runner.Result, err error) {
	defer f.watching(cmd.ErrOrStderr())()
	var rounds [][]runner.Result
	for range f.repeat {
		plan := f.plan(u)
		o, err := plan.Observe(ctx, runner.RolesFor(picked))
		if err != nil {
			return nil, nil, err
		}
		first = cmp.Or(first, o)
		rounds = append(rounds, slices.Collect(new(runner.Runner).CheckServer(ctx, &seen{plan, o}, picked)))
		if ctx.Err() != nil {
			break
		}
	}
	return first, runner.Stable(rounds), nil
}

// remarks are what is to be said of the whole.
func (f *serverFlags) remarks(o *observe.Observation, results []runner.Result) (list []string) {
	if remark := f.nothing(o); remark != "" {
		list = append(list, remark)
	}
	if e := o.Exchanges[observe.Stream]; e.Bare {
		list = append(list, "the server redirects to another origin, "+e.URL+", and what you send with --header or in the URL was not sent there: check that URL itself")
	}
	if n := len(stalled(results)); n > 0 {
		list = append(list, counted(n, "case")+" could not be judged, because this machine stood still too often: run it again when less else runs, or with --time-scale 3")
	}
	return list
}

// stalled returns the results that this machine has voided.
func stalled(results []runner.Result) []runner.Result {
	return slices.DeleteFunc(slices.Clone(results), func(r runner.Result) bool { return !strings.HasPrefix(r.Reason, "host stalled: ") })
}

// nothing says that the stream had no event, "" when it had, or was none.
func (f *serverFlags) nothing(o *observe.Observation) string {
	switch {
	case o.Events() > 0 || !o.Read():
		return ""
	case o.LeftOpen():
		return fmt.Sprintf("saw 0 events in %.0f s; use --for to watch longer", f.watch.Seconds())
	}
	return "saw 0 events before the server ended the stream"
}

// print prints the results and writes the reports.
func (f *serverFlags) print(cmd *cobra.Command, run *reports.Run, all []cases.Case) error {
	stdout := &audience{w: cmd.OutOrStdout()}
	w, colored := io.Writer(stdout), f.colored(cmd.OutOrStdout())
	if f.toStdout() {
		w, colored = cmd.ErrOrStderr(), f.colored(cmd.ErrOrStderr())
	}
	t := &reports.Terminal{W: w, Color: colored, Command: run.Command, Verbose: f.verbose}
	if err := t.Headline(*run); err != nil {
		return err
	}
	for _, r := range run.Results {
		if settled(r) {
			if err := f.show(t, r); err != nil {
				return err
			}
		}
	}
	err := errors.Join(f.showRest(t, run.Results), t.Summary(*run), f.writeReports(stdout, cmd.ErrOrStderr(), *run), f.known.save(w, *run, all, f.strict))
	if run.BuiltIn && err == nil {
		_, err = fmt.Fprintln(w, "checked: the built-in reference server (no target was given)")
	}
	return err
}

// status returns the exit status of a run, first that applies.
func (f *serverFlags) status(run reports.Run) error {
	n := reports.Count(run.Results)
	switch {
	case !run.Complete:
		return status(exitInterrupted)
	case n.Skip == len(run.Results) && len(stalled(run.Results)) > 0:
		return &failure{exitTarget, errors.New(stalled(run.Results)[0].Reason)}
	case n.Skip == len(run.Results):
		return usage("every selected case was skipped: %s", run.Results[0].Reason)
	case n.Error > 0:
		return status(exitTarget)
	case n.Fail > 0, f.strict && n.Warn > 0:
		return status(exitDeparts)
	case f.outdated:
		return status(exitStale)
	}
	return nil
}

// watching says on a terminal that there is something to wait for, and returns how
// to take that back.
func (f *serverFlags) watching(w io.Writer) func() {
	if f.quiet || !isTerminal(w) {
		return func() {}
	}
	fmt.Fprintf(w, "watching for %s", f.watch)
	return func() { fmt.Fprint(w, "\r\x1b[K") }
}
