package reference

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"

	"github.com/ssespec/ssespec/spec"
)

const digits = "0123456789"

// setRetry takes over a reconnection time: ASCII digits, in base ten, at once.
func (p *interpreter) setRetry(value string) {
	if p.has("retry-ignored") {
		return
	}
	value, valid := p.digits(p.written(value))
	if !valid {
		if value == "" && p.has("retry-empty-fails") {
			p.fail()
		}
		if value != "" && p.has("retry-invalid-fails") {
			p.fail()
		}
		if p.has("retry-invalid-resets") {
			p.show(spec.Step{Kind: spec.Retry, Text: "3000"})
		}
		return
	}
	p.named = true
	if value = p.milliseconds(value); value == "" {
		return
	}
	if p.has("retry-at-blank") || p.has("retry-with-data") || p.has("retry-after-event") {
		p.retry = value
		return
	}
	p.show(spec.Step{Kind: spec.Retry, Text: value})
}

// written returns the value. What an empty one stands for is open (dispute 7): two
// variants read something into it.
func (p *interpreter) written(value string) string {
	switch {
	case value == "" && p.has("retry-empty-zero"):
		return "0"
	case value == "" && p.has("retry-empty-default"):
		return "3000"
	}
	return value
}

// digits returns the value, and whether it is of ASCII digits only, at least one; a
// bug makes more of it.
func (p *interpreter) digits(value string) (string, bool) {
	if !isNumber(value) {
		value = p.misread(value)
	}
	return value, isNumber(value) || p.has("retry-signed") && isSigned(value)
}

func isNumber(value string) bool { return value != "" && strings.Trim(value, digits) == "" }

func isSigned(value string) bool {
	return value != "" && strings.Contains("+-", value[:1]) && isNumber(value[1:])
}

// misread returns what a bug takes a value for that is no number: the value itself,
// or a number.
func (p *interpreter) misread(value string) string {
	switch {
	case p.has("retry-trimmed"):
		return strings.TrimSpace(value)
	case p.has("retry-prefix"):
		return value[:len(value)-len(strings.TrimLeft(value, digits))]
	case p.has("retry-signed") && isSigned(value):
		return strings.TrimPrefix(value, "+")
	case p.has("retry-fraction"):
		if f, err := strconv.ParseFloat(value, 64); err == nil && f >= 0 && f < 1<<53 {
			return strconv.FormatFloat(math.Trunc(math.Abs(f)), 'f', -1, 64)
		}
	case p.has("retry-hexadecimal"):
		if n, err := strconv.ParseUint(value, 0, 63); err == nil {
			return strconv.FormatUint(n, 10)
		}
	case p.has("retry-other-digits"):
		return strings.Map(asciiDigit, value)
	}
	return value
}

// asciiDigit returns the ASCII digit for a decimal digit of any script.
func asciiDigit(r rune) rune {
	if !unicode.IsDigit(r) {
		return r
	}
	zero := r
	for unicode.IsDigit(zero-1) && r-zero < 9 {
		zero--
	}
	return '0' + r - zero
}

// milliseconds returns the number in base ten without leading zeros: there is no
// bound to it. "" is for a bug that refuses it.
func (p *interpreter) milliseconds(value string) string {
	if n, err := strconv.ParseUint(value, 8, 63); err == nil && value[0] == '0' && p.has("retry-octal") {
		return strconv.FormatUint(n, 10)
	}
	if value[0] == '0' && strings.ContainsAny(value, "89") && p.has("retry-octal-strict") {
		return ""
	}
	for len(value) > 1 && value[0] == '0' {
		value = value[1:]
	}
	if p.has("retry-in-seconds") && value != "0" {
		return value + "000"
	}
	if value == "0" && p.has("retry-zero-ignored") {
		return ""
	}
	return p.bounded(value)
}

// bounded returns the number as it is. Bugs keep it in 31, 32 or 63 bits.
func (p *interpreter) bounded(value string) string {
	n, _ := new(big.Int).SetString(value, 10)
	if !n.IsInt64() && p.has("retry-int64-fails") || n.Cmp(big.NewInt(math.MaxInt64/1_000_000)) > 0 && p.has("retry-nanoseconds-fail") {
		p.fail()
	}
	switch {
	case n.Cmp(big.NewInt(math.MaxInt32)) >= 0 && p.has("retry-int31-ignored"):
		return ""
	case n.Cmp(big.NewInt(math.MaxInt32)) <= 0:
	case p.has("retry-int32-ignored"), p.has("retry-int64-ignored") && !n.IsInt64():
		return ""
	case p.has("retry-int32-clamped"):
		return strconv.Itoa(math.MaxInt32)
	case p.has("retry-uint32-wrapped"):
		return new(big.Int).And(n, big.NewInt(math.MaxUint32)).String()
	case p.has("retry-int64-clamped") && !n.IsInt64():
		return strconv.Itoa(math.MaxInt64)
	}
	return value
}
