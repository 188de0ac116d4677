package origin

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// answered returns the status that c answers with, 0 where it answers nothing
// or what is not known.
func answered(c cases.Connection) int {
	if c.Refuse || len(c.Raw) > 0 {
		return 0
	}
	return status(c)
}

func status(c cases.Connection) int {
	if c.Status == 0 {
		return http.StatusOK
	}
	return c.Status
}

// bodiless reports whether a response of that status has no body and so
// nothing that frames one (RFC 9110, 6.4.1).
func bodiless(status int) bool { return status < 200 || status == 204 || status == 304 }

// framing returns how the body of c is framed: chunked, length or until-close.
func framing(c cases.Connection) string {
	switch {
	case bodiless(status(c)):
		return "until-close"
	case c.Framing != "":
		return c.Framing
	case c.HTTP == "1.0":
		return "until-close"
	default:
		return "chunked"
	}
}

// statusLine returns the first line of a response, with its line end.
func statusLine(version string, status int) string {
	if version == "" {
		version = "1.1"
	}
	return fmt.Sprintf("HTTP/%s %d %s\r\n", version, status, http.StatusText(status))
}

// head returns the head of c: what the script names, in its order, then only
// what must be there and is not named.
func (p *Play) head(c cases.Connection) []byte {
	var b bytes.Buffer
	b.WriteString(statusLine(c.HTTP, status(c)))
	for _, h := range c.Headers {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], p.Place(h[1]))
	}
	add := func(name, value string) {
		if !names(c, name) {
			fmt.Fprintf(&b, "%s: %s\r\n", name, value)
		}
	}
	add("Content-Type", "text/event-stream")
	add("Cache-Control", "no-store")
	if c.End != keep {
		add("Connection", "close")
	}
	if c.Coding != "" {
		add("Content-Encoding", c.Coding)
	}
	switch framing(c) {
	case "chunked":
		add("Transfer-Encoding", "chunked")
	case "length":
		add("Content-Length", fmt.Sprint(announced(c)))
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

func names(c cases.Connection, name string) bool {
	for _, h := range c.Headers {
		if strings.EqualFold(h[0], name) {
			return true
		}
	}
	return false
}

// announced returns the length of the body that c announces: one byte more
// than it has where it breaks off before its end.
func announced(c cases.Connection) int64 {
	n := length(c)
	if c.End == "cut" || c.End == "reset" {
		n++
	}
	return n
}

// length returns the number of bytes in the coded body of c.
func length(c cases.Connection) int64 {
	var n count
	var coder *gzip.Writer
	if c.Coding == "gzip" {
		coder = gzip.NewWriter(&n)
	}
	for _, part := range c.Body {
		switch {
		case !part.IsChunk() || part.Len() == 0:
		case coder == nil:
			n += count(part.Len())
		default:
			for piece := range pieces(part) {
				coder.Write(piece) // cannot fail: a count takes everything
			}
			coder.Flush()
		}
	}
	if coder != nil {
		coder.Close()
	}
	return int64(n)
}

// A count is a writer that only counts.
type count int64

var _ io.Writer = (*count)(nil)

func (n *count) Write(b []byte) (int, error) {
	*n += count(len(b))
	return len(b), nil
}

// streams reports whether a client makes events of the body of c.
func streams(c cases.Connection) bool {
	var types []string
	for _, h := range c.Headers {
		if strings.EqualFold(h[0], "Content-Type") {
			types = append(types, h[1])
		}
	}
	return status(c) == http.StatusOK && len(c.Raw) == 0 && (types == nil || spec.IsEventStream(types))
}
