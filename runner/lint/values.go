package lint

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// A valueHint is a hint on the value of a field of that name. It begins with one
// of the bytes in first, if there are any: most values need no other look.
type valueHint struct {
	slug, name, first string
	fits              func(value string) bool
}

const absent = `^(undefined|null|None|NaN|nil|\[object Object\])$`

// valueHints is the table of all: the first that fits a value is taken.
var valueHints = []valueHint{ // never written to
	{"python-bytes", "data", "b", pythonBytes},
	{"object-text", "data", "[", matches(`^\[object [A-Z]\w*\]$`)},
	{"object-text", "data", "<", matches(`^<[\w.]+ object( \w+)? at 0x[0-9a-fA-F]+>$|^<(coroutine|generator|function|bound method) .* at 0x[0-9a-fA-F]+>$`)},
	{"object-text", "data", "", javaObject},
	{"html-escaped", "data", "[{", matches(`^\[?\{\s*&(quot|#34|#39);`)},
	{"python-dict", "data", "[{", matches(`^\[?\{'[^']*': .*\}\]?$`)},
	{"json-twice", "data", `"`, jsonTwice},
	{"undefined-value", "data", "u", matches(`^undefined$`)},
	{"undefined-value", "event", "unN[", matches(absent)},
	{"undefined-value", "id", "unN[", matches(absent)},
	{"handler-name", "event", "o", matches(`^on(message|open|error)$`)},
	{"quoted-type", "event", `"'`, matches(`^"[^"]*"$|^'[^']*'$`)},
	{"space-in-type", "event", "", func(v string) bool { return v != strings.Trim(v, " \t") }},
	{"retry-in-seconds", "retry", "", matches(`^0*[1-9][0-9]?$`)},
}

// begins reports whether s begins with one of the bytes, if there are any.
func begins(s, bytes string) bool {
	return bytes == "" || s != "" && strings.IndexByte(bytes, s[0]) >= 0
}

func matches(pattern string) func(string) bool { return regexp.MustCompile(pattern).MatchString }

// valueHintOn returns the slug of the hint on a whole value, "" if there is none.
func valueHintOn(name string, f field) string {
	if !f.whole {
		return ""
	}
	value := string(f.value)
	for _, h := range valueHints {
		if h.name == name && begins(value, h.first) && h.fits(value) {
			return h.slug
		}
	}
	return ""
}

var javaName = matches(`^([a-z]\w*\.)+[A-Z][\w$]*@[0-9a-f]{4,8}$`)

// javaObject reports whether v is how Java shows an object that says nothing of
// itself: the name of its class and a hash.
func javaObject(v string) bool { return strings.Contains(v, "@") && javaName(v) }

// pythonBytes reports whether v is the repr of bytes: quotes inside are escaped.
func pythonBytes(v string) bool {
	for _, quote := range []string{"'", `"`} {
		inner, begins := strings.CutPrefix(v, "b"+quote)
		inner, ends := strings.CutSuffix(inner, quote)
		if begins && ends && !strings.Contains(strings.ReplaceAll(inner, `\`+quote, ""), quote) {
			return true
		}
	}
	return false
}

// jsonTwice reports whether v is a JSON string that holds an object or an array.
func jsonTwice(v string) bool {
	var inner string
	return strings.HasPrefix(v, `"`) && json.Unmarshal([]byte(v), &inner) == nil && isJSON([]byte(inner), true, nil)
}

// isJSON reports whether b is an object or an array of JSON, or the end mark
// [DONE] that stands for one. Of what is not whole, the ends must do.
func isJSON(b []byte, whole bool, ending []byte) bool {
	b, ending = bytes.TrimSpace(b), bytes.TrimSpace(ending)
	if len(b) == 0 || b[0] != '{' && b[0] != '[' {
		return false
	}
	if whole {
		return json.Valid(b) || string(b) == "[DONE]"
	}
	return bytes.HasSuffix(ending, []byte{b[0] + 2}) // the closing one stands two behind it in ASCII
}

// beginsJSON reports whether an object, an array or a string of JSON begins there.
func beginsJSON(b []byte) bool { return len(b) > 0 && strings.IndexByte(`{["`, b[0]) >= 0 }

// framed reports whether a value looks like a line of an event stream. A data:
// URL does not: what follows its colon is no space and no JSON.
func framed(value []byte) bool {
	for _, name := range []string{"data: ", "event: ", "id: "} {
		if bytes.HasPrefix(value, []byte(name)) && len(value) > len(name) {
			return true
		}
	}
	rest, found := bytes.CutPrefix(value, []byte("data:"))
	return found && beginsJSON(rest)
}

// A spelling is how a line end looks that was meant as a control character.
type spelling struct {
	slug   string
	inside *regexp.Regexp // before a field name in the middle of a line
	end    *regexp.Regexp // at the end of a line
}

var spellings = []spelling{ // never written to
	{"literal-crlf", regexp.MustCompile(`(\\r\\n)+(data|event|id|retry):`), regexp.MustCompile(`(\\r\\n)+$`)},
	{"literal-newline", regexp.MustCompile(`((\\n)+|/n/n|(%0A)+)(data|event|id|retry):`), regexp.MustCompile(`(\\n)+$|/n/n$|(%0A)+$`)},
	{"letters-nn", regexp.MustCompile(`nn(data|event|id|retry): `), regexp.MustCompile(`nn$`)},
}

// spelledInside finds a line end in letters before a field name. In JSON it is
// the text of somebody else's stream.
func (f field) spelledInside() (slug string, at int) {
	if beginsJSON(f.value) || bytes.IndexByte(f.value, ':') < 0 {
		return "", 0
	}
	for _, s := range spellings {
		if where := s.inside.FindIndex(f.value); where != nil {
			return s.slug, where[0]
		}
	}
	return "", 0
}

// spelledEnd finds a line end in letters at the end of the value. Certain: these
// letters are no part of the text before them, as after JSON.
func (f field) spelledEnd() (slug string, at int, certain bool) {
	if !bytes.HasSuffix(f.ending, []byte("n")) && !bytes.HasSuffix(f.ending, []byte("A")) {
		return "", 0, false
	}
	for _, s := range spellings {
		where := s.end.FindIndex(f.ending)
		if where == nil {
			continue
		}
		if !f.whole {
			return s.slug, 0, false
		}
		before := f.value[:where[0]]
		return s.slug, where[0], isJSON(before, true, nil) || s.slug == "letters-nn" && notWord(before)
	}
	return "", 0, false
}

// notWord reports whether no word ends b, so that letters behind it begin one.
func notWord(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	c := b[len(b)-1]
	return c < 0x80 && !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == ' ' || c == '-' || c == '\'')
}
