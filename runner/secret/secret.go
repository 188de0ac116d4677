// Package secret keeps what the user must not find in any output: credentials
// that were sent, and what the server made of them. Bytes are masked before they
// are judged, quoted or encoded, by as many asterisks, so that every offset stays.
package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Set is a set of secrets. The zero value is empty and ready.
type Set struct{ patterns [][]byte }

// shortest is the least length of a secret: shorter ones would mask what is none.
const shortest = 4

// Add makes value a secret, in every notation in which it may come back.
func (s *Set) Add(value string) {
	if len(value) < shortest {
		return
	}
	for _, form := range forms(value) {
		if len(form) >= shortest && !slices.ContainsFunc(s.patterns, func(p []byte) bool { return string(p) == form }) {
			s.patterns = append(s.patterns, []byte(form))
		}
	}
	slices.SortFunc(s.patterns, func(a, b []byte) int { return len(b) - len(a) }) // the longest first: none leaves a rest
}

// forms are the notations of a value.
func forms(value string) []string {
	quoted, err := json.Marshal(value)
	if err != nil {
		quoted = nil // no text has this
	}
	raw, inHex := []byte(value), hex.EncodeToString([]byte(value))
	return []string{
		value, strings.Trim(string(quoted), `"`), html.EscapeString(value), url.QueryEscape(value), url.PathEscape(value),
		base64.StdEncoding.EncodeToString(raw), base64.RawStdEncoding.EncodeToString(raw),
		base64.URLEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw), inHex, strings.ToUpper(inHex),
	}
}

// pieces splits a text at what stands around values in headers, forms and JSON.
var pieces = regexp.MustCompile(`[^\s"'&=,;:{}\[\]()<>]+`)

// AddText makes the whole text a secret, and each piece of it that looks like one:
// eight characters or more with a digit among them.
func (s *Set) AddText(text string) {
	s.Add(strings.TrimSpace(text))
	for _, p := range pieces.FindAllString(text, -1) {
		if len(p) >= 8 && strings.ContainsAny(p, "0123456789") {
			s.Add(p)
		}
	}
}

// named are the names of headers and of members of a query whose values are secrets.
var named = regexp.MustCompile(`(?i)auth|token|secret|passw|pwd|cookie|session|api-?_?key|access-?_?key|credential|signature|^sig$|^key$|^jwt$|^code$`)

// Names reports whether the value under that name is a secret.
func Names(name string) bool { return named.MatchString(name) }

// AddHeader makes the value of a header a secret if its name says so: whole, and
// the credentials after a scheme, and each value of a cookie.
func (s *Set) AddHeader(name, value string) {
	if !Names(name) {
		return
	}
	s.Add(value)
	if _, credentials, found := strings.Cut(value, " "); found && strings.Contains(strings.ToLower(name), "auth") {
		s.Add(credentials)
		s.addBasic(credentials)
	}
	if strings.Contains(strings.ToLower(name), "cookie") {
		for pair := range strings.SplitSeq(value, ";") {
			if _, v, found := strings.Cut(strings.TrimSpace(pair), "="); found && !attribute(pair) {
				s.Add(v)
			}
		}
	}
}

// addBasic adds the user's name and password if the credentials hold them.
func (s *Set) addBasic(credentials string) {
	plain, err := base64.StdEncoding.DecodeString(credentials)
	if _, password, found := bytes.Cut(plain, []byte(":")); err == nil && found {
		s.Add(string(plain))
		s.Add(string(password))
	}
}

// attribute reports whether a part of Set-Cookie is none of the server's values.
func attribute(pair string) bool {
	name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(pair)), "=")
	return slices.Contains([]string{"expires", "max-age", "domain", "path", "samesite"}, name)
}

// AddURL makes the userinfo of a URL and the tokens of its query secrets.
func (s *Set) AddURL(u *url.URL) {
	if password, set := u.User.Password(); set {
		s.Add(password)
		s.Add(u.User.String())
		s.Add(u.User.Username() + ":" + password)
	} else if u.User != nil {
		s.Add(u.User.Username())
	}
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, raw, _ := strings.Cut(pair, "=")
		value, err := url.QueryUnescape(raw)
		if err == nil && (Names(name) || opaque(value)) {
			s.Add(raw)
			s.Add(value)
		}
	}
}

// opaque reports whether a value looks drawn: long, of letters and digits.
func opaque(value string) bool {
	letters := strings.ContainsFunc(value, func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' })
	return len(value) >= 20 && letters && strings.ContainsAny(value, "0123456789") && !strings.Contains(value, " ")
}

// Mask puts asterisks in place of every secret in b.
func (s *Set) Mask(b []byte) {
	for _, p := range s.patterns {
		for at := 0; ; {
			i := bytes.Index(b[at:], p)
			if i < 0 {
				break
			}
			fill(b[at+i : at+i+len(p)])
			at += i + len(p)
		}
	}
}

func fill(b []byte) {
	for i := range b {
		b[i] = '*'
	}
}

// MaskAll masks pieces of one whole, also secrets that lie across their edges.
func (s *Set) MaskAll(list [][]byte) {
	if len(s.patterns) == 0 {
		return
	}
	whole := slices.Concat(list...)
	s.Mask(whole)
	for _, piece := range list {
		n := copy(piece, whole)
		whole = whole[n:]
	}
}

// String returns text with every secret masked.
func (s *Set) String(text string) string {
	if len(s.patterns) == 0 {
		return text
	}
	b := []byte(text)
	s.Mask(b)
	return string(b)
}
