package observe

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/ssespec/ssespec/runner/probe"
)

func compressionChecks() []Check {
	return []Check{
		{"serving/compression/sound", []Role{Gzip}, false, sound},
		{"serving/compression/flushed", []Role{Gzip}, false, flushed},
		{"serving/compression/unasked", []Role{Stream}, false, unasked},
	}
}

func coding(e *probe.Exchange) string {
	if e.Head == nil {
		return ""
	}
	c := strings.ToLower(e.Head.Value("Content-Encoding"))
	if c == "identity" {
		return ""
	}
	return c
}

func unasked(o *Observation) Judgement {
	c := coding(o.Exchanges[Stream])
	if c == "" {
		return Judgement{}
	}
	return says("response-content-coding", fmt.Sprintf("the stream is sent as %q, though the request said Accept-Encoding: identity", c), "compress only what the client offers in Accept-Encoding")
}

func sound(o *Observation) Judgement {
	e := o.Exchanges[Gzip]
	switch {
	case e.End == probe.Undecoded:
		return says("response-content-coding", "the stream cannot be decompressed: "+e.Reason, "let one layer compress, and name in Content-Encoding what it did")
	case !IsStream(e) && (e.Head == nil || e.Head.Status != http.StatusNoContent):
		return says("response-content-coding", "a client that offers gzip got "+answer(e), "serve it as all others: with the stream, compressed or not")
	case coding(e) == "":
		return outcome("not compressed")
	}
	return outcome("compressed with %s", coding(e))
}

// flushed compares when events came with and without compression.
func flushed(o *Observation) Judgement {
	e := o.Exchanges[Gzip]
	switch {
	case coding(e) == "":
		return outcome("not compressed")
	case e.End == probe.Undecoded:
		return skip("the stream cannot be decompressed")
	case len(o.events) == 0:
		return skip("no event came to compare with")
	}
	late, how := o.squeezed(e, events(e))
	return o.decide(late, says("response-incremental", how,
		"flush the compressor with each event, or leave event streams uncompressed (they are named in the settings of most middleware)"), Judgement{})
}

// squeezed says whether compression has kept events back, and how that shows.
func (o *Observation) squeezed(e *probe.Exchange, list []event) (late truth, how string) {
	plain := o.events
	due := plain[0].block.end - o.head().At
	if len(list) == 0 {
		return o.within(e, e.Head.At, e.Until).atLeast(due + 2*longPause),
			fmt.Sprintf("with gzip no event came in %s; without, the first came after %s", seconds(e.Until-e.Head.At), seconds(due))
	}
	first := list[0].block.end
	if late = o.within(e, e.Head.At, first).atLeast(due + 4*longPause); late == yes {
		return yes, fmt.Sprintf("with gzip the first event came after %s; without, after %s", seconds(first-e.Head.At), seconds(due))
	}
	if len(plain) < 3 || len(list) < 3 {
		return late, ""
	}
	apart, together := o.spread(o.Exchanges[Stream], plain), o.spread(e, list)
	lump := min(apart.atLeast(longPause), together.below(min(atOnce, apart.least/4)))
	return max(late, lump), fmt.Sprintf("with gzip %d events came at once; without, over %s", len(list), seconds(apart.least))
}

// spread is the time from the first event of a list to the last.
func (o *Observation) spread(e *probe.Exchange, list []event) span {
	return o.within(e, list[0].block.end, list[len(list)-1].block.end)
}
