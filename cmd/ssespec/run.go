package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
)

func newRun() *cobra.Command {
	return &cobra.Command{
		Use:   "run [NAME...]",
		Short: "Check the targets of .ssespec.yaml",
		Long: `Check all targets of .ssespec.yaml, or those named. The file is looked for from
the working directory upwards; paths in it are relative to its folder. The exit
status is the one of all targets that comes first in "ssespec help exit-status".`,
		Example: `  ssespec run
  ssespec run my-parser`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, targets, err := configured(args)
			if err != nil {
				return err
			}
			return runAll(cmd, c, targets)
		},
	}
}

// configured returns the config and its targets of those names, all without.
func configured(names []string) (config, []configTarget, error) {
	c, found, err := findConfig()
	switch {
	case err != nil:
		return c, nil, err
	case !found:
		return c, nil, usage("there is no %s here or above: ssespec init writes one", configName)
	case len(c.Targets) == 0:
		return c, nil, usage("%s has no targets", c.path)
	}
	for _, n := range names {
		if !slices.Contains(c.names(), n) {
			return c, nil, usage("%s has no target %q%s", c.path, n, cases.DidYouMean(n, c.names()))
		}
	}
	return c, slices.DeleteFunc(slices.Clone(c.Targets), func(t configTarget) bool {
		return len(names) > 0 && !slices.Contains(names, t.Name)
	}), nil
}

// gravest is the order of the exit statuses.
var gravest = []int{exitInterrupted, exitUsage, exitTarget, exitDeparts, exitStale, exitOK} // never written to

// runAll checks one target after the other and ends with the gravest status.
func runAll(cmd *cobra.Command, c config, targets []configTarget) error {
	worst := exitOK
	var lines []string
	for _, t := range targets {
		fmt.Fprintf(cmd.OutOrStdout(), "== %s\n", t.Name)
		err := runOne(cmd, c, t)
		s := statusOf(err)
		if slices.Index(gravest, s) < slices.Index(gravest, worst) {
			worst = s
		}
		lines = append(lines, fmt.Sprintf("%-4d %s", s, t.Name))
		if cmd.Context().Err() != nil {
			break
		}
	}
	fmt.Fprintf(cmd.OutOrStdout(), "\nexit target\n%s\n", strings.Join(lines, "\n"))
	if worst == exitOK {
		return nil
	}
	return status(worst)
}

// runOne checks one target as `ssespec client` would with the same flags.
func runOne(cmd *cobra.Command, c config, t configTarget) error {
	if len(t.Client) == 0 && t.Browser == "" {
		err := usage("%s: target %q: only client: and browser: targets can be checked by this version", configName, t.Name)
		fmt.Fprintf(cmd.ErrOrStderr(), "ssespec: %v\n", err)
		return err
	}
	client := newClient()
	client.SetContext(cmd.Context())
	client.SetArgs(append(clientArgs(c, t), targetArgs(t)...))
	client.SetOut(cmd.OutOrStdout())
	client.SetErr(cmd.ErrOrStderr())
	client.SetIn(cmd.InOrStdin())
	client.SilenceErrors, client.SilenceUsage = true, true
	client.PersistentPreRunE = cmd.Root().PersistentPreRunE
	err := client.ExecuteContext(cmd.Context())
	var told status
	if err != nil && !errors.As(err, &told) {
		fmt.Fprintf(cmd.ErrOrStderr(), "ssespec: %v\n", err)
	}
	return err
}

// targetArgs name the target itself.
func targetArgs(t configTarget) []string {
	if t.Browser != "" {
		return []string{"--browser", t.Browser}
	}
	return append([]string{"--"}, t.Client...)
}

// clientArgs are the flags that the config stands for.
func clientArgs(c config, t configTarget) []string {
	args := []string{"--name", t.Name}
	for _, g := range t.Cases {
		args = append(args, "--run", g)
	}
	for _, g := range t.Skip {
		args = append(args, "--skip", g)
	}
	if c.Suite != "" {
		args = append(args, "--suite", c.Suite)
	}
	if b := cmp.Or(t.Baseline, c.Baseline); b != "" {
		args = append(args, "--baseline", c.below(b))
	}
	if t.Profile != "" {
		args = append(args, "--profile", t.Profile)
	}
	for _, r := range c.Report {
		format, file, _ := strings.Cut(r, "=")
		args = append(args, "--report", format+"="+c.below(strings.ReplaceAll(file, "{target}", t.Name)))
	}
	return args
}

func newConfig() *cobra.Command {
	return &cobra.Command{
		Use:   "config",
		Short: "Print each configured value with its origin",
		Long: `Print what .ssespec.yaml and the environment say. A flag stands over the
environment (SSESPEC_<FLAG>), the environment over the file.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, found, err := findConfig()
			if err != nil {
				return err
			}
			var rows [][]string
			if found {
				rows = fileValues(c)
			}
			rows = append(rows, environmentValues(newClient())...)
			if len(rows) == 0 {
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "no %s here or above, and no SSESPEC_ variable is set\n", configName)
				return err
			}
			return table(cmd.OutOrStdout(), "text", []string{"value", "is", "from"}, rows)
		},
	}
}

// fileValues are the values of the file, one a row.
func fileValues(c config) (rows [][]string) {
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, []string{key, value, "file " + c.path})
		}
	}
	add("suite", c.Suite)
	add("baseline", c.Baseline)
	add("report", strings.Join(c.Report, ", "))
	for _, t := range c.Targets {
		args := clientArgs(config{path: c.path, Suite: c.Suite, Baseline: c.Baseline}, t)
		add("target "+t.Name, strings.Join(append(args, targetArgs(t)...), " "))
	}
	return rows
}
