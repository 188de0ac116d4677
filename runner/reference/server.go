package reference

import (
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ssespec/ssespec/spec"
)

// Server is a conforming server: the same few events to every client, each sent
// at once, with what has been seen left out for a client that comes back, and
// 204 for one that has seen all. The zero value is ready; it may be used by many
// requests at once.
type Server struct {
	Events int           // how many there are; 0 is 5
	Every  time.Duration // between two; 0 is 100 ms
}

// ServeHTTP streams the events that follow the one of Last-Event-ID.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		h.Set("Access-Control-Allow-Headers", "Cache-Control, Last-Event-ID")
		w.WriteHeader(http.StatusNoContent)
		return
	default:
		h.Set("Allow", "GET, HEAD, OPTIONS")
		http.Error(w, "a stream is read with GET", http.StatusMethodNotAllowed)
		return
	}
	seen := s.seen(r)
	if seen == s.events() {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Encoding")
	if r.Method == http.MethodGet {
		s.stream(w, r, seen)
	}
}

func (s *Server) events() int {
	if s.Events == 0 {
		return 5
	}
	return s.Events
}

// seen returns how many events the client has: 0 for an id that is not ours.
func (s *Server) seen(r *http.Request) int {
	id := r.Header.Get("Last-Event-ID")
	n, err := strconv.Atoi(id)
	if err != nil || n < 0 || n > s.events() || strconv.Itoa(n) != id {
		return 0
	}
	return n
}

// stream writes the events after the first that many, until the client leaves.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, seen int) {
	out, flush := compressed(w, r)
	defer out.Close()
	flush() // the head does not wait for the first event
	for n := seen + 1; n <= s.events(); n++ {
		if !sleep(r.Context(), s.every()) {
			return
		}
		if _, err := out.Write(numbered(n)); err != nil {
			return // the client has left
		}
		flush()
	}
}

func (s *Server) every() time.Duration {
	if s.Every == 0 {
		return 100 * time.Millisecond
	}
	return s.Every
}

// numbered is the event with that number.
func numbered(n int) []byte {
	id, data := strconv.Itoa(n), "event "+strconv.Itoa(n)
	b := spec.Block{ID: &id, Data: &data}
	if n == 1 {
		retry := "1000"
		b.Retry = &retry
	}
	text, err := spec.Encoder{}.Append(nil, b)
	if err != nil {
		panic(err) // our own block cannot be written: a mistake in this program
	}
	return text
}

// compressed returns where to write the body, and how to flush it; through gzip
// when the client offers that.
func compressed(w http.ResponseWriter, r *http.Request) (io.WriteCloser, func()) {
	control := http.NewResponseController(w)
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		return plain{w}, func() { control.Flush() }
	}
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	return z, func() {
		z.Flush()
		control.Flush()
	}
}

// plain is a body that needs no closing.
type plain struct{ io.Writer }

func (plain) Close() error { return nil }
