package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/Masterminds/semver/v3"
	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/spec"
)

// embedded loads the suite that the binary carries, or the folders of one side of
// it: what only watches a server has no room for streams of many MiB.
func embedded(sides ...cases.Side) ([]cases.Case, error) {
	var folders []string
	if slices.Equal(sides, []cases.Side{cases.Servers}) {
		folders = []string{"serving"}
	}
	all, err := cases.Load(cases.Files, folders...)
	if err != nil {
		return nil, &failure{exitUsage, err}
	}
	return all, nil
}

// suite loads the embedded cases of those sides, of all without, and every one in
// the user's own folders. An id belongs to one case only.
func suite(dirs []string, sides ...cases.Side) ([]cases.Case, error) {
	all, err := embedded(sides...)
	if err != nil {
		return nil, err
	}
	taken := map[string]string{}
	for _, c := range all {
		taken[c.ID] = "an embedded case"
	}
	for _, dir := range dirs {
		own, err := ownCases(dir)
		if err != nil {
			return nil, err
		}
		for _, c := range own {
			if by, ok := taken[c.ID]; ok {
				return nil, usage("%s/%s:%d:%d: the id %q is used by %s", dir, c.File, c.Line, c.Column, c.ID, by)
			}
			taken[c.ID] = dir + "/" + c.File
		}
		all = append(all, own...)
	}
	return all, nil
}

func ownCases(dir string) ([]cases.Case, error) {
	if info, err := os.Stat(dir); err != nil {
		return nil, usage("--cases: %w", err)
	} else if !info.IsDir() {
		return nil, usage("--cases: %s is a file: name the folder that it is in", dir)
	}
	own, err := cases.Load(os.DirFS(dir))
	if err = errors.Join(err, checksKnown(own)); err != nil {
		return nil, usage("--cases %s: %w", dir, err)
	}
	return own, nil
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
	dirs                       []string
	shard                      string
}

func (s *selecting) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&s.run, "run", nil, "only cases whose id matches the `glob` (** crosses /; repeatable)")
	f.StringArrayVar(&s.skip, "skip", nil, "not the cases whose id matches the `glob` (repeatable)")
	f.StringSliceVar(&s.clauses, "clause", nil, "only cases of the clause with this `id` (repeatable)")
	f.StringSliceVar(&s.levels, "level", nil, "only cases of exactly this `level`: must, should or may (repeatable)")
	f.StringArrayVar(&s.dirs, "cases", nil, "your own case files in this `folder`, besides the embedded ones (repeatable)")
	f.StringVar(&s.shard, "shard", "", "only part `I/N` of the cases, as 2/5 (merge the reports afterwards)")
	completeWith(cmd, "run", caseIDs)
	completeWith(cmd, "skip", caseIDs)
	completeWith(cmd, "clause", clauseIDs)
	completeWith(cmd, "level", func() []string { return []string{"must", "should", "may"} })
}

// some reports whether the flags leave out cases.
func (s *selecting) some() bool {
	return len(s.run)+len(s.skip)+len(s.clauses)+len(s.levels) > 0 || s.shard != ""
}

// load returns the suite of those sides, of all without, and what the flags pick
// of it; picking nothing is an error.
func (s *selecting) load(sides ...cases.Side) (all, picked []cases.Case, err error) {
	whole, err := suite(s.dirs, sides...)
	if err != nil {
		return nil, nil, err
	}
	all = cases.Selection{Sides: sides}.Of(whole)
	if picked, err = s.of(all); err != nil && len(sides) > 0 {
		err = cmp.Or(s.elsewhere(sides), err)
	}
	return all, picked, err
}

// elsewhere says which verb puts what the flags pick, nil where none does.
func (s *selecting) elsewhere(but []cases.Side) error {
	whole, err := suite(s.dirs)
	if err != nil {
		return err
	}
	other, err := s.of(whole)
	if err != nil || slices.Contains(but, other[0].Side()) {
		return nil
	}
	side := other[0].Side()
	return usage("%s is a case for %ss: ssespec %s --run %s", other[0].ID, side, sideVerbs[side], other[0].ID)
}

// sideVerbs check the cases of a side.
var sideVerbs = map[cases.Side]string{ // never written to
	cases.Clients: "client", cases.Servers: "server", cases.Browsers: "client --browser chromium",
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
	var err error
	if selection.Shard, err = shardOf(s.shard); err != nil {
		return nil, err
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

// shardOf reads I/N.
func shardOf(text string) (cases.Shard, error) {
	if text == "" {
		return cases.Shard{}, nil
	}
	left, right, _ := strings.Cut(text, "/")
	i, err1 := strconv.Atoi(left)
	n, err2 := strconv.Atoi(right)
	if err1 != nil || err2 != nil || i < 1 || i > n || n > 10000 {
		return cases.Shard{}, usage("--shard is I/N with I from 1 to N, as 2/5, not %q", text)
	}
	return cases.Shard{I: i, N: n}, nil
}

// nearest names the id that a glob which matched nothing was probably meant to be.
func nearest(globs []string, all []cases.Case) string {
	if len(globs) == 0 {
		return ""
	}
	return fmt.Sprintf(": %s matches none of %d%s", strings.Join(globs, ", "), len(all), cases.DidYouMean(globs[0], cases.IDs(all)))
}

// newerThan returns a test for cases that came after the suite version, which
// are provisional; nil when every case counts.
func newerThan(suiteVersion string) (func(cases.Case) bool, error) {
	if suiteVersion == "" {
		return nil, nil
	}
	pinned, err := semver.NewVersion(suiteVersion)
	if err != nil {
		return nil, usage("--suite is a version such as %s, not %q", cases.Version, suiteVersion)
	}
	if newest := semver.MustParse(cases.Version); pinned.GreaterThan(newest) {
		return nil, usage("--suite %s is newer than the suite of this binary, %s", suiteVersion, cases.Version)
	}
	return func(c cases.Case) bool {
		since, err := semver.NewVersion(c.Since)
		return err == nil && since.GreaterThan(pinned)
	}, nil
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
