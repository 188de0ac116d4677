// Package browser is a target that is a page in a real browser: it subscribes
// with the native EventSource and reports what it saw. One page serves all
// engines, those that this package starts and any other that opens its URL.
//
// The page is served by the origin of the run, so that scripts and page share
// one origin and CORS stays out of the picture.
//
// Not a goal: driving browsers. A browser is started on the page, and killed
// with everything that it started.
package browser
