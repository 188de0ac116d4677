package spec

import "bytes"

// others are the characters that some languages take for line ends.
var others = []string{"\v", "\f", "\x1C", "\x1D", "\x1E", "\u0085", "\u2028", "\u2029"} // never written to

// lineEnd returns where the line at at ends and where the next begins.
func (r *reading) lineEnd(stream []byte, at int) (end, next int) {
	for i := at; i < len(stream); i++ {
		if i > 0 && i == r.hidden {
			continue
		}
		switch stream[i] {
		case '\n':
			if !r.swallowed(stream[at:i], i) && !r.notLF(stream, at, i) {
				return i, i + 1
			}
		case '\r':
			if r.swallowed(stream[at:i], i) {
				continue
			}
			if end, next := r.carriageReturn(stream, i); next > 0 {
				return end, next
			}
		default:
			if n := r.otherEnd(stream[i:], i); n > 0 {
				return i, i + n
			}
		}
	}
	return len(stream), len(stream)
}

// notLF takes the wrong readings in which the LF at i ends no line.
func (r *reading) notLF(stream []byte, at, i int) bool {
	if i > at && stream[i-1] == '\r' {
		return false // a CRLF that a wrong reading of CR has let go on to here
	}
	return style(stream) != "\n" && r.errs("line-mixed", i) || r.errs("line-lf", i) || r.errs("line-lf/crlf-only", i)
}

// carriageReturn returns where the line ends that has a CR at i, and where the
// next begins; next is 0 when the line goes on.
func (r *reading) carriageReturn(stream []byte, i int) (end, next int) {
	first, crlf := style(stream), i+1 < len(stream) && stream[i+1] == '\n'
	switch {
	case (first == "\n" || first == "\r\n" && !crlf) && r.errs("line-mixed", i):
		return i, 0
	case i > 0 && stream[i-1] == '\n' && r.errs("line-mixed/lfcr", i):
		return i, 0
	case r.errs("line-cr/kept", i), i+1 == len(stream) && r.errs("line-cr/at-end", i),
		!crlf && (r.errs("line-cr", i) || r.errs("line-lf/crlf-only", i)):
		return i, 0
	case crlf && r.errs("line-crlf", i+1):
		return i, i + 1
	case crlf:
		return i, i + 2
	}
	return i, i + 1
}

// swallowed takes the wrong reading in which the line end at i goes with the
// unfinished character in front of it.
func (r *reading) swallowed(line []byte, i int) bool {
	return truncated(line) > 0 && r.errs(swallowed, i) || !wholeAnnounced(line) && r.errs(announced, i)
}

// style returns the line end that comes first, "" if none does.
func style(stream []byte) string {
	i := bytes.IndexAny(stream, "\r\n")
	switch {
	case i < 0:
		return ""
	case bytes.HasPrefix(stream[i:], []byte("\r\n")):
		return "\r\n"
	}
	return string(stream[i : i+1])
}

func (r *reading) otherEnd(rest []byte, at int) int {
	if rest[0] == 0x1F && r.errs("line-other-separators/US", at) {
		return 1
	}
	for _, o := range others {
		if bytes.HasPrefix(rest, []byte(o)) && (r.errs("line-other-separators", at) || r.errs("line-other-separators/"+Quote(o), at)) {
			return len(o)
		}
	}
	return 0
}
