// Package service is a target that is an HTTP test service: a program that
// opens event streams when it is told to and reports what came of them, in the
// protocol of LaunchDarkly's SSE contract tests (contracts, section 3).
//
// The service shows events, comments and errors; when it connects, comes back or
// gives up it does not say. The runner ends its runs by an event of its own.
//
// Goals: services written for those tests work unchanged; one that hangs, lies
// or floods costs a verdict, never the run.
//
// Not a goal: reading errors. What they say is not part of the protocol.
package service
