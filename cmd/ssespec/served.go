package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/launch"
	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/runner/survey"
	"github.com/ssespec/ssespec/runner/target"
)

// A served target is a server, and how to be rid of it.
type served struct {
	url       string // "" until it is known
	command   []string
	builtIn   bool
	transport string
	close     func() error
	survives  func() bool // it still listens after that
}

// name is what the target is called in reports: its URL without what may be secret.
func (s *served) name() string {
	if s.builtIn {
		return "reference"
	}
	u, err := url.Parse(s.url)
	if err != nil {
		return s.url
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// choose returns the target that the arguments name.
func (f *serverFlags) choose(cmd *cobra.Command, args []string) (*served, error) {
	it := &served{transport: "http", close: func() error { return nil }, survives: func() bool { return false }}
	before := args
	if dash := cmd.ArgsLenAtDash(); dash >= 0 {
		before, it.command = args[:dash], args[dash:]
		if len(it.command) == 0 {
			return nil, usage("-- is not followed by a command: ssespec server http://127.0.0.1:{port}/ -- node server.mjs")
		}
		if it.command[0] == "" {
			return nil, usage("the command after -- is empty (is a variable unset?)")
		}
	}
	switch {
	case len(before) > 1:
		return nil, usage("one URL at a time: %q and %q (the command that starts a server goes after --)", bare(before[0]), bare(before[1]))
	case len(before) == 1:
		it.url = before[0]
		return it, f.validURL(it)
	case len(it.command) > 0:
		return it, nil
	}
	it.builtIn, it.transport = true, "in-process"
	return it, f.needsServer(cmd)
}

// serverTargetFlags are the flags that say something of a target.
var serverTargetFlags = []string{"name", "target-version", "baseline", "write-baseline", "header", "header-env", "method", "body", // never written to
	"wait", "chdir", "ca", "cert", "key", "insecure", "scripted"}

// needsServer refuses a run on the built-in target that was meant for another.
func (f *serverFlags) needsServer(cmd *cobra.Command) error {
	for _, name := range serverTargetFlags {
		if cmd.Flags().Changed(name) {
			return usage("--%s belongs to a target: give its URL", name)
		}
	}
	if name := f.badge(); name != "" {
		return usage("--report %s: a badge belongs to a target: give its URL", name)
	}
	if c, found, err := findConfig(); err != nil {
		return err
	} else if found {
		return usage("there is %s: ssespec run checks its targets, ssespec server URL another one", c.path)
	}
	return nil
}

// reach starts the server, where it is to be started, waits until it is there, and
// returns its URL.
func (f *serverFlags) reach(ctx context.Context, it *served) (*url.URL, error) {
	switch {
	case it.builtIn:
		s := httptest.NewServer(new(reference.Server))
		it.url, it.close = s.URL, func() error { s.Close(); return nil }
	case len(it.command) > 0:
		wait := f.wait
		if wait == 0 {
			wait = 30 * time.Second
		}
		s, err := launch.Start(ctx, launch.Command{Args: it.command, Dir: f.chdir, URL: it.url, Wait: wait})
		if err != nil {
			return nil, err
		}
		it.url, it.close, it.survives = s.URL, s.Close, s.Survives
	}
	u, err := url.Parse(it.url)
	if err != nil {
		return nil, &target.Unreachable{Reason: fmt.Sprintf("%q is no URL: %v", it.url, err)}
	}
	f.secrets.AddURL(u)
	if f.wait > 0 && len(it.command) == 0 {
		if err := f.await(ctx, u); err != nil {
			return nil, err
		}
	}
	return u, nil
}

// await waits for a server that is started elsewhere.
func (f *serverFlags) await(ctx context.Context, u *url.URL) error {
	ctx, cancel := context.WithTimeoutCause(ctx, f.wait, fmt.Errorf("waited for %s", f.wait))
	defer cancel()
	if err := launch.Accepts(ctx, u, nil); err != nil {
		return &target.Unreachable{Reason: err.Error()}
	}
	return nil
}

func (f *serverFlags) plan(u *url.URL) survey.Plan {
	requests := f.requests
	if requests == 0 && f.method != http.MethodGet {
		requests = 1
	}
	return survey.Plan{
		Prober:   &probe.Prober{URL: u, TLS: f.tls, Agent: "ssespec/" + version(), Requests: requests, Open: min(f.parallel, probe.MostOpen)},
		Patience: f.timeout, Scale: f.timeScale,
		Method: f.method, Own: f.headers, Body: f.sent, Watch: f.watch, MinEvents: f.minEvents, Secrets: &f.secrets, Hello: f.hello(u),
	}
}

// hello reports whether the server is asked if it speaks the scripted protocol:
// unasked only on this machine.
func (f *serverFlags) hello(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	loopback := u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
	return f.plain() && !f.observe && (loopback || f.scripted)
}

// A greeting is what a server answers that speaks the scripted protocol.
type greeting struct {
	Protocol int    `json:"protocol"`
	Name     string `json:"name"`
	Version  string `json:"version"`
}

// scriptedAnswer says what came of the question for the scripted protocol.
func (f *serverFlags) scriptedAnswer(o *observe.Observation, run *reports.Run) error {
	g, speaks := greetingOf(o.Exchanges[observe.Hello])
	switch {
	case speaks && f.scripted:
		return &target.Unreachable{Reason: fmt.Sprintf("%s speaks the scripted protocol, but this version of ssespec has no scripted cases; without --scripted it is observed", g.Name)}
	case f.scripted:
		return &target.Unreachable{Reason: "the server does not speak the scripted protocol: ?ssespec=hello is not answered by its JSON"}
	case speaks:
		run.Target.Name, run.Target.Version = g.Name, g.Version
		run.Remarks = append(run.Remarks, "the server speaks the scripted protocol, for which this version has no cases: it was observed as it is")
	}
	return nil
}

func greetingOf(e *probe.Exchange) (g greeting, speaks bool) {
	if e == nil || e.Head == nil || e.Head.Status != http.StatusOK || !strings.HasPrefix(e.Head.Value("Content-Type"), "application/json") {
		return g, false
	}
	err := json.Unmarshal(e.Bytes(), &g)
	return g, err == nil && g.Protocol == 1
}

// sketch prints what would be sent.
func (f *serverFlags) sketch(w io.Writer, it *served, picked []cases.Case) error {
	where := f.secrets.String(it.url)
	switch {
	case it.builtIn:
		where = "the built-in reference server"
	case where == "":
		where = "the URL that the command prints"
	}
	u, err := url.Parse(strings.ReplaceAll(it.url, "{port}", "1"))
	if err != nil {
		return usage("%w", err)
	}
	plan := f.plan(u)
	fmt.Fprintf(w, "to %s, at most %s, %d at once%s:\n", where, counted(plan.Limit(), "request"), plan.Prober.Open, suffix(", times ", f.times()))
	for _, s := range plan.Sketches(runner.RolesFor(picked)) {
		version := "1.1"
		if s.HTTP10 {
			version = "1.0"
		}
		fmt.Fprintf(w, "%-9s %s HTTP/%s%s\n", s.Role, s.Method, version, suffix(" with ?", s.Query))
		for _, h := range s.Headers {
			fmt.Fprintf(w, "          %s: %s\n", h.Name, shortValue(h.Value))
		}
	}
	if len(f.sent) > 0 {
		fmt.Fprintf(w, "body      %d bytes\n", len(f.sent))
	}
	return nil
}

// times is how often all of it is sent, "" for once.
func (f *serverFlags) times() string {
	if f.repeat == 1 {
		return ""
	}
	return strconv.Itoa(f.repeat)
}

// counted is a number of things in words.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func suffix(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}

// shortValue cuts a long value for people.
func shortValue(v string) string {
	if len(v) <= 100 {
		return v
	}
	return fmt.Sprintf("%s… (%d bytes)", v[:60], len(v))
}
