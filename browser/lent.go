package browser

import (
	"net/http"
	"strconv"
	"strings"
)

// lentStreams is the path, below that of the page, of the streams of batches.
const lentStreams = "streams/"

// A lent stream is served for as long as its batch is open.
type lent struct {
	body []byte
	held bool // the connection stays until the page closes it: no end, no coming back
}

// nextBatch returns the name of a run that is a batch.
func (p *Page) nextBatch() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.batches++
	return "batch-" + strconv.Itoa(p.batches)
}

// lend serves s until r is left, and returns its path.
func (p *Page) lend(r *run, name string, s lent) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	path := r.id + "/" + name
	p.lent[path] = s
	return p.path + lentStreams + path
}

// takeBack ends what was lent for r.
func (p *Page) takeBack(r *run) {
	for path := range p.lent {
		if strings.HasPrefix(path, r.id+"/") {
			delete(p.lent, path)
		}
	}
}

// stream serves a stream that is lent. Without one, the answer lets no EventSource
// come back.
func (p *Page) stream(w http.ResponseWriter, r *http.Request, path string) {
	p.mu.Lock()
	s, found := p.lent[path]
	p.mu.Unlock()
	if !found {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Write(s.body)
	if !s.held || http.NewResponseController(w).Flush() != nil {
		return
	}
	select {
	case <-r.Context().Done():
	case <-p.gone:
	}
}
