package main

import (
	"strings"
	"time"

	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/runner/stdio"
)

// A chosen target, and how to be rid of it.
type chosen struct {
	client    runner.Client
	builtIn   bool
	transport string
	close     func() error
}

// choose returns the target that the arguments name. dash is the index of `--`
// in them, -1 without one.
func choose(args []string, dash int, startTimeout time.Duration) (chosen, error) {
	switch {
	case dash == 0 && len(args) == 0:
		return chosen{}, usage("-- is not followed by a command: ssespec client -- node adapter.mjs")
	case dash == 0 && args[0] == "":
		return chosen{}, usage("the command after -- is empty (is a variable unset?)")
	case dash == 0:
		p := &stdio.Process{Command: args, StartTimeout: startTimeout}
		return chosen{client: p, transport: "stdio", close: p.Close}, nil
	case len(args) > 0:
		return chosen{}, stray(args)
	}
	return chosen{client: &reference.Client{Version: version()}, builtIn: true, transport: "in-process", close: func() error { return nil }}, nil
}

// stray explains arguments that no target can be made of.
func stray(args []string) error {
	first := args[0]
	switch {
	case first == "":
		return usage("an empty argument is no target (is a variable unset?)")
	case strings.HasPrefix(first, "http://"), strings.HasPrefix(first, "https://"):
		return usage("a client is checked by a command after --, not by a URL: ssespec client -- node adapter.mjs")
	}
	return usage("unexpected argument %q: the adapter's command goes after --: ssespec client -- %s", first, strings.Join(args, " "))
}
