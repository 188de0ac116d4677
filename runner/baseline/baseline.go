// Package baseline knows the departures of a target that are known, and says
// where that knowledge is out of date (contracts, section 7).
//
// Entries still run: a baseline changes what a failure counts for, never what
// is put to the target.
package baseline

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/Masterminds/semver/v3"
	"github.com/bmatcuk/doublestar/v4"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
)

// Unexplained is the reason that a new entry gets until somebody explains it.
const Unexplained = "unexplained"

// A File is a baseline as it was read.
type File struct {
	Path    string
	Target  Target
	Entries []Entry
}

// Target says whose departures they are. An empty Name or Versions fits any.
type Target struct {
	Name     string `yaml:"name"`
	Versions string `yaml:"versions"` // a semantic-version constraint such as ">=5 <6"
}

// An Entry is one known departure. Case is a glob; an empty Verdict is fail, an
// empty Rule fits any.
type Entry struct {
	Case    string `yaml:"case"`
	Verdict string `yaml:"verdict"`
	Rule    string `yaml:"rule"`
	Reason  string `yaml:"reason"`
	Issue   string `yaml:"issue"`
	Until   string `yaml:"until"` // the last day it holds, 2006-01-02
	Line    int
}

type shape struct {
	Target  Target                `yaml:"target"`
	Entries []cases.Placed[Entry] `yaml:"entries"`
}

// Read reads a baseline, strictly.
func Read(name string) (File, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return File{}, err
	}
	return Parse(name, text)
}

// Parse is [Read] of a text that was read already.
func Parse(name string, text []byte) (File, error) {
	var s shape
	if err := cases.DecodeStrict(filepath.ToSlash(name), text, &s); err != nil {
		return File{}, err
	}
	f := File{Path: filepath.ToSlash(name), Target: s.Target}
	for _, p := range s.Entries {
		e := p.Value
		e.Line = p.Line
		if err := f.check(e); err != nil {
			return File{}, err
		}
		f.Entries = append(f.Entries, e)
	}
	return f, nil
}

// check refuses an entry that cannot mean anything.
func (f File) check(e Entry) error {
	switch {
	case e.Case == "" || !doublestar.ValidatePattern(e.Case):
		return f.at(e, "case wants an id or a glob, found %q", e.Case)
	case e.Verdict != "" && e.Verdict != string(runner.Fail) && e.Verdict != string(runner.Warn):
		return f.at(e, "verdict is fail or warn, found %q", e.Verdict)
	case e.Reason == "":
		return f.at(e, "%s has no reason: say why it is known", e.Case)
	}
	if _, err := time.Parse(time.DateOnly, e.Until); e.Until != "" && err != nil {
		return f.at(e, "until is a day such as 2027-06-01, found %q", e.Until)
	}
	return nil
}

func (f File) at(e Entry, format string, args ...any) error {
	return cases.NewProblem(f.Path, e.Line, 0, format, args...)
}

// Fits reports why the baseline is not about a target of that name and version,
// nil when it is.
func (f File) Fits(name, version string) error {
	if f.Target.Name != "" && f.Target.Name != name {
		return fmt.Errorf("%s is the baseline of %q, the target is %q", f.Path, f.Target.Name, name)
	}
	if f.Target.Versions == "" {
		return nil
	}
	constraint, err := semver.NewConstraint(f.Target.Versions)
	if err != nil {
		return fmt.Errorf("%s: versions %q: %w", f.Path, f.Target.Versions, err)
	}
	v, err := semver.NewVersion(version)
	if err != nil {
		return fmt.Errorf("%s is for versions %s, the target's %q is none", f.Path, f.Target.Versions, version)
	}
	if !constraint.Check(v) {
		return fmt.Errorf("%s is for versions %s, the target is %s: write a baseline for it", f.Path, f.Target.Versions, version)
	}
	return nil
}
