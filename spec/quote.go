package spec

import (
	"fmt"
	"regexp"
	"strconv"
)

// longest is how many bytes of a string are shown.
const longest = 300

// Quote returns s in double quotes with everything escaped that is not
// printable ASCII or a printable letter: safe on any terminal. Long strings
// keep their head and tail.
func Quote(s string) string {
	if len(s) <= longest {
		return strconv.Quote(s)
	}
	return fmt.Sprintf("%s…%d bytes…%s", strconv.Quote(s[:longest/2]), len(s)-longest, strconv.Quote(s[len(s)-longest/2:]))
}

var word = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// typeWord returns an event type bare when it is a plain word.
func typeWord(s string) string {
	if word.MatchString(s) && len(s) <= 60 {
		return s
	}
	return Quote(s)
}
