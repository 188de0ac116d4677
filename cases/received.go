package cases

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/ssespec/ssespec/spec"
)

// received is what the HTTP layer hands to the model of one connection.
type received struct {
	response spec.Response
	chunks   [][]byte
}

func (c Connection) received() received {
	switch {
	case c.Refuse:
		return received{response: spec.Response{NetworkError: true}}
	case c.Raw != nil:
		return readRaw(c.Raw)
	}
	r := spec.Response{Status: c.Status, ContentType: []string{"text/event-stream"}}
	if c.Status == 0 {
		r.Status = http.StatusOK
	}
	if c.Has("Content-Type") {
		r.ContentType = c.values("Content-Type")
	}
	return received{r, c.announced(c.Chunks())}
}

// announced returns the chunks up to the length that a header of the script
// announces: what comes after that is no part of the body.
func (c Connection) announced(chunks [][]byte) [][]byte {
	if c.Framing != "length" || !c.Has("Content-Length") {
		return chunks
	}
	left, err := strconv.Atoi(c.values("Content-Length")[0])
	if err != nil {
		return chunks
	}
	for i, chunk := range chunks {
		if len(chunk) >= left {
			return append(chunks[:i:i], chunk[:left])
		}
		left -= len(chunk)
	}
	return chunks
}

// readRaw reads a response as net/http does: what that cannot read is a network
// error, and what breaks off in the body is its end.
func readRaw(parts []Part) received {
	var wire bytes.Buffer
	for _, p := range parts {
		wire.Write(p.Bytes())
	}
	in := bufio.NewReader(&wire)
	resp, err := http.ReadResponse(in, nil)
	for err == nil && resp.StatusCode < http.StatusOK {
		resp, err = http.ReadResponse(in, nil)
	}
	if err != nil {
		return received{response: spec.Response{NetworkError: true}}
	}
	body, _ := io.ReadAll(resp.Body) // an error is an end as well
	return received{spec.Response{Status: resp.StatusCode, ContentType: resp.Header.Values("Content-Type")}, [][]byte{body}}
}

func (c Connection) redirects() bool {
	return slices.Contains([]int{301, 302, 303, 307, 308}, c.Status) && c.Has("Location")
}

// Has reports whether the script names the header.
func (c Connection) Has(name string) bool { return len(c.values(name)) > 0 }

func (c Connection) values(name string) (values []string) {
	for _, h := range c.Headers {
		if strings.EqualFold(h[0], name) {
			values = append(values, h[1])
		}
	}
	return values
}
