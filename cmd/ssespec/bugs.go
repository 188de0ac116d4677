package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/reference"
)

// bugs are the mutants that a flag switches on.
type bugs []string

func (b *bugs) flag(cmd *cobra.Command, fallback ...string) {
	cmd.Flags().StringSliceVar((*[]string)(b), "bug", fallback, "the `name` of a mutant to switch on (ssespec list mutants; repeatable)")
	completeWith(cmd, "bug", mutantNames)
}

func (b bugs) valid() error {
	for _, name := range b {
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

func listMutants([]cases.Case) (columns []string, rows [][]any) {
	for _, m := range reference.Mutants() {
		rows = append(rows, []any{m.Name, m.Clause, m.Text, m.Seen})
	}
	return []string{"name", "clause", "text", "seen"}, rows
}
