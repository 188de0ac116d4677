package spec

// A subpart reads UTF-8 byte by byte as the UTF-8 decoder of the Encoding
// Standard does, and keeps the bytes of the sequence that it is in. The zero
// value stands before a sequence.
type subpart struct {
	kept         [3]byte // a sequence of four is whole with the fourth
	size         int
	needed       int  // bytes that the sequence still lacks
	lower, upper byte // what the next of them may be
}

// take reads b. Cut: the sequence before b lacks what b is not, so it is
// malformed; it is returned. Bad: b cannot begin a sequence either, which is
// another error.
func (s *subpart) take(b byte) (cut []byte, bad bool) {
	if s.needed == 0 {
		return nil, s.begin(b)
	}
	if s.lower <= b && b <= s.upper {
		s.more(b)
		return nil, false
	}
	cut = append(cut, s.rest()...) // copied: begin writes over it
	return cut, s.begin(b)
}

// rest returns the bytes of the sequence that is not whole, none between two.
func (s *subpart) rest() []byte { return s.kept[:s.size] }

func (s *subpart) begin(b byte) (bad bool) {
	*s = subpart{}
	if b < 0x80 {
		return false
	}
	s.needed, s.lower, s.upper = lead(b)
	if s.needed == 0 {
		return true
	}
	s.kept[0], s.size = b, 1
	return false
}

func (s *subpart) more(b byte) {
	s.needed--
	if s.needed == 0 {
		s.size = 0
		return
	}
	s.kept[s.size] = b
	s.size++
	s.lower, s.upper = 0x80, 0xBF
}
