package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/spec"
)

// bugs are the mutants that a flag switches on.
type bugs []string

func (b *bugs) flag(cmd *cobra.Command, fallback ...string) {
	cmd.Flags().StringSliceVar((*[]string)(b), "bug", fallback, "the `name` of a mutant to switch on (ssespec list mutants; repeatable)")
	completeWith(cmd, "bug", mutantNames)
}

func (b bugs) valid() error {
	for _, name := range b {
		if strings.HasPrefix(name, serverPrefix) {
			return usage("%s is a mutant of servers, and clients are broken here (ssespec list mutants)", name)
		}
		if _, ok := mutant(name); !ok {
			return usage("unknown mutant %q%s (ssespec list mutants)", name, cases.DidYouMean(name, mutantNames()))
		}
	}
	return nil
}

// text says in one line what is switched on.
func (b bugs) text() string {
	said := make([]string, len(b))
	for i, name := range b {
		m, _ := mutant(name) // valid has looked
		said[i] = name + ": " + m.Text
	}
	return strings.Join(said, " ")
}

func mutant(name string) (reference.Mutant, bool) {
	for _, m := range reference.Mutants() {
		if m.Name == name {
			return m, true
		}
	}
	return reference.Mutant{}, false
}

func mutantNames() (names []string) {
	for _, m := range reference.Mutants() {
		names = append(names, m.Name)
	}
	return names
}

// serverPrefix is before the name of a mutant that is a server.
const serverPrefix = "server/"

// listMutants lists the mutants of clients, and of servers those whose case is
// among all: each of these has one that must show it.
func listMutants(all []cases.Case) (columns []string, rows [][]any) {
	for _, m := range reference.Mutants() {
		rows = append(rows, []any{m.Name, spec.Client, m.Clause, "", m.Text, m.Seen})
	}
	for _, m := range reference.ServerMutants() {
		if c, ok := caseOf(all, m); ok {
			rows = append(rows, []any{serverPrefix + m.Name, spec.Server, c.Clauses[0], c.ID, m.Text, ""})
		}
	}
	return []string{"name", "binds", "clause", "case", "text", "seen"}, rows
}

// caseOf returns the case that must show a mutant of servers.
func caseOf(all []cases.Case, m reference.ServerMutant) (cases.Case, bool) {
	i := slices.IndexFunc(all, func(c cases.Case) bool { return c.ID == "serving/"+m.Case })
	if i < 0 {
		return cases.Case{}, false
	}
	return all[i], true
}
