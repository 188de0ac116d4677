// Command ssespec checks implementations of server-sent events against WHATWG
// HTML §9.2. Run `ssespec help` for what it can do.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)                            // a second Ctrl-C ends the process at once
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // a write then fails, and the target is still ended and reported
	os.Exit(execute(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// The exit statuses, contracts section 1.
const (
	exitOK          = 0
	exitDeparts     = 1
	exitUsage       = 2
	exitTarget      = 3
	exitStale       = 4
	exitInterrupted = 130
)

// A failure is an error with the exit status that it stands for.
type failure struct {
	status int
	err    error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// usage returns a failure that is the caller's mistake.
func usage(format string, args ...any) error {
	return &failure{exitUsage, fmt.Errorf(format, args...)}
}

// status is a failure that was already told in full.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// execute runs the command line and returns the exit status.
func execute(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var told status
	switch {
	case errors.Is(err, syscall.EPIPE): // the reader of our output has gone
		return exitOK
	case err != nil && !errors.As(err, &told):
		fmt.Fprintf(stderr, "ssespec: %v\n", err)
	}
	return statusOf(err)
}

// statusOf returns the exit status that an error stands for.
func statusOf(err error) int {
	var told status
	var f *failure
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &told):
		return int(told)
	case errors.As(err, &f):
		return f.status
	}
	return exitUsage
}
