package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/spec"
)

func newDecode() *cobra.Command {
	return &cobra.Command{
		Use:   "decode [FILE|URL|-]",
		Short: "Turn a stream into one JSON event per line",
		Long: `Decode an event stream as a browser does: one JSON object
{"type","data","lastEventId"} per line for each event that is dispatched. No byte
sequence is an error. Without argument, or with -, standard input is read.`,
		Example: `  printf 'data: a\n\n' | ssespec decode
  curl -sN https://example.org/events | ssespec decode
  ssespec decode capture.txt`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := open(cmd.Context(), cmd.InOrStdin(), args)
			if err != nil {
				return err
			}
			defer in.Close()
			return decodeUntil(cmd.Context(), cmd.OutOrStdout(), in)
		},
	}
}

// decodeUntil decodes until ctx ends. A read of standard input cannot be
// broken off: it is left to end with the process.
func decodeUntil(ctx context.Context, w io.Writer, in io.Reader) error {
	done := make(chan error, 1)
	go func() { done <- decode(w, in) }()
	select {
	case err := <-done:
		if ctx.Err() == nil {
			return err
		}
	case <-ctx.Done():
	}
	return status(exitInterrupted)
}

// open opens what the argument names.
func open(ctx context.Context, stdin io.Reader, args []string) (io.ReadCloser, error) {
	switch {
	case len(args) == 0, args[0] == "-":
		if c, ok := stdin.(io.ReadCloser); ok {
			return c, nil
		}
		return io.NopCloser(stdin), nil
	case strings.HasPrefix(args[0], "http://"), strings.HasPrefix(args[0], "https://"):
		return fetch(ctx, args[0])
	}
	f, err := os.Open(args[0])
	if err != nil {
		return nil, &failure{exitUsage, err}
	}
	return f, nil
}

// fetch returns the body of a URL, whatever it is: decode judges nothing.
func fetch(ctx context.Context, url string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, &failure{exitUsage, err}
	}
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Cache-Control", "no-cache")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, &failure{exitTarget, err}
	}
	return resp.Body, nil
}

// decode writes the events of in to w as they complete.
func decode(w io.Writer, in io.Reader) error {
	out := bufio.NewWriterSize(w, 64<<10)
	var (
		parser spec.Parser
		line   []byte
		failed error
		buf    = make([]byte, 64<<10)
	)
	for failed == nil {
		n, err := in.Read(buf)
		parser.FeedViews(buf[:n], func(v spec.View) {
			if line, failed = appendEvent(line[:0], v); failed == nil {
				_, failed = out.Write(line)
			}
		})
		if e := out.Flush(); failed == nil {
			failed = e
		}
		if errors.Is(err, io.EOF) {
			return failed
		} else if err != nil && failed == nil {
			failed = fmt.Errorf("the stream broke off: %w", err)
		}
	}
	return failed
}

// appendEvent appends v as one line of JSON.
func appendEvent(dst []byte, v spec.View) ([]byte, error) {
	var err error
	for _, m := range []struct {
		key   string
		value []byte
	}{{`{"type":`, v.Type}, {`,"data":`, v.Data}, {`,"lastEventId":`, v.LastEventID}} {
		if dst, err = jsontext.AppendQuote(append(dst, m.key...), m.value); err != nil {
			return dst, err // the parser hands out valid UTF-8: a mistake of ours
		}
	}
	return append(dst, "}\n"...), nil
}
