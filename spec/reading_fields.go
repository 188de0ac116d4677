package spec

import (
	"bytes"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// process is the standard's "process the field" with its wrong readings.
func (r *reading) process(name string, value []byte, at int) {
	switch name {
	case "data":
		r.dataField(value, at)
	case "event":
		r.eventField(value, at)
	case "id":
		r.idField(value, at)
	case "retry":
		r.retryField(string(value), at)
	default:
		r.unknown(name, value, at)
	}
}

func (r *reading) dataField(value []byte, at int) {
	if bytes.IndexByte(value, 0) >= 0 {
		if r.errs("field-data-nul", at) {
			value = bytes.ReplaceAll(value, []byte{0}, nil)
		} else if r.errs("field-data-nul/cut", at) {
			value, _, _ = bytes.Cut(value, []byte{0})
		}
	}
	r.appendData(value, at)
}

func (r *reading) appendData(value []byte, at int) {
	if len(r.data) > 0 {
		switch {
		case r.errs("field-data-append/last", at):
			r.data = nil
		case r.errs("field-data-append/joined", at):
			r.data = r.data[:len(r.data)-1]
		case r.errs("field-data-append/space", at):
			r.data[len(r.data)-1] = ' '
		case r.errs("field-data-append/first", at):
			return
		case string(r.data) == "\n" && r.errs("field-data-append/empty-first", at):
			r.data = nil
		case len(value) == 0 && r.errs("field-data-append/empty", at):
			return
		}
	}
	if r.errs("field-data-append/ignored", at) {
		return
	}
	r.data = append(append(r.data, value...), '\n')
}

func (r *reading) eventField(value []byte, at int) {
	switch {
	case r.errs("field-event", at):
	case len(r.typ) > 0 && r.errs("field-event-last-wins", at):
	case len(value) == 0 && r.errs("field-event/empty", at):
	default:
		r.typ = bytes.Clone(value)
	}
}

func (r *reading) idField(value []byte, at int) {
	nul := bytes.IndexByte(value, 0)
	switch {
	case r.errs("field-id", at):
	case nul >= 0 && r.errs("field-id-nul", at):
		r.id = bytes.Clone(value)
	case nul >= 0 && r.errs("field-id-nul/cut", at):
		r.id = bytes.Clone(value[:nul])
	case nul >= 0 && r.errs("field-id-nul-keeps-previous", at):
		r.id = nil
	case nul >= 0:
	case len(value) == 0 && r.errs("field-id-empty", at):
	case string(r.id) != r.lastID && r.errs("field-id-last-wins", at):
	default:
		r.id = bytes.Clone(value)
	}
}

func (r *reading) retryField(value string, at int) {
	if r.errs("field-retry", at) {
		return
	}
	digits := strings.TrimLeft(value, "+- \t")
	if i := strings.IndexFunc(digits, func(c rune) bool { return c < '0' || c > '9' }); i >= 0 {
		digits = digits[:i]
	}
	switch {
	case isDigits([]byte(value)):
		if digits = r.number(Canonical(value), value, at); digits == "" {
			return
		}
	case value == "" && r.errs("field-retry-empty", at):
		digits = "0"
	case value == "" || !r.errs("field-retry-invalid", at):
		return
	}
	r.trace = append(r.trace, Step{Kind: Retry, Text: Canonical(digits), Chunk: -1})
}

// number takes the wrong readings of a valid retry; "" if it is not taken over.
func (r *reading) number(canonical, written string, at int) string {
	if octal, err := strconv.ParseUint(written, 8, 63); err == nil && written[0] == '0' && canonical != "0" && r.errs("field-retry-base-ten", at) {
		return strconv.FormatUint(octal, 10)
	}
	if canonical != "0" && len(canonical) < len("2147483648") {
		return canonical
	}
	n, _ := new(big.Int).SetString(canonical[max(0, len(canonical)-mostDigits):], 10)
	switch {
	case r.errs("field-retry-range", at):
		return ""
	case n.Cmp(big.NewInt(math.MaxInt32)) > 0 && r.errs("field-retry-range/int32", at):
		return strconv.Itoa(math.MaxInt32)
	case n.Cmp(big.NewInt(math.MaxUint32)) > 0 && r.errs("field-retry-range/uint32", at):
		return strconv.FormatUint(uint64(uint32(new(big.Int).And(n, big.NewInt(math.MaxUint32)).Uint64())), 10)
	case n.Cmp(big.NewInt(math.MaxInt64)) > 0 && r.errs("field-retry-range/int64", at):
		return strconv.Itoa(math.MaxInt64)
	}
	return canonical
}

// mostDigits bounds the digits that are looked at for a wrong reading.
const mostDigits = 100

func (r *reading) unknown(name string, value []byte, at int) {
	switch {
	case r.errs("field-unknown/data", at):
		r.appendData(append([]byte(name), value...), at)
	case r.errs("field-unknown/discards", at):
		r.data, r.typ = nil, nil
	case r.errs("field-unknown/ends", at):
		r.blank(at)
	}
}

// blank is the standard's dispatch steps with their wrong readings.
func (r *reading) blank(at int) {
	switch {
	case len(r.data) == 0 && string(r.id) != r.lastID && r.errs("dispatch-id-commit", at):
		r.id = []byte(r.lastID)
	case len(r.data) == 0 && len(r.typ) > 0 && r.errs("dispatch-empty-data-resets-type", at):
		return
	}
	before := r.lastID
	r.lastID = string(r.id)
	if r.dispatches(at) {
		r.dispatch(before, at)
	}
	if len(r.data) == 0 || !r.errs("dispatch-type-reset/data", at) {
		r.data = nil
	}
	if len(r.typ) > 0 && !r.errs("dispatch-type-reset", at) {
		r.typ = nil
	}
}

func (r *reading) dispatches(at int) bool {
	switch {
	case len(r.data) == 0:
		named := len(r.typ) > 0
		return named && r.errs("dispatch-empty-data/typed", at) ||
			(named || string(r.id) != "") && r.errs("dispatch-empty-data", at) || r.errs("dispatch-empty-data/always", at)
	case string(r.data) == "\n" && r.errs("dispatch-empty-string", at):
		return false
	case len(r.typ) > 0 && (string(r.typ) == "open" || string(r.typ) == "error") && r.errs("dispatch-type-reserved", at):
		return false
	}
	return !r.errs("line-blank", at)
}

func (r *reading) dispatch(before string, at int) {
	e := Event{string(r.typ), string(r.data), r.lastID}
	switch {
	case r.errs("dispatch-strip-lf/kept", at):
	case len(e.Data) > 1 && strings.HasSuffix(e.Data, "\n\n") && r.errs("dispatch-strip-lf/all", at):
		e.Data = strings.TrimRight(e.Data, "\n")
	default:
		e.Data = strings.TrimSuffix(e.Data, "\n")
	}
	if e.Type == "" && !r.errs("dispatch-type-default", at) {
		e.Type = DefaultType
	} else if e.Type != "" && e.Type != DefaultType && r.errs("dispatch-type-override", at) {
		e.Type = DefaultType
	}
	switch {
	case e.LastEventID == "":
	case before == e.LastEventID && r.errs("dispatch-id-sticky", at):
		e.LastEventID, r.id, r.lastID = "", nil, ""
	case r.errs("dispatch-last-event-id", at):
		e.LastEventID = before
	case r.errs("dispatch-last-event-id/none", at):
		e.LastEventID = ""
	}
	r.observe(e)
}

func (r *reading) observe(e Event) { r.trace = append(r.trace, DispatchStep(e)) }

// characters decodes a value, and takes the wrong readings of bad bytes and NUL.
func (r *reading) characters(v []byte, at int) []byte {
	if i := firstForeign(v); i >= 0 && r.errs("parse-utf8-always", at+i) {
		return latin1(v)
	}
	if i := firstInvalid(v); i >= 0 {
		return r.repair(v, at+i)
	}
	return v
}

// firstForeign returns the index of the first byte that is not ASCII, or -1.
func firstForeign(v []byte) int {
	return slices.IndexFunc(v, func(c byte) bool { return c >= utf8.RuneSelf })
}

// latin1 decodes v as a client does that believes another charset.
func latin1(v []byte) []byte {
	var b []byte
	for _, c := range v {
		b = utf8.AppendRune(b, rune(c))
	}
	return b
}

func firstInvalid(v []byte) int {
	for i := 0; i < len(v); {
		n, ok := sequence(v[i:])
		if !ok {
			return i
		}
		i += n
	}
	return -1
}

// truncated returns the length of the unfinished sequence at the end of v.
func truncated(v []byte) int {
	n := 0
	for i := 0; i < len(v); i += n {
		var ok bool
		if n, ok = sequence(v[i:]); !ok && i+n == len(v) && isLead(v[i]) {
			return n
		}
	}
	return 0
}

func isLead(c byte) bool {
	more, _, _ := lead(c)
	return more > 0
}

func (r *reading) repair(v []byte, at int) []byte {
	right := appendDecoded(nil, v)
	perByte := []byte(string([]rune(string(v))))
	perRun := bytes.ToValidUTF8(v, []byte("\uFFFD"))
	cut := len(v) - truncated(v) // where a sequence that the line end breaks off begins
	switch {
	case cut < len(v) && r.errs("parse-invalid-utf8-before-eol", at):
		return appendDecoded(nil, v[:cut])
	case r.errs("parse-invalid-utf8", at):
		return v
	case r.errs("parse-invalid-utf8/dropped", at):
		return bytes.ToValidUTF8(v, nil)
	case !bytes.Equal(perByte, right) && r.errs("parse-invalid-utf8-subparts/each-byte", at):
		return perByte
	case !bytes.Equal(perRun, right) && r.errs("parse-invalid-utf8-subparts/each-run", at):
		return perRun
	}
	return right
}
