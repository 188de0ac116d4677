package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner/baseline"
	"github.com/ssespec/ssespec/runner/target"
)

// known are the flags on departures that are known.
type known struct {
	baseline string
	write    string
	file     *baseline.File // read from baseline
	old      []byte         // the text at write before the run, nil where there is none
	replaced *baseline.File // read from old
	outdated bool           // an entry is stale, expired or matches nothing
}

func (k *known) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&k.baseline, "baseline", "", "the known departures: `FILE` (ssespec help baselines)")
	f.StringVar(&k.write, "write-baseline", "", "write the departures of this run to `FILE`, keeping its reasons")
}

// read reads the baselines before anything is run. partial says that not every
// case is.
func (k *known) read(partial bool) (err error) {
	if k.baseline != "" {
		if k.file, _, err = readBaseline("--baseline", k.baseline); err != nil {
			return err
		}
	}
	if k.write == "" {
		return nil
	}
	if partial {
		return errPartial()
	}
	info, err := os.Stat(k.write)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return folderOf("--write-baseline", k.write)
	case err != nil:
		return usage("--write-baseline: %w", err)
	case info.Mode().IsRegular() && info.Size() > 0, info.IsDir():
		k.replaced, k.old, err = readBaseline("--write-baseline", k.write)
	}
	return err
}

// readBaseline returns the file that a flag names, and its text.
func readBaseline(flag, name string) (*baseline.File, []byte, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, nil, usage("%s: %w", flag, err)
	}
	f, err := baseline.Parse(name, text)
	if err != nil {
		return nil, nil, usage("%w", err)
	}
	return &f, text, nil
}

func errPartial() error {
	return usage("--write-baseline wants a whole run: without --run, --skip, --clause, --level, --shard or an interruption")
}

// fits refuses baselines of another target than t.
func (k *known) fits(t target.Hello) error {
	for _, f := range []*baseline.File{k.file, k.replaced} {
		if f == nil {
			continue
		}
		if err := f.Fits(t.Name, t.Version); err != nil {
			return usage("%w", err)
		}
	}
	return nil
}

// apply marks what is known, and remarks what is out of date.
func (k *known) apply(run *reports.Run, all []cases.Case) {
	if k.file == nil {
		return
	}
	for _, n := range k.file.Apply(run.Results, all, time.Now()) {
		run.Remarks = append(run.Remarks, n.Text)
		k.outdated = k.outdated || n.Kind != baseline.Changed
	}
	if n := k.file.Unexplained(); n > 0 {
		run.Remarks = append(run.Remarks, fmt.Sprintf("%d of %d entries of %s are unexplained: say why they are known", n, len(k.file.Entries), k.file.Path))
	}
}

// save writes the baseline that covers the run. It is refused where that would
// be less than the truth. What it covers is known from then on.
func (k *known) save(w io.Writer, run reports.Run, all []cases.Case, strict bool) error {
	n := reports.Count(run.Results)
	switch {
	case k.write == "":
		return nil
	case !run.Complete:
		return errPartial()
	case n.Error > 0:
		return &failure{exitTarget, errors.New("--write-baseline wants a run without errors")}
	}
	text, err := baseline.Update(k.old, baseline.Target{Name: run.Target.Name}, run.Results, strict)
	if err != nil {
		return usage("%s: %w", k.write, err)
	}
	if err := writeFile(k.write, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return usage("%w", err)
	}
	written, err := baseline.Parse(k.write, text)
	if err != nil {
		return err
	}
	if _, err = fmt.Fprintf(w, "wrote %s: %d entries, %d of them unexplained\n", k.write, len(written.Entries), written.Unexplained()); err != nil {
		return err
	}
	k.outdated = false
	for _, n := range written.Apply(run.Results, all, time.Now()) {
		k.outdated = true
		if _, err := fmt.Fprintf(w, "note: %s\n", n.Text); err != nil {
			return err
		}
	}
	return nil
}
