package spec

// value returns the value of line when its field name is name: what follows the
// first colon without one leading space, or nothing without a colon.
func value(line []byte, name string) ([]byte, bool) {
	n := len(name)
	switch {
	case len(line) < n || string(line[:n]) != name:
		return nil, false
	case len(line) == n:
		return nil, true
	case line[n] != ':':
		return nil, false
	case len(line) > n+1 && line[n+1] == ' ':
		return line[n+2:], true
	}
	return line[n+1:], true
}

// isDigits reports whether b is one or more ASCII digits.
func isDigits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}
