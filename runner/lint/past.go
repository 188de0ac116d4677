package lint

import (
	"bytes"
	"cmp"
	"slices"
)

// past is what matters of the blocks before.
type past struct {
	document *Finding // explains whatever else is no field
	size     *place   // a line that may be the size of a chunk
	sizes    bool     // sizes of chunks were seen
	typed    *typed
	ids      bool // some event had an id in its block
	bare     bool // the block before had data and no id
}

// typed is the block before, which had an event field and no data.
type typed struct {
	at   place
	lost []Finding
}

// open begins a document that is no event stream.
func (p *past) open(f Finding) {
	if p.document == nil {
		p.document = &f
	}
}

// close returns all findings in the order of the stream.
func (p *past) close(all kept) []Finding {
	if p.document != nil {
		all.add(*p.document)
	}
	if p.typed != nil {
		for _, f := range p.typed.lost {
			all.add(f)
		}
	}
	slices.SortStableFunc(all.findings, func(a, b Finding) int { return cmp.Compare(a.Offset, b.Offset) })
	return all.findings
}

// A signature is how something begins that is no event stream.
type signature struct {
	slug   string
	starts []string
}

var signatures = []signature{ // never written to
	{"gzip-bytes", []string{"\x1f\x8b", "\x28\xb5\x2f\xfd"}},
	{"utf-16", []string{"\xff\xfe", "\xfe\xff", "d\x00a\x00", "e\x00v\x00", "i\x00d\x00", "\x00d\x00a", "\x00e\x00v"}},
}

// isDocument reports whether the hint explains the stream as a whole.
func isDocument(slug string) bool {
	return slug == "html-page" || slices.ContainsFunc(signatures, func(s signature) bool { return s.slug == slug })
}

// document returns the slug of what the stream is in place of one, by its first
// bytes.
func (l *Linter) document() string {
	if l.line.offset != l.skipped {
		return ""
	}
	for _, s := range signatures {
		if slices.ContainsFunc(s.starts, func(start string) bool { return bytes.HasPrefix(l.line.head, []byte(start)) }) {
			return s.slug
		}
	}
	return ""
}

// takeText takes account of a line that is no field at all, and may be the size
// of a chunk.
func (l *Linter) takeText() {
	if hexOnly.Match(l.line.text()) && l.line.whole() {
		at := l.line.at(0)
		l.past.size = &at
		if l.past.sizes {
			l.block.raise("chunk-sizes", at)
			return
		}
	}
	l.block.text.add(&l.line)
}

// chunkSize raises the hint on a size of a chunk before the field that is read.
func (l *Linter) chunkSize() {
	if l.past.size != nil && l.crlf && !l.past.sizes {
		l.past.sizes = true
		l.block.raise("chunk-sizes", *l.past.size)
	}
}

// endBlock is an empty line.
func (l *Linter) endBlock() {
	if l.block.fields.data > 0 {
		l.events++
	}
	l.settleLine(false)
	l.leave(closed)
	l.block = block{}
}

// leave settles the findings of the block.
func (l *Linter) leave(how ending) {
	end := place{l.line.offset + l.line.size, l.line.number, int(l.line.size) + 1, l.line.excerpt(l.line.size)}
	findings := l.absorb(l.block.resolve(how, end))
	if l.block.fields.all() == 0 {
		l.keep(findings)
		return
	}
	l.afterEvent()
	l.afterData(how)
	l.keep(l.mayBeApart(findings, how))
}

func (l *Linter) keep(findings []Finding) {
	for _, f := range findings {
		l.all.add(f)
	}
}

// absorb folds into the document what it explains, if the stream is one.
func (l *Linter) absorb(findings []Finding) (rest []Finding) {
	d := l.past.document
	for _, f := range findings {
		if d != nil && (l.block.fields.all() == 0 || explains(d.Rule, f.Rule)) {
			d.fold(f)
		} else {
			rest = append(rest, f)
		}
	}
	return rest
}

// afterEvent settles the block before, whose event field had no data: it stands
// apart if this one has data and no event.
func (l *Linter) afterEvent() {
	before := l.past.typed
	l.past.typed = nil
	if before == nil {
		return
	}
	if l.block.fields.data == 0 || l.block.fields.event > 0 {
		l.keep(before.lost)
		return
	}
	f := found("event-apart", before.at)
	for _, lost := range before.lost {
		f.fold(lost)
	}
	l.all.add(f)
}

// afterData looks for an id in a block of its own after data without one, where
// no event has its id in its block.
func (l *Linter) afterData(how ending) {
	c := l.block.fields
	if l.past.bare && !l.past.ids && c.id > 0 && c.id == c.all() && l.block.id.value != "" && how != unknown {
		l.all.add(found("id-apart", l.block.id.at))
	}
	l.past.bare = c.data > 0 && c.id == 0
	l.past.ids = l.past.ids || c.data > 0 && c.id > 0
}

// heartbeats are event types that are sent without data on purpose.
var heartbeats = []string{"ping", "heartbeat", "keepalive", "keep-alive", "hb"} // never written to

// mayBeApart keeps back that the block has an event field and no data, until
// the next block is known.
func (l *Linter) mayBeApart(findings []Finding, how ending) (rest []Finding) {
	c := l.block.fields
	if c.event == 0 || c.data > 0 || how != closed || slices.Contains(heartbeats, l.block.event.value) {
		return findings
	}
	lost := []Finding{}
	for _, f := range findings {
		if f.Rule == "dispatch-empty-data" {
			lost = append(lost, f)
		} else {
			rest = append(rest, f)
		}
	}
	if len(lost) > 0 {
		l.past.typed = &typed{l.block.event.at, lost}
	}
	return rest
}
