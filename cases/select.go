package cases

import (
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/ssespec/ssespec/spec"
)

// A Selection picks cases; the zero value picks all of them. Globs are matched
// against ids, ** crosses slashes.
type Selection struct {
	Run, Skip []string
	Clauses   []string
	Levels    []spec.Level
	Shard     Shard
	Sides     []Side // nil is all
}

// A Shard is the part I of N, from 1, of all cases, by a hash of the id. The
// zero value is everything.
type Shard struct{ I, N int }

func (s Shard) has(id string) bool {
	if s.N == 0 {
		return true
	}
	h := fnv.New32a()
	h.Write([]byte(id))
	return int(h.Sum32()%uint32(s.N)) == s.I-1
}

// Check reports the first glob or clause that can match nothing.
func (s Selection) Check() error {
	for _, g := range slices.Concat(s.Run, s.Skip) {
		if !doublestar.ValidatePattern(g) {
			return fmt.Errorf("bad glob %q", g)
		}
	}
	for _, id := range s.Clauses {
		if !isClause(id) {
			return fmt.Errorf("unknown clause %q%s", id, DidYouMean(id, clauseIDs()))
		}
	}
	return nil
}

// Of returns the cases that s picks, in their order.
func (s Selection) Of(all []Case) []Case {
	var picked []Case
	for _, c := range all {
		if s.picks(c) {
			picked = append(picked, c)
		}
	}
	return picked
}

func (s Selection) picks(c Case) bool {
	cites := func(id string) bool { return slices.Contains(c.Clauses, id) }
	return (len(s.Run) == 0 || matches(s.Run, c)) && !matches(s.Skip, c) &&
		(len(s.Clauses) == 0 || slices.ContainsFunc(s.Clauses, cites)) &&
		(len(s.Levels) == 0 || slices.Contains(s.Levels, c.Level)) &&
		(len(s.Sides) == 0 || slices.Contains(s.Sides, c.Side())) && s.Shard.has(c.ID)
}

// matches reports whether a glob matches the id of c or one it had before.
func matches(globs []string, c Case) bool {
	for _, id := range append([]string{c.ID}, c.Formerly...) {
		if slices.ContainsFunc(globs, func(g string) bool { return doublestar.MatchUnvalidated(g, id) }) {
			return true
		}
	}
	return false
}

// IDs returns the ids of all.
func IDs(all []Case) []string {
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	return ids
}
