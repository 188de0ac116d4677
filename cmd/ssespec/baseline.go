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
)

// known are the flags on departures that are known.
type known struct {
	baseline string
	write    string
	file     *baseline.File // read from baseline
	outdated bool           // an entry is stale or matches nothing
}

func (k *known) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&k.baseline, "baseline", "", "the known departures: `FILE` (ssespec help baselines)")
	f.StringVar(&k.write, "write-baseline", "", "write the departures of this run to `FILE`, keeping its reasons")
}

// read reads the baseline before anything is run.
func (k *known) read() error {
	if k.baseline == "" {
		return nil
	}
	f, err := baseline.Read(k.baseline)
	if err != nil {
		return usage("%w", err)
	}
	k.file = &f
	return nil
}

// apply marks what is known, and remarks what is out of date.
func (k *known) apply(run *reports.Run, all []cases.Case) {
	if k.file == nil {
		return
	}
	for _, n := range k.file.Apply(run.Results, all, time.Now()) {
		run.Remarks = append(run.Remarks, n.Text)
		k.outdated = k.outdated || n.Kind == baseline.Stale || n.Kind == baseline.Orphan
	}
	if n := k.file.Unexplained(); n > 0 {
		run.Remarks = append(run.Remarks, fmt.Sprintf("%d of %d entries of %s are unexplained: say why they are known", n, len(k.file.Entries), k.file.Path))
	}
}

// save writes the baseline that covers the run. It is refused where that would
// be less than the truth.
func (k *known) save(w io.Writer, run reports.Run, partial bool) error {
	n := reports.Count(run.Results)
	switch {
	case k.write == "":
		return nil
	case partial || !run.Complete:
		return usage("--write-baseline wants a whole run: without --run, --skip, --clause, --level, --shard or an interruption")
	case n.Error > 0:
		return &failure{exitTarget, errors.New("--write-baseline wants a run without errors")}
	}
	old, err := os.ReadFile(k.write)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return usage("%w", err)
	}
	text, err := baseline.Update(old, baseline.Target{Name: run.Target.Name}, run.Results)
	if err != nil {
		return usage("%s: %w", k.write, err)
	}
	if err := writeFile(k.write, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return usage("%w", err)
	}
	written, err := baseline.Read(k.write)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "wrote %s: %d entries, %d of them unexplained\n", k.write, len(written.Entries), written.Unexplained())
	return err
}
