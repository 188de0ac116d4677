package stdio

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/ssespec/ssespec/runner/target"
)

// errLong ends the reading of a child whose line passes the limit.
var errLong = errors.New("line too long")

// read interprets standard output until the child breaks down.
func (c *child) read() {
	defer close(c.done)
	defer c.finish()
	in := &lines{in: bufio.NewReaderSize(c.stdout, 64<<10), limit: c.limits.Line}
	if c.greet(in) {
		c.converse(in)
	}
}

// greet waits for the hello. Lines before it are standard error.
func (c *child) greet(in *lines) bool {
	limit := c.p.startTimeout()
	timer := time.AfterFunc(limit, func() {
		c.breakDown(target.Hung, fmt.Sprintf("no hello within %v: %s (or allow more time: --start-timeout)", limit, wantHello))
	})
	for !closed(c.dead) {
		text, err := in.next()
		switch {
		case err != nil:
			c.keep(text)
			c.stop(err, text)
		case len(text) > 0 && text[0] == '{':
			return c.accept(text, timer)
		default:
			c.keep(append(text, '\n'))
		}
	}
	timer.Stop()
	return false
}

// accept takes the hello, unless the time limit was first.
func (c *child) accept(text []byte, timer *time.Timer) bool {
	inTime := timer.Stop()
	h, err := c.words.readHello(text)
	if err == nil {
		err = c.p.admit(h)
	}
	if err != nil {
		c.breakDown(target.Garbage, err.Error())
	}
	if err != nil {
		return false
	}
	if !inTime {
		<-c.dead // the timer's words are being written
		return false
	}
	c.hello = h
	close(c.ready)
	return true
}

// converse interprets the lines after the hello.
func (c *child) converse(in *lines) {
	for !closed(c.dead) {
		text, err := in.next()
		if err == nil || errors.Is(err, io.EOF) && jsontext.Value(text).IsValid() {
			c.heed(text)
		}
		if err != nil {
			c.stop(err, text)
		}
	}
}

// stop says why there are no more lines. What came after the last line end of
// a process that died counts as nothing.
func (c *child) stop(err error, text []byte) {
	if closed(c.dead) {
		return
	}
	if errors.Is(err, errLong) {
		c.breakDown(target.Garbage, fmt.Sprintf("a line of more than %d bytes: %q", c.limits.Line, string(text[:min(len(text), shown)])))
		return
	}
	detail := c.exit()
	if !closed(c.ready) {
		detail += " before the hello; " + wantHello + "; its standard error may say why it did not come"
	}
	c.breakDown(target.Crashed, detail)
}

// heed hands one line to its run.
func (c *child) heed(text []byte) {
	c.heard.Add(1)
	rep, err := c.words.read(text)
	if err != nil {
		c.breakDown(target.Garbage, err.Error())
		return
	}
	r := c.run(rep.run)
	if !r.count(len(text), c.limits) {
		c.breakDown(target.Garbage, fmt.Sprintf("flood: run %q: more than %d lines or %d bytes", excerpt(rep.run, shown), c.limits.Steps, c.limits.Bytes))
		return
	}
	rep.step.At = time.Since(r.start)
	_, unimplemented := errors.AsType[*target.Unimplemented](rep.err)
	switch {
	case r.stray:
		c.miss(r, rep)
	case rep.end || unimplemented:
		c.end(r, rep.err)
	default:
		r.listener.hear(rep, c.dead)
	}
}

// miss keeps the step of a run that is not open. A second end is no step: an
// adapter that ended by itself while close was under way owes it.
func (c *child) miss(r *run, rep report) {
	if rep.step.Kind == "" {
		c.log.Debug("line of a run that is not open", "run", excerpt(rep.run, shown), "end", rep.end, "err", rep.err)
		return
	}
	if r.start.IsZero() {
		c.log.Warn("step of a run that was never opened", "run", excerpt(rep.run, shown), "step", rep.step.Kind)
		rep.step.At = 0
	}
	if !c.p.late.keep(LateStep{Run: rep.run, Step: rep.step, Closed: r.closed}) {
		c.log.Debug("late step dropped", "run", excerpt(rep.run, shown), "step", rep.step.Kind)
	}
}

// A LateStep came while its run was not open.
type LateStep = target.LateStep

// lines cuts a stream at line feeds.
type lines struct {
	in    *bufio.Reader
	limit int
	buf   []byte
}

// next returns the next line without its end (a CR before the LF is white
// space of JSON and stays); the slice is valid until the next call. With io.EOF
// it returns what is left, with errLong the first bytes.
func (l *lines) next() ([]byte, error) {
	if cap(l.buf) > 1<<20 {
		l.buf = nil // one long line does not cost memory for ever
	}
	l.buf = l.buf[:0]
	for {
		part, err := l.in.ReadSlice('\n')
		l.buf = append(l.buf, part...)
		text := bytes.TrimSuffix(l.buf, []byte("\n"))
		if len(text) > l.limit {
			return text, errLong
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return text, err
		}
	}
}
