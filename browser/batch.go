package browser

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// Heard is what a browser made of one stream of many.
type Heard struct {
	Trace spec.Trace
	// Together says that the stream was put between others on one connection: the
	// steps of the connection are not its own, and are left out.
	Together bool
	// Lost says that the end of the stream, or of one before it, was not heard: the
	// trace may be that of another.
	Lost bool
}

const (
	batchTime = 2 * time.Minute // for all streams of one call of Hear
	atOnce    = 8               // EventSources on data: URLs
)

// A hearing is the command that puts streams to the page.
type hearing struct {
	Run      string      `json:"run"`
	Together connected   `json:"together"`
	Alone    []addressed `json:"alone"`
	Parallel int         `json:"parallel"`
}

// Connected streams share one connection. The event that ends the last of them
// has that number as its data.
type connected struct {
	URL       string   `json:"url"`
	Types     []string `json:"types"`
	Separator string   `json:"separator"`
	Last      int      `json:"last"`
}

// An addressed stream has a URL of its own.
type addressed struct {
	URL   string   `json:"url"`
	Types []string `json:"types"`
}

// heard is what the page reports of a hearing: the steps of each stream, nil of
// one whose end it did not hear.
type heard struct {
	Together [][]step `json:"together"`
	Alone    [][]step `json:"alone"`
}

// Hear puts many streams to the browser at once, and returns what it made of
// each, in their order. Streams that mean the same between others share one
// connection; each of the rest has one of its own, or is a data: URL where the
// engine takes those. From then on the browser hears no types unasked.
func (b *Browser) Hear(ctx context.Context, streams [][]byte) ([]Heard, error) {
	s, err := b.current(ctx)
	if err != nil {
		return nil, err
	}
	if o, can := s.process.(interface{ deafen() error }); can {
		if err := o.deafen(); err != nil {
			s.page.Break(target.Crashed, err.Error())
			return nil, s.page.broken
		}
	}
	return s.page.Hear(ctx, streams, b.Engine.dataURLs)
}

// HearOne puts the stream that is played at url as a case is put, and returns the
// steps up to the end of the connection, or to that of ctx.
func (b *Browser) HearOne(ctx context.Context, url string, stream []byte) (trace spec.Trace, err error) {
	s, err := b.current(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	types := slices.DeleteFunc(append(spec.TypesRead(stream), typesNamed(stream)...), func(t string) bool { return !utf8.ValidString(t) })
	sub := target.Subscription{Run: s.page.nextBatch(), URL: url, Types: types, CloseOn: &target.CloseOn{Step: spec.Reestablish, Count: 1}}
	err = s.page.Subscribe(ctx, sub, func(s spec.Step) {
		trace = append(trace, s)
		if s.Kind == spec.Reestablish {
			cancel()
		}
	})
	return trace, err
}

// Hear is [Browser.Hear] in any browser that has opened the page; dataURLs says
// that its EventSource takes data: URLs.
func (p *Page) Hear(ctx context.Context, streams [][]byte, dataURLs bool) ([]Heard, error) {
	r, err := p.open(p.nextBatch())
	if err != nil {
		return nil, err
	}
	defer p.leave(r)
	together, alone := sorted(streams)
	m := multiplex(pick(streams, together))
	h := hearing{Run: r.id, Parallel: parallel,
		Together: connected{p.lend(r, "together", lent{m.body, true}), m.types, m.separator, len(together)}}
	if dataURLs {
		h.Parallel = atOnce
	}
	for i, s := range pick(streams, alone) {
		url := dataURL(s)
		if !dataURLs {
			url = p.lend(r, strconv.Itoa(i), lent{s, false})
		}
		h.Alone = append(h.Alone, addressed{url, typesNamed(s)})
	}
	p.tell(command{Hear: &h})
	said, err := p.verdict(ctx, r)
	if err != nil {
		return nil, err
	}
	list := make([]Heard, len(streams))
	said.alone(list, alone)
	said.together(list, together)
	return list, nil
}

func pick(streams [][]byte, indices []int) (picked [][]byte) {
	for _, i := range indices {
		picked = append(picked, streams[i])
	}
	return picked
}

func dataURL(stream []byte) string {
	return "data:text/event-stream;base64," + base64.StdEncoding.EncodeToString(stream)
}

// verdict waits for the one line that the page reports of a batch.
func (p *Page) verdict(ctx context.Context, r *run) (*heard, error) {
	late := time.NewTimer(batchTime)
	defer late.Stop()
	select {
	case l := <-r.steps:
		if l.Heard == nil {
			return nil, &target.Fault{Reason: "the page: " + l.Error}
		}
		return l.Heard, nil
	case <-late.C:
		p.Break(target.Hung, fmt.Sprintf("no report of a batch within %v", batchTime))
		return nil, p.broken
	case <-p.gone:
		return nil, p.broken
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// alone notes in list what was heard of the streams with these indices, each of
// which had a connection of its own.
func (h *heard) alone(list []Heard, indices []int) {
	for n, i := range indices {
		list[i] = Heard{Lost: true}
		if n < len(h.Alone) && h.Alone[n] != nil {
			list[i] = Heard{Trace: traceOf(h.Alone[n])}
		}
	}
}

// together is alone for those that shared a connection. Separators count from 1,
// and what was heard before the first is of no stream.
func (h *heard) together(list []Heard, indices []int) {
	known := func(n int) bool { return n < len(h.Together) && h.Together[n] != nil }
	for n, i := range indices {
		list[i] = Heard{Together: true, Lost: !known(n) || !known(n+1)}
		if !list[i].Lost {
			list[i].Trace = traceOf(h.Together[n+1]).Only(spec.Dispatch)
		}
	}
}
