package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/runner/survey"
	"github.com/ssespec/ssespec/runner/target"
)

// serverFlags are the flags of `ssespec server`.
type serverFlags struct {
	selecting
	asking
	watch     time.Duration
	minEvents int
	requests  int
	parallel  int
	timeout   time.Duration
	timeScale float64
	repeat    int
	wait      time.Duration
	chdir     string
	observe   bool
	scripted  bool
	dryRun    bool
	name      string
	version   string
	strict    bool
	suite     string
	known
	output
}

func newServer() *cobra.Command { return newServerOf(new(serverFlags)) }

// newServerOf is the verb with those flags as they are until others are given.
func newServerOf(f *serverFlags) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "server [URL] [flags] [-- COMMAND ARG...]",
		Aliases: []string{"check-server"},
		Short:   "Check YOUR server",
		Long: `Check a server by what it answers: one stream is watched, and meanwhile others
come: a second client, HEAD, OPTIONS, HTTP/1.0, gzip, another origin, and clients
that come back with a Last-Event-ID. With GET at most 16 requests are sent, 4 at
once; with any other method exactly one, unless --requests allows more.

COMMAND starts the server first, in a process group of its own that is ended with
the check. A free port is in its environment as PORT, and stands for {port} in URL
and COMMAND. Without URL, the first line of its output that begins with http is it.
With neither, the built-in reference server is checked.

Only what the standard demands fails; how the stream is delivered, and advice,
warn. Credentials are best given by --header-env or a file. Nothing that a secret
is made of is shown anywhere.`,
		Example: `  ssespec server http://127.0.0.1:8080/events
  ssespec server http://127.0.0.1:{port}/events -- flask run --port {port}
  ssespec server https://example.org/events --header-env Authorization=TOKEN
  ssespec server https://api.example/v1/chat --method POST --header 'Content-Type: application/json' --body @request.json
  ssespec server http://127.0.0.1:8080/events --min-events 3 --report junit=sse.xml`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return f.check(cmd, args) },
	}
	f.flags(cmd)
	cmd.SetFlagErrorFunc(wrongServerFlag)
	return cmd
}

// notForServers says why flags that other verbs share are none here.
var notForServers = map[string]string{ // never written to
	"seed":       "nothing is drawn when a server is observed",
	"debug":      "it steps through a stream that ssespec sends; ssespec lint URL shows what a server sends, and --verbose what was asked and seen",
	"delivery":   "ssespec cuts what it sends, and here the server sends",
	"deliveries": "ssespec cuts what it sends, and here the server sends",
	"listen":     "ssespec listens for clients, and here it is one",
	"advertise":  "ssespec is told to clients, and here it is one",
	"service":    "that is a test service for clients: ssespec client --service URL",
	"browser":    "that is a client: ssespec client --browser NAME",
}

// wrongServerFlag says why a flag is refused that is one of another verb.
func wrongServerFlag(cmd *cobra.Command, err error) error {
	_, name, _ := strings.Cut(err.Error(), "unknown flag: --")
	if why, ok := notForServers[name]; ok {
		return usage("--%s is no flag of ssespec server: %s", name, why)
	}
	return wrongFlag(cmd, err)
}

func (f *serverFlags) flags(cmd *cobra.Command) {
	f.selecting.flags(cmd)
	f.asking.flags(cmd)
	f.known.flags(cmd)
	f.output.flags(cmd)
	fl := cmd.Flags()
	fl.DurationVar(&f.watch, "for", survey.DefaultWatch, "how long the stream is watched, at most")
	fl.IntVar(&f.minEvents, "min-events", 0, "fail when fewer than `N` events come meanwhile")
	fl.IntVar(&f.requests, "requests", 0, "send at most `N` requests, redirects included (default 16 with GET, else 1)")
	fl.IntVar(&f.parallel, "parallel", probe.MostOpen, "have at most `N` requests open at once, from 2; never more than 4")
	fl.DurationVar(&f.timeout, "timeout", survey.DefaultPatience, "wait so long for the answer to a request other than that of the watched stream")
	fl.Float64Var(&f.timeScale, "time-scale", 1, "stretch every time limit and pause but --for by this factor: what is late is so by as much more")
	fl.IntVar(&f.repeat, "repeat", 1, "observe everything `N` times; a case whose verdict differs has the gravest and is unstable")
	fl.DurationVar(&f.wait, "wait", 0, "wait so long for the server to accept connections (default 30s for COMMAND, else 0)")
	fl.StringVar(&f.chdir, "chdir", "", "start COMMAND in this `folder`")
	fl.BoolVar(&f.observe, "observe", false, "observe the server as it is, and do not ask whether it speaks the scripted protocol")
	fl.BoolVar(&f.scripted, "scripted", false, "demand the scripted protocol")
	fl.BoolVar(&f.dryRun, "dry-run", false, "print what would be sent, and send nothing")
	fl.StringVar(&f.name, "name", "", "the target's name in reports (default its URL)")
	fl.StringVar(&f.version, "target-version", "", "the target's version in reports")
	fl.BoolVar(&f.strict, "strict", false, "a warning counts as a failure")
	fl.StringVar(&f.suite, "suite", "", "be held to this suite `version`: newer cases are provisional, shown but not counted")
}

