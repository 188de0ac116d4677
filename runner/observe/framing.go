package observe

import (
	"github.com/ssespec/ssespec/runner/lint"
	"github.com/ssespec/ssespec/runner/probe"
)

// What stands in the bytes is the linter's to say; here it is only put down to a case.
const (
	utf8Case     = "serving/framing/utf-8"
	finalCase    = "serving/framing/final-blank-line"
	documentCase = "serving/framing/document"
	fieldsCase   = "serving/framing/fields"
	blankCase    = "serving/framing/blank-lines"
	dataCase     = "serving/framing/data"
	valuesCase   = "serving/framing/values"
	bomCase      = "serving/framing/bom"
	idCase       = "serving/ids/valid"
	retryCase    = "serving/retry/valid"
	rangeCase    = "serving/retry/range"
)

// caseOfRule is where a finding that breaks no grammar belongs. Rules that are
// not here are about fields.
var caseOfRule = map[string]string{ // never written to
	"gzip-bytes": documentCase, "utf-16": documentCase, "html-page": documentCase, "error-message": documentCase,
	"json-document": documentCase, "json-lines": documentCase, "quoted-stream": documentCase,
	"literal-crlf": blankCase, "literal-newline": blankCase, "letters-nn": blankCase, "one-newline": blankCase,
	"no-empty-line": blankCase, "broken-off": blankCase,
	"event-on-one-line": dataCase, "event-apart": dataCase, "id-apart": dataCase, "dispatch-empty-data": dataCase,
	"double-data": valuesCase, "python-bytes": valuesCase, "object-text": valuesCase, "python-dict": valuesCase,
	"html-escaped": valuesCase, "json-twice": valuesCase, "undefined-value": valuesCase, "handler-name": valuesCase,
	"quoted-type": valuesCase, "space-in-type": valuesCase,
	"parse-bom-double": bomCase, "parse-bom-midstream": bomCase,
	"field-id-nul":        idCase,
	"field-retry-invalid": retryCase, "field-retry-empty": retryCase,
	"retry-in-seconds": rangeCase,
}

// CaseOf returns the case that a finding belongs to. An error breaks the clause
// that the standard demands, whatever mistake explains it.
func CaseOf(f lint.Finding) string {
	switch {
	case f.Level == lint.Error && f.Clause == "format-utf8":
		return utf8Case
	case f.Level == lint.Error:
		return finalCase
	}
	if id, ok := caseOfRule[f.Rule]; ok {
		return id
	}
	return fieldsCase
}

// inBytes returns a check that shows the findings of the linter for its case.
func inBytes(id string) Check {
	return Check{id, []Role{Stream}, false, func(o *Observation) Judgement { return found(o, id) }}
}

func found(o *Observation, id string) Judgement {
	var j Judgement
	for _, f := range o.report.Findings {
		if CaseOf(f) == id {
			j.Findings = append(j.Findings, f)
		}
	}
	return j
}

func framingChecks() []Check {
	return []Check{
		inBytes(documentCase), inBytes(utf8Case), {blankCase, []Role{Stream}, false, blankLines}, {finalCase, []Role{Stream}, false, final},
		inBytes(fieldsCase), inBytes(dataCase), inBytes(valuesCase), inBytes(bomCase),
	}
}

// blankLines shows what the bytes say, or that lines come one by one and no blank
// line ever: what was cut off by us says nothing, but pauses do.
func blankLines(o *Observation) Judgement {
	j := found(o, blankCase)
	if len(j.Findings) > 0 {
		return j
	}
	f := at(field{line: 1}, "no-empty-line", "lines come one after the other, and never a blank one: nothing is ever dispatched",
		"end each event with two line ends: one for its last line, one for the empty line that dispatches it")
	f.Level, f.Clause = lint.Warning, "line-blank"
	return o.decide(o.neverClosed(), Judgement{Findings: []lint.Finding{f}}, j)
}

// neverClosed says whether the stream is one block that goes on, line by line,
// with pauses between.
func (o *Observation) neverClosed() truth {
	for b := range blocks(o.Exchanges[Stream]) {
		if b.done || !b.data {
			return no
		}
	}
	long, possible, between := 0, 0, yes
	for _, g := range o.gaps() {
		switch end := g.before > 0 && (o.body[g.before-1] == '\n' || o.body[g.before-1] == '\r'); {
		case !end:
			between = min(between, g.long.not())
		case g.long == yes:
			long++
		}
		possible++
	}
	if long < 2 {
		between = min(between, maybe)
	}
	return min(between, truthOf(possible >= 2))
}

// final judges the end of a stream that the server has ended.
func final(o *Observation) Judgement {
	if e := o.Exchanges[Stream]; e.End != probe.Closed {
		return outcome("the stream had not ended when we left")
	}
	return found(o, finalCase)
}

func valueChecks() []Check {
	return []Check{
		inBytes(idCase),
		{"serving/ids/unique", []Role{Stream}, false, unique},
		{"serving/ids/not-empty", []Role{Stream}, false, notEmpty},
		{"serving/ids/header-safe", []Role{Stream}, false, headerSafe},
		inBytes(retryCase),
		{rangeCase, []Role{Stream}, false, retryRange},
	}
}
