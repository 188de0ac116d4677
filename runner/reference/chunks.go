package reference

import (
	"bytes"
	"slices"
)

// The standard knows no chunks. What this file does goes wrong because of them;
// without bugs it does nothing.

// beginChunk comes before each chunk.
func (s *Stream) beginChunk(chunk []byte) {
	s.lines.cut, s.lines.ends = len(s.lines.line), 0
	empty := len(chunk) == 0
	if s.has("chunk-apart") {
		s.begin()
	}
	if s.has("crlf-cut") || empty && s.has("crlf-empty-chunk") {
		s.lines.afterCR = false
	}
	if s.has("line-rest-lost") || s.has("comment-cut") && bytes.HasPrefix(s.lines.line, []byte(":")) {
		s.lines.line = nil
	}
	if s.has("bom-first-chunk") && s.chunk > 0 || empty && s.has("bom-empty-chunk") {
		s.decoder.started = true
	}
	if empty && s.has("empty-chunk-ends") {
		s.over = true
	}
}

// endChunk comes after each chunk.
func (s *Stream) endChunk() {
	if s.has("line-per-chunk") && len(s.lines.line) > 0 {
		s.takeRest()
	}
	if s.has("chunk-is-event") {
		s.completeChunk()
	}
	if s.has("events-reversed") {
		slices.Reverse(s.withheld)
		s.release()
	}
}

// late reports whether events are withheld.
func (s *Stream) late() bool { return s.has("events-reversed") || s.has("events-at-end") }

// takeRest takes what is there of a line for the whole of it.
func (s *Stream) takeRest() {
	if len(s.lines.line) > 0 {
		s.block.take(s.lines.end())
	}
}

// completeChunk takes what is there of a block for the whole of it.
func (s *Stream) completeChunk() {
	s.takeRest()
	s.block.blank()
}
