package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// forever is the time limit of a run that somebody steps through.
const forever = 30 * 24 * time.Hour

// debugging steps through one case: each chunk is shown and waits for Enter,
// each step of the target is shown as it comes.
type debugging struct {
	runner.Client
	w      io.Writer
	in     *bufio.Reader
	echoes bool // a terminal: Enter shows there by itself
}

// debug turns r and the target into ones that are stepped through.
func (f *clientFlags) debugRun(r *runner.Runner, c runner.Client, in io.Reader, w io.Writer) runner.Client {
	keyboard, _ := in.(io.Writer) // a file, when it is a terminal
	d := &debugging{c, w, bufio.NewReader(in), isTerminal(keyboard)}
	r.Timeout, r.Parallel, r.Before = forever, 1, d.before
	if len(r.Deliveries) == 0 {
		r.Deliveries = []string{cases.AsWritten}
	}
	return d
}

// before shows a chunk and waits for Enter; at the end of the input it goes on.
func (d *debugging) before(chunk []byte) {
	fmt.Fprintf(d.w, "next   %s\n       press Enter", spec.Quote(string(chunk)))
	_, err := d.in.ReadString('\n')
	if err != nil || !d.echoes {
		fmt.Fprintln(d.w)
	}
}

// Subscribe is the target's, with each step shown.
func (d *debugging) Subscribe(ctx context.Context, sub target.Subscription, observe func(spec.Step)) error {
	if sub.URL != "" {
		fmt.Fprintf(d.w, "url    %s\n", sub.URL)
	}
	return d.Client.Subscribe(ctx, sub, func(s spec.Step) {
		fmt.Fprintf(d.w, "got    %s\n", s)
		observe(s)
	})
}
