package spec

import "iter"

// Level says how strongly a clause binds (RFC 2119).
type Level string

// The levels.
const (
	Must   Level = "must"
	Should Level = "should"
	May    Level = "may"
)

// Party is whom a clause binds.
type Party string

// The parties.
const (
	Client  Party = "client"
	Server  Party = "server"
	Browser Party = "browser"
)

// Source is the standard in which a clause stands.
type Source string

// The sources.
const (
	HTML     Source = "html"
	Fetch    Source = "fetch"
	Encoding Source = "encoding"
	HTTP     Source = "http"
	IANA     Source = "iana"
)

// Observation is what one must see to judge a clause.
type Observation string

// The ways of observing.
const (
	ByWire    Observation = "wire"    // bytes or dispatched events of any client
	ByAPI     Observation = "api"     // readyState, open and error events, MessageEvent
	ByHost    Observation = "browser" // a browser around the client
	ByBytes   Observation = "server"  // what a server sends
	ByNothing Observation = "none"
)

const (
	sseURL      = "https://html.spec.whatwg.org/multipage/server-sent-events.html"
	urlsURL     = "https://html.spec.whatwg.org/multipage/urls-and-fetching.html"
	ianaURL     = "https://html.spec.whatwg.org/multipage/iana.html"
	fetchURL    = "https://fetch.spec.whatwg.org/"
	encodingURL = "https://encoding.spec.whatwg.org/"
)

// The texts of the standards that the clauses were read from.
const (
	HTMLRevision     = "2026-08"
	FetchRevision    = "2026-07"
	EncodingRevision = "2026-05"
)

// A Clause is one normative statement. Dispute is the number of the open
// question that decides how a departure is judged, 0 where the text is clear.
type Clause struct {
	ID      string
	Section string
	URL     string
	Level   Level
	Binds   Party
	Source  Source
	Observe Observation
	Dispute int
	Summary string
}

// Clauses yields every clause in the order of the standard.
func Clauses() iter.Seq[Clause] {
	return func(yield func(Clause) bool) {
		for _, c := range clauses {
			if !yield(c) {
				return
			}
		}
	}
}

// ClauseByID returns the clause with that id, and whether there is one.
func ClauseByID(id string) (Clause, bool) {
	for c := range Clauses() {
		if c.ID == id {
			return c, true
		}
	}
	return Clause{}, false
}
