package fuzz_test

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/ssespec/ssespec/spec"
	"github.com/ssespec/ssespec/spec/literal"
)

// observer is the fast parser under observation. It feeds a copy of each chunk
// from one buffer that it overwrites afterwards, as a reader of a socket does,
// so that whatever the parser did not copy shows.
type observer struct {
	parser spec.Parser
	views  bool // FeedViews in place of Feed
	buffer []byte
	got    literal.Result
}

// newObserver returns an observer of a new parser.
func newObserver(views bool) *observer {
	o := &observer{views: views}
	o.parser.OnRetry = func(digits []byte) { o.got.Retries = append(o.got.Retries, string(digits)) }
	o.parser.OnComment = func(text []byte) { o.got.Comments = append(o.got.Comments, string(text)) }
	return o
}

// feed gives the parser one chunk.
func (o *observer) feed(chunk []byte) {
	o.buffer = append(o.buffer[:0], chunk...)
	if o.views {
		o.parser.FeedViews(o.buffer, func(v spec.View) { o.got.Events = append(o.got.Events, v.Event()) })
	} else {
		o.parser.Feed(o.buffer, func(e spec.Event) { o.got.Events = append(o.got.Events, e) })
	}
	for i := range o.buffer {
		o.buffer[i] = 0xAA
	}
	o.got.LastEventID = o.parser.LastEventID()
}

// end is the end of the stream; it returns what the parser did with the stream,
// and makes ready for the next one.
func (o *observer) end() literal.Result {
	o.parser.End()
	got := o.got
	got.LastEventID = o.parser.LastEventID()
	o.got = literal.Result{}
	return got
}

// stream gives the parser a stream as a whole.
func (o *observer) stream(chunks [][]byte) literal.Result {
	for _, c := range chunks {
		o.feed(c)
	}
	return o.end()
}

// A comparison puts a stream to the fast parser and says how it departs, or ""
// where it does not.
type comparison func(chunks [][]byte) string

// withLiteral compares Feed and FeedViews with the literal parser.
func withLiteral(chunks [][]byte) string {
	want := literal.Parse(bytes.Join(chunks, nil))
	if what := difference("Feed", newObserver(false).stream(chunks), want); what != "" {
		return what
	}
	return difference("FeedViews", newObserver(true).stream(chunks), want)
}

// afterEnd compares the second stream of a parser with one that begins with
// the id in force. The first stream is the same and may end anywhere; the
// second is its later half, which need not have an id or a blank line.
func afterEnd(chunks [][]byte) string {
	o := newObserver(false)
	first := o.stream(chunks)
	o.views = true
	later := chunks[len(chunks)/2:]
	want := literal.ParseFrom(bytes.Join(later, nil), first.LastEventID)
	return difference("FeedViews after End", o.stream(later), want)
}

// withInitialID compares a stream that follows an id in force.
func withInitialID(chunks [][]byte) string {
	o := newObserver(true)
	o.parser.SetLastEventID("in force")
	want := literal.ParseFrom(bytes.Join(chunks, nil), "in force")
	return difference("FeedViews after SetLastEventID", o.stream(chunks), want)
}

// afterEachChunk compares what was done after each chunk with what the bytes
// so far demand: a line that ended in CR is not held until the next byte. Long
// streams are passed over: the literal parser begins anew for each chunk.
func afterEachChunk(chunks [][]byte) string {
	o := newObserver(false)
	var sent []byte
	for i, c := range chunks {
		o.feed(c)
		sent = append(sent, c...)
		if len(sent) > 256 {
			return ""
		}
		if what := difference(fmt.Sprintf("Feed, chunk %d", i), o.got, literal.Parse(sent)); what != "" {
			return what
		}
	}
	return ""
}

// withWhole compares a cut stream with the same one in a single chunk.
func withWhole(chunks [][]byte) string {
	want := newObserver(false).stream([][]byte{bytes.Join(chunks, nil)})
	return difference("Feed, cut", newObserver(false).stream(chunks), want)
}

// difference says what of got is not as wanted, or "" where nothing is.
func difference(name string, got, want literal.Result) string {
	var parts string
	if !slices.Equal(got.Events, want.Events) {
		parts += " events"
	}
	if got.LastEventID != want.LastEventID {
		parts += " id"
	}
	if !slices.Equal(got.Retries, want.Retries) {
		parts += " retries"
	}
	if !slices.Equal(got.Comments, want.Comments) {
		parts += " comments"
	}
	if parts == "" {
		return ""
	}
	return fmt.Sprintf("%s:%s differ\nwant  %+q\ngot   %+q", name, parts, want, got)
}

// caught is compare with a panic as one more difference.
func caught(compare comparison) comparison {
	return func(chunks [][]byte) (what string) {
		defer func() {
			if p := recover(); p != nil {
				what = fmt.Sprintf("panic: %v", p)
			}
		}()
		return compare(chunks)
	}
}
