// Package lint says everything that can be said of an event stream's bytes: what
// breaks the grammar of WHATWG HTML §9.2.5, what a client ignores, and which
// mistake of its author that probably is.
//
// A [Linter] is fed a stream in any cuts and gives a [Report]. It runs
// [spec.Validator] and looks, on top, for what stands in the table of [Hints]. A
// hint goes before the findings that follow from it, which are folded into it,
// so that the first line names the mistake and not its consequence. A [Capture]
// is a Linter for what curl -i and curl -v write down.
//
// Goals: no hint on a stream that somebody means; the same findings however the
// stream is cut; memory and findings bounded, time linear.
//
// Not a goal: to judge when bytes came, or what a server did with a request.
package lint
