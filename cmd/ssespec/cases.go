package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/reference"
)

func newCases() *cobra.Command {
	parent := &cobra.Command{
		Use:   "cases",
		Short: "Check and format case files, and take findings into them",
		Example: `  ssespec cases check mine/
  ssespec cases fmt mine/parsing/*.yaml
  ssespec cases adopt found/line-crlf-9cf09593.yaml --into mine/lines.yaml --id crlf-cut`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("cases knows check, fmt and adopt, not %q%s", args[0], cases.DidYouMean(args[0], []string{"check", "fmt", "adopt"}))
			}
			return cmd.Help()
		},
	}
	parent.AddCommand(newCasesCheck(), newCasesFmt(), newCasesAdopt())
	return parent
}

func newCasesCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE|DIR...",
		Short: "Say what is wrong in case files, with line and column",
		Long: `Load case files as a run would, and hold each expectation against the model.
Every problem is one line: file:line:column: what is wrong.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			files, err := caseFiles(args)
			if err != nil {
				return err
			}
			n, bad := 0, 0
			for _, f := range files {
				found, err := cases.LoadFile(f)
				n += len(found)
				if err := errors.Join(err, killsKnown(found), checksKnown(found)); err != nil {
					bad++
					fmt.Fprintln(cmd.ErrOrStderr(), err)
				}
			}
			if bad > 0 {
				return status(exitUsage)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d files, %d cases: fine\n", len(files), n)
			return err
		},
	}
}

// checksKnown returns a problem for each case in which nothing is sent and that no
// check of this program judges: such cases come with their check.
func checksKnown(found []cases.Case) error {
	var problems []error
	for _, c := range found {
		judges := func(k observe.Check) bool { return c.ID == k.Case || strings.HasSuffix(c.ID, "/"+k.Case) }
		if c.Observed && !slices.ContainsFunc(observe.Checks(), judges) {
			problems = append(problems, &cases.Problem{File: c.File, Line: c.Line, Col: c.Column,
				Text: fmt.Sprintf("case %q has no stream, and ssespec has no check of servers with that id", c.ID)})
		}
	}
	return errors.Join(problems...)
}

// killsKnown returns a problem for each mutant that a case names and that is none.
func killsKnown(found []cases.Case) error {
	var known []string
	for _, m := range reference.Mutants() {
		known = append(known, m.Name)
	}
	var problems []error
	for _, c := range found {
		for _, name := range c.Kills.Mutants {
			if !slices.Contains(known, name) {
				problems = append(problems, &cases.Problem{File: c.File, Line: c.Line, Col: c.Column,
					Text: fmt.Sprintf("case %q kills an unknown mutant %q%s", path.Base(c.ID), name, cases.DidYouMean(name, known))})
			}
		}
	}
	return errors.Join(problems...)
}

func newCasesFmt() *cobra.Command {
	var check bool
	cmd := &cobra.Command{
		Use:   "fmt FILE|DIR...",
		Short: "Write case files in the canonical form",
		Long:  `Rewrite case files: two spaces, keys in the usual order, comments as they were.`,
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			files, err := caseFiles(args)
			if err != nil {
				return err
			}
			return formatFiles(cmd.OutOrStdout(), files, check)
		},
	}
	cmd.Flags().BoolVar(&check, "check", false, "change nothing; exit 1 when a file is not in the canonical form")
	return cmd
}

func formatFiles(w io.Writer, files []string, check bool) error {
	changed := 0
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return usage("%w", err)
		}
		formatted, err := cases.Format(f, text)
		if err != nil {
			return usage("%w", err)
		}
		if bytes.Equal(text, formatted) {
			continue
		}
		changed++
		fmt.Fprintln(w, f)
		if check {
			continue
		}
		if err := writeFile(f, func(w io.Writer) error { _, err := w.Write(formatted); return err }); err != nil {
			return usage("%w", err)
		}
	}
	if check && changed > 0 {
		return status(exitDeparts)
	}
	return nil
}

// caseFiles returns the named files, and every case file below the named folders.
func caseFiles(args []string) (files []string, err error) {
	for _, arg := range args {
		err := filepath.WalkDir(arg, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && (name == arg || strings.HasSuffix(name, ".yaml")) {
				files = append(files, name)
			}
			return err
		})
		if err != nil {
			var p *fs.PathError
			if errors.As(err, &p) {
				return nil, usage("%s: %w", p.Path, p.Err)
			}
			return nil, usage("%w", err)
		}
	}
	if len(files) == 0 {
		return nil, usage("no case files (*.yaml) in %s", strings.Join(args, ", "))
	}
	return files, nil
}
