package spec

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// field splits a line into name and value and processes them.
func (r *reading) field(line []byte, at int) {
	name, value, ok := r.split(line, at)
	if !ok || len(value) > 0 && value[0] != ' ' && r.errs("value-one-space/no-field", at+len(name)+1) {
		return
	}
	value = r.space(value, at+len(name)+1)
	name = r.name(r.characters(name, at), at)
	r.process(string(name), r.characters(value, at+len(line)-len(value)), at)
}

// split cuts the line at its first colon. ok is false where a wrong reading
// makes nothing of it.
func (r *reading) split(line []byte, at int) (name, value []byte, ok bool) {
	name, value, colon := bytes.Cut(line, []byte(":"))
	if !colon {
		switch {
		case r.errs("field-no-colon", at), r.fails("field-no-colon/fails", at),
			string(name) != "data" && r.errs("field-no-colon/not-data", at):
			return nil, nil, false
		case r.errs("field-no-colon/repeated", at):
			value = name
		}
		return name, value, true
	}
	if i := bytes.LastIndexByte(line, ':'); i > len(name) {
		switch {
		case r.errs("line-first-colon", at+len(name)):
			value = line[i+1:]
		case r.errs("line-first-colon/name", at+len(name)):
			name, value = line[:i], line[i+1:]
		case r.errs("line-first-colon/second", at+len(name)):
			value, _, _ = bytes.Cut(value, []byte(":"))
		}
	}
	return name, value, true
}

// space removes one leading space.
func (r *reading) space(value []byte, at int) []byte {
	end := at + len(value)
	if len(value) > 0 && value[0] == ' ' {
		switch {
		case r.errs("value-one-space/kept", at):
			return value
		case len(value) > 1 && value[1] == ' ' && r.errs("value-one-space/all", at):
			value = bytes.TrimLeft(value, " ")
		default:
			value = value[1:]
		}
	} else if len(value) > 0 && r.errs("value-one-space/required", at) {
		_, size := utf8.DecodeRune(value)
		value = value[size:]
	}
	return r.trim(value, end-len(value))
}

// trim takes the wrong readings that remove other white space.
func (r *reading) trim(value []byte, at int) []byte {
	if bytes.HasPrefix(value, bom) && r.errs("parse-bom-midstream/value", at) {
		return value[len(bom):]
	}
	if len(value) > 0 && value[0] == '\t' && r.errs("value-other-whitespace/tab", at) {
		return value[1:]
	}
	if i := bytes.Index(value, []byte("  ")); i >= 0 && r.errs("value-other-whitespace/collapsed", at+i) {
		return regexp.MustCompile(" +").ReplaceAll(value, []byte(" "))
	}
	for _, t := range trims {
		left, right := bytes.TrimLeftFunc(value, t.white), bytes.TrimRightFunc(value, t.white)
		after, first := at+len(right), at // the first white space that goes
		if len(left) == len(value) {
			first = after
		}
		switch {
		case len(left) == len(value) && len(right) == len(value):
		case r.errs("value-other-whitespace"+t.variant, first):
			return bytes.TrimFunc(value, t.white)
		case len(right) < len(value) && r.errs("value-other-whitespace/trailing"+t.variant, after):
			return right
		case len(left) < len(value) && r.errs("value-other-whitespace/leading"+t.variant, at):
			return left
		}
	}
	return value
}

// trims are the notions that languages have of white space.
var trims = []struct { // never written to
	variant string
	white   func(rune) bool
}{
	{"", func(c rune) bool { return unicode.IsSpace(c) || c == '\uFEFF' }},
	{"/ascii", func(c rune) bool { return strings.ContainsRune(" \t\v\f", c) }},
}

// fields are the names that the standard knows.
var fields = []string{"data", "event", "id", "retry"} // never written to

// name takes the wrong readings that make an unknown name known.
func (r *reading) name(name []byte, at int) []byte {
	if slices.Contains(fields, string(name)) {
		return name
	}
	if lower := bytes.ToLower(name); !bytes.Equal(lower, name) && r.errs("field-name-literal", at) {
		return lower
	}
	for _, t := range trims {
		if bare := bytes.TrimFunc(name, t.white); len(bare) < len(name) && r.errs("field-name-no-trim"+t.variant, at) {
			return bare
		}
	}
	if bytes.IndexByte(name, 0) >= 0 {
		if r.errs("field-name-nul", at) {
			return bytes.ReplaceAll(name, []byte{0}, nil)
		}
		if cut, _, _ := bytes.Cut(name, []byte{0}); r.errs("field-name-nul/cut", at) {
			return cut
		}
	}
	for _, f := range fields {
		if bytes.HasPrefix(name, []byte(f)) && r.errs("field-unknown/prefix", at) {
			return []byte(f)
		}
	}
	return name
}
