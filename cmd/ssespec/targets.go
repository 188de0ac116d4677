package main

import (
	"cmp"
	"errors"
	"strings"

	"github.com/ssespec/ssespec/browser"
	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/runner/stdio"
)

// A chosen target, and how to be rid of it.
type chosen struct {
	client    runner.Client
	builtIn   bool
	last      string // the last line that is printed, "" for none
	transport string
	browser   *browser.Browser // the client, when it is one
	origin    *origin.Origin   // nil: the runner opens its own
	close     func() error
}

// choose returns the target that the flags and arguments name. dash is the index
// of `--` in the arguments, -1 without one.
func (f *clientFlags) choose(args []string, dash int) (chosen, error) {
	switch {
	case f.stopService && f.service == "":
		return chosen{}, usage("--stop-service belongs to a test service: give its URL with --service")
	case f.service != "" && f.browser != "":
		return chosen{}, usage("--service %s and --browser %s are two targets: give one of them", bare(f.service), f.browser)
	case f.service != "":
		return f.chooseService(args, dash)
	case f.browser != "" && len(args)+dash >= 0:
		return chosen{}, usage("--browser %s and %q are two targets: give one of them", f.browser, strings.Join(args, " "))
	case f.browser != "":
		return f.chooseBrowser()
	case dash == 0 && len(args) == 0:
		return chosen{}, usage("-- is not followed by a command: ssespec %s -- node adapter.mjs", f.words())
	case dash == 0 && args[0] == "":
		return chosen{}, usage("the command after -- is empty (is a variable unset?)")
	case dash == 0:
		p := &stdio.Process{Command: args, Dir: f.chdir, StartTimeout: f.startTimeout}
		return chosen{client: p, transport: "stdio", close: p.Close}, nil
	case len(args) > 0:
		return chosen{}, stray(f.words(), args)
	}
	return inProcess(&reference.Client{Version: version()}, "checked: the built-in reference client (no target was given)"), nil
}

// inProcess chooses a target of our own. last is the line that ends its run.
func inProcess(c runner.Client, last string) chosen {
	return chosen{client: c, builtIn: true, last: last, transport: "in-process", close: func() error { return nil }}
}

// chooseBrowser returns a browser, and the origin that serves its page.
func (f *clientFlags) chooseBrowser() (chosen, error) {
	engine, found := browser.Find(f.browser)
	if !found {
		return chosen{}, usage("unknown browser %q%s", f.browser, cases.DidYouMean(f.browser, browser.Names()))
	}
	o, err := f.openOrigin()
	if err != nil {
		return chosen{}, &failure{exitTarget, err}
	}
	b := &browser.Browser{Engine: engine, Origin: o.URL()}
	if f.given("start-timeout") {
		b.StartTimeout = f.startTimeout
	}
	o.Handler = b
	o.Serve()
	return chosen{client: b, transport: "browser", browser: b, origin: o, close: func() error { return errors.Join(b.Close(), o.Close()) }}, nil
}

// openOrigin opens an origin as the flags say.
func (f *clientFlags) openOrigin() (*origin.Origin, error) {
	o, err := origin.Listen(f.listen)
	if err != nil {
		return nil, err
	}
	o.TimeScale, o.Advertise = f.timeScale, f.advertise
	return o, nil
}

// words are those of the verb.
func (f *clientFlags) words() string { return cmp.Or(f.verb, "client") }

// stray explains arguments that no target of the verb can be made of.
func stray(verb string, args []string) error {
	first := args[0]
	switch {
	case first == "":
		return usage("an empty argument is no target (is a variable unset?)")
	case strings.HasPrefix(first, "http://"), strings.HasPrefix(first, "https://"):
		return usage("a client is checked by a command after --, not by a URL: ssespec %s -- node adapter.mjs; a server by its URL: ssespec server %s", verb, first)
	}
	return usage("unexpected argument %q: the adapter's command goes after --: ssespec %s -- %s", first, verb, strings.Join(args, " "))
}
