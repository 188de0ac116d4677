package probe

import (
	"compress/gzip"
	"fmt"
	"io"
	"strings"
)

// A codingError is a content coding that could not be removed.
type codingError struct{ err error }

func (c *codingError) Error() string { return c.err.Error() }
func (c *codingError) Unwrap() error { return c.err }

// decoded removes the content coding, each piece as soon as the server has
// flushed it.
func (v *visit) decoded(body io.Reader) (io.Reader, error) {
	coding := strings.ToLower(v.exchange.Head.Value("Content-Encoding"))
	if coding == "" || coding == "identity" || v.exchange.Request.Method == "HEAD" {
		return body, nil
	}
	raw := &counted{r: body, n: &v.exchange.Coded}
	if coding != "gzip" && coding != "x-gzip" {
		return nil, &codingError{fmt.Errorf("the content coding is %q, and only gzip is known here", coding)}
	}
	z, err := gzip.NewReader(raw)
	if err != nil {
		return nil, raw.blame(err)
	}
	return &unzipped{z, raw}, nil
}

// unzipped tells an error of the coding from one of the connection.
type unzipped struct {
	z   *gzip.Reader
	raw *counted
}

func (u *unzipped) Read(b []byte) (int, error) {
	n, err := u.z.Read(b)
	return n, u.raw.blame(err)
}

// counted counts what is read, and remembers how that failed.
type counted struct {
	r   io.Reader
	n   *int64
	err error
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	*c.n += int64(n)
	if err != nil {
		c.err = err
	}
	return n, err
}

// blame returns the error of the connection where there is one, else that of the
// coding.
func (c *counted) blame(err error) error {
	switch {
	case err == nil, err == io.EOF:
		return err
	case c.err != nil && c.err != io.EOF:
		return c.err
	}
	return &codingError{fmt.Errorf("gzip: %w", err)}
}
