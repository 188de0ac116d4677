package fuzz

import "slices"

// A signature is which acts followed which in streams so far: every two that were
// neighbours, and every three.
type signature struct {
	pairs   [acts][acts/64 + 1]uint64
	triples [1 << 12]uint64 // of a hash of the three
}

// pairOf and tripleOf say where three acts in a row are noted.
func pairOf(a, b act) (word int, bit uint64) { return int(b) / 64, 1 << (b % 64) }

func tripleOf(a, b, c act) (word int, bit uint64) {
	h := (uint32(a)<<16 | uint32(b)<<8 | uint32(c)) * 2654435761
	return int(h >> 20), 1 << (h >> 14 & 63)
}

// news reports whether the acts follow each other as none did before.
func (s *signature) news(list []act) bool {
	a, b := noAct, noAct
	for _, c := range list {
		pair, bit := pairOf(b, c)
		triple, mark := tripleOf(a, b, c)
		if s.pairs[b][pair]&bit == 0 || s.triples[triple]&mark == 0 {
			return true
		}
		a, b = b, c
	}
	return false
}

// learn notes how the acts follow each other.
func (s *signature) learn(list []act) {
	a, b := noAct, noAct
	for _, c := range list {
		pair, bit := pairOf(b, c)
		triple, mark := tripleOf(a, b, c)
		s.pairs[b][pair] |= bit
		s.triples[triple] |= mark
		a, b = b, c
	}
}

// reached are the acts that were seen.
type reached [acts]bool

func (r *reached) note(list []act) {
	for _, a := range list {
		r[a] = true
	}
}

func (r *reached) add(other reached) {
	for a, yes := range other {
		r[a] = r[a] || yes
	}
}

// clauses returns the ids of the clauses that have acted, sorted.
func (r *reached) clauses() (ids []string) {
	for a, yes := range r {
		if yes {
			ids = append(ids, actClauses[a])
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Clauses are the ids of all clauses that the search can tell at work, sorted.
func Clauses() []string {
	ids := slices.Clone(actClauses[actBOM:])
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Acting returns the ids of the clauses that the search sees at work in a stream
// that is cut into chunks, sorted. It is quick and rough: [spec.Acts] is neither.
func Acting(chunks [][]byte) []string {
	var a account
	var r reached
	r.note(a.of(concat(chunks), chunks))
	return r.clauses()
}
