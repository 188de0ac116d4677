package origin

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

const (
	maxHead     = 2 << 20 // bytes of a request's head
	maxFields   = 10_000  // lines of one
	maxBody     = 1 << 20 // bytes kept of a request's body
	maxBodyRead = 1 << 30 // bytes taken from the network for one
	maxTrailers = 1 << 10 // lines after a chunked body
	requestTime = 30 * time.Second
)

// errOversize is a head beyond the bound.
var errOversize = errors.New("request: head is larger than 2 MiB or 10,000 lines")

// serve answers the requests on c: one, and others for as long as a script keeps
// the connection.
func (o *Origin) serve(c *net.TCPConn) {
	in := bufio.NewReader(c)
	for o.exchange(c, in) {
	}
}

// exchange reads one request from c and hands it to its play. What names a play
// that is not open is dropped without an answer, and so is what names none
// where there is no Handler. It reports whether c takes another request.
func (o *Origin) exchange(c *net.TCPConn, in *bufio.Reader) (kept bool) {
	if err := c.SetReadDeadline(time.Now().Add(requestTime)); err != nil {
		return false // closed by the end of the origin
	}
	head, err := readHead(in)
	if err != nil && !errors.Is(err, errOversize) {
		o.log().Debug("origin: request", "peer", c.RemoteAddr(), "error", err)
		return false
	}
	r, token := parseHead(head)
	if token == "" && err == nil && o.Handler != nil {
		o.web(c, head, in)
		return false
	}
	p := o.play(token)
	if p == nil || !p.admit(c) {
		o.log().Debug("origin: request dropped", "peer", c.RemoteAddr(), "play", token)
		o.dropSlowly()
		return false
	}
	defer p.leave(c)
	r.At = p.now()
	e := newExchange(p, c, in)
	defer e.close()
	if err != nil {
		r.Headers = nil
		p.receive(r, 431)
		e.dismiss(431)
		return false
	}
	o.answer(e, r)
	return e.another()
}

const (
	slowDrop = 100 * time.Millisecond // how long what is dropped is kept waiting
	maxSlow  = 128                    // connections that are, at a time
)

// dropSlowly holds up a client whose requests nobody answers: what comes back at
// once when it is dropped would take the place of others.
func (o *Origin) dropSlowly() {
	if !o.slower(1) {
		return
	}
	defer o.slower(-1)
	timer := time.NewTimer(slowDrop)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-o.done:
	}
}

// slower adds n to the connections that are dropped slowly, and reports whether
// there is room for them.
func (o *Origin) slower(n int) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.slow+n > maxSlow {
		return false
	}
	o.slow += n
	return true
}

// answer reads the body of r and plays the connection that is next for it.
func (o *Origin) answer(e *exchange, r Request) {
	var body bodyKeeper
	err := e.conn.SetReadDeadline(time.Now().Add(requestTime))
	if err == nil {
		err = readBody(e.in, r.Headers, &body)
	}
	r.Body, r.BodyLength = body.kept, body.length
	if err != nil {
		o.log().Debug("origin: request body", "play", e.play.token, "error", err)
		e.play.receive(r, 0)
		return
	}
	c, index := e.play.match(r)
	e.perform(r, c, index)
}

// offers reports whether r says that its answer may be in that coding (RFC 9110,
// 12.5.3, without weights).
func offers(r Request, coding string) bool {
	for _, h := range r.Headers {
		if !strings.EqualFold(h.Name, "Accept-Encoding") {
			continue
		}
		for offer := range strings.SplitSeq(h.Value, ",") {
			name, _, _ := strings.Cut(offer, ";")
			if name = strings.TrimSpace(name); strings.EqualFold(name, coding) || name == "*" {
				return true
			}
		}
	}
	return false
}

// readHead returns the bytes up to the blank line, which is left out with the
// line ends before the first line. At [errOversize] it returns what it has.
func readHead(in *bufio.Reader) ([]byte, error) {
	var head []byte
	start := 0 // of the line that is being read
	for lines := 0; ; {
		b, err := in.ReadSlice('\n')
		head = append(head, b...)
		if len(head) > maxHead || lines > maxFields {
			return head, errOversize
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("request: %w after %d bytes", err, len(head))
		}
		line := string(head[start:])
		blank := line == "\n" || line == "\r\n"
		switch {
		case blank && start == 0:
			head = head[:0]
		case blank:
			return head[:start], nil
		default:
			start = len(head)
			lines++
		}
	}
}

