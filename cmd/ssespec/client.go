package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/browser"
	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
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
	repeat       int
	suite        string
	profile      string
	listen       string
	chdir        string
	advertise    string
	debug        string
	browser      string
	service      string
	stopService  bool
	verb         string                 // "" is client
	given        func(flag string) bool // on the command line or in the environment
	known
	output
	late []target.LateStep // what came after the end of a run
}

func newClient() *cobra.Command {
	var f clientFlags
	cmd := &cobra.Command{
		Use:     "client [flags] [-- COMMAND ARG...]",
		Aliases: []string{"check-client"},
		Short:   "Check YOUR client or parser",
		Long: `Check a client or parser. COMMAND is an adapter: a process that reads runs as
JSON lines on standard input and reports what the implementation did on standard
output (ssespec help adapters). With --browser it is a real browser; with --service
an HTTP test service such as those of LaunchDarkly's contract tests, which COMMAND
starts where it is given. Without any of these the built-in reference client is
checked, which shows that the suite works on this machine.`,
		Example: `  ssespec client
  ssespec client -- node adapter.mjs
  ssespec client --run 'interpreting/**' --report json=report.json -- ./adapter
  ssespec client --run parsing/bom/one --delivery bytes -- python3 adapter.py
  ssespec client --browser chromium
  ssespec client --service http://127.0.0.1:8000/ --stop-service
  ssespec client --service http://127.0.0.1:8000/ -- ./contract-tests/service`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return f.check(cmd, args) },
	}
	f.flags(cmd)
	return cmd
}

// flags defines every flag.
func (f *clientFlags) flags(cmd *cobra.Command) {
	f.selecting.flags(cmd)
	f.known.flags(cmd)
	f.output.flags(cmd)
	fl := cmd.Flags()
	fl.StringSliceVar(&f.deliveries, "delivery", nil, "put each stream only in this `way` (ssespec list deliveries; repeatable)")
	fl.StringVar(&f.all, "deliveries", "default", "`which` ways of cutting a stream are put: default or all")
	fl.IntVar(&f.parallel, "parallel", 0, "runs open at once, at most `N` (default what the target declares)")
	fl.DurationVar(&f.timeout, "timeout", runner.DefaultTimeout, "time limit of one run")
	fl.DurationVar(&f.startTimeout, "start-timeout", 10*time.Second, "time limit for the adapter's first line, or the service's first answer")
	fl.Float64Var(&f.timeScale, "time-scale", 1, "stretch every time limit and pause by this factor")
	fl.Uint64Var(&f.seed, "seed", 1, "draws the random cuts")
	fl.StringVar(&f.name, "name", "", "the target's name in reports (default what it says)")
	fl.StringVar(&f.version, "target-version", "", "the target's version in reports (default what it says)")
	fl.BoolVar(&f.strict, "strict", false, "a warning counts as a failure")
	fl.IntVar(&f.repeat, "repeat", 1, "put everything `N` times; a case whose verdict differs fails")
	fl.StringVar(&f.suite, "suite", "", "be held to this suite `version`: newer cases are provisional, shown but not counted")
	fl.StringVar(&f.profile, "profile", "", "what the target must say it is: parser, client or stream-reader")
	fl.StringVar(&f.chdir, "chdir", "", "start COMMAND in this `folder`")
	fl.StringVar(&f.listen, "listen", "127.0.0.1:0", "`address` where the origin listens")
	fl.StringVar(&f.advertise, "advertise", "", "the `URL` that targets are told in place of the origin's own")
	fl.StringVar(&f.debug, "debug", "", "step through one `case`: no time limit, each chunk waits for Enter")
	fl.StringVar(&f.browser, "browser", "", "check this `browser`: "+strings.Join(browser.Names(), ", "))
	fl.StringVar(&f.service, "service", "", "check the test service at this `URL` ({port}: the free one that COMMAND gets)")
	fl.BoolVar(&f.stopService, "stop-service", false, "tell the test service to end when all is done (DELETE)")
	fl.BoolVar(&f.dryRun, "dry-run", false, "print the ids that would run, and run nothing")
	completeWith(cmd, "deliveries", func() []string { return []string{"default", "all"} })
	completeWith(cmd, "delivery", deliveryNames)
	completeWith(cmd, "browser", browser.Names)
}

func (f *clientFlags) check(cmd *cobra.Command, args []string) error {
	if err := f.valid(); err != nil {
		return err
	}
	if f.debug != "" {
		f.selecting.run = []string{f.debug}
	}
	all, picked, err := f.load(f.sides()...)
	if err != nil {
		return err
	}
	if err := f.known.read(f.some()); err != nil {
		return err
	}
	f.given = cmd.Flags().Changed
	it, err := f.choose(args, cmd.ArgsLenAtDash())
	if err != nil {
		return err
	}
	if it.builtIn {
		if err := f.needsTarget(cmd); err != nil {
			return err
		}
	}
	if f.dryRun {
		_, err := fmt.Fprintln(cmd.OutOrStdout(), strings.Join(cases.IDs(picked), "\n"))
		return err
	}
	return f.run(cmd, it, all, picked)
}

