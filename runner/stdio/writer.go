package stdio

import (
	"context"
	"fmt"
	"time"

	"github.com/ssespec/ssespec/runner/target"
)

// piece is how much is written at once: a child that takes long over a long
// line is not one that does not read.
const piece = 64 << 10

// send queues the line that opens a run. It has not been sent when ctx ends first.
func (c *child) send(ctx context.Context, line []byte) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	select {
	case c.out <- line:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-c.done:
		return c.ending()
	}
}

// write hands the queue to the child until the child breaks down or is closed.
func (c *child) write() {
	defer c.shut(c.stdin)
	for {
		select {
		case line := <-c.out:
			if err := c.writeLine(line); err != nil {
				c.unwritable(err)
				return
			}
		case <-c.quitting:
			return
		case <-c.dead:
			return
		}
	}
}

// writeLine writes piece by piece. A child that takes nothing for longer than
// it may take to start and to close hangs.
func (c *child) writeLine(line []byte) error {
	patience := c.p.startTimeout() + c.p.closeTimeout()
	stall := time.AfterFunc(patience, func() {
		c.breakDown(target.Hung, fmt.Sprintf("does not read its standard input: nothing for %v", patience))
	})
	defer stall.Stop()
	for len(line) > 0 {
		n, err := c.stdin.Write(line[:min(len(line), piece)])
		if err != nil {
			return err
		}
		line = line[n:]
		stall.Reset(patience)
	}
	return nil
}

// unwritable ends a child that cannot be written to. One that has exited is
// left to the reader, which may have its last lines yet to read.
func (c *child) unwritable(err error) {
	if within(c.exited, c.p.closeTimeout()) || closed(c.dead) {
		return
	}
	c.breakDown(target.Crashed, fmt.Sprintf("closed its standard input: %v", err))
}
