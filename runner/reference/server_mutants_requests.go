package reference

import (
	"net/http"
	"strings"
	"unicode/utf8"
)

// requestMutants answer other requests than that of an EventSource wrongly.
func requestMutants() []ServerMutant {
	return []ServerMutant{
		{Name: "head-streams", Case: "requests/head", Verdict: warn, Text: "HEAD is answered with the stream.", bend: on(http.MethodHead, streaming)},
		{Name: "head-mute", Case: "requests/head", Verdict: warn, Text: "HEAD is never answered.", bend: on(http.MethodHead, mute)},
		{Name: "head-breaks", Case: "requests/head", Verdict: warn, Text: "HEAD is an error of the server.", bend: on(http.MethodHead, refused(http.StatusInternalServerError))},
		{Name: "options-streams", Case: "requests/options", Verdict: warn, Text: "OPTIONS is answered with the stream.", bend: all(closed, on(http.MethodOptions, streaming))},
		{Name: "options-mute", Case: "requests/options", Verdict: warn, Text: "OPTIONS is never answered.", bend: all(closed, on(http.MethodOptions, mute))},
		{Name: "options-breaks", Case: "requests/options", Verdict: warn, Text: "OPTIONS is an error of the server.", bend: all(closed, on(http.MethodOptions, refused(http.StatusInternalServerError)))},
		{Name: "accept-demanded", Case: "requests/accept", Verdict: warn, Text: "Who does not name the type in Accept is refused.", bend: when(anyType, on(http.MethodGet, refused(http.StatusNotAcceptable)))},
		{Name: "accept-negotiated", Case: "requests/accept", Verdict: warn, Text: "Who does not name the type in Accept gets JSON.", bend: when(anyType, on(http.MethodGet, all(header("Content-Type", "application/json"), document("[]\n"))))},
		{Name: "http-1-0-chunked", Case: "requests/http-1-0", Verdict: warn, Text: "A request in HTTP/1.0 is answered in chunks.", bend: when(oldHTTP, header("Transfer-Encoding", "chunked"))},
	}
}

// closed keeps the stream to its own origin.
func closed(_ query, a *answer) {
	a.remove("Access-Control-Allow-Origin")
	a.remove("Access-Control-Allow-Headers")
}

func anyType(q query) bool { return !strings.Contains(q.Header.Get("Accept"), "text/event-stream") }

func oldHTTP(q query) bool { return !q.ProtoAtLeast(1, 1) }

// corsMutants open the stream to other origins wrongly.
func corsMutants() []ServerMutant {
	const origin, credentials = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
	return []ServerMutant{
		{Name: "wildcard-with-credentials", Case: "cors/wildcard-credentials", Verdict: warn, Text: "Every origin is allowed by *, together with credentials.", bend: more(credentials, "true")},
		{Name: "origin-reflected", Case: "cors/reflected-origin", Verdict: warn, Text: "Every origin is allowed by its name, with credentials.", bend: all(reflects, more("Vary", "Origin"), more(credentials, "true"))},
		{Name: "origin-unvaried", Case: "cors/vary", Verdict: warn, Text: "The origin is allowed by its name, and caches are not told.", bend: reflects},
		{Name: "origin-twice", Case: "cors/one-origin", Verdict: warn, Text: "Gateway and application both allow the origin.", bend: more(origin, "*")},
		{Name: "origin-list", Case: "cors/one-origin", Verdict: warn, Text: "The allowed origins are a list.", bend: all(without(origin), more(origin, "https://a.example, https://b.example"))},
		{Name: "preflight-refused", Case: "cors/preflight", Verdict: warn, Text: "The stream is open to other origins, and preflights are not allowed.", bend: on(http.MethodOptions, refused(http.StatusMethodNotAllowed))},
		{Name: "preflight-unnamed", Case: "cors/preflight", Verdict: warn, Text: "The answer to a preflight allows no header.", bend: on(http.MethodOptions, without("Access-Control-Allow-Headers"))},
	}
}

// reflects allows the origin that asks.
func reflects(q query, a *answer) {
	a.remove("Access-Control-Allow-Origin")
	if from := q.Header.Get("Origin"); from != "" {
		a.add("Access-Control-Allow-Origin", from)
	}
}

