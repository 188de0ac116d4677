package service

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

const (
	prefix       = "/callback/"
	maxCallback  = 64 << 20         // bytes of one callback
	small        = 64 << 10         // bytes of those that are read side by side
	callbackTime = 10 * time.Second // until it is here
)

// ServeHTTP takes what the service calls back: POST <callbackUrl>/<n>.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, number, found := strings.Cut(strings.TrimPrefix(r.URL.Path, prefix), "/")
	st := s.stream(token)
	n, err := strconv.Atoi(number)
	switch {
	case !found || st == nil:
		http.Error(w, "no such stream", http.StatusNotFound)
	case r.Method != http.MethodPost:
		http.Error(w, "callbacks are posted", http.StatusMethodNotAllowed)
	case err != nil || n < 1:
		st.take(message{err: fault("calls back at %s: callbacks are numbered from 1", strconv.Quote(r.URL.Path))})
		http.Error(w, "callbacks are numbered from 1", http.StatusBadRequest)
	default:
		m := s.read(w, r)
		m.number = n
		st.take(m)
		w.WriteHeader(http.StatusAccepted)
	}
}

// read returns what a callback says. The time for it is limited, and large ones
// are read one after the other.
func (s *Service) read(w http.ResponseWriter, r *http.Request) message {
	if r.ContentLength < 0 || r.ContentLength > small {
		s.large.Lock()
		defer s.large.Unlock()
	}
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(callbackTime)); err != nil {
		return message{err: fault("callback: %v", err)}
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCallback))
	if err != nil {
		return message{err: fault("callback %s breaks off after %d bytes: %v", strconv.Quote(r.URL.Path), len(text), err)}
	}
	return parse(text)
}

// A message is what one callback says: a step, or a fault of the service; an
// error that it tells is neither.
type message struct {
	number int
	size   int
	step   *spec.Step
	err    error
}

// said is the body of a callback.
type said struct {
	Kind  string `json:"kind"`
	Event *struct {
		Type string `json:"type"`
		Data string `json:"data"`
		ID   string `json:"id"`
	} `json:"event"`
	Comment *string `json:"comment"`
	Error   *string `json:"error"`
}

// parse reads the body of a callback, strictly: what is no Unicode must not
// become the U+FFFD that would be right.
func parse(text []byte) message {
	var body said
	if err := json.Unmarshal(text, &body); err != nil {
		return message{err: fault("calls back what is no JSON of the protocol: %v%s", err, excerpt(text))}
	}
	m := message{size: len(text)}
	switch {
	case body.Kind == "event" && body.Event != nil:
		e := body.Event
		m.step = &spec.Step{Kind: spec.Dispatch, Chunk: -1, Event: &spec.Event{Type: e.Type, Data: e.Data, LastEventID: e.ID}}
	case body.Kind == "comment" && body.Comment != nil:
		m.step = &spec.Step{Kind: spec.Comment, Chunk: -1, Text: *body.Comment}
	case body.Kind == "error":
	default:
		m.err = fault("calls back neither an event nor a comment nor an error%s", excerpt(text))
	}
	return m
}

func fault(format string, args ...any) error {
	return &target.Fault{Reason: "the test service " + fmt.Sprintf(format, args...)}
}
