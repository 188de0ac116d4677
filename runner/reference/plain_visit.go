package reference

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"syscall"

	"github.com/ssespec/ssespec/runner/target"
	"github.com/ssespec/ssespec/spec"
)

// visit makes one request and interprets the answer.
func (v *visitor) visit(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	request, err := v.request(ctx)
	if err != nil {
		return &target.Fault{Reason: err.Error()}
	}
	if v.has("announce-early") {
		v.step(spec.Announce)
	}
	answer, err := v.send(request)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		v.lost(err)
	default:
		defer answer.Body.Close()
		v.failed = 0
		v.interpret(ctx, answer)
	}
	return nil
}

var (
	errInterim = errors.New("an answer of 1xx")
	errHeader  = errors.New("no value of a header")
)

// send sends r; bugs do not.
func (v *visitor) send(r *http.Request) (*http.Response, error) {
	id := r.Header.Get("Last-Event-ID")
	if v.has("id-ascii-only") && strings.ContainsFunc(id, func(c rune) bool { return c > '~' }) {
		return nil, errHeader
	}
	if v.stored != nil {
		return v.store(v.stored)
	}
	if v.has("interim-final") {
		interim := func(int, textproto.MIMEHeader) error { return errInterim }
		r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{Got1xxResponse: interim}))
	}
	answer, err := v.http.Do(r)
	if v.has("repeats-below") && r.Context().Err() == nil && repeatable(answer, err) {
		answer, err = v.http.Do(r)
	}
	if err == nil && v.has("cache-answers") && strings.Contains(answer.Header.Get("Cache-Control"), "max-age") {
		return v.store(answer)
	}
	return answer, err
}

// repeatable reports whether the HTTP layer may send the request once more: it
// was not answered, or the answer says so.
func repeatable(answer *http.Response, err error) bool {
	if err != nil {
		return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET)
	}
	return answer.StatusCode == http.StatusRequestTimeout || answer.StatusCode == http.StatusMisdirectedRequest
}

// futile reports whether there is no use in trying again: the answer is no HTTP,
// or leads nowhere, or there never was a stream.
func (v *visitor) futile(err error) bool {
	text := err.Error()
	return v.accepted == 0 || strings.Contains(text, "malformed HTTP") || strings.Contains(text, "Location") ||
		strings.Contains(text, "unsupported protocol") || errors.Is(err, syscall.ECONNREFUSED)
}

// lost is a network error; bugs give up.
func (v *visitor) lost(err error) {
	if errors.Is(err, errInterim) || v.has("futile-gives-up") && v.futile(err) {
		v.giveUp()
		return
	}
	v.networkError()
}

func (v *visitor) interpret(ctx context.Context, answer *http.Response) {
	v.led = answer.Request.URL.String()
	types := answer.Header.Values("Content-Type")
	v.latin1 = v.has("charset-heeded") && strings.Contains(strings.Join(types, ""), "iso-8859-1")
	if v.has("time-reset") {
		v.wait = v.first
	}
	if stream := v.accept(answer.StatusCode, types); stream != nil {
		v.read(ctx, stream, answer.Body)
	} else if v.has("failed-body-read") {
		v.readFailed(answer.Body)
	}
}

// readFailed hands out what is in the body of an answer that was refused.
func (v *visitor) readFailed(body io.Reader) {
	text, err := io.ReadAll(body)
	if err == nil {
		newStream(v.bugs, v.memory, v.observe).Feed(text)
	}
}

// read interprets the body until it ends or the client is closed.
func (v *visitor) read(ctx context.Context, stream *Stream, body io.ReadCloser) {
	buffer := make([]byte, 32<<10)
	var held []byte
	for first := true; !v.closed; first = false {
		n, err := v.listen(body, buffer)
		if ctx.Err() != nil {
			return
		}
		if n > 0 && first && v.has("announce-late") {
			v.step(spec.Announce)
		}
		feed := buffer[:n]
		switch {
		case v.has("held-to-end"):
			held = append(held, feed...)
			feed = nil
		case v.has("held-to-next"):
			feed, held = held, append([]byte(nil), feed...)
		}
		if err != nil {
			feed = append(feed, held...)
		}
		if len(feed) > 0 {
			stream.Feed(feed)
		}
		if err != nil {
			v.ended(ctx, stream, err)
			return
		}
	}
}

// ended is the end of the body, clean or not.
func (v *visitor) ended(ctx context.Context, stream *Stream, err error) {
	if v.has("end-at-close") {
		v.wire.end(ctx)
	}
	switch {
	case v.closing:
		v.closed = true
	case err != io.EOF && v.has("cut-fails"), v.wait == 0 && v.has("time-zero-fails"):
		v.giveUp()
	default:
		v.end(stream)
	}
}

// see shows a step, takes a reconnection time over, and closes where the
// subscription says so. Nobody knows the chunks of a network.
func (v *visitor) see(step spec.Step) {
	if v.closed && step.Kind != spec.Fail && !(step.Kind == spec.Dispatch && v.has("close-lets-events-out")) {
		return
	}
	step.Chunk = -1
	v.observe(step)
	v.seen[step.Kind]++
	if step.Kind == spec.Retry {
		v.adopt(v.time(step.Text))
	}
	if step.Kind == spec.Fail && !v.has("fails-and-comes-back") {
		v.closed = true
	}
	if on := v.sub.CloseOn; on != nil && on.Step == step.Kind && on.Count == v.seen[step.Kind] {
		v.closeIn(step.Kind)
	}
}
