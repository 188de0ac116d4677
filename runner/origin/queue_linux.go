package origin

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// The layout of linux/inet_diag.h, which x/sys/unix does not have.
const (
	diagInfo       = 2 // INET_DIAG_INFO
	requestSize    = unix.NLMSG_HDRLEN + 56
	messageSize    = 72
	stateOffset    = 1
	receiveOffset  = 56
	inodeOffset    = 68
	socketIDOffset = unix.NLMSG_HDRLEN + 8
	tcpClose       = 7
	tcpListen      = 10
)

// A queue tells how far the bytes of one connection have come: whether the
// peer's kernel has them all, and whether the peer's process has read them. The
// peer's socket is found by sock_diag when it is on this host and in this
// network namespace; else the delivery is unknown. A proxy in between is the peer.
type queue struct {
	conn    syscall.RawConn
	netlink int // -1 until it is needed, and where there is none
	request []byte
	reply   [4096]byte
	number  uint32
	seen    bool // the peer's socket was found before
	blind   bool // it cannot be found
}

func newQueue(c *net.TCPConn) *queue {
	q := &queue{netlink: -1}
	raw, err := c.SyscallConn()
	if err != nil {
		q.blind = true
		return q
	}
	q.conn = raw
	q.request = diagRequest(c.RemoteAddr().(*net.TCPAddr).AddrPort(), c.LocalAddr().(*net.TCPAddr).AddrPort())
	return q
}

func (q *queue) close() {
	if q.netlink >= 0 {
		unix.Close(q.netlink) // nothing is buffered in it
	}
}

// delivery looks at our queue first: an empty queue of the peer says nothing
// as long as bytes are on the way to it.
func (q *queue) delivery() delivery {
	if q.blind {
		return unknown
	}
	if d := q.sent(); d != read {
		return d
	}
	d, err := q.received()
	switch {
	case errors.Is(err, unix.ENOENT) && q.seen:
		return gone
	case err != nil:
		q.blind = true
		return unknown
	}
	q.seen = true
	return d
}

// sent looks whether the peer's kernel has acknowledged every byte.
func (q *queue) sent() delivery {
	var waiting uint32
	var info *unix.TCPInfo
	var errs [2]error
	err := q.conn.Control(func(fd uintptr) {
		waiting, errs[0] = unix.IoctlGetUint32(int(fd), unix.SIOCOUTQ)
		info, errs[1] = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
	})
	switch {
	case err != nil:
		return gone // closed by the end of its play
	case errs[0] != nil || errs[1] != nil:
		return unknown
	case info.State == tcpClose:
		return gone
	case waiting > 0:
		return unread
	}
	return read
}

// received looks whether the peer's process has read every byte.
func (q *queue) received() (delivery, error) {
	m, err := q.ask()
	switch {
	case err != nil:
		return unknown, err
	case m[stateOffset] == tcpListen:
		return unknown, unix.ENOENT // the kernel falls back to a listener of that port
	case binary.NativeEndian.Uint32(m[inodeOffset:]) == 0:
		return gone, nil // no process has it any more
	case binary.NativeEndian.Uint32(m[receiveOffset:]) > 0:
		return unread, nil
	}
	return read, nil
}

// ask returns the inet_diag_msg of the peer's socket. The kernel answers
// before the request returns, so nothing has to be waited for.
func (q *queue) ask() ([]byte, error) {
	if err := q.open(); err != nil {
		return nil, err
	}
	q.number++
	binary.NativeEndian.PutUint32(q.request[8:], q.number)
	if err := unix.Sendto(q.netlink, q.request, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return nil, fmt.Errorf("sock_diag: %w", err)
	}
	for {
		n, _, err := unix.Recvfrom(q.netlink, q.reply[:], unix.MSG_DONTWAIT)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("sock_diag: %w", err)
		}
		if n >= unix.NLMSG_HDRLEN && binary.NativeEndian.Uint32(q.reply[8:]) == q.number {
			return diagReply(q.reply[:n])
		}
	}
}

func (q *queue) open() error {
	if q.netlink >= 0 {
		return nil
	}
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return fmt.Errorf("sock_diag: %w", err)
	}
	q.netlink = fd
	return nil
}

// diagReply returns the message after the netlink header, or the error in it.
func diagReply(b []byte) ([]byte, error) {
	kind, rest := binary.NativeEndian.Uint16(b[4:]), b[unix.NLMSG_HDRLEN:]
	switch {
	case kind == unix.NLMSG_ERROR && len(rest) >= 4:
		return nil, fmt.Errorf("sock_diag: %w", unix.Errno(-int32(binary.NativeEndian.Uint32(rest))))
	case kind != unix.SOCK_DIAG_BY_FAMILY || len(rest) < messageSize:
		return nil, fmt.Errorf("sock_diag: reply of type %d with %d bytes", kind, len(rest))
	}
	return rest, nil
}

// diagRequest returns the netlink message that asks for the socket whose own
// end is from. It asks for the TCP info only because the kernel takes the
// socket's lock for that, after it has looked at the queue: a reader that has
// emptied the queue is then out of its call, and cannot pick up more in it.
func diagRequest(from, to netip.AddrPort) []byte {
	b := make([]byte, requestSize)
	n := binary.NativeEndian
	n.PutUint32(b, requestSize)
	n.PutUint16(b[4:], unix.SOCK_DIAG_BY_FAMILY)
	n.PutUint16(b[6:], unix.NLM_F_REQUEST)
	body := b[unix.NLMSG_HDRLEN:]
	body[0], body[1], body[2] = unix.AF_INET6, unix.IPPROTO_TCP, 1<<(diagInfo-1)
	if from.Addr().Unmap().Is4() {
		body[0] = unix.AF_INET
	}
	n.PutUint32(body[4:], 1<<32-1) // in any state
	id := b[socketIDOffset:]
	binary.BigEndian.PutUint16(id, from.Port())
	binary.BigEndian.PutUint16(id[2:], to.Port())
	copy(id[4:20], from.Addr().Unmap().AsSlice())
	copy(id[20:36], to.Addr().Unmap().AsSlice())
	n.PutUint32(id[40:], 1<<32-1) // no cookie
	n.PutUint32(id[44:], 1<<32-1)
	return b
}
