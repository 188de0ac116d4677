package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/reports"
)

func newReportDiff() *cobra.Command {
	return &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Say what differs between two reports",
		Long: `Say which cases differ between two JSON reports: what is new (it fails and did not),
fixed (it failed and passes), changed (anything else) and gone. What a baseline
covers, and what is provisional, is no failure. The exit status is 1 where there is a
new failure, and only then.`,
		Example: `  ssespec report diff main.json branch.json`,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			before, err := readShard(args[0])
			if err != nil {
				return &failure{exitUsage, err}
			}
			after, err := readShard(args[1])
			if err != nil {
				return &failure{exitUsage, err}
			}
			return diff(cmd.OutOrStdout(), before, after)
		},
	}
}

func diff(w io.Writer, before, after reports.Shard) error {
	changes, same, err := reports.Diff(before, after)
	if err != nil {
		return &failure{exitUsage, err}
	}
	n := map[string]int{}
	for _, c := range changes {
		n[c.Kind]++
		if _, err := fmt.Fprintln(w, c); err != nil {
			return err
		}
	}
	for _, note := range reports.Differs(before, after) {
		if _, err := fmt.Fprintf(w, "note: %s\n", note); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(w, "%d new failures, %d fixed, %d changed, %d gone, %d the same\n", n[reports.NewFailure], n[reports.Fixed], n[reports.Changed], n[reports.Gone], same)
	if err == nil && n[reports.NewFailure] > 0 {
		return status(exitDeparts)
	}
	return err
}
