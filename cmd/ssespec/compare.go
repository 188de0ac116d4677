package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/browser"
	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/baseline"
)

// compareFlags are the flags of `ssespec compare`.
type compareFlags struct {
	selecting
	engines      []string
	delivery     string
	write, check string
	format       string
	startTimeout time.Duration
	batch        batchFlags

	recorded, kept cases.Confirmations // what the files of --check and --write say
}

func newCompare() *cobra.Command {
	var f compareFlags
	cmd := &cobra.Command{
		Use:   "compare [flags]",
		Short: "Put the cases to every browser found, side by side",
		Long: `Put the cases to every browser that is installed, or to those named, and show
where they differ from the model and from each other. A deviation that is known
of that engine (browser/known in the source) is named with its cause; any other
is new, is shown in full, and makes the exit status 1. A known one that is gone
makes it 4.

With --batch the browsers get random streams in place of the cases, thousands a
second: many on one connection where that means the same, the others as data: URLs
or on connections of their own. What departs from the model is put again alone; what
a known cause does not explain makes the exit status 1.`,
		Example: `  ssespec compare
  ssespec compare --browser chromium --browser firefox --run 'parsing/bom/*'
  ssespec compare --write cases/confirmed.json
  ssespec compare --batch 100000 --seed 1 --browser chromium`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.compare(cmd) },
	}
	f.selecting.flags(cmd)
	fl := cmd.Flags()
	fl.StringSliceVar(&f.engines, "browser", nil, "only this `browser`: "+strings.Join(browser.Names(), ", ")+" (repeatable)")
	fl.StringVar(&f.delivery, "delivery", cases.AsWritten, "the `way` in which each stream is put")
	fl.DurationVar(&f.startTimeout, "start-timeout", browser.DefaultStartTimeout, "time limit for a browser to open the page")
	fl.StringVar(&f.write, "write", "", "write what each engine did to `FILE`; what it says of other engines is kept")
	fl.StringVar(&f.check, "check", "", "fail where an engine does not do what `FILE` says of it")
	fl.StringVar(&f.format, "format", "text", "text or markdown")
	f.batch.flags(fl)
	completeWith(cmd, "browser", browser.Names)
	completeWith(cmd, "format", func() []string { return []string{"text", "markdown"} })
	completeWith(cmd, "delivery", deliveryNames)
	return cmd
}

// compared is what one engine did.
type compared struct {
	engine  browser.Engine
	version string
	results []runner.Result
	known   baseline.File
	notes   []baseline.Note
}

func (f *compareFlags) compare(cmd *cobra.Command) error {
	if err := errors.Join(f.batch.valid(cmd.Flags()), f.read()); err != nil {
		return err
	}
	engines, err := f.found(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	if f.batch.streams > 0 {
		return f.batch.compare(cmd, engines, f.target)
	}
	all, picked, err := f.load(cases.Clients, cases.Browsers)
	if err != nil {
		return err
	}
	var done []compared
	for _, e := range engines {
		c, err := f.put(cmd.Context(), e, all, picked)
		if err != nil {
			return err
		}
		done = append(done, c)
	}
	if err := f.tell(cmd.OutOrStdout(), done, picked); err != nil {
		return err
	}
	return errors.Join(f.save(done), f.status(cmd.OutOrStdout(), done))
}

// read refuses flags that mean nothing, and reads the files that they name.
func (f *compareFlags) read() (err error) {
	switch {
	case !cases.IsDelivery(f.delivery):
		return usage("unknown delivery %q%s", f.delivery, cases.DidYouMean(f.delivery, deliveryNames()))
	case f.format != "text" && f.format != "markdown":
		return usage("--format is text or markdown, not %q", f.format)
	case f.write != "" && (f.some() || f.delivery != cases.AsWritten):
		return usage("--write wants all cases, as written")
	}
	if f.check != "" {
		if f.recorded, err = readConfirmations(f.check); err != nil {
			return usage("--check %s: %w", f.check, err)
		}
	}
	f.kept = cases.Confirmations{Engines: map[string]string{}, Cases: map[string]map[string]string{}}
	if f.write == "" {
		return nil
	}
	kept, err := readConfirmations(f.write)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return usage("--write %s: %w", f.write, err)
	}
	f.kept = kept
	return nil
}

func readConfirmations(name string) (cases.Confirmations, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return cases.Confirmations{}, err
	}
	return cases.ReadConfirmations(text)
}

// found returns the engines to compare; those that are not installed are named.
func (f *compareFlags) found(w io.Writer) (list []browser.Engine, err error) {
	for _, n := range f.engines {
		if _, known := browser.Find(n); !known {
			return nil, usage("unknown browser %q%s", n, cases.DidYouMean(n, browser.Names()))
		}
	}
	for _, e := range browser.Engines() {
		asked := slices.Contains(f.engines, e.Name)
		switch {
		case len(f.engines) > 0 && !asked:
		case e.Program() != "":
			list = append(list, e)
		case asked:
			return nil, &failure{exitTarget, fmt.Errorf("%s is not installed: %s", e.Title, e.Install)}
		default:
			fmt.Fprintf(w, "ssespec: without %s, which is not installed: %s\n", e.Title, e.Install)
		}
	}
	if len(list) == 0 {
		return nil, &failure{exitTarget, errors.New("no browser is installed")}
	}
	return list, nil
}

// target returns a browser of the engine, which is not started yet.
func (f *compareFlags) target(e browser.Engine) (chosen, error) {
	client := clientFlags{browser: e.Name, listen: "127.0.0.1:0", startTimeout: f.startTimeout, given: func(string) bool { return true }}
	return client.chooseBrowser()
}

// put runs the cases in one engine.
func (f *compareFlags) put(ctx context.Context, e browser.Engine, all, picked []cases.Case) (compared, error) {
	c := compared{engine: e}
	it, err := f.target(e)
	if err != nil {
		return c, err
	}
	defer it.close()
	hello, err := it.client.Hello(ctx)
	if err != nil {
		return c, &failure{exitTarget, err}
	}
	c.version = hello.Version
	r := runner.Runner{Deliveries: []string{f.delivery}, Origin: it.origin, Seed: 1}
	c.results = slices.Collect(r.CheckClient(ctx, it.client, picked))
	if ctx.Err() != nil {
		return c, status(exitInterrupted)
	}
	runner.Settle(c.results, hello.Kind)
	name, text := e.Known()
	if c.known, err = baseline.Parse(name, text); err != nil {
		return c, err
	}
	c.notes = c.known.Apply(c.results, all, time.Now())
	return c, nil
}