// sides are those whose cases are put: a browser has the interface as well.
func (f *clientFlags) sides() []cases.Side {
	if f.browser != "" {
		return []cases.Side{cases.Clients, cases.Browsers}
	}
	return []cases.Side{cases.Clients}
}

func profiles() []string {
	return []string{string(target.Parser), string(target.Client), string(target.StreamReader)}
}

// targetFlags are the flags that say something of a target.
var targetFlags = []string{"start-timeout", "name", "target-version", "profile", "chdir", "baseline", "write-baseline", "advertise", "stop-service"} // never written to

// needsTarget refuses a run on the built-in target that was meant for another:
// running nothing is never green.
func (f *clientFlags) needsTarget(cmd *cobra.Command) error {
	for _, name := range targetFlags {
		if cmd.Flags().Changed(name) {
			return usage("--%s belongs to a target: give its command after --", name)
		}
	}
	if name := f.badge(); name != "" {
		return usage("--report %s: a badge belongs to a target: give its command after --", name)
	}
	if c, found, err := findConfig(); err != nil {
		return err
	} else if found {
		return usage("there is %s: ssespec run checks its targets, ssespec client -- COMMAND another one", c.path)
	}
	return nil
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
	case f.repeat < 1 || f.repeat > 10000:
		return usage("--repeat is from 1 to 10000")
	case f.profile != "" && !slices.Contains(profiles(), f.profile):
		return usage("--profile is one of %s, not %q", strings.Join(profiles(), ", "), f.profile)
	case f.chdir != "" && !isFolder(f.chdir):
		return usage("--chdir: there is no folder %s", f.chdir)
	case f.advertise != "" && !strings.HasPrefix(f.advertise, "http://"):
		return usage("--advertise is a URL such as http://192.0.2.1:8080, not %q", f.advertise)
	}
	return f.output.valid()
}

// run puts the cases and tells what came of them.
func (f *clientFlags) run(cmd *cobra.Command, it chosen, all, picked []cases.Case) (err error) {
	defer func() {
		if e := it.close(); err == nil && e != nil {
			err = &failure{exitTarget, e}
		}
	}()
	ctx := cmd.Context()
	run := reports.Run{Version: version(), BuiltIn: it.builtIn, Transport: it.transport, Started: time.Now(), Seed: f.seed,
		Command: commandLine(cmd), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if run.Suite, err = suiteInfo(all); err != nil {
		return err
	}
	if run.Target, err = it.client.Hello(ctx); err != nil {
		return f.unreachable(ctx, cmd, run, err)
	}
	if kind := string(run.Target.Kind); f.profile != "" && kind != f.profile {
		return &failure{exitTarget, fmt.Errorf("the target says it is a %s, --profile wants a %s", kind, f.profile)}
	}
	run.Target.Name = cmp.Or(f.name, run.Target.Name)
	run.Target.Version = cmp.Or(f.version, run.Target.Version)
	if err := f.fits(run.Target); err != nil {
		return err
	}
	r := f.runner(it)
	if f.debug != "" {
		it.client = f.debugRun(ctx, &r, it.client, cmd.InOrStdin(), cmd.ErrOrStderr())
		if it.origin != nil {
			it.origin.Before = r.Before
		}
	}
	f.warnListening(cmd.ErrOrStderr())
	return f.tell(ctx, cmd, it, &run, all, picked, r.CheckClient(ctx, it.client, picked))
}

func (f *clientFlags) runner(it chosen) runner.Runner {
	return runner.Runner{Timeout: f.timeout, TimeScale: f.timeScale, Parallel: f.parallel, Seed: f.seed,
		Deliveries: f.deliveries, All: f.all == "all", Repeat: f.repeat,
		Origin: it.origin, Listen: f.listen, Advertise: f.advertise}
}

// warnListening says so when others than this machine may reach the origin.
func (f *clientFlags) warnListening(w io.Writer) {
	host, _, err := net.SplitHostPort(f.listen)
	if ip := net.ParseIP(host); err == nil && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		fmt.Fprintf(w, "ssespec: warning: the origin listens on %s, which is not loopback: whoever reaches it and guesses a 128-bit token sees the cases\n", f.listen)
	}
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
	if err := f.writeReports(cmd.OutOrStdout(), cmd.ErrOrStderr(), run); err != nil {
		return err
	}
	return status(exitInterrupted)
}
