package doctor

import (
	"fmt"
	"strings"

	"github.com/ssespec/ssespec/runner/target"
)

// longLines puts long lines in, then out. The lines of the stream stay short,
// so that a limit of the library for one line of a stream is not met.
func longLines(v *visit) Finding {
	for _, put := range []func(int) Finding{v.longIn, v.longOut} {
		for _, size := range []int{200 << 10, 2 << 20} {
			if f := put(size); f.Class != OK {
				return f
			}
		}
	}
	return fine("long-lines")
}

// longIn gives the adapter a line of at least size bytes, and a small event.
func (v *visit) longIn(size int) Finding {
	comments := strings.Repeat(":"+strings.Repeat("x", 1021)+"\n\n", size>>10) // blocks that dispatch nothing
	s, sub := stream(comments+"data: x\n\n"), target.Subscription{}
	if !v.parser() {
		s, sub = stream("data: x\n\n"), target.Subscription{Types: []string{"message", strings.Repeat("x", size)}}
	}
	a, err := v.ask(s, sub)
	if err != nil || !v.parser() && !a.dispatched(1) || !a.through() { // the end of a parse shows that it was read
		return bad("", fmt.Sprintf("a line of %d KiB on standard input is not answered", size>>10), v.lost(a),
			"read lines of any length, 64 MiB at least: many line readers stop at 64 KiB").writing(`scanner.Buffer(nil, 64<<20)`)
	}
	return ok("")
}

// longOut has the adapter write an event of at least size bytes.
func (v *visit) longOut(size int) Finding {
	text := strings.Repeat("x", 1023)
	want := strings.TrimSuffix(strings.Repeat(text+"\n", size>>10), "\n")
	a, err := v.plain(strings.Repeat("data: "+text+"\n", size>>10) + "\n")
	if err != nil {
		return v.unasked(err)
	}
	came, ended := a.dispatched(1), a.through()
	switch {
	case a.misread() || !ended:
		return bad("", fmt.Sprintf("a line of %d KiB on standard output does not arrive whole", size>>10), v.lost(a),
			"write lines of any length: one write, or a loop until all of it is written, and a buffer without a limit")
	case !came || strings.TrimSpace(a.events()[0].said.Step.Event.Data) != want:
		return look(fmt.Sprintf("an event of %d KiB does not arrive as it was sent", size>>10), a.evidence(),
			"does the library limit the size of an event? If not, the adapter cuts its lines")
	}
	return ok("")
}

// lost is the evidence of a run that may not have been asked for.
func (v *visit) lost(a *asked) string {
	if a == nil {
		return v.state()
	}
	return a.evidence()
}
