// Package observe judges what a server did by itself: a table of checks, each
// named by the id of its case, over the exchanges that were recorded.
//
// Every check is a function of an [Observation]: no network, no clock. What the
// observer cut off is never held against the server, and a check that cannot be
// judged from what was seen says so and is skipped.
//
// Not a goal: sending requests (runner/survey), or what stands in the bytes
// themselves (runner/lint).
package observe
