package runner

import "slices"

// mostBranches bounds the exact search of a cover. What was found by then is at
// least as good as taking what explains most again and again.
const mostBranches = 20000

// A cover is the search, by branch and bound, of the suspects that together
// explain most departures, less the findings that contradict one of them, as if
// no suspect stood in another's way. Of equal ones the smallest is taken.
type cover struct {
	candidates []candidate
	later      [][]bool // what the candidates from a place on explain
	branches   int

	best set
	net  int
}

type candidate struct {
	name string
	outcome
}

// cover returns the best cover.
func (s *search) cover() set {
	c := cover{candidates: s.candidates()}
	c.later = make([][]bool, len(c.candidates)+1)
	c.later[len(c.candidates)] = make([]bool, s.departed)
	for i := len(c.candidates) - 1; i >= 0; i-- {
		c.later[i] = union(c.later[i+1], c.candidates[i].explains)
	}
	c.branch(0, nil, outcome{make([]bool, s.departed), make([]bool, len(s.findings))})
	return c.best
}

// candidates returns the suspects that explain something by themselves, what
// explains most first; of those with the same outcome only one.
func (s *search) candidates() (list []candidate) {
	for _, m := range s.suspects.Models {
		o, ok := s.single[m.Name]
		if ok && !slices.ContainsFunc(list, func(c candidate) bool { return c.equal(o) }) {
			list = append(list, candidate{m.Name, o})
		}
	}
	slices.SortStableFunc(list, func(a, b candidate) int { return b.net() - a.net() })
	return list
}

// branch decides on the candidates from place i on.
func (c *cover) branch(i int, chosen set, so outcome) {
	if net := so.net(); net > c.net || net == c.net && len(chosen) < len(c.best) {
		c.best, c.net = slices.Clone(chosen), net
	}
	c.branches++
	if i == len(c.candidates) || c.branches > mostBranches {
		return
	}
	bound := count(union(so.explains, c.later[i])) - count(so.contradicted)
	if bound < c.net || bound == c.net && len(chosen)+1 >= len(c.best) {
		return
	}
	next := c.candidates[i]
	with := outcome{union(so.explains, next.explains), union(so.contradicted, next.contradicted)}
	if count(with.explains) > count(so.explains) {
		c.branch(i+1, append(slices.Clone(chosen), next.name), with)
	}
	c.branch(i+1, chosen, so)
}

func union(a, b []bool) []bool {
	u := slices.Clone(a)
	for i, yes := range b {
		u[i] = u[i] || yes
	}
	return u
}
