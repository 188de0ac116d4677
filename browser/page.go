package browser

import (
	"context"
	"crypto/rand"
	_ "embed"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/ssespec/ssespec/runner/target"
)

//go:embed page.html
var pageHTML []byte

//go:embed api.js
var apiScript []byte

//go:embed batch.js
var batchScript []byte

const (
	pollTime  = 20 * time.Second // that a page waits for a command before it asks again
	maxReport = 256 << 20        // bytes of one batch of lines
	maxSteps  = 1_000_000        // of one run
)

// A Page is one page in a browser, from its first request on. It is told what
// to do in the answers to its polls, and reports by POST. [NewPage] makes it.
type Page struct {
	CloseTime time.Duration // from close to the page's end of the run; 10 s if not above 0

	path  string
	ready chan struct{} // closed when the page has said what it is
	agent string        // after ready: what the browser calls itself
	said  sync.Once

	mu       sync.Mutex
	commands []command
	arrived  chan struct{} // closed and replaced when commands come
	runs     map[string]*run
	batches  int             // put so far
	lent     map[string]lent // streams of batches, by their path
	broken   *target.Broken
	gone     chan struct{} // closed when broken is set
}

// A command is what the page is told; one member is set.
type command struct {
	Subscribe *target.Subscription `json:"subscribe,omitzero"`
	Close     *closing             `json:"close,omitzero"`
	Hear      *hearing             `json:"hear,omitzero"`
	State     string               `json:"state,omitzero"`
	Done      string               `json:"done,omitzero"`
	Progress  *Progress            `json:"progress,omitzero"`
	Result    *Shown               `json:"result,omitzero"`
}

// Progress is how far a run is.
type Progress struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

// Shown is a result as the person in front of the page sees it. Strings that are
// not Unicode are not to be shown.
type Shown struct {
	Verdict string `json:"verdict"`
	Case    string `json:"case"`
	Title   string `json:"title"`
	Reason  string `json:"reason"`
}

type closing struct {
	Run string `json:"run"`
}

// NewPage returns a page at a path that nobody can guess.
func NewPage() *Page {
	return &Page{
		path:    "/page/" + rand.Text() + "/",
		ready:   make(chan struct{}),
		arrived: make(chan struct{}),
		runs:    map[string]*run{},
		lent:    map[string]lent{},
		gone:    make(chan struct{}),
	}
}

// Path is where the page is served. All that it asks for lies below.
func (p *Page) Path() string { return p.path }

// ServeHTTP serves the page, and what it asks for and reports.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	within, found := strings.CutPrefix(r.URL.Path, p.path)
	w.Header().Set("Cache-Control", "no-store")
	switch asked := r.Method + " " + within; {
	case !found:
		http.NotFound(w, r)
	case asked == "GET ":
		write(w, "text/html", pageHTML)
	case asked == "GET api.js":
		write(w, "text/javascript", apiScript)
	case asked == "GET batch.js":
		write(w, "text/javascript", batchScript)
	case asked == "GET next":
		p.next(w, r)
	case asked == "POST steps":
		p.steps(w, r)
	case strings.HasPrefix(asked, "GET "+lentStreams):
		p.stream(w, r, strings.TrimPrefix(within, lentStreams))
	default:
		http.NotFound(w, r)
	}
}

func write(w http.ResponseWriter, mime string, text []byte) {
	w.Header().Set("Content-Type", mime+"; charset=utf-8")
	w.Write(text)
}

// next answers with the commands that there are, and waits for the first.
func (p *Page) next(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), pollTime)
	defer cancel()
	text, err := json.Marshal(p.take(ctx))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(text)
}

// take returns the commands that wait, none when ctx ends before there are any.
func (p *Page) take(ctx context.Context) []command {
	for {
		p.mu.Lock()
		list, arrived := p.commands, p.arrived
		p.commands = nil
		p.mu.Unlock()
		if len(list) > 0 {
			return list
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return []command{}
		}
	}
}

// tell queues a command for the page's next poll.
func (p *Page) tell(c command) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.commands = append(p.commands, c)
	close(p.arrived)
	p.arrived = make(chan struct{})
}

// Show tells the person in front of the page something.
func (p *Page) Show(text string) { p.tell(command{State: text}) }

// Done is [Page.Show] for the last words: the page asks for no more commands.
func (p *Page) Done(text string) { p.tell(command{Done: text}) }

// ShowResult adds a result to the table on the page, and says how far the run is.
func (p *Page) ShowResult(r Shown, at Progress) {
	p.tell(command{Result: &r})
	p.tell(command{Progress: &at})
}

// Hello waits for the page and says what its browser calls itself.
func (p *Page) Hello(ctx context.Context) (target.Hello, error) {
	agent, err := p.Agent(ctx)
	if err != nil {
		return target.Hello{}, err
	}
	name, version := named(agent)
	return target.Hello{
		Protocol: target.Protocol, Kind: target.Client, Name: name, Version: version, Language: "JavaScript",
		Capabilities: []string{"reestablish", "credentials", "cors", "close-in-callback", "page"},
		Parallel:     parallel,
	}, nil
}

// steps takes a batch of lines. Strings that are not Unicode are an error here:
// what an EventSource hands out is Unicode.
func (p *Page) steps(w http.ResponseWriter, r *http.Request) {
	var batch []line
	if err := json.UnmarshalRead(http.MaxBytesReader(w, r.Body, maxReport), &batch); err != nil {
		p.Break(target.Garbage, fmt.Sprintf("the page reported what is none of its lines: %v", err))
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	for _, l := range batch {
		p.heed(l)
	}
	w.WriteHeader(http.StatusNoContent)
}

// heed hands one line to its run. Lines of runs that are over were in flight.
func (p *Page) heed(l line) {
	if l.Agent != "" {
		p.said.Do(func() { p.agent = l.Agent; close(p.ready) })
		return
	}
	p.mu.Lock()
	r := p.runs[l.Run]
	p.mu.Unlock()
	if r != nil {
		r.take(l, p.gone)
	}
}

// Agent waits for the page and returns what its browser calls itself.
func (p *Page) Agent(ctx context.Context) (string, error) {
	select {
	case <-p.ready:
		return p.agent, nil
	case <-p.gone:
		return "", p.broken
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// Break ends every run that is open, and each later one, with that breakdown.
// The first call counts.
func (p *Page) Break(how, detail string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken == nil {
		p.broken = &target.Broken{How: how, Detail: detail}
		close(p.gone)
	}
}

// closeTime is longer than that of an adapter: a browser on a busy machine is many
// processes that all have to take their turn.
func (p *Page) closeTime() time.Duration {
	if p.CloseTime > 0 {
		return p.CloseTime
	}
	return 10 * time.Second
}

func (p *Page) isBroken() bool {
	select {
	case <-p.gone:
		return true
	default:
		return false
	}
}
