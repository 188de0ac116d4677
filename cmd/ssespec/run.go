package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner/secret"
)

func newRun() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "run [NAME...]",
		Short: "Check the targets of .ssespec.yaml",
		Long: `Check all targets of .ssespec.yaml, or those named. The file is looked for from
the working directory upwards; paths in it are relative to its folder, and commands
are started there. A flag, or its variable, stands over what the file says;
{target} in a report's name stands for the target's. The exit status is the one of
all targets that comes first in "ssespec help exit-status".`,
		Example: `  ssespec run
  ssespec run my-parser
  ssespec run --quiet --report junit={target}.xml`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, targets, err := configured(args)
			if err != nil {
				return err
			}
			if err := c.apart(cmd.Flags(), targets); err != nil {
				return err
			}
			return runAll(cmd, c, targets)
		},
	}
	new(clientFlags).flags(cmd)
	return cmd
}

// apart refuses what each target would write over what the one before has written.
func (c config) apart(given *pflag.FlagSet, targets []configTarget) error {
	for _, flag := range []string{"browser", "service"} {
		if given.Changed(flag) {
			return usage("--%s is a target: ssespec run checks those of %s, ssespec client --%[1]s another one", flag, c.path)
		}
	}
	if len(targets) < 2 {
		return nil
	}
	for _, flag := range []string{"report", "write-baseline"} {
		for _, file := range c.files(given, flag) {
			if !toStdout(file) && !strings.Contains(file, placeholder) {
				return usage("%s %s would be written by each of %d targets: put %s into its name", flag, file, len(targets), placeholder)
			}
		}
	}
	return nil
}

// placeholder stands for the name of the target in the name of a file.
const placeholder = "{target}"

