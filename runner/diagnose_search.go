package runner

import (
	"slices"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// A set of suspects by their names, in the order of the models.
type set []string

func (c set) with(name string) set { return append(slices.Clone(c), name) }

func (c set) without(name string) set {
	return slices.DeleteFunc(slices.Clone(c), func(n string) bool { return n == name })
}

func (c set) replacing(old, name string) set { return c.without(old).with(name) }

// mostTries bounds how many sets are held against all findings.
const mostTries = 4000

// A search looks for the set of suspects that fits the findings best.
type search struct {
	findings []finding // departures first
	departed int       // how many of them are departures
	suspects Suspects
	single   map[string]outcome // of each suspect by itself
	tries    int
}

// An outcome is what a set of suspects makes of each finding: it explains the
// departure, and it is contradicted by a delivery that the target passed.
type outcome struct {
	explains, contradicted []bool
}

// net is what an outcome is worth: the departures explained less the findings
// that contradict it.
func (o outcome) net() int { return count(o.explains) - count(o.contradicted) }

func (o outcome) equal(p outcome) bool {
	return slices.Equal(o.explains, p.explains) && slices.Equal(o.contradicted, p.contradicted)
}

func count(list []bool) (n int) {
	for _, yes := range list {
		if yes {
			n++
		}
	}
	return n
}

func newSearch(findings []finding, suspects Suspects) *search {
	s := &search{findings: findings, suspects: suspects, single: map[string]outcome{}}
	for _, f := range findings {
		if f.departed {
			s.departed++
		}
	}
	for _, m := range suspects.Models {
		if o, ok := s.outcome(m.Trace, 1-len(findings)); ok && slices.Contains(o.explains, true) {
			s.single[m.Name] = o
		}
	}
	return s
}

func (s *search) model(name string) Model {
	i := slices.IndexFunc(s.suspects.Models, func(m Model) bool { return m.Name == name })
	return s.suspects.Models[i]
}

// outcome holds a behaviour against the findings. It gives up, and is false, when
// nothing is explained or the net worth cannot reach floor any more.
func (s *search) outcome(trace func(cases.Script) spec.Trace, floor int) (outcome, bool) {
	s.tries++
	o := outcome{make([]bool, s.departed), make([]bool, len(s.findings))}
	net := 0
	for i := range s.departed {
		if o.explains[i] = s.findings[i].showed.reproduces(trace); o.explains[i] {
			net++
		}
		if net+s.departed-i-1 < floor {
			return o, false
		}
	}
	if net == 0 {
		return o, false
	}
	for i, f := range s.findings {
		if o.contradicted[i] = f.contradicts(trace); o.contradicted[i] {
			net--
		}
		if net < floor {
			return o, false
		}
	}
	return o, true
}

// contradicts reports whether a client of that behaviour would depart where the
// target passed.
func (f *finding) contradicts(trace func(cases.Script) spec.Trace) bool {
	return slices.ContainsFunc(f.passed, func(o observation) bool { return o.predicts(trace) })
}

// joint is the outcome of all suspects of c at once.
func (s *search) joint(c set, floor int) (outcome, bool) {
	return s.outcome(s.suspects.Combine(c...), floor)
}

// whole is joint without a floor. The empty set explains nothing.
func (s *search) whole(c set) outcome {
	o, ok := s.joint(c, -len(s.findings))
	if !ok {
		o.contradicted = make([]bool, len(s.findings))
	}
	return o
}

// improve leaves out, merges, adds and exchanges suspects of c as long as it becomes
// smaller or fits better with all of its suspects at once: one defect may hide
// what another does, or show only together with it.
func (s *search) improve(c set) set {
	now := s.whole(c)
	for s.tries < mostTries {
		if smaller, ok := s.smaller(c, now); ok {
			c, now = smaller, s.whole(smaller)
			continue
		}
		if merged, ok := s.merged(c, now); ok {
			c, now = merged, s.whole(merged)
			continue
		}
		better, ok := s.better(c, now)
		if !ok {
			break
		}
		c, now = better, s.whole(better)
	}
	return c
}

// smaller returns c without a suspect that it does not need.
func (s *search) smaller(c set, now outcome) (set, bool) {
	for _, name := range c {
		if _, ok := s.joint(c.without(name), now.net()); ok {
			return c.without(name), true
		}
	}
	return c, false
}

// merged returns c with one suspect in place of two that each explain a departure that
// it explains, if that fits no worse: of two explanations the simpler is the likelier.
func (s *search) merged(c set, now outcome) (set, bool) {
	for i, one := range c {
		for _, other := range c[i+1:] {
			for _, m := range s.suspects.Models {
				if slices.Contains(c, m.Name) || !s.overlap(m.Name, one) || !s.overlap(m.Name, other) {
					continue
				}
				next := c.without(other).replacing(one, m.Name)
				if _, ok := s.joint(next, now.net()); ok {
					return next, true
				}
			}
		}
	}
	return c, false
}

// overlap reports whether a departure is explained by each of two by itself.
func (s *search) overlap(one, other string) bool {
	for i, yes := range s.single[one].explains {
		if yes && len(s.single[other].explains) > 0 && s.single[other].explains[i] {
			return true
		}
	}
	return false
}

// better returns the best of the sets that differ from c by one suspect more, or
// one in place of another, if it fits better than c: a suspect more has to
// explain something that nothing did.
func (s *search) better(c set, now outcome) (best set, found bool) {
	open := s.unexplained(now)
	if len(open) == 0 && !slices.Contains(now.contradicted, true) {
		return c, false
	}
	net := now.net()
	for _, next := range s.neighbours(c) {
		trace := s.suspects.Combine(next...)
		if len(open) > 0 && !slices.ContainsFunc(open, func(i int) bool { return s.findings[i].showed.reproduces(trace) }) {
			continue
		}
		if o, ok := s.outcome(trace, net+1); ok {
			best, found, net = next, true, o.net()
		}
	}
	return best, found
}

// unexplained returns the places of the findings that o leaves without a cause.
func (s *search) unexplained(o outcome) (open []int) {
	for i, yes := range o.explains {
		if !yes {
			open = append(open, i)
		}
	}
	return open
}

// neighbours returns the sets with one suspect more than c, and then those with
// another one in place of one.
func (s *search) neighbours(c set) (sets []set) {
	for _, m := range s.suspects.Models {
		if !slices.Contains(c, m.Name) {
			sets = append(sets, c.with(m.Name))
		}
	}
	for _, old := range c {
		for _, m := range s.suspects.Models {
			if !slices.Contains(c, m.Name) {
				sets = append(sets, c.replacing(old, m.Name))
			}
		}
	}
	return sets
}

// alternatives returns the suspects that, in place of name, fit each finding as
// it does.
func (s *search) alternatives(name string, chosen set) (names []string) {
	now := s.whole(chosen)
	for _, m := range s.suspects.Models {
		if slices.Contains(chosen, m.Name) {
			continue
		}
		if o, ok := s.joint(chosen.replacing(name, m.Name), now.net()); ok && o.equal(now) {
			names = append(names, m.Name)
		}
	}
	return names
}

// explainedBy returns the departures that name explains: by itself, or because
// the chosen suspects show them and without it do not.
func (s *search) explainedBy(name string, chosen set) (list []finding) {
	all, rest := s.suspects.Combine(chosen...), s.suspects.Combine(chosen.without(name)...)
	for i, f := range s.findings[:s.departed] {
		alone := len(s.single[name].explains) > 0 && s.single[name].explains[i]
		if alone || f.showed.reproduces(all) && !f.showed.reproduces(rest) {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b finding) int { return a.result - b.result })
	return list
}
