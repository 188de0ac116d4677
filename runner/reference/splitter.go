package reference

import (
	"bytes"
	"strings"
)

// A splitter cuts text into lines. CRLF, LF and CR end one.
type splitter struct {
	bugs
	line    []byte
	afterCR bool     // the line before ended in CR: a LF belongs to that
	others  []string // what else a bug takes for a line end
	first   string   // the line end that came first
	before  string   // the one that came last
	cut     int      // where in the line the chunk began
	ends    int      // line ends in this chunk
}

func newSplitter(b bugs) *splitter {
	s := &splitter{bugs: b}
	for _, o := range otherEnds {
		if b.has(o.bug) {
			s.others = append(s.others, o.end)
		}
	}
	return s
}

// otherEnds are characters that end a line in some languages, but not here.
var otherEnds = []struct{ bug, end string }{ // never written to
	{"vt-ends", "\v"},
	{"ff-ends", "\f"},
	{"fs-ends", "\x1C"}, {"gs-ends", "\x1D"}, {"rs-ends", "\x1E"},
	{"nel-ends", "\u0085"},
	{"ls-ends", "\u2028"}, {"ps-ends", "\u2029"},
	{"splitlines", "\v"}, {"splitlines", "\f"}, {"splitlines", "\x1C"}, {"splitlines", "\x1D"}, {"splitlines", "\x1E"},
	{"splitlines", "\u0085"}, {"splitlines", "\u2028"}, {"splitlines", "\u2029"},
}

// next takes the next byte of text. When that ends a line, it is returned; it is
// valid until the next call.
func (s *splitter) next(c byte) (line []byte, ended bool) {
	second := s.afterCR && c == '\n'
	s.afterCR = c == '\r' && s.endsAtCR()
	switch {
	case second && !s.has("crlf-twice"):
		return nil, false
	case s.afterCR, c == '\n' && s.endsAtLF():
		return s.end(), true
	}
	s.line = append(s.line, c)
	return s.otherEnd()
}

// end returns the line and begins the next one.
func (s *splitter) end() []byte {
	line := s.line
	s.line = s.line[:0]
	s.ends++
	return line
}

// endsAtCR reports whether a CR ends the line: always, but for bugs.
func (s *splitter) endsAtCR() bool {
	return !s.has("cr-ignored") && !s.has("lf-only") && !s.has("crlf-only") && !s.has("crlf-cut-kept")
}

// endsAtLF reports whether a LF ends the line: always, but for bugs. Those that
// look for CRLF take the CR off the line.
func (s *splitter) endsAtLF() bool {
	crlf := bytes.HasSuffix(s.line, []byte("\r"))
	switch {
	case s.has("crlf-only") && !crlf:
		return false
	case crlf && (s.has("crlf-only") || s.has("cr-ignored") || s.has("crlf-cut-kept") && s.cut < len(s.line)):
		s.line = s.line[:len(s.line)-1]
	}
	return true
}

// otherEnd ends the line after one of the others.
func (s *splitter) otherEnd() (line []byte, ended bool) {
	for _, o := range s.others {
		if strings.HasSuffix(string(s.line[max(0, len(s.line)-len(o)):]), o) {
			return bytes.TrimSuffix(s.end(), []byte(o)), true
		}
	}
	return nil, false
}
