package reference_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

func TestReference(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "reference")
}

// server answers each request with the next of its answers, and then with 204.
type server struct {
	url string

	mu   sync.Mutex
	got  []*http.Request
	when []time.Time
}

// answering returns a server that is closed after the spec.
func answering(answers ...http.HandlerFunc) *server {
	s := new(server)
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := s.note(r)
		if n >= len(answers) {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		answers[n](w, r)
	}))
	DeferCleanup(h.Close)
	s.url = h.URL
	return s
}

func (s *server) note(r *http.Request) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got, s.when = append(s.got, r), append(s.when, time.Now())
	return len(s.got) - 1
}

// requests returns what was received so far.
func (s *server) requests() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*http.Request(nil), s.got...)
}

// streams answers with an event stream of that text.
func streams(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.Write([]byte(text)) // a client that has left is what some specs are about
	}
}

// hangs answers like streams and then waits until the client leaves.
func hangs(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		streams(text)(w, r)
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
}

// observed subscribes and returns all steps on one line.
func observed(sub target.Subscription) string {
	GinkgoHelper()
	var seen spec.Trace
	err := new(reference.Client).Subscribe(context.Background(), sub, func(s spec.Step) { seen = append(seen, s) })
	Expect(err).NotTo(HaveOccurred())
	return cases.Brief(seen)
}
