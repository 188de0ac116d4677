// Package runner puts cases to targets, judges what it observes, and yields
// results.
//
// It knows targets only by the [Client] interface, and it does no rendering:
// reports are functions of results.
package runner
