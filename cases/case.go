package cases

import (
	"path"
	"slices"
	"time"

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
	Expect    spec.Trace // whole: the steps that follow from the script are filled in; of several outcomes the model's
	Outcomes  []Outcome  // in place of one expectation; see [Case.Acceptable]
	Requests  Requests   // what is wanted of all requests together
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

// An Outcome is one of several acceptable ones: the first that fits is taken
// and stands in the report.
type Outcome struct {
	Name     string
	Warn     bool   // legal, but not what the standard asks for
	Because  string // why it is acceptable
	Expect   spec.Trace
	Requests Requests
}

// Requests is what is wanted of the requests of a play together. The zero value
// wants nothing.
type Requests struct {
	Max    int           // at most so many, 0 for no bound
	For    time.Duration // how long it is watched that no more come
	Closed bool          // the client is closed at its last step, and watched from then on
	Paths  []string      // exactly to these, in order; those after the script's last connection do not count
	Last   Request       // the one that the last connection of the script answers
}

// Subscribe is what the target is asked. Each member but the URL, which is the
// play's if empty, needs a capability.
type Subscribe struct {
	URL              string // may hold placeholders, see [Expand]
	LastEventID      string
	ReconnectionTime *int64 // milliseconds
	Headers          map[string]string
	Method           string
	Body             []byte
	WithCredentials  bool
	CloseOn          spec.Kind
	CloseCount       int
}

// Repeated is the name of the outcome in which the HTTP layer repeats a request
// that it may repeat (dispute 14): no step shows it, and no time binds it.
const Repeated = "repeated below the surface"

// Acceptable returns the outcomes that are right, in the order in which they are
// tried: those of the file, or the one expectation, and [Repeated] where a
// connection allows that.
func (c Case) Acceptable() []Outcome {
	list := c.Outcomes
	if len(list) == 0 {
		list = []Outcome{{Expect: c.Expect, Requests: c.Requests}}
	}
	list = list[:len(list):len(list)]
	for _, repeats := range subsets(c.Script.repeatable()) {
		list = append(list, Outcome{
			Name: Repeated, Because: "HTTP lets a client repeat a GET that was not answered",
			Expect: c.Script.play(c.Subscribe, repeats).Trace.Only(connectionSteps...), Requests: c.Requests,
		})
	}
	return list
}

// subsets returns every choice of some of list, but for none.
func subsets(list []int) (all [][]int) {
	for chosen := 1; chosen < 1<<len(list); chosen++ {
		var some []int
		for i, entry := range list {
			if chosen>>i&1 == 1 {
				some = append(some, entry)
			}
		}
		all = append(all, some)
	}
	return all
}

// connectionSteps are the kinds that every trace is compared in.
var connectionSteps = []spec.Kind{spec.Announce, spec.Dispatch, spec.Reestablish, spec.Fail} // never written to

// mostRepeats bounds the connections of one script that may answer a repeat.
const mostRepeats = 6

// repeatable returns the connections whose requests may be repeats of the HTTP layer.
func (s Script) repeatable() (list []int) {
	for i, c := range s.Connections {
		if c.Request.Repeats {
			list = append(list, i)
		}
	}
	return list
}
