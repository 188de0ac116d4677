// Package target holds the words exchanged with a target: what it says of
// itself, what it is asked to do, and how it can let the runner down.
//
// Not a goal: doing any of it. Child processes are in runner/stdio, the
// conforming client in runner/reference.
package target

import (
	"slices"

	"github.com/ssespec/ssespec/spec"
)

// Protocol is the version of the adapter protocol that this package speaks.
const Protocol = 1

// Profile is what a target presents itself as, and so what binds it.
type Profile string

// The profiles.
const (
	Parser       Profile = "parser"        // bytes in, events out
	Client       Profile = "client"        // URL in, events out: an EventSource
	StreamReader Profile = "stream-reader" // URL in, events out, one connection
	Server       Profile = "server"        // requests in, streams out
)

// Hello is what a target says of itself. Steps left out mean all four for a
// [Client] and dispatch alone for the others; Parallel below 1 means 1.
type Hello struct {
	Protocol     int         `json:"protocol"`
	Kind         Profile     `json:"kind"`
	Name         string      `json:"name"`
	Version      string      `json:"version,omitzero"`
	Language     string      `json:"language,omitzero"`
	Capabilities []string    `json:"capabilities,omitempty"`
	Steps        []spec.Kind `json:"steps,omitempty"`
	Parallel     int         `json:"parallel,omitzero"`
}

// Can reports whether the target declares the capability.
func (h Hello) Can(capability string) bool { return slices.Contains(h.Capabilities, capability) }

// Shown returns the kinds of steps that the target can show; dispatch always.
func (h Hello) Shown() []spec.Kind {
	switch {
	case len(h.Steps) > 0 && slices.Contains(h.Steps, spec.Dispatch):
		return h.Steps
	case len(h.Steps) > 0:
		return append([]spec.Kind{spec.Dispatch}, h.Steps...)
	case h.Kind == Server:
		return []spec.Kind{}
	case h.Kind == Client:
		return AllSteps()
	default:
		return []spec.Kind{spec.Dispatch}
	}
}

// AllSteps returns the kinds of steps that a hello can list.
func AllSteps() []spec.Kind {
	return []spec.Kind{spec.Announce, spec.Dispatch, spec.Reestablish, spec.Fail}
}

// A LateStep is a step of a run that was over. Closed says that its end answered
// a close: then the step is the implementation's, else the adapter's.
type LateStep struct {
	Run    string
	Step   spec.Step
	Closed bool
}

// A Subscription asks a target for one run. Parsers get Chunks, each to be fed
// on its own and then the end of the stream; all others a URL. Types are the
// event types to listen for. The rest needs a capability and is left at its
// zero value otherwise.
type Subscription struct {
	Run              string            `json:"run"`
	URL              string            `json:"url,omitzero"`
	Chunks           [][]byte          `json:"chunks,omitempty"`
	Types            []string          `json:"types,omitempty"`
	LastEventID      string            `json:"lastEventId,omitzero"`
	ReconnectionTime *int64            `json:"reconnectionTime,omitzero"` // milliseconds
	Headers          map[string]string `json:"headers,omitempty"`
	Method           string            `json:"method,omitzero"`
	Body             string            `json:"body,omitzero"`
	BodyBase64       []byte            `json:"bodyBase64,omitempty"`
	WithCredentials  bool              `json:"withCredentials,omitzero"`
	CloseOn          *CloseOn          `json:"closeOn,omitzero"`
	Check            string            `json:"check,omitzero"` // of a page: what to check of the interface, besides
}

// CloseOn asks the target to close inside the callback of the Count-th such step.
type CloseOn struct {
	Step  spec.Kind `json:"step"`
	Count int       `json:"count"`
}
