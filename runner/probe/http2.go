package probe

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"strings"
)

// http2 sends the request over a connection on which HTTP/2 was agreed, and
// reads the head.
func (v *visit) http2(ctx context.Context, conn net.Conn) (io.ReadCloser, error) {
	e := v.exchange
	var informational []int
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: func(code int, _ textproto.MIMEHeader) error {
		informational = append(informational, code)
		return nil
	}})
	req, err := http.NewRequestWithContext(ctx, e.Request.Method, v.url.String(), bytes.NewReader(e.Request.Body))
	if err != nil {
		return nil, err
	}
	for _, h := range v.headers() {
		req.Header[http.CanonicalHeaderKey(h.Name)] = append(req.Header[http.CanonicalHeaderKey(h.Name)], h.Value)
	}
	req.Host = v.host()
	resp, err := overHTTP2(conn).RoundTrip(req)
	if err != nil {
		return nil, err
	}
	e.Head = &Head{At: v.at(), Proto: resp.Proto, Status: resp.StatusCode, Headers: sorted(resp.Header), Informational: informational}
	return resp.Body, nil
}

// overHTTP2 speaks HTTP/2 over that one connection.
func overHTTP2(conn net.Conn) *http.Transport {
	used := false
	return &http.Transport{
		ForceAttemptHTTP2: true, DisableCompression: true, MaxResponseHeaderBytes: mostHead, TLSClientConfig: new(tls.Config),
		DialTLSContext: func(context.Context, string, string) (net.Conn, error) {
			if used {
				return nil, errors.New("the connection was closed")
			}
			used = true
			return conn, nil
		},
	}
}

func sorted(h http.Header) (list []Header) {
	for name, values := range h {
		for _, value := range values {
			list = append(list, Header{name, value})
		}
	}
	slices.SortStableFunc(list, func(a, b Header) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}
