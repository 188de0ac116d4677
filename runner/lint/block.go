package lint

import "bytes"

// An ending is how a block ends.
type ending int

const (
	closed  ending = iota // by an empty line
	torn                  // by the end of the stream within a line
	open                  // by the end of the stream after a line
	unknown               // the feeding stopped
)

// A block is what is known of the lines since the last empty one.
type block struct {
	line    int // the first one, 0 if there is none
	field   place
	fields  counts
	pending kept // findings so far
	data    dataFields
	text    textLines
	only    bool   // no empty line is before it
	again   *place // an event or id field that begins another block
	inner   *place // data: in the value of another field
	event   header
	id      header
}

// counts are the fields of a block that clients know.
type counts struct{ data, event, id, retry int }

func (c counts) all() int { return c.data + c.event + c.id + c.retry }

func (c *counts) add(name string) {
	switch name {
	case "data":
		c.data++
	case "event":
		c.event++
	case "id":
		c.id++
	case "retry":
		c.retry++
	}
}

// A header is the last event or id field of a block.
type header struct {
	at    place
	value string
	used  bool // data came after it
}

// dataFields are the data fields of a block.
type dataFields struct {
	jsons    int    // that are JSON by themselves
	open     bool   // the last begins JSON and does not end it
	second   *place // the second field
	framed   int    // that look like a line of a stream
	framedAt *place // the first of those
	spelled  int    // that end in letters for a line end
	letters  letters
}

// letters are the first ones, or the first certain ones, that stand for a line end.
type letters struct {
	slug    string
	at      place
	certain bool
}

// textLines are the lines of a block that are no fields at all.
type textLines struct {
	count, jsons int
	first        place
	json         bool // the first begins JSON
}

// raise adds the finding of a hint.
func (b *block) raise(slug string, at place) { b.pending.add(found(slug, at)) }

func found(slug string, at place) Finding {
	h := hintNamed(slug)
	return Finding{Offset: at.offset, Line: at.line, Column: at.column, Rule: h.Slug, Clause: h.Clause,
		Level: h.Level, Text: h.Text, Hint: h.Do, Excerpt: at.excerpt}
}

// known takes account of a field that clients know.
func (b *block) known(name string, l *line, f field) {
	b.fields.add(name)
	if slug := valueHintOn(name, f); slug != "" {
		b.raise(slug, l.at(f.from))
	}
	if slug, i := f.spelledInside(); slug != "" {
		b.data.spell(slug, l.at(f.from+i), true)
	}
	switch name {
	case "data":
		b.event.used, b.id.used = b.fields.event > 0, b.fields.id > 0
		b.data.add(l, f)
		if b.fields.data == 2 {
			b.data.second = firstOf(nil, l, 0)
		}
	case "event":
		b.head(&b.event, l, f)
	case "id":
		b.head(&b.id, l, f)
	case "retry":
		b.oneLine(l, f)
	}
}

// head takes account of an event or id field: one more after data that had one
// begins what was meant as another block.
func (b *block) head(h *header, l *line, f field) {
	at := l.at(0)
	if h.used && b.again == nil {
		b.again = &at
	}
	*h = header{at: at, value: string(f.value)}
	b.oneLine(l, f)
}

// oneLine looks for a data field in the value of another. What follows tells it
// from a part of a name, as in data:updated.
func (b *block) oneLine(l *line, f field) {
	i := bytes.Index(f.value, []byte("data:"))
	if i < 0 || b.inner != nil {
		return
	}
	rest := f.value[i+len("data:"):]
	if len(rest) > 0 && bytes.IndexByte([]byte(` {["0123456789`), rest[0]) >= 0 {
		at := l.at(f.from + i)
		b.inner = &at
	}
}

func (d *dataFields) add(l *line, f field) {
	json := isJSON(f.value, f.whole, f.ending)
	if json {
		d.jsons++
	}
	d.open = !json && len(f.value) > 0 && (f.value[0] == '{' || f.value[0] == '[')
	if framed(f.value) {
		d.framed++
		d.framedAt = firstOf(d.framedAt, l, f.from)
	}
	if slug, i, certain := f.spelledEnd(); slug != "" {
		d.spelled++
		d.spell(slug, l.at(f.from+i), certain)
	}
}

// firstOf returns at, or the place in l if there is none yet.
func firstOf(at *place, l *line, index int) *place {
	if at != nil {
		return at
	}
	here := l.at(index)
	return &here
}

func (d *dataFields) spell(slug string, at place, certain bool) {
	if d.letters.slug == "" || certain && !d.letters.certain {
		d.letters = letters{slug, at, certain}
	}
}

func (t *textLines) add(l *line) {
	t.count++
	if t.count == 1 {
		t.first = l.at(0)
		t.json = len(l.text()) > 0 && (l.text()[0] == '{' || l.text()[0] == '[')
	}
	if isJSON(l.text(), l.whole(), l.tail) {
		t.jsons++
	}
}
