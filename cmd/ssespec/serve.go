package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/browser"
	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/spec"
)

// playTime is how long a case that somebody asked for by its URL can be played.
const playTime = 5 * time.Minute

func newServe() *cobra.Command {
	var f clientFlags
	cmd := &cobra.Command{
		Use:   "serve [flags]",
		Short: "Serve every case at a URL, and a page that runs the suite in any browser",
		Long: `Serve the suite until you press Ctrl-C. The page at / runs it in whatever browser
opens it, a phone as well, and shows what came of it; the report lands here. Each
case is played at /case/ID, which leads to a URL of its own for five minutes.

To be reached from other machines: --listen 0.0.0.0:8000, and --advertise with
the URL that they know.`,
		Example: `  ssespec serve
  ssespec serve --listen 0.0.0.0:8000 --advertise http://192.168.0.7:8000
  curl -sLN http://127.0.0.1:8000/case/parsing/lines/cr`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.serve(cmd) },
	}
	f.selecting.flags(cmd)
	f.output.flags(cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.listen, "listen", "127.0.0.1:0", "`address` to listen at")
	fl.StringVar(&f.advertise, "advertise", "", "the `URL` that browsers know in place of that address")
	fl.StringSliceVar(&f.deliveries, "delivery", []string{cases.AsWritten}, "the `way` in which each stream is put (repeatable)")
	fl.Float64Var(&f.timeScale, "time-scale", 1, "stretch every time limit and pause by this factor")
	return cmd
}

func (f *clientFlags) serve(cmd *cobra.Command) error {
	f.all, f.timeout, f.startTimeout, f.repeat, f.seed = "default", runner.DefaultTimeout, time.Second, 1, 1
	if err := f.valid(); err != nil {
		return err
	}
	all, picked, err := f.load(cases.Clients, cases.Browsers)
	if err != nil {
		return err
	}
	o, err := f.openOrigin()
	if err != nil {
		return &failure{exitTarget, err}
	}
	defer o.Close()
	h := &host{flags: f, cmd: cmd, origin: o, all: all, picked: picked, pages: map[string]*browser.Page{}}
	defer h.visits.Wait()
	o.Handler = h
	f.warnListening(cmd.ErrOrStderr())
	fmt.Fprintf(cmd.OutOrStdout(), "open %s/ in a browser; Ctrl-C ends\n", o.URL())
	o.Serve()
	<-cmd.Context().Done() // that is how it ends
	return nil
}

// A host serves the suite to whatever browser opens its page.
type host struct {
	flags       *clientFlags
	cmd         *cobra.Command
	origin      *origin.Origin
	all, picked []cases.Case
	visits      sync.WaitGroup

	mu      sync.Mutex
	pages   map[string]*browser.Page
	telling sync.Mutex // one report after the other
}

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch id, isCase := strings.CutPrefix(r.URL.Path, "/case/"); {
	case r.URL.Path == "/" && r.Method == http.MethodGet:
		http.Redirect(w, r, h.visit().Path(), http.StatusSeeOther)
	case isCase:
		h.play(w, r, id)
	default:
		if p := h.page(r.URL); p != nil {
			p.ServeHTTP(w, r)
			return
		}
		http.Redirect(w, r, "/", http.StatusSeeOther) // a page of before that is loaded again
	}
}

// page returns the page that a URL belongs to.
func (h *host) page(u *url.URL) *browser.Page {
	h.mu.Lock()
	defer h.mu.Unlock()
	for path, p := range h.pages {
		if strings.HasPrefix(u.Path, path) {
			return p
		}
	}
	return nil
}

// play plays one case at a URL of its own.
func (h *host) play(w http.ResponseWriter, r *http.Request, id string) {
	for _, c := range h.all {
		if c.ID != id {
			continue
		}
		ctx, cancel := context.WithTimeout(h.cmd.Context(), playTime)
		context.AfterFunc(ctx, cancel)
		http.Redirect(w, r, h.origin.Play(ctx, c.Script).URL(), http.StatusTemporaryRedirect)
		return
	}
	http.Error(w, "there is no case "+spec.Quote(id)+cases.DidYouMean(id, cases.IDs(h.all)), http.StatusNotFound)
}

const (
	maxPages  = 64               // that are open at once
	lingering = 10 * time.Second // for a page to fetch the last that it is told
)

// visit opens a page and runs the suite in it as soon as it has spoken.
func (h *host) visit() *browser.Page {
	p := browser.NewPage()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.pages) < maxPages {
		h.pages[p.Path()] = p
		h.visits.Go(func() { h.check(h.cmd.Context(), p) })
	}
	return p
}

// check runs the suite in one page, and tells what came of it.
func (h *host) check(ctx context.Context, p *browser.Page) {
	defer time.AfterFunc(lingering, func() { h.forget(p) })
	arrival, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	hello, err := p.Hello(arrival)
	if err != nil {
		return // nobody came after all
	}
	run := reports.Run{Version: version(), Transport: "browser", Started: time.Now(), Seed: h.flags.seed, Target: hello,
		Command: commandLine(h.cmd), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if run.Suite, err = suiteInfo(h.all); err != nil {
		p.Show(err.Error())
		return
	}
	p.Show(fmt.Sprintf("Checking %s %s…", hello.Name, hello.Version))
	r := runner.Runner{Deliveries: h.flags.deliveries, Origin: h.origin, TimeScale: h.flags.timeScale, Seed: h.flags.seed}
	var results []runner.Result
	for result := range r.CheckClient(ctx, p, h.picked) {
		results = append(results, result)
		p.ShowResult(onPage(result), browser.Progress{Done: len(results), Total: len(h.picked)})
	}
	h.tell(ctx, p, run, results)
}

func (h *host) forget(p *browser.Page) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.pages, p.Path())
}

// tell prints the report of one page, and its summary on the page.
func (h *host) tell(ctx context.Context, p *browser.Page, run reports.Run, results []runner.Result) {
	h.telling.Lock()
	defer h.telling.Unlock()
	fmt.Fprintf(h.cmd.OutOrStdout(), "\n== %s %s\n", run.Target.Name, run.Target.Version)
	var told status
	f := *h.flags
	if err := f.tell(ctx, h.cmd, chosen{client: p}, &run, h.all, h.picked, slices.Values(results)); err != nil && !errors.As(err, &told) {
		fmt.Fprintf(h.cmd.ErrOrStderr(), "ssespec: %v\n", err)
	}
	n := reports.Count(results)
	p.Done(fmt.Sprintf("%s %s: %d of %d cases passed, %d failed, %d skipped. The report is on the terminal.",
		run.Target.Name, run.Target.Version, n.Pass, len(results), n.Fail, n.Skip))
}

// onPage is a result as text that a page can show.
func onPage(r runner.Result) browser.Shown {
	return browser.Shown{Verdict: string(r.Verdict), Case: r.Case.ID, Title: r.Case.Title, Reason: spec.Decode([]byte(r.Reason))}
}
