package reference

import (
	"context"
	"errors"
	"net/http"
	"sync"
)

// PlainServer is a second server, by another hand than [Server] and with its
// bytes in its own hands: over HTTP/1 it writes to the bare connection, so that
// it can break every rule. It sends five numbered events and ends; a client that
// comes back is given what it has not seen, and then 204. The zero value
// conforms; [ServerMutant.Server] and [ServerVariant.Server] return one that does
// not, or does so in an unusual way.
type PlainServer struct {
	bend bend

	mu   sync.Mutex
	open map[*visit]bool
	left int // clients that had come anew and went away before the end
}

// A visit is one client that is being answered. Dismissed, it is sent one more
// part and the end.
type visit struct {
	anew      bool          // it is the first one of an EventSource
	gone      chan struct{} // closed when it is over
	dismissed context.Context
	dismiss   context.CancelFunc
}

// A query is what is asked of the server, and who else is there.
type query struct {
	*http.Request
	open    int    // streams that others are being sent
	left    int    // clients that had come anew and went away before the end
	dismiss func() // ends the streams of the others, and waits until they have ended
}

// ServeHTTP answers one request.
func (s *PlainServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	v := &visit{anew: anew(query{Request: r}), gone: make(chan struct{})}
	v.dismissed, v.dismiss = context.WithCancel(context.Background()) // who leaves is not dismissed
	defer v.dismiss()
	q, a := s.enter(r, v), conforming(r)
	if s.bend != nil {
		s.bend(q, a)
	}
	a.dismissed = v.dismissed.Done()
	err := a.play(ctx, cancel, w, r)
	s.leave(v, err)
}

// enter notes the visit of one who wants the stream, and returns what it finds.
func (s *PlainServer) enter(r *http.Request, v *visit) query {
	s.mu.Lock()
	defer s.mu.Unlock()
	others := make([]*visit, 0, len(s.open))
	for other := range s.open {
		others = append(others, other)
	}
	if s.open == nil {
		s.open = map[*visit]bool{}
	}
	if r.Method == http.MethodGet {
		s.open[v] = true
	}
	return query{Request: r, open: len(others), left: s.left, dismiss: func() {
		for _, other := range others {
			other.dismiss()
			select {
			case <-other.gone:
			case <-r.Context().Done():
			}
		}
	}}
}

// leave notes that a visit is over, and whether the client broke it off.
func (s *PlainServer) leave(v *visit, err error) {
	defer close(v.gone)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[v] && v.anew && errors.Is(err, errLeft) {
		s.left++
	}
	delete(s.open, v)
}
