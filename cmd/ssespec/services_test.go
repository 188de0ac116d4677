package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"

	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// A fakeService is the reference client behind the protocol of test services.
type fakeService struct {
	mu      sync.Mutex
	streams map[string]context.CancelFunc
}

// serviceRight listens at PORT until it is told to end.
func serviceRight() {
	t := &fakeService{streams: map[string]context.CancelFunc{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"name":"fake service"}`) })
	mux.HandleFunc("POST /{$}", t.open)
	mux.HandleFunc("DELETE /{$}", func(http.ResponseWriter, *http.Request) { leave("told to end", 0) })
	mux.HandleFunc("DELETE /streams/{id}", t.close)
	listen(mux)
}

// serviceHangs answers what it is, and nothing else.
func serviceHangs() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{}`) })
	mux.HandleFunc("/", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	listen(mux)
}

func listen(h http.Handler) {
	l, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		leave(err.Error(), 8)
	}
	leave(http.Serve(l, h).Error(), 8)
}

func (t *fakeService) open(w http.ResponseWriter, r *http.Request) {
	var o struct {
		StreamURL, CallbackURL string
		InitialDelayMs         *int64
	}
	if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.mu.Lock()
	id := fmt.Sprint(len(t.streams))
	t.streams[id] = cancel
	t.mu.Unlock()
	go func() {
		n := 0
		sub := target.Subscription{URL: o.StreamURL, ReconnectionTime: o.InitialDelayMs}
		if err := new(reference.Client).Subscribe(ctx, sub, func(s spec.Step) {
			if s.Kind == spec.Dispatch {
				n++
				callBack(fmt.Sprintf("%s/%d", o.CallbackURL, n), *s.Event)
			}
		}); err != nil && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}()
	w.Header().Set("Location", "streams/"+id)
	w.WriteHeader(http.StatusCreated)
}

func callBack(to string, e spec.Event) {
	text, err := json.Marshal(map[string]any{"kind": "event", "event": map[string]string{"type": e.Type, "data": e.Data, "id": e.LastEventID}})
	if err != nil {
		leave(err.Error(), 8)
	}
	res, err := http.Post(to, "application/json", bytes.NewReader(text))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	res.Body.Close()
}

func (t *fakeService) close(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.streams[r.PathValue("id")]()
	w.WriteHeader(http.StatusNoContent)
}
