package lint

import (
	"regexp"
	"strconv"
	"strings"
)

// What curl says of itself when standard error is in the same file: notes, what
// it sent, and the rows of its progress meter.
var (
	statusLine   = regexp.MustCompile(`^HTTP/\d(?:\.\d)? (\d{3})(?: .*)?$`)
	headerLine   = regexp.MustCompile("^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$")
	note         = regexp.MustCompile(`^(\* .*|\*|> .*|>|[{}] \[\d+ bytes data\]|curl: \(\d+\) .*| +% Total .*| +Dload .*)$`)
	progressRow  = regexp.MustCompile(`\r *\d+(?: +[\d.]+[kMGTP]?){7}(?: +[-\d:dhm]+){3} +[\d.]+[kMGTP]?`)
	noteAfterEnd = regexp.MustCompile(`(?:\* Connection #\d+ to host \S+ left intact)?$`)
)

// A preface is what stands before a stream in a capture: heads of responses,
// and with curl -v its notes. The zero value is at its begin.
type preface struct {
	verbose bool
	head    *Head // the last one
	ended   bool  // by its empty line
	plain   bool  // not marked by "< "
}

// An outcome is what a line means for the preface.
type outcome int

const (
	goesOn  outcome = iota
	isBody          // the line is the first of the stream
	isOver          // the stream begins behind the line
	nothing         // there is no preface
)

// take reads a line without its line end.
func (p *preface) take(raw string, offset int64, number int) outcome {
	text := strings.TrimSuffix(progressRow.ReplaceAllString(raw, ""), "\r")
	at := headLine{offset, number, strings.TrimSuffix(raw, "\r")}
	marked, isMarked := strings.CutPrefix(text+" ", "< ")
	switch {
	case isMarked:
		p.verbose = true
		return p.headLine(strings.TrimSuffix(marked, " "), at, false)
	case note.MatchString(text), text == "" && raw != "" && raw != "\r":
		p.verbose = true
		return goesOn
	case statusLine.MatchString(text) && p.mayBegin(), p.plain && !p.ended:
		return p.headLine(text, at, true)
	case p.ended:
		return isBody
	}
	return nothing
}

// mayBegin reports whether a plain head may begin here: the first, one behind a
// head that is not the last, or the one that curl -i writes and -v has shown.
func (p *preface) mayBegin() bool {
	return p.head == nil || p.ended && (!p.plain || !p.head.last())
}

// last reports whether no other head follows: not behind an interim response, a
// redirect, a demand for credentials, or what a proxy says to CONNECT.
func (h Head) last() bool {
	types, _ := h.values("Content-Type")
	return h.Status >= 200 && h.Status/100 != 3 && h.Status != 401 && h.Status != 407 && (h.Status != 200 || len(types) > 0)
}

func (p *preface) headLine(text string, at headLine, plain bool) outcome {
	text = strings.TrimRight(text, "\r")
	status := statusLine.FindStringSubmatch(text)
	header := headerLine.FindStringSubmatch(text)
	switch {
	case status != nil:
		code, _ := strconv.Atoi(status[1]) // three digits
		p.head, p.ended, p.plain = &Head{Status: code, line: at}, false, plain
	case p.head == nil:
		return nothing
	case text == "":
		p.ended = true
		if p.plain && !p.verbose && p.head.last() {
			return isOver
		}
	case header != nil:
		p.head.Fields = append(p.head.Fields, HeaderField{header[1], header[2], at})
	default:
		return nothing
	}
	return goesOn
}
