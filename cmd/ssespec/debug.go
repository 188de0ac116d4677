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
	enter  <-chan struct{} // one for each Enter; closed when there will be none
	stop   <-chan struct{} // closed at an interruption
	echoes bool            // a terminal: Enter shows there by itself
}

// debug turns r and the target into ones that are stepped through.
func (f *clientFlags) debugRun(ctx context.Context, r *runner.Runner, c runner.Client, in io.Reader, w io.Writer) runner.Client {
	keyboard, _ := in.(io.Writer) // a file, when it is a terminal
	d := &debugging{c, w, lines(in), ctx.Done(), isTerminal(keyboard)}
	r.Timeout, r.Parallel, r.Before = forever, 1, d.before
	if len(r.Deliveries) == 0 {
		r.Deliveries = []string{cases.AsWritten}
	}
	return d
}

// lines sends for each line of r and closes at its end. Who waits for a line can
// wait for something else as well, which a read cannot.
func lines(r io.Reader) <-chan struct{} {
	read := make(chan struct{})
	go func() {
		defer close(read)
		for in := bufio.NewReader(r); ; read <- struct{}{} {
			if _, err := in.ReadString('\n'); err != nil {
				return
			}
		}
	}()
	return read
}

// before shows a chunk and waits for Enter; at the end of the input, and when it
// is interrupted, it goes on.
func (d *debugging) before(chunk []byte) {
	fmt.Fprintf(d.w, "next   %s\n       press Enter", spec.Quote(string(chunk)))
	entered := false
	select {
	case _, entered = <-d.enter:
	case <-d.stop:
	}
	if !entered || !d.echoes {
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
