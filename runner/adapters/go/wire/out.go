package wire

import (
	"os"
	"sync"
)

// out is standard output: like that, there is one.
var out = newOutlet()

// An outlet writes what is said at once, and what is said meanwhile in one write after that.
type outlet struct {
	mu      sync.Mutex
	turned  *sync.Cond // at the end of each write
	lines   []byte     // said, and not yet being written
	spare   []byte
	writing bool
}

func newOutlet() *outlet {
	o := &outlet{}
	o.turned = sync.NewCond(&o.mu)
	return o
}

// say writes a line. It waits where 256 KiB wait already.
func (o *outlet) say(line []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.lines) > 256<<10 {
		o.turned.Wait()
	}
	o.lines = append(o.lines, line...)
	if !o.writing {
		o.writing = true
		go o.write()
	}
}

// write writes until there is nothing left. A runner that is gone ends the process.
func (o *outlet) write() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.lines) > 0 {
		lines := o.lines
		o.lines = o.spare[:0]
		o.mu.Unlock()
		_, err := os.Stdout.Write(lines)
		if err != nil {
			panic(err)
		}
		o.mu.Lock()
		o.spare = lines
		o.turned.Broadcast()
	}
	o.writing = false
	o.turned.Broadcast()
}

// flush waits until all that was said is written.
func (o *outlet) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.writing {
		o.turned.Wait()
	}
}
