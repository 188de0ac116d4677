package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/runner/doctor"
)

func newDoctor() *cobra.Command {
	var d doctor.Doctor
	cmd := &cobra.Command{
		Use:   "doctor [flags] -- COMMAND [ARG...]",
		Short: "Check the adapter, not the implementation",
		Long: `Check an adapter apart from the implementation behind it: what it says of
itself, how it writes its lines, that it ends each run, that it serves what it
declares. Each check is one line; under what is wrong stands what was seen and
what to change. Several processes of the adapter are started, a few at a time.

"look" marks what may be the implementation's as well: it says what to look at,
and does not change the exit status: 0 the adapter is fine, 1 it is at fault,
2 wrong usage, 3 it cannot be started.`,
		Example: `  ssespec doctor -- node adapter.mjs
  ssespec doctor --start-timeout 30s -- java -jar adapter.jar
  ssespec doctor --patience 10s -- python3 adapter.py`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return examine(cmd, d, args) },
	}
	cmd.Flags().DurationVar(&d.StartTimeout, "start-timeout", 10*time.Second, "time limit for the adapter's first line")
	cmd.Flags().DurationVar(&d.Patience, "patience", 3*time.Second, "time limit for each line that is due")
	return cmd
}

// examine puts the checks to the adapter that args start, and tells the findings.
func examine(cmd *cobra.Command, d doctor.Doctor, args []string) error {
	if err := adapterCommand(args, cmd.ArgsLenAtDash()); err != nil {
		return err
	}
	if d.StartTimeout <= 0 || d.Patience <= 0 {
		return usage("a time limit must be above 0")
	}
	d.Command = args
	report, err := d.Examine(cmd.Context())
	if cmd.Context().Err() != nil {
		fmt.Fprintln(cmd.ErrOrStderr(), "ssespec: interrupted before all checks were through")
		return status(exitInterrupted)
	}
	if err != nil {
		writeStderrTail(cmd.ErrOrStderr(), err)
		return &failure{exitTarget, err}
	}
	if err := report.Print(cmd.OutOrStdout()); err != nil {
		return err
	}
	if report.Faulty() {
		return status(exitDeparts)
	}
	return nil
}

// adapterCommand says what is wrong with the arguments. dash is the index of
// `--` in them, -1 without one.
func adapterCommand(args []string, dash int) error {
	switch {
	case len(args) == 0:
		return usage("doctor needs the command that starts the adapter: ssespec doctor -- node adapter.mjs")
	case dash != 0:
		return usage("unexpected argument %q: the adapter's command goes after --: ssespec doctor -- %s", args[0], strings.Join(args, " "))
	case args[0] == "":
		return usage("the command after -- is empty (is a variable unset?)")
	}
	return nil
}
