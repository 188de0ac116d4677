package spec

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
)

func (r *reading) retryField(value string, at int) {
	if r.errs("field-retry", at) {
		return
	}
	ms, ok := r.milliseconds(value, at)
	if !ok {
		return
	}
	for _, when := range []string{atBlank, withData, afterEvent} {
		if r.errs(when, at) {
			r.retry, r.retryWhen = ms, when
			return
		}
	}
	r.take(Step{Kind: Retry, Text: ms})
}

// The wrong readings of when a reconnection time counts.
const (
	atBlank    = "field-retry-immediate"
	withData   = "field-retry-immediate/data"
	afterEvent = "field-retry-immediate/after"
)

// takeRetry takes over the reconnection time that has waited for the blank line.
func (r *reading) takeRetry(dispatched bool) {
	due := r.retryWhen == atBlank || r.retryWhen == withData && len(r.data) > 0
	if dispatched {
		due = r.retryWhen == afterEvent
	}
	if r.retry != "" && due {
		r.take(Step{Kind: Retry, Text: r.retry})
		r.retry = ""
	}
}

// milliseconds returns the number that a retry stands for; ok is false when it
// is not taken over.
func (r *reading) milliseconds(value string, at int) (ms string, ok bool) {
	switch {
	case isDigits([]byte(value)):
		ms = r.number(Canonical(value), value, at)
		return ms, ms != ""
	case value == "" && r.fails("field-retry-empty/fails", at):
		return "", false
	case value == "":
		return "0", r.errs("field-retry-empty", at)
	case r.errs("field-retry-invalid/default", at):
		return "3000", true
	case r.fails("field-retry-invalid/fails", at):
		return "", false
	}
	for _, l := range leniences {
		if ms, ok = l.read(value); ok && r.errs(l.reading, at) {
			return ms, true
		}
	}
	return "", false
}

// leniences are wrong readings of a retry that is not of digits only: each
// returns the number that it sees, and whether it sees one.
var leniences = []struct { // never written to
	reading string
	read    func(value string) (ms string, ok bool)
}{
	{"field-retry-invalid/prefix", func(v string) (string, bool) { return digitsOf(v[:len(v)-len(strings.TrimLeft(v, asciiDigits))]) }},
	{"field-retry-invalid/space", func(v string) (string, bool) { return digitsOf(strings.TrimSpace(v)) }},
	{"field-retry-invalid/sign", func(v string) (string, bool) {
		ms, ok := digitsOf(v[1:])
		if v[0] == '-' {
			ms = "-" + ms
		}
		return ms, ok && strings.ContainsAny(v[:1], "+-")
	}},
	{"field-retry-invalid/unsigned", func(v string) (string, bool) {
		bare := strings.TrimLeft(v, "+- \t")
		return digitsOf(bare[:len(bare)-len(strings.TrimLeft(bare, asciiDigits))])
	}},
	{"field-retry-invalid/float", func(v string) (string, bool) {
		f, err := strconv.ParseFloat(v, 64)
		return strconv.FormatFloat(math.Trunc(f), 'f', -1, 64), err == nil && f >= 0 && f < 1<<53
	}},
	{"field-retry-invalid/base", func(v string) (string, bool) {
		n, err := strconv.ParseUint(v, 0, 63)
		return strconv.FormatUint(n, 10), err == nil
	}},
	{"field-retry-invalid/script", func(v string) (string, bool) { return digitsOf(strings.Map(westernDigit, v)) }},
}

const asciiDigits = "0123456789"

func digitsOf(s string) (string, bool) { return Canonical(s), isDigits([]byte(s)) }

// westernDigit returns the ASCII digit for a decimal digit of any script.
func westernDigit(c rune) rune {
	if !unicode.Is(unicode.Nd, c) {
		return c
	}
	for n := rune(0); n <= 9; n++ {
		if !unicode.Is(unicode.Nd, c-n-1) || n == 9 {
			return '0' + n
		}
	}
	return c
}

// number takes the wrong readings of a valid retry; "" if it is not taken over.
func (r *reading) number(canonical, written string, at int) string {
	if octal, err := strconv.ParseUint(written, 8, 63); err == nil && written[0] == '0' && canonical != "0" && r.errs("field-retry-base-ten", at) {
		return strconv.FormatUint(octal, 10)
	}
	if written[0] == '0' && strings.ContainsAny(written, "89") && r.errs("field-retry-base-ten/ignored", at) {
		return ""
	}
	if canonical != "0" && r.errs("field-retry/seconds", at) {
		return canonical + "000"
	}
	if canonical != "0" && len(canonical) < len("2147483648") {
		return canonical
	}
	n, _ := new(big.Int).SetString(canonical[max(0, len(canonical)-mostDigits):], 10)
	over := func(most int64) bool { return n.Cmp(big.NewInt(most)) > 0 }
	switch {
	case over(math.MaxInt64) && r.fails("field-retry-range/int64-fails", at), over(math.MaxInt64/1_000_000) && r.fails("field-retry-range/nanoseconds", at),
		over(math.MaxInt32-1) && r.errs("field-retry-range/int31", at):
		return ""
	case over(math.MaxInt32) && r.errs("field-retry-range", at), canonical == "0" && r.errs("field-retry-range/zero", at),
		over(math.MaxInt64) && r.errs("field-retry-range/int64-ignored", at):
		return ""
	case over(math.MaxInt32) && r.errs("field-retry-range/int32", at):
		return strconv.Itoa(math.MaxInt32)
	case over(math.MaxUint32) && r.errs("field-retry-range/uint32", at):
		return strconv.FormatUint(uint64(uint32(new(big.Int).And(n, big.NewInt(math.MaxUint32)).Uint64())), 10)
	case over(math.MaxInt64) && r.errs("field-retry-range/int64", at):
		return strconv.Itoa(math.MaxInt64)
	}
	return canonical
}

// mostDigits bounds the digits that are looked at for a wrong reading.
const mostDigits = 100
