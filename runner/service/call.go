package service

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/ssespec/ssespec/runner/target"
)

const (
	callTime  = 10 * time.Second // for the answer to a call, where nothing else is set
	closeTime = 2 * time.Second  // for the answer to the end of a stream
	maxAnswer = 1 << 20          // read of an answer
	maxHead   = 64 << 10         // read of its head
	shown     = 200              // bytes of what is wrong that stand in an error
)

// An answer is what the service says to a call.
type answer struct {
	method, url string
	code        int
	location    string
	body        []byte
}

// refusal says that the answer is not the one that is due.
func (a answer) refusal() error {
	return fmt.Errorf("%s %s is answered %d%s", a.method, a.url, a.code, excerpt(a.body))
}

// excerpt quotes the beginning of a text, after a colon.
func excerpt(text []byte) string {
	switch {
	case len(text) == 0:
		return ""
	case len(text) > shown:
		return ": " + strconv.Quote(string(text[:shown])) + "…"
	}
	return ": " + strconv.Quote(string(text))
}

// call makes one request. body is sent as JSON; nil is none. Redirects are not
// followed: the protocol knows none.
func (s *Service) call(ctx context.Context, method, to string, body any) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(max(s.CallTimeout, 0), callTime))
	defer cancel()
	req, err := request(ctx, method, to, body)
	if err != nil {
		return answer{}, err
	}
	res, err := s.connection().Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return answer{}, fmt.Errorf("%s %s: the answer breaks off: %w", method, to, err)
	}
	return answer{method, to, res.StatusCode, res.Header.Get("Location"), text}, nil
}

func request(ctx context.Context, method, to string, body any) (*http.Request, error) {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return nil, &target.Unimplemented{Reason: fmt.Sprintf("the protocol of test services cannot say this: %v", err)}
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, to, bytes.NewReader(text))
	if err == nil && body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, err
}

func (s *Service) connection() *http.Client {
	s.once.Do(func() {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxResponseHeaderBytes = maxHead
		t.DisableKeepAlives = true // a service may end when it likes: no call goes to one that has
		s.client = &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	})
	return s.client
}

// status asks the service once what it is. A body is optional.
func (s *Service) status(ctx context.Context) (st status, err error) {
	a, err := s.call(ctx, http.MethodGet, s.URL, nil)
	switch {
	case err != nil:
		return st, err
	case a.code != http.StatusOK:
		return st, a.refusal()
	case len(bytes.TrimSpace(a.body)) == 0:
		return st, nil
	}
	if err := json.Unmarshal(a.body, &st); err != nil {
		return st, fmt.Errorf("GET %s is not answered by a status: %w%s", s.URL, err, excerpt(a.body))
	}
	return st, nil
}

// create makes the service open a stream, and returns where it is told of it.
func (s *Service) create(ctx context.Context, o order) (string, error) {
	a, err := s.call(ctx, http.MethodPost, s.URL, o)
	switch {
	case err != nil:
		return "", broken(err)
	case a.code < 200 || a.code > 299:
		return "", &target.Fault{Reason: "the test service opens no stream: " + a.refusal().Error()}
	case a.location == "":
		return "", &target.Fault{Reason: fmt.Sprintf("the test service opens no stream: POST %s is answered %d without Location", s.URL, a.code)}
	}
	return resolve(s.URL, a.location)
}

// resolve returns where the Location of an answer to a request for base points to.
func resolve(base, location string) (string, error) {
	from, err := url.Parse(base)
	if err != nil {
		return "", err
	}
	to, err := from.Parse(location)
	if err != nil || to.Scheme != "http" && to.Scheme != "https" || to.Host == "" {
		return "", &target.Fault{Reason: fmt.Sprintf("the Location of a stream of the test service is no URL%s", excerpt([]byte(location)))}
	}
	return to.String(), nil
}

// listen tells the stream which types to listen for.
func (s *Service) listen(ctx context.Context, at string, types []string) error {
	for _, t := range types {
		a, err := s.call(ctx, http.MethodPost, at, command{"listen", listening{t}})
		switch {
		case err != nil:
			return broken(err)
		case a.code >= http.StatusMultipleChoices:
			return &target.Fault{Reason: "the test service does not listen: " + a.refusal().Error()}
		}
	}
	return nil
}

// end ends the stream. One that is gone already is none that the service knows.
func (s *Service) end(at string) error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	a, err := s.call(ctx, http.MethodDelete, at, nil)
	switch {
	case err != nil:
		return broken(err)
	case a.code >= http.StatusMultipleChoices && a.code != http.StatusNotFound:
		return &target.Fault{Reason: "the test service does not end a stream: " + a.refusal().Error()}
	}
	return nil
}

// broken says how a service broke down that did not answer a call.
func broken(err error) error {
	if unsaid := (*target.Unimplemented)(nil); errors.As(err, &unsaid) {
		return unsaid
	}
	how := target.Crashed
	if errors.Is(err, context.DeadlineExceeded) {
		how = target.Hung
	}
	return &target.Broken{How: how, Detail: err.Error()}
}

// An order makes the service open a stream.
type order struct {
	StreamURL      string            `json:"streamUrl"`
	CallbackURL    string            `json:"callbackUrl"`
	Tag            string            `json:"tag"`
	InitialDelayMs *int64            `json:"initialDelayMs"`
	ReadTimeoutMs  *int64            `json:"readTimeoutMs"`
	LastEventID    string            `json:"lastEventId,omitempty"`
	Headers        map[string]string `json:"headers,omitempty"`
	Method         string            `json:"method,omitempty"`
	Body           string            `json:"body,omitempty"`
}

// A command is what an open stream can be told.
type command struct {
	Command string    `json:"command"`
	Listen  listening `json:"listen,omitzero"`
}

type listening struct {
	Type string `json:"type"`
}
