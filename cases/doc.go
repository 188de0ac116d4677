// Package cases is the suite as data: YAML files, the types they decode to,
// strict loading with positions, selection, and the ways to deliver a stream.
//
// [Script.Trace] is the keystone: what the model observes when a script is
// played. Every hand-written expectation is held against it when it is loaded.
//
// Not a goal: playing scripts (runner/origin) or judging traces (runner).
package cases

import "embed"

// Files holds the embedded suite.
//
//go:embed */*.yaml
var Files embed.FS
