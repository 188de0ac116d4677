package doctor

import (
	"errors"
	"fmt"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A judgement looks at all that one process wrote; nil is nothing to say.
type judgement struct {
	name, about string
	judge       func(*session) *Finding
}

func judgements() []judgement {
	return []judgement{
		{"log", "nothing but lines of the protocol is on standard output", logs},
		{"lines", "each line is JSON that the contract knows", lines},
		{"line-ends", "each line ends in LF", lineEnds},
		{"members", "no line has a member that the contract does not name", members},
		{"runs", "each line is of a run that was opened", strangers},
		{"after-end", "nothing of a run comes after its end", afterEnd},
		{"chunk", "chunk numbers lie within the chunks", chunkNumbers},
	}
}

// wording judges the lines of all processes that there were.
func (x *examination) wording() []Finding {
	var findings []Finding
	for _, j := range judgements() {
		f := ok(j.about)
		for _, s := range x.sessions {
			if g := j.judge(s); g != nil && (f.Class == OK || g.Class == Bad && f.Class == Look) {
				f = *g
			}
		}
		f.Check = j.name
		findings = append(findings, f)
	}
	return findings
}

// each returns the first finding that judge has of a line.
func (s *session) each(judge func(line) *Finding) *Finding {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, l := range s.heard.lines {
		if f := judge(l); f != nil {
			return f
		}
	}
	return nil
}

func logs(s *session) *Finding {
	greeted := false
	return s.each(func(l line) *Finding {
		greeted = greeted || l.hello != nil
		switch {
		case l.object || l.cut && s.hung:
			return nil
		case !greeted:
			f := look("a line that is no JSON is on standard output before the hello", quoted(l.text), "is it yours? Log to standard error: standard output belongs to the protocol")
			return &f
		}
		f := bad("", "a line that is no JSON is on standard output", quoted(l.text), "log to standard error: standard output belongs to the protocol").writing(`console.error(text)`)
		return &f
	})
}

// faulty reports whether l was read, and says what the contract does not know.
func faulty(l line) bool {
	_, is := errors.AsType[*target.Fault](l.said.Err)
	return is
}

func lines(s *session) *Finding {
	if err := s.flood(); err != nil {
		f := bad("", "the output has no measure: "+safe(err), s.state(), "write only what the contract asks for, once")
		return &f
	}
	return s.each(func(l line) *Finding {
		err := l.err
		if err == nil && faulty(l) {
			err = l.said.Err
		}
		switch {
		case l.cut && s.hung, err == nil && !l.cut, l.hello != nil && err != nil: // killed inside a line; fine; told by hello
			return nil
		case err == nil:
			f := bad("", "the last line has no line end", quoted(l.text), "end each line, the last one too, with LF")
			return &f
		}
		f := bad("", "a line is not what the contract knows: "+safe(err), quoted(l.text), "write one JSON object a line, in UTF-8, with the members of the contract")
		return &f
	})
}

func lineEnds(s *session) *Finding {
	return s.each(func(l line) *Finding {
		if !l.cr {
			return nil
		}
		f := bad("", "a line ends in CR LF", quoted(l.text+"\r\n"), "end each line with LF alone: write binary, or turn the translation of line ends off").writing(`sys.stdout.reconfigure(newline="\n")`)
		return &f
	})
}

func members(s *session) *Finding {
	return s.each(func(l line) *Finding {
		if l.unknown == "" {
			return nil
		}
		f := bad("", "a member is not in the contract: "+quoted(l.unknown), quoted(l.text), "leave the member out; what a person should read goes to standard error, or into message")
		return &f
	})
}

func strangers(s *session) *Finding {
	return s.each(func(l line) *Finding {
		if !l.says() {
			return nil
		}
		if _, opened := s.heard.chunks[l.said.Run]; opened {
			return nil
		}
		f := bad("", "a line is of a run that nobody opened: "+quoted(l.said.Run), quoted(l.text), "write the run of the line that opened it, as the same string")
		return &f
	})
}

// says reports whether l is a line of a run that could be read.
func (l line) says() bool { return l.object && l.hello == nil && l.err == nil }

func chunkNumbers(s *session) *Finding {
	return s.each(func(l line) *Finding {
		if !l.says() || l.said.Step.Kind == "" || s.parses == 0 || l.said.Step.Chunk <= s.heard.chunks[l.said.Run] {
			return nil
		}
		f := bad("", fmt.Sprintf("chunk %d in a run of %d chunks", l.said.Step.Chunk, s.heard.chunks[l.said.Run]), quoted(l.text),
			"count the chunks from 0; the number of chunks means the end of the stream")
		return &f
	})
}

// afterEnd looks for what comes after an end that answered no close, and for
// an end too many. A step after an end that answered a close is the
// implementation's: close cases look for it.
func afterEnd(s *session) *Finding {
	over := map[string]*ending{}
	n := -1
	return s.each(func(l line) *Finding {
		n++
		if !l.says() {
			return nil
		}
		e := over[l.said.Run]
		if e == nil {
			e = &ending{closed: -1, over: s.heard.over[l.said.Run]}
			if at, closed := s.heard.closed[l.said.Run]; closed {
				e.closed = at
			}
			over[l.said.Run] = e
		}
		return e.take(n, l)
	})
}

// An ending is what is known of the end of one run.
type ending struct {
	closed int  // how many lines had come when its close was sent, -1: none was
	over   bool // it may be over without a close
	ends   int
	own    bool // its first end answered no close
}

// take judges line n, which is of this run.
func (e *ending) take(n int, l line) *Finding {
	closing := e.closed >= 0 && n >= e.closed
	switch {
	case l.said.End && e.ends == 0:
		e.ends, e.own = 1, !closing
	case l.said.End && e.ends == 1 && closing && (e.own || e.over):
		e.ends = 2 // the close came after the run's own end, or crossed it
	case l.said.End:
		f := bad("", "a run ends twice", quoted(l.text), "write the line end once: after a parse or a fail, and once in answer to each close")
		return &f
	case e.own && e.ends > 0:
		f := bad("", "a step came after an end that answered no close", quoted(l.text), "write the line end last: when the library is through with the run, or when a close is answered")
		return &f
	}
	e.over = e.over || l.said.Step.Kind == spec.Fail
	return nil
}