// parseHead takes a head apart, however ill-formed, and returns the token of
// the play that it names. Bytes are kept as they are.
func parseHead(head []byte) (r Request, token string) {
	first, rest, _ := strings.Cut(string(head), "\n")
	first = strings.TrimSuffix(first, "\r")
	r.Method, first, _ = strings.Cut(first, " ")
	r.Target = first
	if i := strings.LastIndexByte(first, ' '); i >= 0 {
		r.Target, r.Proto = first[:i], first[i+1:]
	}
	token, r.Target = splitTarget(r.Target)
	for line := range strings.Lines(rest) {
		r.Headers = append(r.Headers, parseHeader(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")))
	}
	return r, token
}

// splitTarget takes /p/TOKEN/path apart, also in the form with a host.
func splitTarget(target string) (token, within string) {
	if _, after, found := strings.Cut(target, "://"); found && !strings.HasPrefix(target, "/") {
		_, path, _ := strings.Cut(after, "/")
		target = "/" + path
	}
	named, found := strings.CutPrefix(target, "/p/")
	if !found {
		return "", target
	}
	end := strings.IndexAny(named, "/?")
	if end < 0 {
		return named, ""
	}
	return named[:end], named[end:]
}

func parseHeader(line string) Header {
	name, raw, found := strings.Cut(line, ":")
	if !found || strings.TrimLeft(name, " \t") != name {
		return Header{Value: strings.Trim(line, " \t"), Raw: line}
	}
	return Header{Name: name, Value: strings.Trim(raw, " \t"), Raw: raw}
}

// A bodyKeeper keeps the beginning of what is written to it.
type bodyKeeper struct {
	kept   []byte
	length int64
}

func (k *bodyKeeper) Write(b []byte) (int, error) {
	k.kept = append(k.kept, b[:min(len(b), maxBody-len(k.kept))]...)
	k.length += int64(len(b))
	if k.length > maxBodyRead {
		return 0, fmt.Errorf("request: body is larger than %d bytes", maxBodyRead)
	}
	return len(b), nil
}

// readBody copies the body that the headers announce to k.
func readBody(in *bufio.Reader, headers []Header, k *bodyKeeper) error {
	length := ""
	for _, h := range headers {
		switch {
		case strings.EqualFold(h.Name, "Transfer-Encoding"):
			return readChunked(in, k)
		case strings.EqualFold(h.Name, "Content-Length"):
			length = h.Value
		}
	}
	if length == "" {
		return nil
	}
	n, err := strconv.ParseUint(length, 10, 62)
	if err != nil {
		return fmt.Errorf("request: content length %.40q is no number", length)
	}
	_, err = io.CopyN(k, in, int64(n))
	return err
}

// readChunked copies a chunked body to k, and reads the trailers after it.
func readChunked(in *bufio.Reader, k *bodyKeeper) error {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return fmt.Errorf("request: chunk size: %w", err)
		}
		size, _, _ := strings.Cut(strings.TrimRight(string(line), "\r\n"), ";")
		n, err := strconv.ParseUint(strings.TrimSpace(size), 16, 62)
		if err != nil {
			return fmt.Errorf("request: chunk size %.40q is no number", size)
		}
		if n == 0 {
			return readTrailers(in)
		}
		if _, err := io.CopyN(k, in, int64(n)); err != nil {
			return err
		}
		if end, err := in.ReadSlice('\n'); err != nil || len(bytes.TrimRight(end, "\r\n")) > 0 {
			return fmt.Errorf("request: chunk of %d bytes does not end there", n)
		}
	}
}

// readTrailers reads up to the blank line that ends a chunked body.
func readTrailers(in *bufio.Reader) error {
	for range maxTrailers {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return fmt.Errorf("request: trailers: %w", err)
		}
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			return nil
		}
	}
	return errors.New("request: trailers have no end")
}
