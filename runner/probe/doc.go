// Package probe sends one bounded request to a server and records the exchange:
// the request as it was sent, the head as it was received, the bytes of the body
// with the time at which each came, and how it ended.
//
// HTTP/1 is written and read by hand, so that nothing is added, dropped or put in
// order between the server and the record; HTTP/2, where the server chooses it,
// is that of net/http.
//
// Not a goal: knowing what an event stream is, or judging anything.
package probe
