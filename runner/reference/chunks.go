package reference

import (
	"bytes"
	"slices"

	"github.com/ssespec/ssespec/spec"
)

// The standard knows no chunks. What this file does goes wrong because of them;
// without bugs it does nothing.

// beginChunk comes before each chunk.
func (s *Stream) beginChunk(chunk []byte) {
	empty := len(chunk) == 0
	s.lines.cut, s.shown = len(s.lines.line), 0
	if s.chunk > 0 {
		s.lines.ends = 0
	}
	if !empty && s.has("events-one-chunk-late") {
		s.release()
	}
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
	if s.lines.settles() {
		s.block.take(nil)
	}
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

// late reports whether a step is withheld.
func (s *Stream) late(k spec.Kind) bool {
	return s.has("events-reversed") || s.has("events-at-end") || s.has("events-one-chunk-late") || k == spec.Dispatch && s.has("last-event-lost") ||
		s.lines.afterCR && (s.has("cr-held") || s.has("cr-at-end-lost"))
}

// takeRest takes what is there of a line for the whole of it.
func (s *Stream) takeRest() {
	if len(s.lines.line) > 0 {
		line, _ := s.lines.end('\n')
		s.block.take(line)
	}
}

// completeChunk takes what is there of a block for the whole of it.
func (s *Stream) completeChunk() {
	s.takeRest()
	s.block.blank()
}
