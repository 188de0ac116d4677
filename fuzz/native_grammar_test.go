package fuzz_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ssespec/ssespec/spec"
	"github.com/ssespec/ssespec/spec/literal"
)

// asOwned compares the views of a stream with its owned events, after each chunk.
func asOwned(chunks [][]byte) string {
	views, owned := newObserver(true), newObserver(false)
	for i, c := range chunks {
		views.feed(c)
		owned.feed(c)
		if what := difference(fmt.Sprintf("FeedViews, chunk %d", i), views.got, owned.got); what != "" {
			return what
		}
	}
	return difference("FeedViews, end", views.end(), owned.end())
}

// found returns what the validator says of a stream.
func found(chunks [][]byte) (all []spec.Finding) {
	var v spec.Validator
	note := func(f spec.Finding) { all = append(all, f) }
	for _, c := range chunks {
		v.Feed(c, note)
	}
	v.End(note)
	return all
}

// conforms reports whether the validator has no error to tell.
func conforms(stream []byte) bool {
	return !slices.ContainsFunc(found([][]byte{stream}), func(f spec.Finding) bool { return f.Level == spec.Must })
}

// validCut compares what is found in a cut stream with what is found in the
// whole one: the same, each inside the stream.
func validCut(chunks [][]byte) string {
	stream := bytes.Join(chunks, nil)
	whole := found([][]byte{stream})
	if cut := found(chunks); !slices.Equal(cut, whole) {
		return fmt.Sprintf("cut:\nwant  %+v\ngot   %+v", whole, cut)
	}
	for _, f := range whole {
		clause, known := spec.ClauseByID(f.Clause)
		if f.Offset < 0 || f.Offset > int64(len(stream)) || f.Line < 1 || f.Column < 1 || f.Text == "" || !known || clause.ID == "" {
			return fmt.Sprintf("%+v", f)
		}
	}
	return ""
}

// validAsWritten compares the verdict with the grammar as a sentence says it:
// well-formed UTF-8 whose last block, if there is one, has its empty line.
func validAsWritten(chunks [][]byte) string {
	stream := bytes.Join(chunks, nil)
	text := strings.TrimPrefix(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(stream)), "\uFEFF")
	want := utf8.Valid(stream) && (text == "" || text == "\n" || strings.HasSuffix(text, "\n\n"))
	if got := conforms(stream); got != want {
		return fmt.Sprintf("conforms: want %v, got %v", want, got)
	}
	return ""
}

// validAsRead compares the verdict with both parsers: of a stream that conforms
// nothing is discarded at its end, and the decoder replaces nothing.
func validAsRead(chunks [][]byte) string {
	stream := bytes.Join(chunks, nil)
	if !conforms(stream) {
		return ""
	}
	ended := append(bytes.Clone(stream), "\n\n"...)
	if what := difference("literal, of a stream that conforms", literal.Parse(stream), literal.Parse(ended)); what != "" {
		return what
	}
	read := newObserver(false).stream([][]byte{stream})
	for _, e := range read.Events {
		for _, value := range []string{e.Type, e.Data, e.LastEventID} {
			if strings.Contains(value, "\uFFFD") && !bytes.Contains(stream, []byte("\uFFFD")) {
				return fmt.Sprintf("%q of a stream that conforms", value)
			}
		}
	}
	return difference("Feed, of a stream that conforms", read, newObserver(false).stream([][]byte{ended}))
}
