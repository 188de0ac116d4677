package origin_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
)

// The first argument that makes the test binary a reader, like the programs in
// testdata: it prints the size of each read of a URL.
const (
	readSocket = "read-socket"
	readHTTP   = "read-http"
)

func TestMain(m *testing.M) {
	if len(os.Args) != 5 || os.Args[1] != readSocket && os.Args[1] != readHTTP {
		os.Exit(m.Run())
	}
	body, err := open(os.Args[1], os.Args[2], os.Args[3], os.Args[4])
	if err == nil {
		err = printReads(body)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// open requests a URL by a raw socket or by net/http.
func open(how, host, port, path string) (io.Reader, error) {
	address := net.JoinHostPort(host, port)
	if how == readHTTP {
		r, err := http.Get("http://" + address + path)
		if err != nil {
			return nil, err
		}
		return r.Body, nil
	}
	c, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	_, err = io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: a\r\n\r\n")
	return c, err
}

// printReads reads to the end before it prints, so as not to disturb reading.
func printReads(r io.Reader) error {
	var sizes []string
	for b := make([]byte, 64<<10); ; {
		n, err := r.Read(b)
		if n > 0 {
			sizes = append(sizes, fmt.Sprint(n))
		}
		if err == io.EOF {
			fmt.Println(strings.Join(sizes, " "))
			return nil
		}
		if err != nil {
			return err
		}
	}
}
