package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ssespec/ssespec/runner/reference"
)

// modes are the servers of the scripts: `server-mode NAME` listens at $PORT and
// says where.
func modes() map[string]http.HandlerFunc {
	says := func(status int, contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.WriteHeader(status)
			io.WriteString(w, body)
		}
	}
	asked := sync.OnceFunc(here) // two at once would take each other's file away
	fine := &reference.Server{Every: 20 * time.Millisecond}
	var visits atomic.Int32
	return map[string]http.HandlerFunc{
		"fine":         fine.ServeHTTP,
		"html":         says(200, "text/html; charset=utf-8", "<!DOCTYPE html>\n<h1>it works</h1>\n"),
		"text":         says(200, "text/event-stream", "hello\n\nworld\n\n"),
		"unfinished":   says(200, "text/event-stream", "data: a\n\ndata: b\n"),
		"latin-1":      says(200, "text/event-stream; charset=latin1", "data: a\n\ndata: \xe4\n\n"),
		"unauthorized": says(401, "text/plain", "no"),
		"over":         says(204, "", ""),
		"https":        says(400, "text/plain", "Client sent an HTTP request to an HTTPS server.\n"),
		"busy": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "120")
			says(503, "text/plain", "come back later\n")(w, r)
		},
		"login": moved("", says(200, "text/html", "<form>")),
		"elsewhere": moved("localhost", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			says(401, "text/html", "<h1>no</h1>")(w, r)
		}),
		"elsewhere-open": moved("localhost", func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Key") != "" {
				http.Error(w, "what came here is not for us", 500)
				return
			}
			says(200, "text/event-stream", "data: a\n\n")(w, r)
		}),
		"empty": says(200, "text/event-stream", ""),
		"quiet": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			w.(http.Flusher).Flush()
			if r.Method == http.MethodHead { // which is sent when the head of the stream was seen
				asked()
			}
			<-r.Context().Done()
		},
		"slow": func(w http.ResponseWriter, r *http.Request) {
			later(r, 4*time.Second)
			(&reference.Server{Every: 300 * time.Millisecond}).ServeHTTP(w, r)
		},
		"slow-head": func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodHead {
				later(r, 4*time.Second)
			}
			fine.ServeHTTP(w, r)
		},
		"moody": func(w http.ResponseWriter, r *http.Request) {
			if visits.Add(1)%2 == 0 {
				w.Header().Set("Cache-Control", "public")
			}
			says(200, "text/event-stream", "data: a\n\n")(w, r)
		},
		"json": says(200, "application/json", "{}"),
		"post": func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil || r.Method != "POST" || r.Header.Get("Content-Type") != "application/json" || string(body) != "{\"stream\": true}\n" {
				http.Error(w, "want a POST of JSON", http.StatusBadRequest)
				return
			}
			says(200, "text/event-stream", "data: a\n\ndata: [DONE]\n\n")(w, r)
		},
		"scripted": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("ssespec") == "hello" {
				says(200, "application/json", `{"protocol":1,"name":"framework","version":"1.2"}`)(w, r)
				return
			}
			fine.ServeHTTP(w, r)
		},
	}
}

// moved redirects to /there, at the host if one is named, and answers there.
func moved(host string, there http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/there" {
			there(w, r)
			return
		}
		to := &url.URL{Path: "/there"}
		if host != "" {
			_, port, _ := net.SplitHostPort(r.Host) // the test itself has made it
			to.Scheme, to.Host = "http", net.JoinHostPort(host, port)
		}
		http.Redirect(w, r, to.String(), http.StatusFound)
	}
}

// later waits, but for nobody who has left.
func later(r *http.Request, d time.Duration) {
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}

// here writes the id of this process to the file that $SERVER_FILE names.
func here() {
	name := os.Getenv("SERVER_FILE")
	if err := os.WriteFile(name+".new", []byte(strconv.Itoa(os.Getpid())), 0o600); err != nil {
		leave(err.Error(), 8)
	}
	if err := os.Rename(name+".new", name); err != nil {
		leave(err.Error(), 8)
	}
}

// mode is the command `server-mode NAME`.
func mode() {
	if os.Args[1] == "deaf" { // it never says where it listens
		here()
		wait()
	}
	handler, found := modes()[os.Args[1]]
	if !found {
		leave("no such mode", 8)
	}
	l, err := net.Listen("tcp", "127.0.0.1:"+os.Getenv("PORT"))
	if err != nil {
		leave(err.Error(), 8)
	}
	fmt.Printf("http://%s/events\n", l.Addr())
	leave(http.Serve(l, handler).Error(), 8)
}
