package reference

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// A ServerVariant is a [PlainServer] that does something unusual and legal: no
// case may fail, and only those of Warns may warn.
type ServerVariant struct {
	Name  string
	Text  string
	Warns []string // ids of cases, without serving/
	HTTP2 bool

	bend bend
}

// Server returns a server of that manner.
func (v ServerVariant) Server() *PlainServer { return &PlainServer{bend: v.bend} }

// ServerVariants returns all of them.
func ServerVariants() []ServerVariant {
	return append(textVariants(), []ServerVariant{
		{Name: "plain", Text: "Nothing is unusual.", bend: all()},
		{Name: "http2", Text: "HTTP/2.", HTTP2: true, bend: all()},
		{Name: "gzip", Text: "gzip for who offers it, flushed with each event.", bend: when(offersGzip, compresses(flushed))},
		{Name: "moved", Text: "301 to the stream.", bend: moved(http.StatusMovedPermanently)},
		{Name: "moved-for-now", Text: "307 to the stream.", bend: moved(http.StatusTemporaryRedirect)},
		{Name: "get-only", Text: "405 for HEAD, and OPTIONS without CORS.", bend: all(closed, on(http.MethodHead, refused(http.StatusMethodNotAllowed)), on(http.MethodOptions, refused(http.StatusMethodNotAllowed)))},
		{Name: "no-cors", Text: "No CORS.", bend: closed},
		{Name: "one-origin", Text: "One origin is allowed, with credentials.", bend: all(closed, more("Access-Control-Allow-Origin", "https://app.example"), more("Access-Control-Allow-Credentials", "true"), more("Vary", "Origin"))},
		{Name: "charset-utf8", Text: "charset=utf-8 is named.", bend: header("Content-Type", "text/event-stream; charset=utf-8")},
		{Name: "charset-capitals", Text: "The type is written in capitals, the charset in quotes.", bend: header("Content-Type", `Text/Event-Stream;Charset="UTF-8"`)},
		{Name: "type-parameter", Text: "The type has a parameter that nobody knows.", bend: header("Content-Type", "text/event-stream; v=1")},
		{Name: "http-1-0", Text: "The server speaks HTTP/1.0: the end of the connection is that of the stream.", bend: all(untilClose, func(_ query, a *answer) { a.old = true })},
		{Name: "until-close", Text: "HTTP/1.1 without chunks: the end of the connection is that of the stream.", bend: untilClose},
		{Name: "no-cache-control", Text: "Nothing is said to caches.", bend: stream(without("Cache-Control"))},
		{Name: "cache-many", Text: "Caches are told in many words.", bend: all(header("Cache-Control", "no-cache, no-store, max-age=0, must-revalidate"), header("Pragma", "no-cache"), header("Expires", "0"))},
		{Name: "early-hints", Text: "103 goes ahead of the answer.", bend: stream(func(_ query, a *answer) { a.early = true })},
		{Name: "cookie", Text: "Every client is given a cookie.", bend: header("Set-Cookie", "session=1; HttpOnly")},
		{Name: "long-refused", Text: "431 for a long id.", bend: when(long, on(http.MethodGet, refused(http.StatusRequestHeaderFieldsTooLarge)))},
		{Name: "unknown-is-over", Text: "204 for an id that the server does not know.", bend: when(unknown, on(http.MethodGet, refused(http.StatusNoContent)))},
		{Name: "type-only", Text: "A GET without the type in Accept is served as well, and Vary says that it matters.", bend: more("Vary", "Accept")},
	}...)
}

// textVariants write the stream in another way.
func textVariants() []ServerVariant {
	return []ServerVariant{
		{Name: "cr", Text: "Lines end in CR.", bend: text("\n", "\r")},
		{Name: "crlf", Text: "Lines end in CRLF.", bend: text("\n", "\r\n")},
		{Name: "comments", Text: "Comments stand everywhere.", bend: all(text("data: ", ": about: the data\n:\ndata: "), text("\n\n", "\n: the end\n\n:\n\n"))},
		{Name: "no-space", Text: "There is no space after the colon.", bend: text(": ", ":")},
		{Name: "bom", Text: "The stream begins with a BOM.", bend: each(func(n int, p part) part {
			if n == 0 {
				p.text = "\ufeff" + p.text
			}
			return p
		})},
		{Name: "blank-lines", Text: "There are blank lines at the start and three between events.", bend: all(text("id: ", "\n\nid: "))},
		{Name: "no-ids", Text: "There are no ids; the stream starts again for who comes back.", Warns: []string{"resume/over"}, bend: stream(func(q query, a *answer) { replay(0)(q, a); text("id: ", ": ")(q, a) })},
		{Name: "ids-in-words", Text: "Ids are no numbers.", bend: func(q query, a *answer) {
			r := q.Clone(q.Context())
			r.Header.Set("Last-Event-ID", strings.TrimPrefix(r.Header.Get("Last-Event-ID"), "evt_ä/"))
			*a = *conforming(r)
			text("id: ", "id: evt_ä/")(q, a)
		}},
		{Name: "types", Text: "Events have types, also of one's own.", bend: text("data: ", "event: price.changed\ndata: ")},
		{Name: "lines", Text: "Data has several lines, and empty ones.", bend: text("data: ", "data:\ndata: \ndata: one\ndata: ")},
		{Name: "empty", Text: "Events have empty data.", bend: each(func(n int, p part) part {
			p.text = strings.ReplaceAll(p.text, fmt.Sprintf("data: event %d\n", n+1), "data\n")
			return p
		})},
		{Name: "json", Text: "Data is JSON on one line, with escapes.", bend: text("data: event", `data: {"text":"a\nb \u00e9","html":"<p>"} `)},
		{Name: "big", Text: "Events are of 100 KB.", bend: text("data: event", "data: "+strings.Repeat("x", 100_000)+" event")},
		{Name: "apart", Text: "Retry and heartbeats are blocks of their own.", bend: all(text("retry: 1000\n", "retry: 1000\n\n"), text("\n\n", "\n\n: heartbeat\n\n"))},
		{Name: "pairs", Text: "Some events come two at a time.", bend: parts(func(p []part) []part {
			return append([]part{{p[0].after, p[0].text + p[min(1, len(p)-1)].text}}, p[min(2, len(p)):]...)
		})},
		{Name: "burst", Text: "All events come as fast as they can, each flushed.", bend: each(func(_ int, p part) part { return part{time.Millisecond, p.text} })},
		{Name: "heartbeats", Text: "There is nothing but heartbeats, without an end.", bend: all(ends(held), stream(func(_ query, a *answer) {
			a.parts = a.parts[:0]
			for range 100 {
				a.parts = append(a.parts, part{pace, ":\n\n"})
			}
		}))},
		{Name: "for-ever", Text: "The stream never ends, and heartbeats follow the events.", bend: all(ends(held), parts(func(p []part) []part {
			for range 100 {
				p = append(p, part{pace, ": heartbeat\n\n"})
			}
			return p
		}))},
	}
}

// moved answers with a redirect to the path where the stream is.
func moved(status int) bend {
	return all(closed, when(func(q query) bool { return q.URL.Path != "/moved" }, func(_ query, a *answer) {
		a.refuse(status)
		a.set("Location", "/moved")
		a.remove("Transfer-Encoding")
		a.set("Content-Length", "0")
	}))
}

// untilClose leaves the end of the stream to the end of the connection.
func untilClose(_ query, a *answer) { a.remove("Transfer-Encoding") }
