package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/runner/lint"
	"github.com/ssespec/ssespec/runner/probe"
	"github.com/ssespec/ssespec/runner/survey"
)

// readURL lints what a URL answers.
func (f *linting) readURL(cmd *cobra.Command, args []string) (linted, error) {
	ctx, cancel := context.WithTimeout(cmd.Context(), f.time)
	defer cancel()
	in := linted{name: withoutSecrets(args[0])}
	if u, err := url.Parse(args[0]); err == nil {
		f.secrets.AddURL(u)
	}
	response, err := f.get(ctx, args[0])
	if cmd.Context().Err() != nil {
		in.interrupted, in.note, in.report.Cut = true, "interrupted before there was a response", true
		return in, nil
	}
	if err != nil {
		return in, f.unreachable(ctx, in.name, err)
	}
	defer response.Body.Close()
	var l lint.Linter
	l.Judge(headOf(response))
	body := &io.LimitedReader{R: response.Body, N: mostOfURL}
	err = feed(ctx, body, l.Feed)
	in.interrupted = cmd.Context().Err() != nil
	in.note = f.whyCut(ctx, in, body, err)
	if in.note == "" {
		in.report = l.End()
	} else {
		in.report = l.Cut()
	}
	return in, nil
}

// whyCut says why the reading of a URL stopped before the stream's end, if it did.
func (f *linting) whyCut(ctx context.Context, in linted, body *io.LimitedReader, err error) string {
	switch {
	case in.interrupted:
		return "interrupted"
	case err == nil && body.N > 0:
		return ""
	case err == nil:
		return fmt.Sprintf("read up to %d MiB", mostOfURL>>20)
	case ctx.Err() != nil:
		return fmt.Sprintf("read for %v: --for", f.time)
	}
	return "the connection broke off: " + printable(err.Error())
}

func (f *linting) get(ctx context.Context, address string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, f.method, address, bytes.NewReader(f.sent))
	if err != nil {
		return nil, &failure{exitUsage, withoutURL(err)}
	}
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Cache-Control", "no-cache")
	for _, h := range f.headers {
		request.Header.Set(h.Name, h.Value)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = f.tls
	return (&http.Client{Transport: transport, CheckRedirect: f.follow}).Do(request)
}

// follow follows redirects as ssespec server does: only those of GET, and to another
// origin without what the user sends, or the address that may hold a secret.
func (f *linting) follow(next *http.Request, before []*http.Request) error {
	if next.Method != http.MethodGet || f.method != http.MethodGet {
		return http.ErrUseLastResponse
	}
	if len(before) >= 10 {
		return errors.New("stopped after 10 redirects")
	}
	next.Header.Del("Referer")
	for _, r := range append(before, next) {
		if r.URL.Scheme != before[0].URL.Scheme || r.URL.Host != before[0].URL.Host {
			f.leaveBehind(next)
		}
	}
	return nil
}

// leaveBehind takes the user's headers out of a request.
func (f *linting) leaveBehind(r *http.Request) {
	r.Header.Del("Authorization")
	for _, h := range f.headers {
		if !strings.EqualFold(h.Name, "Accept") {
			r.Header.Del(h.Name)
		}
	}
}

// unreachable says why there is no response, without the secrets of the URL.
func (f *linting) unreachable(ctx context.Context, name string, err error) error {
	var mistake *failure
	switch {
	case errors.As(err, &mistake):
		return err
	case ctx.Err() != nil:
		return &failure{exitTarget, fmt.Errorf("%s: no head of a response within %v (--for)", name, f.time)}
	}
	told := survey.NoAnswer(&probe.Exchange{URL: name, End: probe.Refused, Reason: withoutURL(err).Error()})
	return &failure{exitTarget, fmt.Errorf("%s: %s", name, printable(f.secrets.String(told)))}
}

// withoutURL returns what an error of net/http says, without the URL.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// withoutSecrets returns a URL as it may be shown: without user and query.
func withoutSecrets(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the URL"
	}
	return printable((&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String())
}

// headOf returns the head of a response, in a stable order.
func headOf(r *http.Response) lint.Head {
	h := lint.Head{Status: r.StatusCode}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		for _, value := range r.Header[name] {
			h.Fields = append(h.Fields, lint.HeaderField{Name: name, Value: value})
		}
	}
	return h
}
