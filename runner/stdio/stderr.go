package stdio

import (
	"errors"
	"io"
	"os"
	"sync"
)

// tailBytes is how much of standard error stands in an error.
const tailBytes = 8 << 10

// A tail keeps the last 8 KiB of what is written to it. The zero value is empty.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b[max(0, len(b)-tailBytes):]...)
	t.buf = append(t.buf[:0], t.buf[max(0, len(t.buf)-tailBytes):]...)
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf)
}

// note reads standard error to its end.
func (c *child) note() {
	defer close(c.noted)
	defer c.shut(c.stderr)
	buf := make([]byte, 32<<10)
	for {
		n, err := c.stderr.Read(buf)
		c.keep(buf[:n])
		if err == nil {
			continue
		}
		if !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, os.ErrClosed) {
			c.log.Warn("standard error not read", "err", err)
		}
		return
	}
}

// keep takes what the child wrote to standard error, or as if it had.
func (c *child) keep(b []byte) {
	if len(b) == 0 {
		return
	}
	if _, err := io.MultiWriter(&c.tail, c.p.stderr()).Write(b); err != nil {
		c.log.Debug("standard error not passed on", "err", err)
	}
}

// stderr is the caller's writer; two goroutines of a child write to it.
func (p *Process) stderr() io.Writer {
	if p.Stderr == nil {
		return io.Discard
	}
	return lockedWriter{&p.noting, p.Stderr}
}

type lockedWriter struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}
