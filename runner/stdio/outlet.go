package stdio

import (
	"io"
	"sync"
)

// held is how many bytes may wait to be written before who says more must wait.
const held = 256 << 10

// An outlet writes lines as soon as they are said: at once where it is idle,
// and what is said while a write is under way together in the next one. A
// thousand short runs a second would cost ten thousand writes else.
type outlet struct {
	w    io.Writer
	gone func() // called once, when a write fails

	mu      sync.Mutex
	turned  *sync.Cond // at the end of each write
	lines   []byte     // said, and not yet being written
	spare   []byte
	writing bool
	err     error // of the first write that failed: nothing is written any more
}

func newOutlet(w io.Writer, gone func()) *outlet {
	o := &outlet{w: w, gone: gone}
	o.turned = sync.NewCond(&o.mu)
	return o
}

// say writes a line, and its end. The caller keeps line.
func (o *outlet) say(line []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.lines) > held && o.err == nil {
		o.turned.Wait()
	}
	if o.err != nil {
		return
	}
	o.lines = append(append(o.lines, line...), '\n')
	if !o.writing {
		o.writing = true
		go o.write()
	}
}

// write writes until there is nothing more to be written.
func (o *outlet) write() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.lines) > 0 && o.err == nil {
		lines := o.lines
		o.lines = o.spare[:0]
		o.mu.Unlock()
		_, err := o.w.Write(lines)
		o.mu.Lock()
		o.spare = lines
		o.fail(err)
		o.turned.Broadcast()
	}
	o.writing = false
	o.turned.Broadcast()
}

// fail takes the first error. The caller holds the lock.
func (o *outlet) fail(err error) {
	if err != nil && o.err == nil {
		o.err = err
		o.gone()
	}
}

// stop writes nothing any more, because of err.
func (o *outlet) stop(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.fail(err)
}

// flush waits until what has been said is written, or cannot be.
func (o *outlet) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.writing {
		o.turned.Wait()
	}
}

func (o *outlet) failed() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}