// softLimit is how much the garbage collector lets heap and stacks grow to before it
// works harder: a server that floods us takes our time and not the machine's memory.
const softLimit = 32 << 20

func (f *serverFlags) check(cmd *cobra.Command, args []string) error {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softLimit)
	}
	if err := f.valid(); err != nil {
		return err
	}
	all, picked, err := f.load(cases.Servers)
	if err != nil {
		return err
	}
	if err := f.known.read(f.some()); err != nil {
		return err
	}
	it, err := f.choose(cmd, args)
	if err != nil {
		return err
	}
	if f.dryRun {
		return f.sketch(cmd.OutOrStdout(), it, picked)
	}
	return f.run(cmd, it, all, picked)
}

// valid checks what no library checks for us.
func (f *serverFlags) valid() error {
	switch {
	case f.watch <= 0 || f.watch > time.Hour:
		return usage("--for is above 0 and at most 1h")
	case f.minEvents < 0:
		return usage("--min-events must not be negative")
	case f.requests < 0 || f.requests > 16:
		return usage("--requests is from 1 to 16")
	case f.parallel < 2:
		return usage("--parallel is at least 2: a second client comes while the first is there")
	case f.timeout <= 0 || f.timeout > time.Hour:
		return usage("--timeout is above 0 and at most 1h")
	case !(f.timeScale > 0 && f.timeScale <= 1000): // NaN is neither
		return usage("--time-scale is above 0 and at most 1000")
	case f.repeat < 1 || f.repeat > 100:
		return usage("--repeat is from 1 to 100")
	case f.repeat > 1 && f.method != http.MethodGet:
		return usage("--repeat goes with GET: a %s may change something there each time", f.method)
	case f.chdir != "" && !isFolder(f.chdir):
		return usage("--chdir: there is no folder %s", f.chdir)
	case f.wait < 0:
		return usage("--wait must not be negative")
	case f.scripted && f.observe:
		return usage("--scripted and --observe exclude each other")
	case f.scripted && !f.plain():
		return usage("--scripted goes with GET and without --body")
	}
	if err := f.asking.valid(); err != nil {
		return err
	}
	return f.output.valid()
}

// run starts what is to be started, observes, and tells.
func (f *serverFlags) run(cmd *cobra.Command, it *served, all, picked []cases.Case) (err error) {
	ctx := cmd.Context()
	run := reports.Run{Version: version(), BuiltIn: it.builtIn, Transport: it.transport, Started: time.Now(),
		Command: f.masked(commandLine(cmd)), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if run.Suite, err = suiteInfo(all); err != nil {
		return err
	}
	defer func() {
		if e := it.close(); err == nil && e != nil {
			err = &failure{exitTarget, e}
		}
		if it.survives() {
			fmt.Fprintf(cmd.ErrOrStderr(), "ssespec: the server still listens at %s: %s has left a process behind that is not of its group, as daemons do; end it yourself\n", it.name(), it.command[0])
		}
	}()
	u, err := f.reach(ctx, it)
	if err == nil {
		run.Target = target.Hello{Kind: target.Server, Name: cmp.Or(f.name, it.name()), Version: f.version}
		if err := f.fits(run.Target); err != nil {
			return err
		}
		err = f.tell(ctx, cmd, u, &run, all, picked)
	}
	return f.unreachable(ctx, cmd, run, err)
}

// masked returns the words of a command line without the secrets in them.
func (f *serverFlags) masked(words []string) []string {
	for i, w := range words {
		words[i] = f.secrets.String(w)
	}
	return words
}

// unreachable tells why nothing could be seen, secrets masked. Who interrupts gets
// the report of a run without results.
func (f *serverFlags) unreachable(ctx context.Context, cmd *cobra.Command, run reports.Run, err error) error {
	var u *target.Unreachable
	switch {
	case !errors.As(err, &u):
		return err
	case ctx.Err() == nil:
		told := &target.Unreachable{Reason: f.secrets.String(u.Reason), Stderr: f.secrets.String(u.Stderr)}
		writeStderrTail(cmd.ErrOrStderr(), told)
		return &failure{exitTarget, told}
	}
	fmt.Fprintln(cmd.ErrOrStderr(), "ssespec: interrupted before the server was ready")
	run.Elapsed = time.Since(run.Started)
	if err := f.writeReports(cmd.OutOrStdout(), cmd.ErrOrStderr(), run); err != nil {
		return err
	}
	return status(exitInterrupted)
}