// clientMutants serve one client well, and not two.
func clientMutants() []ServerMutant {
	return []ServerMutant{
		{Name: "second-refused", Case: "clients/second", Verdict: warn, Text: "A second client is refused while the first is there.", bend: all(beating, stream(when(others, refused(http.StatusServiceUnavailable))))},
		{Name: "second-waits", Case: "clients/second", Verdict: warn, Text: "A second client waits while the first is there.", bend: all(beating, stream(when(others, mute)))},
		{Name: "first-dismissed", Case: "clients/first-kept", Verdict: warn, Text: "Who comes anew takes the place of all others.", bend: all(beating, stream(when(anew, func(q query, _ *answer) { q.dismiss() })))},
		{Name: "broken-by-leaving", Case: "clients/comes-back", Verdict: warn, Text: "Once a client has left, who comes anew gets an error.", bend: all(beating, when(anew, when(abandoned, refused(http.StatusInternalServerError))))},
		{Name: "mute-after-leaving", Case: "clients/comes-back", Verdict: warn, Text: "Once a client has left, who comes anew gets no answer.", bend: all(beating, when(anew, when(abandoned, mute)))},
	}
}

// beating lets heartbeats follow the events for a while, so that the first client is
// still there when others come.
func beating(_ query, a *answer) {
	if a.streams() {
		for range 20 {
			a.parts = append(a.parts, part{pace, ":\n\n"})
		}
	}
}

func others(q query) bool { return q.Method == http.MethodGet && q.open > 0 }

func abandoned(q query) bool { return q.left > 0 }

// anew reports whether an EventSource asks for the first time, on its own origin.
func anew(q query) bool {
	return q.Method == http.MethodGet && !resumes(q) && !anyType(q) && !oldHTTP(q) && !offersGzip(q) && q.Header.Get("Origin") == ""
}

// resumeMutants do not know where a client was.
func resumeMutants() []ServerMutant {
	return []ServerMutant{
		{Name: "resume-skips", Case: "resume/nothing-lost", Verdict: warn, Text: "A client that comes back misses an event.", bend: offBy(1)},
		{Name: "resume-live", Case: "resume/nothing-lost", Verdict: warn, Text: "A client that comes back is given what is new from then on.", bend: stream(when(resumes, replay(numberOfEvents-1)))},
		{Name: "resume-repeats", Case: "resume/nothing-repeated", Verdict: warn, Text: "A client that comes back is given the last event again.", bend: offBy(-1)},
		{Name: "resume-ignored", Case: "resume/nothing-repeated", Verdict: warn, Text: "A client that comes back is given everything again.", Also: []string{"resume/over"}, bend: on(http.MethodGet, when(resumes, replay(0)))},
		{Name: "unknown-refused", Case: "resume/unknown", Verdict: warn, Text: "An id that the server does not know is a bad request.", bend: when(unknown, on(http.MethodGet, refused(http.StatusBadRequest)))},
		{Name: "unknown-breaks", Case: "resume/unknown", Verdict: warn, Text: "An id that is no number is an error of the server.", bend: when(unknown, on(http.MethodGet, refused(http.StatusInternalServerError)))},
		{Name: "long-breaks", Case: "resume/long", Verdict: warn, Text: "A long id is an error of the server.", bend: when(long, on(http.MethodGet, refused(http.StatusInternalServerError)))},
		{Name: "non-ascii-breaks", Case: "resume/non-ascii", Verdict: warn, Text: "An id that is not ASCII is an error of the server.", bend: when(foreign, on(http.MethodGet, refused(http.StatusInternalServerError)))},
		{Name: "non-ascii-mute", Case: "resume/non-ascii", Verdict: warn, Text: "An id that is not ASCII is never answered.", bend: when(foreign, on(http.MethodGet, mute))},
		{Name: "starts-again", Case: "resume/over", Verdict: warn, Text: "A client that has seen everything is given it again.", bend: on(http.MethodGet, when(func(q query) bool { return seen(q.Request) == numberOfEvents }, replay(0)))},
	}
}

// offBy gives a client that comes back too few events, or too many.
func offBy(events int) bend {
	return stream(when(resumes, func(q query, a *answer) {
		if n := seen(q.Request); n > 0 && n+events < numberOfEvents {
			replay(n+events)(q, a)
		}
	}))
}

// unknown reports whether a client comes with an id that is none of ours, and
// neither long nor foreign.
func unknown(q query) bool {
	return resumes(q) && seen(q.Request) == 0 && !long(q) && !foreign(q)
}

func long(q query) bool { return len(q.Header.Get("Last-Event-ID")) > 1024 }

// foreign reports whether the id has characters beyond ASCII.
func foreign(q query) bool {
	return strings.ContainsFunc(q.Header.Get("Last-Event-ID"), func(r rune) bool { return r >= utf8.RuneSelf })
}
