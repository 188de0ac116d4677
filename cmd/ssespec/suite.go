package main

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/spec"
)

// embedded loads the suite that the binary carries.
func embedded() ([]cases.Case, error) {
	all, err := cases.Load(cases.Files)
	if err != nil {
		return nil, &failure{exitUsage, err}
	}
	return all, nil
}

func suiteInfo(all []cases.Case) (reports.Suite, error) {
	digest, err := cases.Digest(cases.Files)
	return reports.Suite{Version: cases.Version, Digest: digest, Cases: len(all)}, err
}

func versionText(all []cases.Case) string {
	return fmt.Sprintf("ssespec %s (%s %s/%s)\nsuite   %s, %d cases\nhtml    %s, fetch %s, encoding %s\n",
		version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, cases.Version, len(all),
		spec.HTMLRevision, spec.FetchRevision, spec.EncodingRevision)
}

// selecting are the flags that pick cases.
type selecting struct {
	run, skip, clauses, levels []string
}

func (s *selecting) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&s.run, "run", nil, "only cases whose id matches the `glob` (** crosses /; repeatable)")
	f.StringArrayVar(&s.skip, "skip", nil, "not the cases whose id matches the `glob` (repeatable)")
	f.StringSliceVar(&s.clauses, "clause", nil, "only cases of the clause with this `id` (repeatable)")
	f.StringSliceVar(&s.levels, "level", nil, "only cases of exactly this `level`: must, should or may (repeatable)")
	completeWith(cmd, "run", caseIDs)
	completeWith(cmd, "skip", caseIDs)
	completeWith(cmd, "clause", clauseIDs)
	completeWith(cmd, "level", func() []string { return []string{"must", "should", "may"} })
}

// of returns the selected cases; selecting nothing is an error.
func (s *selecting) of(all []cases.Case) ([]cases.Case, error) {
	selection := cases.Selection{Run: s.run, Skip: s.skip, Clauses: s.clauses}
	for _, l := range s.levels {
		level := spec.Level(l)
		if level != spec.Must && level != spec.Should && level != spec.May {
			return nil, usage("unknown level %q%s", l, cases.DidYouMean(l, []string{"must", "should", "may"}))
		}
		selection.Levels = append(selection.Levels, level)
	}
	if err := selection.Check(); err != nil {
		return nil, &failure{exitUsage, err}
	}
	picked := selection.Of(all)
	if len(picked) == 0 {
		return nil, usage("no case is selected%s", nearest(s.run, all))
	}
	return picked, nil
}

// nearest names the id that a glob which matched nothing was probably meant to be.
func nearest(globs []string, all []cases.Case) string {
	if len(globs) == 0 {
		return ""
	}
	return fmt.Sprintf(": %s matches none of %d%s", strings.Join(globs, ", "), len(all), cases.DidYouMean(globs[0], cases.IDs(all)))
}

func caseIDs() []string {
	all, err := embedded()
	if err != nil {
		return nil // completion has no place for an error
	}
	return cases.IDs(all)
}

func clauseIDs() (ids []string) {
	for c := range spec.Clauses() {
		ids = append(ids, c.ID)
	}
	return ids
}

// completeWith completes the values of a flag from words.
func completeWith(cmd *cobra.Command, flag string, words func() []string) {
	err := cmd.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return words(), cobra.ShellCompDirectiveNoFileComp
	})
	if err != nil {
		panic(err) // the flag is not defined: a mistake in this program
	}
}
