package cases

import (
	"path"
	"slices"

	"github.com/ssespec/ssespec/spec"
)

// A Case is one fact about the standard: what is sent, and what a conforming
// client makes of it. ID is the file's path without .yaml, a slash, and the
// name in the file; it is stable for ever.
type Case struct {
	ID        string
	Title     string
	Clauses   []string // ids of [spec.Clauses], or "delivery" or "advice"
	Level     spec.Level
	About     string
	Since     string // the suite version that brought it
	Formerly  []string
	Seen      []string // real bugs, by id or project
	Requires  []string // capabilities of the target
	Kills     Kills
	Subscribe Subscribe
	Observed  bool // nothing is sent: a check of what a server answers by itself
	Script    Script
	Expect    spec.Trace // whole: the steps that follow from the script are filled in
	Comments  bool       // comments are compared
	Retries   bool       // retries are compared
	AllSteps  bool       // the file names the steps besides dispatch itself
	File      string     // where it stands
	Line      int
	Column    int
}

// A Side is what a case checks.
type Side string

// The sides.
const (
	Clients  Side = "client"
	Servers  Side = "server"
	Browsers Side = "browser" // the interface, which only a page in a browser has
)

// Side says whom the case is for. What is for clients is for browsers too.
func (c Case) Side() Side {
	switch {
	case c.Observed:
		return Servers
	case c.Check() != "":
		return Browsers
	}
	return Clients
}

// Check returns the name of the check of the EventSource interface that a page
// makes of the case, "" for a case that every client can be put to.
func (c Case) Check() string {
	if !slices.Contains(c.Requires, "page") {
		return ""
	}
	return path.Base(c.ID)
}

// Kills names the mutants that the case is there for, or why there is none.
type Kills struct {
	Mutants []string
	None    string
}

// Subscribe is what the target is asked besides a URL; each member needs a capability.
type Subscribe struct {
	LastEventID      string
	ReconnectionTime *int64 // milliseconds
	Headers          map[string]string
	Method           string
	Body             []byte
	WithCredentials  bool
	CloseOn          spec.Kind
	CloseCount       int
}
