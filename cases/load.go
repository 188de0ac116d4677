package cases

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/ssespec/ssespec/spec"
)

// Load reads every .yaml file in fsys, or in those folders of it, strictly, and
// returns the cases in the order of their ids. The error joins one [Problem] for
// each bad file; no file at all is one as well.
func Load(fsys fs.FS, folders ...string) ([]Case, error) {
	var all []Case
	var problems []error
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		inside := len(folders) == 0 || slices.ContainsFunc(folders, func(f string) bool { return strings.HasPrefix(name, f+"/") })
		if d.IsDir() || !inside || path.Ext(name) != ".yaml" || strings.HasPrefix(path.Base(name), ".") {
			return nil
		}
		found, err := loadFile(fsys, name)
		if err != nil {
			problems = append(problems, err)
		}
		all = append(all, found...)
		return nil
	})
	if err != nil {
		problems = append(problems, err)
	} else if len(all) == 0 && len(problems) == 0 {
		problems = append(problems, errors.New("no case files (*.yaml) found"))
	}
	slices.SortStableFunc(all, func(a, b Case) int { return strings.Compare(a.ID, b.ID) })
	return all, errors.Join(append(problems, duplicates(all)...)...)
}

// duplicates returns a problem for each id that is there twice.
func duplicates(sorted []Case) (problems []error) {
	for i := 1; i < len(sorted); i++ {
		if a, b := sorted[i-1], sorted[i]; a.ID == b.ID {
			problems = append(problems, &Problem{b.File, b.Line, b.Column,
				fmt.Sprintf("id %q is already used at %s:%d", b.ID, a.File, a.Line)})
		}
	}
	return problems
}

func loadFile(fsys fs.FS, name string) ([]Case, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	found, err := parse(text, strings.TrimSuffix(name, ".yaml"))
	var p *Problem
	if errors.As(err, &p) {
		p.File = name
	}
	for i := range found {
		found[i].File = name
	}
	return found, err
}

// parse reads the text of one file whose cases have ids below prefix.
func parse(text []byte, prefix string) ([]Case, error) {
	top, err := tree(text, "empty: want about: and cases:")
	if err != nil {
		return nil, err
	}
	if err := checkEscapes(text, top); err != nil {
		return nil, err
	}
	if expanded(top) > maxTogether {
		return nil, at(top, "the cases of a file stand for more than 256 MiB together")
	}
	var file fileShape
	if err := decodePlain(top, &file); err != nil {
		return nil, err
	}
	return build(top, file, prefix)
}

func build(top *yaml.Node, file fileShape, prefix string) ([]Case, error) {
	if len(file.Cases) == 0 {
		return nil, at(top, "no cases: want a list under cases:")
	}
	found := make([]Case, len(file.Cases))
	for i, shape := range file.Cases {
		c, err := shape.build(prefix)
		if err != nil {
			return nil, err
		}
		found[i] = c
	}
	return found, nil
}

var name = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// build checks c and turns it into a [Case].
func (c caseShape) build(prefix string) (Case, error) {
	switch {
	case !name.MatchString(c.ID):
		return Case{}, at(c.value("id"), "id wants small letters, digits and single hyphens, found %q", c.ID)
	case c.Title == "":
		return Case{}, at(c.node, "case %q has no title", c.ID)
	case c.Stream != nil && c.Connections != nil:
		return Case{}, at(c.node, "case %q has both stream and connections: stream is short for one connection", c.ID)
	case c.Stream == nil && c.Connections == nil && !c.observed():
		return Case{}, at(c.node, "case %q has neither stream nor connections", c.ID)
	case c.Expect != nil && c.Outcomes != nil:
		return Case{}, at(c.node, "case %q has both expect and outcomes", c.ID)
	case c.Expect == nil && c.Outcomes == nil && !c.observed():
		return Case{}, at(c.node, "case %q has no expect: write [] when nothing is dispatched", c.ID)
	case len(c.Clauses) == 0:
		return Case{}, at(c.value("clauses"), "case %q names no clause", c.ID)
	}
	built := Case{
		ID: prefix + "/" + c.ID, Title: c.Title, Clauses: c.Clauses, About: c.About, Since: c.Since,
		Formerly: c.Formerly, Seen: c.Seen, Requires: c.Requires, Kills: Kills{c.Kills.mutants, c.Kills.none},
		Subscribe: c.Subscribe.build(), Requests: c.Requests.build(), Observed: c.observed(), Line: c.node.Line, Column: c.node.Column,
	}
	if err := cmp.Or(c.level(&built), c.demands(), c.bounded()); err != nil {
		return Case{}, err
	}
	if built.Observed {
		return built, c.servers()
	}
	built.Script = c.script()
	return built, c.expectations(&built)
}

// level checks the clauses and takes the level of the first unless the case names one.
func (c caseShape) level(built *Case) error {
	for i, id := range c.Clauses {
		if !isClause(id) {
			return at(c.value("clauses").Content[i], "case %q: unknown clause %q%s", c.ID, id, DidYouMean(id, clauseIDs()))
		}
	}
	switch built.Level = spec.Level(c.Level); {
	case c.Level == "":
		clause, ok := spec.ClauseByID(c.Clauses[0])
		built.Level = clause.Level
		if !ok {
			built.Level = spec.Should // delivery and advice
		}
	case !slices.Contains([]spec.Level{spec.Must, spec.Should, spec.May}, built.Level):
		return at(c.value("level"), "case %q: level is must, should or may, found %q", c.ID, c.Level)
	}
	return nil
}

// isClause reports whether a case may name id: a clause, delivery or advice.
func isClause(id string) bool {
	_, ok := spec.ClauseByID(id)
	return ok || id == "delivery" || id == "advice"
}

func clauseIDs() (ids []string) {
	for c := range spec.Clauses() {
		ids = append(ids, c.ID)
	}
	return ids
}
