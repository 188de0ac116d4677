package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// output are the flags that say what is told, and where.
type output struct {
	reports        []string
	stepSummary    bool
	quiet, verbose bool
	color          string
}

func (o *output) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&o.reports, "report", nil, "write a report: `FORMAT=FILE`, - is standard output (repeatable); formats: "+strings.Join(formatNames(), ", "))
	f.BoolVar(&o.stepSummary, "step-summary", true, "under GitHub Actions, append the Markdown report to the step's summary ($GITHUB_STEP_SUMMARY)")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "print the summary only")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "print passes and skips as well")
	f.StringVar(&o.color, "color", "auto", "colour: auto, always or never (NO_COLOR is heeded)")
	completeWith(cmd, "color", func() []string { return []string{"auto", "always", "never"} })
}

func (o *output) valid() error {
	if o.color != "auto" && o.color != "always" && o.color != "never" {
		return usage("--color is auto, always or never, not %q", o.color)
	}
	for _, r := range o.reports {
		format, file, found := strings.Cut(r, "=")
		if !found || file == "" {
			return usage("--report wants FORMAT=FILE, found %q", r)
		}
		if _, ok := reports.FormatNamed(format); !ok {
			return usage("unknown report format %q%s", format, cases.DidYouMean(format, formatNames()))
		}
		if file == "-" {
			continue
		}
		if err := folderOf("--report "+r, file); err != nil {
			return err
		}
	}
	return nil
}

