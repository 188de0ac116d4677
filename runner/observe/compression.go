package observe

import (
	"fmt"
	"strings"
	"time"

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
	case coding(e) == "":
		return outcome("not compressed")
	case e.End == probe.Undecoded:
		return says("response-content-coding", "the stream cannot be decompressed: "+e.Reason, "let one layer compress, and name in Content-Encoding what it did")
	}
	return outcome("compressed with %s", coding(e))
}

// flushed compares when events came with and without compression.
func flushed(o *Observation) Judgement {
	e, plain := o.Exchanges[Gzip], o.events
	switch {
	case coding(e) == "":
		return outcome("not compressed")
	case e.End == probe.Undecoded:
		return skip("the stream cannot be decompressed")
	case len(plain) == 0:
		return skip("no event came to compare with")
	}
	const hint = "flush the compressor with each event, or leave event streams uncompressed (they are named in the settings of most middleware)"
	due := plain[0].block.end - o.head().At
	squeezed := events(e)
	switch {
	case len(squeezed) == 0 && o.awake(e, e.Head.At, e.Until) > due+2*longPause:
		return says("response-incremental", fmt.Sprintf("with gzip no event came in %s; without, the first came after %s", seconds(e.Until-e.Head.At), seconds(due)), hint)
	case len(squeezed) > 0 && o.awake(e, e.Head.At, squeezed[0].block.end) > due+4*longPause:
		return says("response-incremental", fmt.Sprintf("with gzip the first event came after %s; without, after %s", seconds(squeezed[0].block.end-e.Head.At), seconds(due)), hint)
	case len(plain) >= 3 && len(squeezed) >= 3 && spread(plain) >= longPause && spread(squeezed) < min(atOnce, spread(plain)/4):
		return says("response-incremental", fmt.Sprintf("with gzip %d events came at once; without, over %s", len(squeezed), seconds(spread(plain))), hint)
	}
	return Judgement{}
}

// spread is the time from the first event of a list to the last.
func spread(list []event) time.Duration {
	return list[len(list)-1].block.end - list[0].block.end
}
