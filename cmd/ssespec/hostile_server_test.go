package main

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// streamHead begins the answer that every client takes for a stream.
const streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"

// A hostileServer does to every connection what no server should, until it is
// told to stop or the connection breaks.
type hostileServer struct {
	name   string
	answer func(conn net.Conn, stop <-chan struct{}) error
	status []int  // one of which the check ends with
	says   string // somewhere in the output

	tls     *tls.Config // nil: without
	trusted bool        // its certificate is given to --ca
}

// hostileServers is the table of all.
func hostileServers() []hostileServer {
	verdict := []int{0, 1}
	return []hostileServer{
		{name: "a line without an end", answer: flood(streamHead+"\r\ndata: ", strings.Repeat("x", 64<<10)), status: verdict},
		{name: "a comment without an end", answer: flood(streamHead+"\r\n:", strings.Repeat("x", 64<<10)), status: verdict},
		{name: "a block without an end", answer: flood(streamHead+"\r\n", strings.Repeat("data: x\n", 8<<10)), status: verdict},
		{name: "ids without an end", answer: flood(streamHead+"\r\n", strings.Repeat("id: 1\nid: 2\nretry: 1\n", 4<<10)), status: verdict},
		{name: "a million events a second", answer: flood(streamHead+"\r\n", strings.Repeat("data: x\n\n", 16<<10)), status: verdict},
		{name: "a million faults a second", answer: flood(streamHead+"\r\n", strings.Repeat("\xff\n\x00\n\n", 16<<10)), status: verdict},
		{name: "escape sequences in the head", answer: once(streamHead + "X-A: \x1b[2J\r\n\r\n"), status: []int{3}, says: `\x1b[2J`},
		{name: "escape sequences", answer: flood(streamHead+"\r\n", strings.Repeat("\x1b]0;owned\a\u202e: \x1b[2J\n\n", 100)), status: verdict},
		{name: "chunks of one byte", answer: flood(streamHead+"Transfer-Encoding: chunked\r\n\r\n", strings.Repeat("1\r\n\n\r\n", 16<<10)), status: verdict},
		{name: "a chunk of many exabytes", answer: flood(streamHead+"Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n", strings.Repeat("data: x\n\n", 4<<10)), status: verdict},
		{name: "chunk extensions without an end", answer: flood(streamHead+"Transfer-Encoding: chunked\r\n\r\n1", strings.Repeat(";a=b", 16<<10)), status: verdict},
		{name: "a gzip bomb", answer: flood(streamHead+"Content-Encoding: gzip\r\n\r\n", bomb()), status: verdict},
		{name: "a head without an end", answer: flood("HTTP/1.1 200 OK\r\nX-A: ", strings.Repeat("x", 64<<10)), status: []int{3}, says: "head"},
		{name: "headers without an end", answer: flood("HTTP/1.1 200 OK\r\n", strings.Repeat("X-A: x\r\n", 8<<10)), status: []int{3}, says: "head"},
		{name: "1xx without an end", answer: flood("", strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 1<<10)), status: []int{3}, says: "1xx"},
		{name: "redirects without an end", answer: once("HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"), status: []int{3}, says: "redirects"},
		{name: "a slow drip of a body", answer: drip(streamHead+"\r\n", "data: x\n\n"), status: verdict},
		{name: "a slow drip of a head", answer: drip("HTTP/1.1 200 OK\r\n", "X-A: x\r\n"), status: []int{3}, says: "no answer within"},
		{name: "a reset at once", answer: reset(""), status: []int{3}, says: "reset"},
		{name: "a reset in the stream", answer: reset(streamHead + "\r\ndata: x\n\n"), status: verdict, says: "serving/delivery/clean-end"},
		{name: "no answer", answer: mute, status: []int{3}, says: "no answer within"},
		{name: "no HTTP", answer: once("220 mail.example ESMTP\r\n"), status: []int{3}, says: "HTTP"},
		{name: "an answer cut within the head", answer: once("HTTP/1.1 200 OK\r\nContent-Ty"), status: []int{3}, says: "head"},
		{name: "a negative Content-Length", answer: once(streamHead + "Content-Length: -1\r\n\r\n"), status: []int{3}, says: "Content-Length"},
		{name: "a certificate that has expired", answer: once(streamHead + "\r\n"), tls: expired(), trusted: true, status: []int{3}, says: "expired"},
		{name: "a certificate that nobody knows", answer: once(streamHead + "\r\n"), tls: selfSigned(time.Now().Add(time.Hour)), status: []int{3}, says: "--ca"},
	}
}

// flood writes a beginning, and then the same piece for ever.
func flood(begin, piece string) func(net.Conn, <-chan struct{}) error {
	return func(conn net.Conn, stop <-chan struct{}) error {
		_, err := io.WriteString(conn, begin)
		for err == nil {
			select {
			case <-stop:
				return nil
			default:
				_, err = io.WriteString(conn, piece)
			}
		}
		return err
	}
}

// drip writes a beginning, and then the piece byte by byte, ten a second, for ever.
func drip(begin, piece string) func(net.Conn, <-chan struct{}) error {
	return func(conn net.Conn, stop <-chan struct{}) error {
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		_, err := io.WriteString(conn, begin)
		for i := 0; err == nil; i++ {
			select {
			case <-stop:
				return nil
			case <-tick.C:
				_, err = conn.Write([]byte{piece[i%len(piece)]})
			}
		}
		return err
	}
}

// once writes a text and closes.
func once(text string) func(net.Conn, <-chan struct{}) error {
	return func(conn net.Conn, _ <-chan struct{}) error {
		_, err := io.WriteString(conn, text)
		return err
	}
}

// reset writes a text, waits until it was taken, and resets the connection.
func reset(text string) func(net.Conn, <-chan struct{}) error {
	return func(conn net.Conn, stop <-chan struct{}) error {
		if _, err := io.WriteString(conn, text); err != nil {
			return err
		}
		if text != "" {
			select {
			case <-stop:
			case <-time.After(300 * time.Millisecond): // a reset overtakes what has not been read
			}
		}
		return conn.(*net.TCPConn).SetLinger(0)
	}
}

func mute(_ net.Conn, stop <-chan struct{}) error {
	<-stop
	return nil
}

// bomb is 64 KiB of gzip that stand for 64 MiB of events.
func bomb() string {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		panic(err)
	}
	event := bytes.Repeat([]byte("data: x\n\n"), 1<<16)
	for range 128 {
		if _, err := z.Write(event); err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.String()
}

// listen serves until the spec ends, and returns the URL.
func (h hostileServer) listen() string {
	GinkgoHelper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	Expect(err).NotTo(HaveOccurred())
	stop := make(chan struct{})
	DeferCleanup(func() {
		close(stop)
		l.Close()
	})
	go h.serve(l, stop)
	if h.tls != nil {
		return fmt.Sprintf("https://%s/events", l.Addr())
	}
	return fmt.Sprintf("http://%s/events", l.Addr())
}

func (h hostileServer) serve(l net.Listener, stop <-chan struct{}) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return // the spec is over
		}
		go func() {
			defer conn.Close()
			if h.tls != nil {
				conn = tls.Server(conn, h.tls)
			}
			// How the client leaves is its own affair.
			_, _ = conn.Read(make([]byte, 8<<10))
			_ = h.answer(conn, stop)
		}()
	}
}
