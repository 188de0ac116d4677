package origin

import (
	"context"
	"fmt"
	"net"
)

// A refusal is a port of this machine that refuses every connection and that
// nobody else gets: it is in use as the near end of a connection of ours.
type refusal struct{ near, far net.Conn }

// refuse returns a refusal on that host.
func refuse(host string) (*refusal, error) {
	plain := net.ListenConfig{}
	l, err := plain.Listen(context.Background(), "tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return nil, fmt.Errorf("origin: a port that refuses: %w", err)
	}
	defer l.Close()
	near, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return nil, fmt.Errorf("origin: a port that refuses: %w", err)
	}
	far, err := l.Accept()
	if err != nil {
		near.Close()
		return nil, fmt.Errorf("origin: a port that refuses: %w", err)
	}
	return &refusal{near, far}, nil
}

func (r *refusal) port() string {
	_, port, _ := net.SplitHostPort(r.near.LocalAddr().String()) // a connection's own address has one
	return port
}

func (r *refusal) close() {
	r.near.Close()
	r.far.Close()
}
