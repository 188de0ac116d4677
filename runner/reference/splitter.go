package reference

import "bytes"

// A splitter cuts text into lines. CRLF, LF and CR end one.
type splitter struct {
	bugs
	line    []byte
	afterCR bool // the line before ended in CR: a LF belongs to that

	others  [][]byte // what else a bug takes for a line end
	first   string   // the line end that came first
	last    string   // and the one that came last
	before  string   // and the one before that
	waiting bool     // a blank line waits for the LF of its CRLF
	glued   bool     // the next character is text, whatever it is
	cut     int      // where in the line the chunk began
	ends    int      // line ends in this chunk
	text    bool     // the last line had text
	rest    int      // line ends behind the blank line after the last one with text
}

func newSplitter(b bugs) *splitter {
	s := &splitter{bugs: b, ends: 1}
	for _, o := range otherEnds {
		if b.has(o.bug) || b.has("splitlines") && o.bug != "us-ends" {
			s.others = append(s.others, []byte(o.end))
		}
	}
	return s
}

// otherEnds are characters that end a line in some languages, but not here.
var otherEnds = []struct{ bug, end string }{ // never written to
	{"vt-ends", "\v"}, {"ff-ends", "\f"},
	{"fs-ends", "\x1C"}, {"gs-ends", "\x1D"}, {"rs-ends", "\x1E"}, {"us-ends", "\x1F"},
	{"nel-ends", "\u0085"}, {"ls-ends", "\u2028"}, {"ps-ends", "\u2029"},
}

// next takes the next byte of text. When that ends a line, it is returned; it is
// valid until the next call.
func (s *splitter) next(c byte) (line []byte, ended bool) {
	second := s.afterCR && c == '\n'
	s.afterCR = c == '\r' && !s.glued && s.endsAtCR()
	switch {
	case s.glued:
		s.glued = false
		s.append(c)
		return nil, false
	case second && !s.has("crlf-twice"):
		if s.ends == 0 && !s.text {
			s.rest++
		}
		return nil, s.completesCRLF()
	case s.afterCR, c == '\n' && s.endsAtLF():
		return s.end(c)
	}
	s.append(c)
	return s.otherEnd()
}

// end returns the line and begins the next one.
func (s *splitter) end(c byte) (line []byte, ended bool) {
	line, before := s.line, s.last
	s.line, s.waiting = s.line[:0], false
	s.last = string(c)
	if s.first == "" {
		s.first = s.last
	}
	s.ends++
	if !s.text && len(line) == 0 {
		s.rest++
	} else {
		s.rest = 0
	}
	s.text = len(line) > 0
	return line, len(line) > 0 || s.isBlank(before)
}

// isBlank reports whether an empty line counts: always, but for bugs. before is
// the line end in front of it.
func (s *splitter) isBlank(before string) bool {
	if s.has("blank-cut") && s.ends == 1 || s.has("lfcr-one") && before == "\n" && s.last == "\r" {
		return false
	}
	s.before = before
	alike := s.has("blank-same-ends") || s.has("blank-bytes")
	s.waiting = s.last == "\r" && (s.has("blank-same-ends") || s.has("blank-at-lf") || before != "\r" && (alike || s.has("blank-cr-pairs")))
	return !s.waiting && (before == s.last || before == "\r\n" && s.last == "\n" || !alike) && (before != "\r" || !s.has("blank-at-lf"))
}

// settles is called where no LF follows in this chunk. It reports whether that
// makes a CR that has waited for one a blank line.
func (s *splitter) settles() bool {
	blank := s.waiting && s.before == "\r" && !s.has("blank-at-lf")
	s.waiting = s.waiting && !blank
	return blank
}

// restIsBlank reports whether nothing but line ends came behind the last block.
func (s *splitter) restIsBlank() bool { return s.rest > 0 && len(s.line) == 0 }

// completesCRLF takes the LF of a CRLF, which ends no line of its own. It
// reports whether a blank line has waited for it.
func (s *splitter) completesCRLF() bool {
	if s.first == s.last {
		s.first = "\r\n"
	}
	s.last = "\r\n"
	blank := s.waiting && (s.before == "\r\n" || s.before == "\n" && s.has("blank-at-lf") || s.has("blank-cr-pairs"))
	s.waiting = false
	return blank
}

// append takes a byte that ends no line.
func (s *splitter) append(c byte) {
	if len(s.line) < lineLimit || !s.has("line-limit-cuts") {
		s.line = append(s.line, c)
	}
}

// lineLimit is the length of a line that is too much for a bug.
const lineLimit = 64 << 10

// endsAtCR reports whether a CR ends the line: always, but for bugs.
func (s *splitter) endsAtCR() bool {
	if s.has("style-first") {
		return s.first == "" || s.first == "\r"
	}
	return !s.has("cr-ignored") && !s.has("lf-only") && !s.has("crlf-only") && !s.has("crlf-cut-kept")
}

// endsAtLF reports whether a LF ends the line: always, but for bugs. Those that
// look for CRLF take the CR off the line.
func (s *splitter) endsAtLF() bool {
	if s.has("style-first") && s.first == "\r" {
		return false
	}
	crlf := bytes.HasSuffix(s.line, []byte("\r"))
	only := s.has("crlf-only") || s.has("style-first") && s.first == "\r\n"
	if crlf && (only || s.has("cr-ignored") || s.has("crlf-cut-kept") && s.cut < len(s.line)) {
		s.line = s.line[:len(s.line)-1]
	}
	return crlf || !only
}

// otherEnd ends the line after one of the others.
func (s *splitter) otherEnd() (line []byte, ended bool) {
	for _, o := range s.others {
		if bytes.HasSuffix(s.line, o) {
			line, _ = s.end('\n')
			return bytes.TrimSuffix(line, o), true
		}
	}
	return nil, false
}
