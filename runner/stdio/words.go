package stdio

import (
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A Line is what one line of an adapter says of a run: a step, the end, or
// (a target.Fault, a target.Unimplemented) why there is none.
type Line struct {
	Run  string
	Step spec.Step
	End  bool
	Err  error
}

// ReadLine reads one line of an adapter as [Process] does. The error means that
// nobody knows of which run it is. unknown, where set, is told of the first
// member that the contract does not name; the line is read nevertheless.
func ReadLine(text []byte, unknown func(line []byte, member string)) (Line, error) {
	rep, err := dictionary{unknown: unknown}.read(text)
	return Line{Run: rep.run, Step: rep.step, End: rep.end, Err: rep.err}, err
}

// ReadHello reads the first line of an adapter as [Process] does.
func ReadHello(text []byte, unknown func(line []byte, member string)) (target.Hello, error) {
	return dictionary{unknown: unknown}.readHello(text)
}

// Opening returns the line, with its line end, that opens a run of sub with a
// target of that kind.
func Opening(kind target.Profile, sub target.Subscription) ([]byte, error) {
	return opening(kind, sub, Limits{}.orDefault().Line)
}

// Closing returns the line, with its line end, that closes a run.
func Closing(run string) ([]byte, error) {
	return closing(run, Limits{}.orDefault().Line)
}
