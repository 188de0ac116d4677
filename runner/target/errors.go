package target

// Unimplemented is returned by a target that cannot do what one run asks for.
type Unimplemented struct{ Reason string }

func (e *Unimplemented) Error() string { return "unimplemented: " + e.Reason }

// A Fault is the adapter's, the host's or the harness's: never the
// implementation's, so it never becomes a failure of the target.
type Fault struct{ Reason string }

func (e *Fault) Error() string { return e.Reason }

// The ways in which a target breaks down.
const (
	Crashed = "crashed" // its process ended with runs open
	Hung    = "hung"    // no end within 2 s of close, or of the time limit
	Garbage = "garbage" // it wrote what is no JSON
)

// Broken says that the target broke down while a run was open. Whose run did
// it is not known until the run is put again by itself.
type Broken struct {
	How    string // Crashed, Hung or Garbage
	Detail string // an exit status, or the first bytes of the garbage
	Stderr string // the tail of standard error, raw bytes of the target
}

func (e *Broken) Error() string { return e.How + ": " + e.Detail }

// An Unreachable target could not be started, or did not say hello as it
// should. Nothing can be checked.
type Unreachable struct {
	Reason string
	Stderr string
}

func (e *Unreachable) Error() string { return e.Reason }
