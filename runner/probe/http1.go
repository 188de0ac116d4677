package probe

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// mostHead is how long a head may be.
const mostHead = 64 << 10

// mostInformational is how many answers of the class 1xx may come before the final one.
const mostInformational = 20

// http1 sends the request and reads the head.
func (v *visit) http1(_ context.Context, conn net.Conn) (io.ReadCloser, error) {
	e := v.exchange
	e.Sent = v.text()
	if _, err := conn.Write(e.Sent); err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(conn, pieceSize)
	var informational []int
	for {
		head, err := lines(in, mostHead)
		if err != nil {
			return nil, headError(head, err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(io.MultiReader(bytes.NewReader(head), in)), &http.Request{Method: e.Request.Method})
		if err != nil {
			return nil, fmt.Errorf("no HTTP: %w", err)
		}
		if resp.StatusCode < 200 && resp.StatusCode != http.StatusSwitchingProtocols {
			if informational = append(informational, resp.StatusCode); len(informational) > mostInformational {
				return nil, fmt.Errorf("more than %d answers of the class 1xx before the final one", mostInformational)
			}
			continue
		}
		e.Head = &Head{At: v.at(), Proto: resp.Proto, Status: resp.StatusCode, Headers: fields(head), Informational: informational}
		if e.Request.Method == http.MethodHead {
			return headless(conn, in), nil
		}
		return resp.Body, nil
	}
}

// headError says what came in place of a head.
func headError(head []byte, err error) error {
	switch {
	case len(head) == 0 && errors.Is(err, io.EOF):
		return errors.New("the connection was closed without an answer")
	case errors.Is(err, io.EOF) && !bytes.HasPrefix(head, []byte("HTTP/")):
		return fmt.Errorf("no HTTP: the answer begins with %q", head[:min(len(head), 40)])
	case errors.Is(err, io.EOF):
		return errors.New("the connection was closed within the head")
	}
	return err
}

// text is the request as it goes on the wire.
func (v *visit) text() []byte {
	r := v.exchange.Request
	var b bytes.Buffer
	version := "1.1"
	if r.HTTP10 {
		version = "1.0"
	}
	fmt.Fprintf(&b, "%s %s HTTP/%s\r\nHost: %s\r\n", r.Method, v.url.RequestURI(), version, v.host())
	for _, h := range v.headers() {
		fmt.Fprintf(&b, "%s: %s\r\n", h.Name, h.Value)
	}
	if len(r.Body) > 0 || r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(r.Body))
	}
	b.WriteString("\r\n")
	b.Write(r.Body)
	return b.Bytes()
}

// host is the value of Host, which the user may have given.
func (v *visit) host() string {
	if i := slices.IndexFunc(v.own(), named("Host")); i >= 0 {
		return v.own()[i].Value
	}
	return v.url.Host
}

// own returns the user's headers, which stay with the origin that they are for.
func (v *visit) own() []Header {
	if v.away {
		return nil
	}
	own := v.exchange.Request.Own
	if u := v.url.User; u != nil {
		password, _ := u.Password()
		own = over(own, []Header{{"Authorization", basic(u.Username(), password)}})
	}
	return own
}

// All returns the headers that are sent to the origin itself, besides Host and
// those of the [Prober].
func (r Request) All() []Header { return over(r.Wanted, over(r.Own, r.Headers)) }

// headers returns what is sent to where we are besides Host.
func (v *visit) headers() []Header {
	r := v.exchange.Request
	all := over(r.Wanted, over(v.own(), append([]Header{{"User-Agent", v.prober.Agent}}, r.Headers...)))
	return slices.DeleteFunc(all, named("Host"))
}

// over returns both lists, without those of the second that are named in the first.
func over(first, second []Header) []Header {
	rest := slices.DeleteFunc(slices.Clone(second), func(h Header) bool { return slices.ContainsFunc(first, named(h.Name)) })
	return append(rest, first...)
}

func named(name string) func(Header) bool {
	return func(h Header) bool { return strings.EqualFold(h.Name, name) }
}

// fields returns the header lines of a head as they stand there. A line that goes
// on in the next is joined with it.
func fields(head []byte) (list []Header) {
	_, rest, _ := strings.Cut(string(head), "\n")
	for line := range strings.Lines(rest) {
		line = strings.TrimRight(line, "\r\n")
		name, value, found := strings.Cut(line, ":")
		switch {
		case line == "":
		case (line[0] == ' ' || line[0] == '\t') && len(list) > 0:
			list[len(list)-1].Value += " " + strings.Trim(line, " \t")
		case found:
			list = append(list, Header{name, strings.Trim(value, " \t")})
		}
	}
	return list
}

// afterHead is how long a body after the head of an answer to HEAD is waited for.
const afterHead = 100 * time.Millisecond

// headless reads what comes after the head of an answer to HEAD, shortly: there
// must be nothing.
func headless(conn net.Conn, in *bufio.Reader) io.ReadCloser {
	conn.SetReadDeadline(time.Now().Add(afterHead))
	b, err := in.Peek(1)
	if err != nil {
		b = nil
	}
	if in.Buffered() > len(b) {
		b, _ = in.Peek(in.Buffered()) // it is there
	}
	return io.NopCloser(bytes.NewReader(bytes.Clone(b)))
}
