package reference

import (
	"bytes"

	"github.com/ssespec/ssespec/spec"
)

// A Stream is one event stream under interpretation: bytes become text, text
// becomes lines, lines become events.
type Stream struct {
	bugs
	memory   *memory
	decoder  *decoder
	lines    *splitter
	block    *interpreter
	observe  func(spec.Step)
	chunk    int
	over     bool       // a bug has given the stream up
	deaf     bool       // a bug hears nothing more of the stream
	withheld spec.Trace // what a bug shows later than it should
	shown    int        // events shown during this chunk
}

func newStream(b bugs, m *memory, observe func(spec.Step)) *Stream {
	s := &Stream{bugs: b, memory: m, observe: observe}
	s.begin()
	return s
}

// begin makes every buffer empty, but for the last event ID.
func (s *Stream) begin() {
	s.decoder, s.deaf = &decoder{bugs: s.bugs}, false
	s.lines = newSplitter(s.bugs)
	s.block = &interpreter{bugs: s.bugs, memory: s.memory, id: s.memory.lastEventID, show: s.show, fail: s.fail, end: func() { s.over = true }}
}

// Feed interprets the next chunk. What is unfinished waits for the one after:
// a character, a line, a block.
func (s *Stream) Feed(chunk []byte) {
	s.beginChunk(chunk)
	s.read(s.decoder.decode(chunk))
	switch {
	case s.decoder.failed && s.has("invalid-ends"):
		s.deaf = true
	case s.decoder.failed:
		s.fail()
	}
	s.endChunk()
	s.chunk++
}

// read interprets text.
func (s *Stream) read(text []byte) {
	for _, c := range text {
		if s.decoder.marked {
			s.lines.glued = isLineEnd(c) && s.has("bom-hides-line-end")
			s.decoder.marked = false
		}
		if s.has("cr-held") || s.has("cr-at-end-lost") || s.has("last-event-lost") {
			s.release()
		}
		if c != '\n' && s.lines.settles() {
			s.block.take(nil)
		}
		line, ended := s.lines.next(c)
		if len(s.lines.line) >= lineLimit && s.has("line-limit-fails") {
			s.fail()
		}
		if ended {
			s.block.cut, s.lines.cut = s.lines.cut, 0
			s.block.take(line)
		}
	}
}

// End is the end of the stream: what is unfinished has no effect.
func (s *Stream) End() {
	s.endWrongly()
	if s.has("cr-at-end-lost") || s.has("last-event-lost") {
		s.withheld = nil
	}
	s.release()
}

// endWrongly completes what is unfinished.
func (s *Stream) endWrongly() {
	unfinished := len(s.lines.line) > 0 || len(s.block.data) > 0
	broken := len(s.decoder.begun) > 0
	if s.has("end-dispatches") {
		s.read(s.decoder.end())
	}
	if s.has("end-takes-line") {
		s.takeRest()
	}
	if len(s.lines.line) > 0 && !bytes.Contains(s.lines.line, []byte(":")) && s.has("end-takes-name") {
		s.completeChunk()
	}
	if s.has("end-is-event") {
		s.show(spec.DispatchStep(spec.Event{Type: spec.DefaultType, LastEventID: s.memory.lastEventID}))
	}
	if broken && (s.has("invalid-at-end-fails") || s.has("invalid-fails")) {
		s.fail()
	}
	if s.has("end-dispatches-lines") {
		s.block.blank()
	}
	if s.has("end-dispatches") {
		s.completeChunk()
	}
	if s.has("end-fails") && unfinished || s.has("blank-rest-fails") && s.lines.restIsBlank() {
		s.fail()
	}
}

// fail gives the stream up. The standard knows no bad stream: only bugs do.
func (s *Stream) fail() { s.show(spec.Step{Kind: spec.Fail}) }

// show shows a step, or, where a bug says so, not now or not at all.
func (s *Stream) show(step spec.Step) {
	step.Chunk = s.chunk
	switch {
	case s.over, s.deaf:
	case step.Kind == spec.Fail:
		s.release()
		s.over = true
		s.observe(step)
	case s.late(step.Kind):
		s.withheld = append(s.withheld, step)
	case step.Kind == spec.Dispatch && s.shown > 0 && s.has("event-per-chunk"):
	default:
		s.observe(step)
		if step.Kind == spec.Dispatch {
			s.shown++
		}
	}
}

// release shows what was withheld.
func (s *Stream) release() {
	for _, step := range s.withheld {
		step.Chunk = s.chunk
		s.observe(step)
	}
	s.withheld = nil
}
