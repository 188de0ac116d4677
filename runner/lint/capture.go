package lint

import "bytes"

// mostBefore is how long a preface, or a line that may be a note, can be.
const mostBefore = 64 << 10

// A Capture is a Linter for a stream as curl writes it down: bare, behind the
// heads of responses (curl -i, also those of HTTP/2, of redirects and interim
// responses), or between the notes of curl -v, when both its outputs went into
// one file. The heads are judged too. Lines and offsets are those of what is
// fed. What is no capture is a stream from its first byte. The zero value is
// ready.
type Capture struct {
	linter  Linter
	preface preface
	stage   stage
	held    []byte // the preface, or between notes a line
	read    int    // bytes of the preface that were looked at
	lines   int    // of the preface
	long    bool   // the line is longer than a note
	skipped skipped
}

// A stage is what the next bytes are.
type stage int

const (
	before  stage = iota // a preface, or no capture at all
	between              // a stream with notes in it
	bare                 // a stream
)

// skipped is what is no part of the stream, until more of the stream comes.
type skipped struct {
	bytes int64
	lines int
}

func (s *skipped) add(b []byte) {
	s.bytes += int64(len(b))
	s.lines += bytes.Count(b, []byte("\n"))
}

// Feed reads the next bytes of the capture.
func (c *Capture) Feed(chunk []byte) {
	for len(chunk) > 0 {
		if c.stage == bare {
			c.pass(chunk)
			return
		}
		end := bytes.IndexByte(chunk, '\n') + 1
		if end == 0 {
			end = len(chunk)
		}
		c.held = append(c.held, chunk[:end]...)
		chunk = chunk[end:]
		c.takeHeld(c.held[len(c.held)-1] == '\n')
	}
}

// End is the end of the capture and of the stream in it.
func (c *Capture) End() Report {
	c.finish()
	r := c.linter.End()
	*c = Capture{}
	return r
}

// Cut is the end of the feeding where the capture may go on: see [Linter.Cut].
func (c *Capture) Cut() Report {
	c.finish()
	r := c.linter.Cut()
	*c = Capture{}
	return r
}

// finish is the end of what is held.
func (c *Capture) finish() {
	if c.stage == before && len(c.held) > c.read {
		c.takeBefore()
	}
	if c.stage == before && c.preface.head == nil {
		c.becomes(bare)
	} else if c.stage == before {
		c.begin(between)
	}
	if c.stage == between && len(c.held) > 0 {
		c.takeBetween(false)
	}
}

// takeHeld takes the last line of what is held, if it is whole.
func (c *Capture) takeHeld(whole bool) {
	tooLong := len(c.held) > mostBefore
	switch {
	case c.stage == between && (whole || tooLong):
		c.takeBetween(tooLong && !whole)
	case c.stage == before && tooLong && c.preface.ended:
		c.begin(c.behind())
	case c.stage == before && tooLong:
		c.becomes(bare)
	case c.stage == before && whole:
		c.takeBefore()
	}
}

// takeBefore takes a line of the preface.
func (c *Capture) takeBefore() {
	line := c.held[c.read:]
	c.lines++
	switch c.preface.take(string(bytes.TrimSuffix(line, []byte("\n"))), int64(c.read), c.lines) {
	case goesOn:
		c.read = len(c.held)
	case isOver:
		c.read = len(c.held)
		c.begin(bare)
	case isBody:
		c.begin(c.behind())
	case nothing:
		c.becomes(bare)
	}
}

// behind is the stage behind the preface.
func (c *Capture) behind() stage {
	if c.preface.verbose {
		return between
	}
	return bare
}

// becomes decides that what is held belongs to a bare stream.
func (c *Capture) becomes(s stage) {
	c.stage = s
	c.linter.Feed(c.held)
	c.held = nil
}

// begin is the begin of the stream behind the preface.
func (c *Capture) begin(s stage) {
	c.stage = s
	rest := c.held[c.read:]
	c.linter.Judge(*c.preface.head)
	c.skipped.add(c.held[:c.read])
	c.held, c.read = nil, 0
	if s == between {
		c.held = append(c.held, rest...)
		if len(rest) > 0 {
			c.takeHeld(rest[len(rest)-1] == '\n')
		}
		return
	}
	c.pass(rest)
}

// takeBetween takes a line of the stream, or the begin of a long one, unless it
// is a note of curl's.
func (c *Capture) takeBetween(unfinished bool) {
	line := c.held
	c.held = c.held[:0]
	if c.long || unfinished {
		c.long = unfinished
		c.pass(line)
		return
	}
	kept := ofStream(line)
	c.pass(kept)
	c.skipped.add(line[len(kept):])
}

// ofStream returns the part of a line that is the stream's. Behind a last line
// without a line end a note stands on the same one.
func ofStream(line []byte) []byte {
	text := bytes.TrimSuffix(line, []byte("\n"))
	end := noteAfterEnd.FindIndex(text)[0]
	if row := progressRow.FindIndex(text[:end]); row != nil {
		end = row[0]
	}
	switch {
	case note.Match(bytes.TrimSuffix(text, []byte("\r"))), bytes.HasPrefix(text, []byte("< ")):
		return nil
	case end < len(text):
		return text[:end]
	}
	return line
}

// pass feeds bytes of the stream.
func (c *Capture) pass(b []byte) {
	if len(b) == 0 {
		return
	}
	c.linter.Skip(c.skipped.bytes, c.skipped.lines)
	c.skipped = skipped{}
	c.linter.Feed(b)
}
