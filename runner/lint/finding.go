package lint

import (
	"cmp"
	"slices"

	"github.com/ssespec/ssespec/spec"
)

// Level says how bad a finding is.
type Level string

// The levels. An Error breaks what the standard demands of the stream or its
// response. After a Warning something is lost that was surely meant. Advice is
// what a client ignores, or what is unusual.
const (
	Error   Level = "error"
	Warning Level = "warning"
	Advice  Level = "advice"
)

// rank orders levels: the worse, the higher.
func (l Level) rank() int { return slices.Index([]Level{Advice, Warning, Error}, l) }

// A Finding is one thing to say about an event stream. Offset (from 0), Line and
// Column (from 1, in bytes; a BOM counts) are its place in what was fed; Line is
// 0 where there is none, as for a head that was not fed.
//
// Rule is the id of the clause that is broken or that makes a client ignore the
// bytes, or the slug of a hint. Clause is where to read on: Rule, or for a hint
// the one that it rests on, or the clause that is broken and was folded into it.
type Finding struct {
	Offset       int64
	Line, Column int
	Rule, Clause string
	Level        Level
	Text         string // what there is
	Hint         string // what to do
	Folded       int    // findings that follow from this one and are not listed
	Repeats      int    // more of this rule and level that were not kept
	Excerpt      Excerpt
}

// An Excerpt is the line of a finding, or a part of it: raw bytes of whoever
// wrote the stream. At is where in Text the place is; Before and After say that
// the line has more.
type Excerpt struct {
	Text          string
	At            int
	Before, After bool
}

// A Report is what a linter has found: the findings in the order of the stream.
type Report struct {
	Findings []Finding
	Bytes    int64 // of the stream
	Events   int   // that a client dispatches
	Cut      bool  // whoever fed the stream stopped before its end
	Head     *Head // of the response, nil if it is not known
}

// Count returns how many findings have the level, kept or not; what was folded
// into another does not count.
func (r Report) Count(level Level) (n int) {
	for _, f := range r.Findings {
		if f.Level == level {
			n += 1 + f.Repeats
		}
	}
	return n
}

// Main returns the finding that explains most, false if there is none: a hint
// before what is only a consequence, then the worst, then the most frequent.
func (r Report) Main() (Finding, bool) {
	if len(r.Findings) == 0 {
		return Finding{}, false
	}
	weight := map[string]int{}
	for _, f := range r.Findings {
		weight[f.Rule] += 1 + f.Folded + f.Repeats
	}
	return slices.MaxFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.telling(), b.telling()), cmp.Compare(a.Level.rank(), b.Level.rank()),
			cmp.Compare(weight[a.Rule], weight[b.Rule]), cmp.Compare(b.Offset, a.Offset))
	}), true
}

// telling is how much a finding says about the mistake behind it.
func (f Finding) telling() int {
	switch {
	case f.Level == Advice:
		return 0
	case hintNamed(f.Rule) != nil:
		return 2
	}
	return 1
}

// mostOfRule is how many findings of one rule and level are kept: a flood of one
// mistake hides no other.
const mostOfRule = 10

// kept are findings with a bound.
type kept struct {
	findings []Finding
	last     map[string]int // index of the last one of a rule and level
	count    map[string]int
}

// add keeps f, or counts it as a repeat of the last one of its kind.
func (k *kept) add(f Finding) {
	if k.count == nil {
		k.last, k.count = map[string]int{}, map[string]int{}
	}
	key := f.Rule + " " + string(f.Level)
	if k.count[key] == mostOfRule {
		k.findings[k.last[key]].Repeats += 1 + f.Repeats
		k.findings[k.last[key]].Folded += f.Folded
		return
	}
	k.count[key]++
	k.last[key] = len(k.findings)
	k.findings = append(k.findings, f)
}

// fold makes f the explanation of other: as bad as the worst of them.
func (f *Finding) fold(other Finding) {
	f.Folded += 1 + other.Folded + other.Repeats
	if other.Level.rank() <= f.Level.rank() {
		return
	}
	f.Level = other.Level
	if clause, _ := spec.ClauseByID(f.Clause); clause.Binds != spec.Server {
		f.Clause = other.Clause
	}
}

// levelOf is the level of a clause finding of the validator.
func levelOf(f spec.Finding) Level {
	switch {
	case f.Level == spec.Must:
		return Error
	case f.Clause == "field-unknown":
		return Advice
	}
	return Warning
}
