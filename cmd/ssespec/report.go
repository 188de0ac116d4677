package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
)

func newReport() *cobra.Command {
	parent := &cobra.Command{
		Use:   "report",
		Short: "Work on JSON reports",
		Example: `  ssespec report merge shard-*.json -o report.json
  ssespec report diff main.json branch.json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("report knows %s, not %q%s", strings.Join(verbs(cmd), " and "), args[0], cases.DidYouMean(args[0], verbs(cmd)))
			}
			return cmd.Help()
		},
	}
	parent.AddCommand(newReportMerge(), newReportDiff())
	return parent
}

func newReportMerge() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "merge FILE...",
		Short: "Put the reports of shards together",
		Long: `Put the JSON reports of all shards (ssespec client --shard I/N) together: the
results in the order of ids, totals and profile summed. They must be of the same
suite, target, tool and seed, and no case may be in two of them. The merged report is
complete when every shard is and no case of the suite is missing.`,
		Example: `  ssespec report merge one.json two.json three.json
  ssespec report merge shard-*.json -o report.json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			merged, err := mergeFiles(args)
			if err != nil {
				return err
			}
			if err := writeMerged(cmd.OutOrStdout(), out, merged); err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.ErrOrStderr(), mergedLine(len(args), merged))
			return err
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "-", "the merged report's `FILE`, - is standard output")
	return cmd
}

func mergeFiles(names []string) (reports.Merged, error) {
	shards := make([]reports.Shard, len(names))
	for i, name := range names {
		shard, err := readShard(name)
		if err != nil {
			return reports.Merged{}, &failure{exitUsage, err}
		}
		shards[i] = shard
	}
	merged, err := reports.Merge(shards)
	if err != nil {
		return reports.Merged{}, &failure{exitUsage, err}
	}
	return merged, nil
}

func readShard(name string) (reports.Shard, error) {
	f, err := os.Open(name)
	if err != nil {
		return reports.Shard{}, err
	}
	defer f.Close()
	return reports.ReadShard(name, f)
}

func writeMerged(stdout io.Writer, file string, m reports.Merged) error {
	if file == "-" {
		return m.WriteJSON(stdout)
	}
	if err := writeFile(file, m.WriteJSON); err != nil {
		return usage("--output: %w", err)
	}
	return nil
}

// mergedLine sums the merge up: what is missing is said aloud.
func mergedLine(files int, m reports.Merged) string {
	t := m.Totals()
	line := fmt.Sprintf("merged %d reports: %d passed, %d failed, %d warned, %d skipped, %d errors, %d known, %d provisional",
		files, t.Pass, t.Fail, t.Warn, t.Skip, t.Error, t.Known, t.Provisional)
	switch {
	case m.Missing > 0:
		return fmt.Sprintf("%s; incomplete: %d cases of the suite are missing", line, m.Missing)
	case !m.Complete():
		return line + "; incomplete: a shard was interrupted"
	}
	return line
}
