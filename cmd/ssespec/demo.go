package main

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/reference"
)

// shownBug is what a demonstration is about by default: the mistake that most
// projects in our list of real bugs have made.
const shownBug = "crlf-cut"

func newDemo() *cobra.Command {
	f := clientFlags{all: "default", timeout: runner.DefaultTimeout, startTimeout: time.Second, timeScale: 1, seed: 1, repeat: 1}
	var switched bugs
	cmd := &cobra.Command{
		Use:   "demo [--bug NAME]...",
		Short: "See a red report: the suite against a deliberately broken parser",
		Long: `Put the suite to the plain parser that is built in, with a bug switched on, to
see what the report of a departure looks like. The default bug, ` + shownBug + `, is the
one that most real projects had: CRLF counts twice when the network cuts it.

The exit status is that of ` + "`ssespec client`" + `: 1, because the parser departs.`,
		Example: `  ssespec demo
  ssespec demo --bug bom-kept
  ssespec demo --bug value-trimmed --bug event-ignored --report junit=demo.xml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := switched.valid(); err != nil {
				return err
			}
			if err := f.valid(); err != nil {
				return err
			}
			all, picked, err := f.load(cases.Clients)
			if err != nil {
				return err
			}
			it := inProcess(reference.Plain{Bugs: switched}, "checked: the built-in plain parser, broken on purpose: "+switched.text())
			return f.run(cmd, it, all, picked)
		},
	}
	f.selecting.flags(cmd)
	f.output.flags(cmd)
	cmd.Flags().StringSliceVar(&f.deliveries, "delivery", nil, "put each stream only in this `way` (ssespec list deliveries; repeatable)")
	completeWith(cmd, "delivery", deliveryNames)
	switched.flag(cmd, shownBug)
	return cmd
}
