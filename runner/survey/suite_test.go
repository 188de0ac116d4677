package survey_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/observe"
	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/runner/survey"
)

func TestSurvey(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "survey")
}

// A counting server notes every request.
type counting struct {
	handler http.Handler

	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
}

func (c *counting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := make([]byte, 100)
	n, _ := r.Body.Read(body)
	c.mu.Lock()
	c.requests, c.bodies = append(c.requests, r), append(c.bodies, string(body[:n]))
	c.mu.Unlock()
	c.handler.ServeHTTP(w, r)
}

// most returns how many requests were open at once. (A server learns later than we
// that we have left.)
func most(o *observe.Observation) (n int) {
	for _, begun := range o.Exchanges {
		open := 0
		for _, e := range o.Exchanges {
			if e.At <= begun.At && begun.At < e.At+e.Until {
				open++
			}
		}
		n = max(n, open)
	}
	return n
}

// methods returns the methods that came, sorted.
func (c *counting) methods() (all []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.requests {
		all = append(all, r.Method)
	}
	slices.Sort(all)
	return all
}

// with returns the requests that have the header.
func (c *counting) with(name string) (values []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.requests {
		if v := r.Header.Get(name); v != "" {
			values = append(values, v)
		}
	}
	slices.Sort(values)
	return values
}

// run surveys the handler as the plan says.
func run(handler http.Handler, change ...func(*survey.Plan)) (*counting, *observe.Observation) {
	GinkgoHelper()
	c := &counting{handler: handler}
	s := httptest.NewServer(c)
	defer s.Close()
	u, err := url.Parse(s.URL + "/events")
	Expect(err).NotTo(HaveOccurred())
	p := survey.Plan{Prober: &probe.Prober{URL: u, Agent: "test"}, Watch: 2 * time.Second}
	for _, f := range change {
		f(&p)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return c, survey.Run(ctx, p)
}

// endless streams an event with an id every 20 ms until the client leaves.
func endless(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	for n := 1; ; n++ {
		if _, err := w.Write([]byte("id: " + string(rune('a'+n%26)) + "\ndata: x\n\n")); err != nil {
			return
		}
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}
