package spec

import "strings"

// IsEventStream reports whether a response with these Content-Type values is an
// event stream: the essence of the extracted MIME type is text/event-stream
// (Fetch, extract a MIME type; MIME Sniffing, parse a MIME type). Case and
// parameters do not matter; of several values the last that parses and is not
// */* decides.
func IsEventStream(values []string) bool {
	essence := ""
	for _, v := range splitValues(strings.Join(values, ",")) {
		if e, ok := mimeEssence(v); ok && e != "*/*" {
			essence = e
		}
	}
	return essence == "text/event-stream"
}

// splitValues splits at commas that are not inside a quoted string (Fetch, get,
// decode, and split).
func splitValues(s string) []string {
	var values []string
	start, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ',' && !quoted:
			values = append(values, s[start:i])
			start = i + 1
		}
	}
	return append(values, s[start:])
}

// mimeEssence returns type/subtype in lower case, and whether s parses.
func mimeEssence(s string) (string, bool) {
	const space = " \t\r\n"
	s, _, _ = strings.Cut(strings.Trim(s, space), ";")
	typ, subtype, found := strings.Cut(s, "/")
	subtype = strings.TrimRight(subtype, space)
	if !found || !isToken(typ) || !isToken(subtype) {
		return "", false
	}
	return asciiLower(typ + "/" + subtype), true
}

func isToken(s string) bool {
	const marks = "!#$%&'*+-.^_`|~"
	for _, c := range []byte(s) {
		alnum := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !alnum && strings.IndexByte(marks, c) < 0 {
			return false
		}
	}
	return s != ""
}

// asciiLower folds ASCII letters only: strings.ToLower would also fold others.
func asciiLower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
