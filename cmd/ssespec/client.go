package main

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
)

// clientFlags are the flags of `ssespec client`.
type clientFlags struct {
	selecting
	deliveries   []string
	all          string
	parallel     int
	timeout      time.Duration
	startTimeout time.Duration
	timeScale    float64
	seed         uint64
	name         string
	version      string
	strict       bool
	dryRun       bool
	output
}

func newClient() *cobra.Command {
	var f clientFlags
	cmd := &cobra.Command{
		Use:     "client [flags] [-- COMMAND ARG...]",
		Aliases: []string{"check-client"},
		Short:   "Check YOUR client or parser",
		Long: `Check a client or parser. COMMAND is an adapter: a process that reads runs as
JSON lines on standard input and reports what the implementation did on standard
output (ssespec help adapters). Without COMMAND the built-in reference client is
checked, which shows that the suite works on this machine.`,
		Example: `  ssespec client
  ssespec client -- node adapter.mjs
  ssespec client --run 'interpreting/**' --report json=report.json -- ./adapter
  ssespec client --run parsing/bom/one --delivery bytes -- python3 adapter.py`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return f.check(cmd, args) },
	}
	f.selecting.flags(cmd)
	f.output.flags(cmd)
	fl := cmd.Flags()
	fl.StringSliceVar(&f.deliveries, "delivery", nil, "put each stream only in this `way` (ssespec list deliveries; repeatable)")
	fl.StringVar(&f.all, "deliveries", "default", "`which` ways of cutting a stream are put: default or all")
	fl.IntVar(&f.parallel, "parallel", 0, "runs open at once, at most `N` (default what the target declares)")
	fl.DurationVar(&f.timeout, "timeout", runner.DefaultTimeout, "time limit of one run")
	fl.DurationVar(&f.startTimeout, "start-timeout", 10*time.Second, "time limit for the adapter's first line")
	fl.Float64Var(&f.timeScale, "time-scale", 1, "stretch every time limit and pause by this factor")
	fl.Uint64Var(&f.seed, "seed", 1, "draws the random cuts")
	fl.StringVar(&f.name, "name", "", "the target's name in reports (default what it says)")
	fl.StringVar(&f.version, "target-version", "", "the target's version in reports (default what it says)")
	fl.BoolVar(&f.strict, "strict", false, "a warning counts as a failure")
	fl.BoolVar(&f.dryRun, "dry-run", false, "print the ids that would run, and run nothing")
	completeWith(cmd, "deliveries", func() []string { return []string{"default", "all"} })
	completeWith(cmd, "delivery", deliveryNames)
	return cmd
}

func (f *clientFlags) check(cmd *cobra.Command, args []string) error {
	if err := f.valid(); err != nil {
		return err
	}
	all, err := embedded()
	if err != nil {
		return err
	}
	picked, err := f.of(all)
	if err != nil {
		return err
	}
	target, err := choose(args, cmd.ArgsLenAtDash(), f.startTimeout)
	if err != nil {
		return err
	}
	if target.builtIn && (cmd.Flags().Changed("start-timeout") || f.name != "" || f.version != "") {
		return usage("--start-timeout, --name and --target-version belong to a target: give its command after --")
	}
	if f.dryRun {
		_, err := fmt.Fprintln(cmd.OutOrStdout(), strings.Join(cases.IDs(picked), "\n"))
		return err
	}
	return f.run(cmd, target, all, picked)
}

// valid checks what no library checks for us.
func (f *clientFlags) valid() error {
	if f.all != "default" && f.all != "all" {
		return usage("--deliveries is default or all, not %q", f.all)
	}
	for _, d := range f.deliveries {
		if !cases.IsDelivery(d) {
			return usage("unknown delivery %q%s", d, cases.DidYouMean(d, deliveryNames()))
		}
	}
	switch {
	case f.timeout <= 0, f.startTimeout <= 0:
		return usage("a time limit must be above 0")
	case !(f.timeScale > 0 && f.timeScale <= 1000): // NaN is neither
		return usage("--time-scale is above 0 and at most 1000")
	case f.parallel < 0:
		return usage("--parallel must not be negative")
	}
	return f.output.valid()
}

// run puts the cases and tells what came of them.
func (f *clientFlags) run(cmd *cobra.Command, target chosen, all, picked []cases.Case) (err error) {
	defer func() {
		if e := target.close(); err == nil && e != nil {
			err = &failure{exitTarget, e}
		}
	}()
	ctx := cmd.Context()
	run := reports.Run{Version: version(), BuiltIn: target.builtIn, Transport: target.transport, Started: time.Now(), Seed: f.seed,
		Command: commandLine(cmd), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if run.Suite, err = suiteInfo(all); err != nil {
		return err
	}
	if run.Target, err = target.client.Hello(ctx); err != nil {
		return f.unreachable(ctx, cmd, run, err)
	}
	if f.name != "" {
		run.Target.Name = f.name
	}
	if f.version != "" {
		run.Target.Version = f.version
	}
	r := runner.Runner{Timeout: f.timeout, TimeScale: f.timeScale, Parallel: f.parallel, Seed: f.seed,
		Deliveries: f.deliveries, All: f.all == "all", InProcess: target.builtIn}
	return f.tell(ctx, cmd, &run, picked, r.CheckClient(ctx, target.client, picked))
}

// unreachable tells why the target could not be started. Who interrupts gets
// the report of a run without results.
func (f *clientFlags) unreachable(ctx context.Context, cmd *cobra.Command, run reports.Run, err error) error {
	if ctx.Err() == nil {
		writeStderrTail(cmd.ErrOrStderr(), err)
		return &failure{exitTarget, err}
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "ssespec: interrupted before the target had started")
	run.Elapsed = time.Since(run.Started)
	if err := f.write(cmd.OutOrStdout(), run); err != nil {
		return err
	}
	return status(exitInterrupted)
}
