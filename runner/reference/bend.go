package reference

import (
	"net/http"
	"strings"
)

// A bend makes a conforming answer another one.
type bend func(q query, a *answer)

// all does one after the other.
func all(bends ...bend) bend {
	return func(q query, a *answer) {
		for _, b := range bends {
			b(q, a)
		}
	}
}

// on bends the answers to requests of one method.
func on(method string, b bend) bend {
	return when(func(q query) bool { return q.Method == method }, b)
}

// when bends the answers to some requests.
func when(holds func(query) bool, b bend) bend {
	return func(q query, a *answer) {
		if holds(q) {
			b(q, a)
		}
	}
}

// stream bends the event stream, and leaves refusals as they are.
func stream(b bend) bend {
	return func(q query, a *answer) {
		if a.streams() {
			b(q, a)
		}
	}
}

// refused answers with a status and no body.
func refused(status int) bend {
	return func(_ query, a *answer) { a.refuse(status) }
}

// status labels the stream with another status.
func status(code int) bend {
	return stream(func(_ query, a *answer) { a.status = code })
}

// header gives the stream's head a field in place of what it has.
func header(name, value string) bend {
	return stream(func(_ query, a *answer) { a.set(name, value) })
}

// more gives the head one more field.
func more(name, value string) bend {
	return func(_ query, a *answer) { a.add(name, value) }
}

// without takes a field out of the head.
func without(name string) bend {
	return func(_ query, a *answer) { a.remove(name) }
}

// text replaces a text wherever it stands in a part.
func text(old, replacement string) bend {
	return each(func(_ int, p part) part {
		p.text = strings.ReplaceAll(p.text, old, replacement)
		return p
	})
}

// each changes the parts of the stream one by one; they count from 0.
func each(change func(n int, p part) part) bend {
	return stream(func(_ query, a *answer) {
		for n, p := range a.parts {
			a.parts[n] = change(n, p)
		}
	})
}

// parts changes how the body is cut, or what it is.
func parts(change func([]part) []part) bend {
	return stream(func(_ query, a *answer) { a.parts = change(a.parts) })
}

// ends gives the stream another end.
func ends(e ending) bend {
	return stream(func(_ query, a *answer) { a.end = e })
}

// compresses codes the stream.
func compresses(c coding) bend {
	return stream(func(_ query, a *answer) {
		a.coding = c
		a.set("Content-Encoding", "gzip")
		a.set("Vary", "Accept-Encoding")
	})
}

// mute answers nothing and keeps the connection.
func mute(_ query, a *answer) { a.mute = true }

func offersGzip(q query) bool { return strings.Contains(q.Header.Get("Accept-Encoding"), "gzip") }

func resumes(q query) bool { return q.Header.Get("Last-Event-ID") != "" }

// streaming makes the answer the whole event stream, its head and first event at
// once, whatever was asked.
func streaming(q query, a *answer) {
	r := q.Clone(q.Context())
	r.Method = http.MethodGet
	*a = *conforming(r)
	a.headWaits = true
}

// replay makes the answer the stream behind the first n events.
func replay(n int) bend {
	return func(q query, a *answer) {
		r := q.Clone(q.Context())
		r.Header.Del("Last-Event-ID")
		*a = *conforming(r)
		a.parts = eventsAfter(n)
	}
}
