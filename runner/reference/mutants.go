package reference

import (
	"slices"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// A Mutant is [Plain] with one line bent: a mistake that implementations make,
// or could. It has a name, and one sentence that says what it does.
type Mutant struct {
	Name   string
	Clause string // the clause that it breaks
	Text   string
	Seen   string // a project that had it and the report of that, "" where none is known
}

// Mutants returns all of them, by topic.
func Mutants() []Mutant {
	return slices.Concat(decodingMutants(), chunkMutants(), lineMutants(), fieldMutants(), valueMutants(), retryMutants(), dispatchMutants(),
		ConnectionMutants())
}

// Trace returns what the mutant shows when s is played to it.
func (m Mutant) Trace(s cases.Script) spec.Trace { return Plain{Bugs: []string{m.Name}}.Trace(s) }