// files are the values of a flag that names files, as the flags or else the
// config have them.
func (c config) files(given *pflag.FlagSet, flag string) []string {
	switch {
	case given.Changed(flag):
		return valuesOf(given.Lookup(flag))
	case flag == "report":
		return c.Report
	}
	return nil
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
	w := cmd.OutOrStdout()
	if slices.ContainsFunc(c.files(cmd.Flags(), "report"), toStdout) {
		w = cmd.ErrOrStderr()
	}
	for _, t := range targets {
		fmt.Fprintf(w, "== %s\n", t.Name)
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
	fmt.Fprintf(w, "\nexit target\n%s\n", strings.Join(lines, "\n"))
	if worst == exitOK {
		return nil
	}
	return status(worst)
}

// runOne checks one target as `ssespec client` or `ssespec server` would with the
// same flags.
func runOne(cmd *cobra.Command, c config, t configTarget) error {
	verb := verbOf(t)
	verb.SetContext(cmd.Context())
	verb.SetArgs(append(verbArgs(c, t, cmd.Flags(), verb.Flags()), targetArgs(t)...))
	verb.SetOut(cmd.OutOrStdout())
	verb.SetErr(cmd.ErrOrStderr())
	verb.SetIn(cmd.InOrStdin())
	verb.SilenceErrors, verb.SilenceUsage = true, true
	verb.PersistentPreRunE = cmd.Root().PersistentPreRunE
	err := verb.ExecuteContext(cmd.Context())
	var told status
	if err != nil && !errors.As(err, &told) {
		fmt.Fprintf(cmd.ErrOrStderr(), "ssespec: %v\n", err)
	}
	return err
}

// verbOf returns the verb that checks the target.
func verbOf(t configTarget) *cobra.Command {
	if t.Server != "" {
		return newServerOf(&serverFlags{asking: asking{hide: true}})
	}
	return newClient()
}

// targetArgs name the target itself.
func targetArgs(t configTarget) []string {
	switch {
	case t.Browser != "":
		return []string{"--browser", t.Browser}
	case t.Service != "" && len(t.Start) > 0:
		return append([]string{"--service", t.Service, "--"}, t.Start...)
	case t.Service != "":
		return []string{"--service", t.Service}
	case t.Server != "" && len(t.Start) > 0:
		return append([]string{t.Server, "--"}, t.Start...)
	case t.Server != "":
		return []string{t.Server}
	}
	return append([]string{"--"}, t.Client...)
}

// verbArgs are the flags that the config stands for, and over them those that
// were given and that the verb knows.
func verbArgs(c config, t configTarget, given, known *pflag.FlagSet) []string {
	args := fileArgs(c, t, given)
	given.Visit(func(f *pflag.Flag) {
		if known.Lookup(f.Name) == nil {
			return
		}
		for _, word := range flagWords(f) {
			args = append(args, named(word, t))
		}
	})
	return args
}

// fileArgs are the flags that the config stands for, without those that were
// given.
func fileArgs(c config, t configTarget, given *pflag.FlagSet) (args []string) {
	add := func(flag string, values ...string) {
		if given.Changed(flag) {
			return
		}
		for _, v := range values {
			if v != "" {
				args = append(args, flagWord(flag, v)...)
			}
		}
	}
	add("name", t.Name)
	add("run", t.Cases...)
	add("skip", t.Skip...)
	add("suite", c.Suite)
	add("baseline", c.below(cmp.Or(t.Baseline, c.Baseline)))
	if t.Server == "" {
		add("profile", t.Profile)
	}
	if t.Server == "" {
		add("start-timeout", t.Wait)
	} else {
		add("wait", t.Wait)
	}
	for _, name := range slices.Sorted(maps.Keys(t.Headers)) {
		add("header", name+": "+t.Headers[name])
	}
	if c.away && len(t.Client)+len(t.Start) > 0 {
		add("chdir", filepath.Dir(c.path))
	}
	for _, r := range c.Report {
		format, file, _ := strings.Cut(r, "=")
		add("report", format+"="+c.below(named(file, t)))
	}
	return args
}

// hidden are the headers without their values, which are secrets.
func hidden(headers map[string]string) map[string]string {
	names := maps.Clone(headers)
	for name := range names {
		names[name] = "***"
	}
	return names
}

// hiddenIn is a URL without the secrets in it.
func hiddenIn(text string) string {
	u, err := url.Parse(strings.ReplaceAll(text, "{port}", "1"))
	if err != nil {
		return bare(text)
	}
	var secrets secret.Set
	secrets.AddURL(u)
	return secrets.String(text)
}

// named puts the name of the target into the name of a file.
func named(file string, t configTarget) string {
	return strings.ReplaceAll(file, placeholder, t.Name)
}

func newConfig() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Print each configured value with its origin",
		Long: `Print what .ssespec.yaml, the environment and the flags say to ssespec run. A
flag stands over the environment (SSESPEC_<FLAG>), the environment over the file.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, found, err := findConfig()
			if err != nil {
				return err
			}
			var rows [][]string
			if found {
				rows = fileValues(c, cmd.Flags())
			}
			rows = append(rows, givenValues(cmd.Flags())...)
			if len(rows) == 0 {
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "no %s here or above, and no SSESPEC_ variable is set\n", configName)
				return err
			}
			return table(cmd.OutOrStdout(), "text", []string{"value", "is", "from"}, rows)
		},
	}
	new(clientFlags).flags(cmd)
	return cmd
}

// fileValues are the values of the file that no given flag stands over, one a
// row.
func fileValues(c config, given *pflag.FlagSet) (rows [][]string) {
	add := func(key, value string) {
		if value != "" && !given.Changed(key) {
			rows = append(rows, []string{key, value, "file " + c.path})
		}
	}
	add("suite", c.Suite)
	add("baseline", c.Baseline)
	add("report", strings.Join(c.Report, ", "))
	for _, t := range c.Targets {
		t.Headers, t.Server = hidden(t.Headers), hiddenIn(t.Server)
		args := fileArgs(config{path: c.path, away: c.away, Suite: c.Suite, Baseline: c.Baseline}, t, given)
		add("target "+t.Name, reports.ShellCommand(append(args, targetArgs(t)...)))
	}
	return rows
}
