package main

import (
	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/spec"
)

// suspects are the defects that the built-in mutants have.
func suspects() runner.Suspects {
	var models []runner.Model
	for _, m := range reference.Mutants() {
		models = append(models, runner.Model{Name: m.Name, Clause: m.Clause, Text: m.Text, Trace: m.Trace})
	}
	return runner.Suspects{Models: models, Combine: func(names ...string) func(cases.Script) spec.Trace {
		return reference.Plain{Bugs: names}.Trace
	}}
}