// folderOf refuses a file that the flag writes where there is no folder for it.
func folderOf(flag, file string) error {
	if folder := filepath.Dir(file); !isFolder(folder) {
		return usage("%s: there is no folder %s", flag, folder)
	}
	return nil
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

func formatNames() (names []string) {
	for _, f := range reports.Formats {
		names = append(names, f.Name)
	}
	return names
}

// toStdout reports whether a report takes standard output.
func (o *output) toStdout() bool {
	return slices.ContainsFunc(o.reports, toStdout)
}

func toStdout(report string) bool { return strings.HasSuffix(report, "=-") }

func (o *output) colored(w io.Writer) bool {
	if o.color != "auto" {
		return o.color == "always"
	}
	return isTerminal(w) && os.Getenv("NO_COLOR") == ""
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// tell prints the results, writes the reports and returns the exit status as an
// error. It waits for the whole run, because that decides which rule a result
// is put down to.
func (f *clientFlags) tell(ctx context.Context, cmd *cobra.Command, it chosen, run *reports.Run, all, picked []cases.Case, results iter.Seq[runner.Result]) error {
	newer, err := newerThan(f.suite)
	if err != nil {
		return err
	}
	confirmed, err := cases.Confirmed()
	if err != nil {
		return err
	}
	stdout := &audience{w: cmd.OutOrStdout()}
	w, colored := io.Writer(stdout), f.colored(cmd.OutOrStdout())
	if f.toStdout() {
		w, colored = cmd.ErrOrStderr(), f.colored(cmd.ErrOrStderr())
	}
	run.Suite.HeldTo = f.suite
	t := &reports.Terminal{W: w, Color: colored, Command: run.Command, Verbose: f.verbose}
	line := progress{w: cmd.ErrOrStderr(), total: len(picked), on: isTerminal(cmd.ErrOrStderr()) && !f.quiet && f.debug == ""}
	for r := range results {
		r.Provisional = newer != nil && newer(r.Case)
		r.Contested = confirmed.Contested(r.Case.ID)
		run.Results = append(run.Results, r)
		line.clear()
		if settled(r) {
			if err := f.show(t, r); err != nil {
				return err
			}
		}
		line.show(run.Results)
	}
	line.clear()
	run.Elapsed, run.Complete = time.Since(run.Started), ctx.Err() == nil && len(run.Results) == len(picked)
	runner.Settle(run.Results, run.Target.Kind)
	run.Diagnosis = runner.Diagnose(run.Results, run.Target, suspects())
	f.known.apply(run, all)
	f.late = lateSteps(it.client)
	if len(f.late) > 0 {
		run.Remarks = append(run.Remarks, fmt.Sprintf("the adapter reported %d steps after the end of their run, first %s of run %s: ssespec doctor says more",
			len(f.late), f.late[0].Step, spec.Quote(f.late[0].Run)))
	}
	err = errors.Join(f.showRest(t, run.Results), t.Causes(*run), t.Summary(*run), f.writeReports(stdout, cmd.ErrOrStderr(), *run), f.known.save(w, *run, all, f.strict))
	if it.last != "" && err == nil {
		_, err = fmt.Fprintln(w, it.last)
	}
	if err != nil {
		return err
	}
	return f.status(*run)
}

// An audience is who reads standard output. When it has gone, the run goes on: the
// reports and the exit status are for others.
type audience struct {
	w    io.Writer
	gone bool
}

func (a *audience) Write(b []byte) (int, error) {
	if a.gone {
		return len(b), nil
	}
	n, err := a.w.Write(b)
	if errors.Is(err, syscall.EPIPE) {
		a.gone = true
		return len(b), nil
	}
	return n, err
}

// lateSteps returns what a child process reported of runs that were over by its
// own word. What it reports of those that we closed is judged.
func lateSteps(it runner.Client) []target.LateStep {
	teller, ok := it.(interface{ Late() []target.LateStep })
	if !ok {
		return nil
	}
	return slices.DeleteFunc(teller.Late(), func(s target.LateStep) bool { return s.Closed })
}

// settled reports whether nothing that comes later can change what is shown of r.
func settled(r runner.Result) bool { return r.Verdict == runner.Pass || r.Verdict == runner.Skip }

// showRest shows the results that had to wait for the whole run.
func (o *output) showRest(t *reports.Terminal, results []runner.Result) error {
	for _, r := range results {
		if settled(r) {
			continue
		}
		if err := o.show(t, r); err != nil {
			return err
		}
	}
	return t.Hidden()
}

func (o *output) show(t *reports.Terminal, r runner.Result) error {
	if o.quiet {
		return nil
	}
	return t.Result(r)
}

// badge returns the format of the first report that is a badge, "" where there is none.
func (o *output) badge() string {
	for _, r := range o.reports {
		if format, _, _ := strings.Cut(r, "="); strings.HasPrefix(format, "badge-") {
			return format
		}
	}
	return ""
}

// writeReports writes every report, each whole or not at all, and the summary of the
// step. That it could not be written is said, and takes nothing from the run.
func (o *output) writeReports(stdout, stderr io.Writer, run reports.Run) error {
	if err := o.summarize(run); err != nil {
		fmt.Fprintf(stderr, "ssespec: warning: the summary of the step: %v\n", err)
	}
	for _, r := range o.reports {
		name, file, _ := strings.Cut(r, "=")
		format, _ := reports.FormatNamed(name) // valid has looked
		write := func(w io.Writer) error { return format.Write(w, run) }
		if file == "-" {
			if err := write(stdout); err != nil {
				return err
			}
		} else if err := writeFile(file, write); err != nil {
			return usage("--report: %w", err)
		}
	}
	return nil
}

// status returns the exit status of a run, first that applies.
func (f *clientFlags) status(run reports.Run) error {
	n := reports.Count(run.Results)
	switch {
	case !run.Complete:
		return status(exitInterrupted)
	case n.Skip == len(run.Results):
		return usage("every selected case was skipped: nothing was checked")
	case n.Error > 0, len(f.late) > 0:
		return status(exitTarget)
	case n.Fail > 0, f.strict && n.Warn > 0:
		return status(exitDeparts)
	case f.outdated:
		return status(exitStale)
	}
	return nil
}

// writeStderrTail shows the last lines that a target wrote before it was lost.
func writeStderrTail(w io.Writer, err error) {
	var u *target.Unreachable
	if !errors.As(err, &u) || u.Stderr == "" {
		return
	}
	for line := range strings.Lines(u.Stderr) {
		quoted := spec.Quote(strings.TrimRight(line, "\r\n"))
		fmt.Fprintf(w, "  stderr: %s\n", quoted[1:len(quoted)-1])
	}
}
