package browser

import (
	"context"
	"slices"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/ssespec/ssespec/spec"
)

// An overhearer knows the events that a browser dispatched to nobody: a page
// hears only the types that it listens for, the DevTools protocol tells of all.
type overhearer struct {
	tab context.Context

	mu     sync.Mutex
	urls   map[network.RequestID]string
	events map[string][]spec.Event // by the URL of the play
}

// maxOverheard bounds the events that are kept of one URL.
const maxOverheard = 1000

// overhear begins to listen in a tab.
func overhear(tab context.Context) (*overhearer, error) {
	o := &overhearer{tab: tab, urls: map[network.RequestID]string{}, events: map[string][]spec.Event{}}
	return o, chromedp.Listen(tab, o.hear)
}

// deafen ends listening, which costs more than a stream does: nothing is unheard
// any more.
func (o *overhearer) deafen() error {
	_, err := chromedp.Call(o.tab, network.Disable, cdp.Empty{})
	return err
}

func (o *overhearer) hear(ev any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		if ev.Type == network.ResourceTypeEventSource && o.urls[ev.RequestID] == "" { // a redirect keeps the id
			o.urls[ev.RequestID] = ev.Request.URL
		}
	case *network.EventEventSourceMessageReceived:
		if url := o.urls[ev.RequestID]; len(o.events[url]) < maxOverheard {
			o.events[url] = append(o.events[url], spec.Event{Type: ev.EventName, Data: ev.Data, LastEventID: ev.EventID})
		}
	}
}

// unheard returns, and forgets, the events from url of types that nobody
// listened for.
func (o *overhearer) unheard(url string, types []string) []spec.Event {
	chromedp.Run(o.tab, chromedp.Evaluate[int]("0")) // what came before has been told when this is answered
	o.mu.Lock()
	defer o.mu.Unlock()
	events := o.events[url]
	delete(o.events, url)
	for id, u := range o.urls {
		if u == url {
			delete(o.urls, id)
		}
	}
	known := append([]string{spec.DefaultType, "open", "error"}, types...)
	return slices.DeleteFunc(events, func(e spec.Event) bool { return slices.Contains(known, e.Type) })
}
