package lint

import "slices"

// A blockHint is a hint that needs a whole block: the place where it is to be
// raised, nil if it is not. The end of the stream is at the place end.
type blockHint struct {
	slug  string
	where func(b *block, how ending, end place) *place
}

// blockHints is the table of all: the first of each group that fits is taken.
var blockHints = [][]blockHint{ // never written to
	{
		{"json-lines", func(b *block, _ ending, _ place) *place {
			return b.textIf(b.fields.all() == 0 && b.text.jsons > 1 && b.text.jsons == b.text.count)
		}},
		{"json-document", func(b *block, how ending, _ place) *place {
			return b.textIf(b.fields.all() == 0 && b.only && b.text.json && how.atEnd())
		}},
		{"text-without-data", func(b *block, how ending, _ place) *place {
			return b.textIf(b.fields.data == 0 && how != unknown)
		}},
		{"json-over-lines", func(b *block, _ ending, _ place) *place { return b.textIf(b.data.open) }},
		{"lines-without-data", func(b *block, _ ending, _ place) *place { return b.textIf(b.fields.data > 0) }},
	},
	{
		{"literal-crlf", func(b *block, how ending, _ place) *place { return b.spelled("literal-crlf", how) }},
		{"literal-newline", func(b *block, how ending, _ place) *place { return b.spelled("literal-newline", how) }},
		{"letters-nn", func(b *block, how ending, _ place) *place { return b.spelled("letters-nn", how) }},
		{"one-newline", func(b *block, _ ending, _ place) *place { return b.runsOn() }},
		{"no-empty-line", func(b *block, how ending, end place) *place {
			return placeIf(b.only && b.fields.all() > 0 && how.atEnd(), &end)
		}},
		{"broken-off", func(b *block, how ending, end place) *place {
			return placeIf(b.fields.all() > 0 && how == torn, &end)
		}},
	},
	{
		{"event-on-one-line", func(b *block, how ending, _ place) *place {
			return placeIf(b.fields.data == 0 && b.data.letters.slug == "" && how != unknown, b.inner)
		}},
	},
	{
		{"double-data", func(b *block, _ ending, _ place) *place {
			return placeIf(b.data.framed == b.fields.data, b.data.framedAt)
		}},
	},
}

func (e ending) atEnd() bool { return e == torn || e == open }

func placeIf(condition bool, at *place) *place {
	if !condition {
		return nil
	}
	return at
}

func (b *block) textIf(condition bool) *place {
	return placeIf(condition && b.text.count > 0, &b.text.first)
}

// spelled returns where letters stand for a line end: certainly, or because the
// lines run on where they stand. Behind one line of a block that is closed they
// may be the escapes of an application.
func (b *block) spelled(slug string, how ending) *place {
	all := b.data.spelled == b.fields.data
	runOn := all && (b.fields.data > 1 || b.fields.data == 1 && how.atEnd() && slug != "letters-nn")
	return placeIf(b.data.letters.slug == slug && (b.data.letters.certain || runOn), &b.data.letters.at)
}

// runsOn returns where another block begins that no empty line parts from the
// one before.
func (b *block) runsOn() *place {
	if b.again != nil {
		return b.again
	}
	return placeIf(b.data.jsons == b.fields.data, b.data.second)
}

// resolve raises the hints on the whole block and returns its findings, without
// those that follow from another.
func (b *block) resolve(how ending, end place) []Finding {
	for _, group := range blockHints {
		for _, h := range group {
			if at := h.where(b, how, end); at != nil {
				b.raise(h.slug, *at)
				break
			}
		}
	}
	return folded(b.pending.findings)
}

// folded returns the findings but those that follow from another.
func folded(all []Finding) (rest []Finding) {
	gone := make([]bool, len(all))
	for i := range all {
		for j := range all {
			if !gone[i] && !gone[j] && explains(all[i].Rule, all[j].Rule) {
				all[i].fold(all[j])
				gone[j] = true
			}
		}
	}
	for i, f := range all {
		if !gone[i] {
			rest = append(rest, f)
		}
	}
	return rest
}

// spoilNames are the clauses by which a name is none of the four.
var spoilNames = []string{ // never written to
	"field-name-literal", "field-name-no-trim", "field-name-nul", "parse-bom-double", "parse-bom-midstream"}

// explains reports whether a finding of rule follows from one of cause.
func explains(cause, rule string) bool {
	if h := hintNamed(cause); h != nil {
		return slices.Contains(h.explains, rule)
	}
	return rule == "dispatch-empty-data" && slices.Contains(spoilNames, cause)
}
