// Package spec is the model of server-sent events, WHATWG HTML §9.2.
//
// It holds the standard's algorithm as an incremental [Parser], the EventSource
// interface without I/O as [EventSource], an [Encoder], a grammar [Validator],
// traces of what a client does, and the list of normative [Clauses]. It imports
// the standard library only and touches nothing of the world: no network, no
// files, no clock.
//
// Not a goal: a client or a server. The network is the caller's.
package spec
