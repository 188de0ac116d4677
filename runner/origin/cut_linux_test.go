package origin_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/spec"
)

const wantedCuts = 1000

// A reader reads the play to its end and returns the size of each read.
type reader struct {
	name string
	read func(ctx context.Context, p *origin.Play, started func(pid int)) ([]int, error)
	why  string // it cannot be run here, if not empty
}

// numbered returns wantedCuts+1 chunks of different bytes.
func numbered() [][]byte {
	var chunks [][]byte
	for i := range wantedCuts + 1 {
		chunks = append(chunks, fmt.Appendf(nil, "data: %d\n\n", i))
	}
	return chunks
}

// apart counts the boundaries of chunks at which a read ended. What comes
// before the chunks is the head.
func apart(chunks [][]byte, sizes []int) int {
	total, ends := 0, map[int]bool{}
	for _, n := range sizes {
		total += n
		ends[total] = true
	}
	at, seen := total-len(bytes.Join(chunks, nil)), 0
	for _, c := range chunks[:len(chunks)-1] {
		at += len(c)
		if ends[at] {
			seen++
		}
	}
	return seen
}

// program is a reader that is a process of its own: command with args, and
// then the host, the port and the path to read.
func program(name, command string, args ...string) reader {
	found, err := exec.LookPath(command)
	if err != nil {
		return reader{name: name, why: err.Error()}
	}
	return reader{name: name, read: func(ctx context.Context, p *origin.Play, started func(pid int)) ([]int, error) {
		host, port, err := net.SplitHostPort(strings.Split(p.URL(), "/")[2])
		if err != nil {
			return nil, err
		}
		c := exec.CommandContext(ctx, found, append(args, host, port, path(p)+"/")...)
		var out bytes.Buffer
		c.Stdout, c.Stderr = &out, GinkgoWriter
		if err := c.Start(); err != nil {
			return nil, err
		}
		started(c.Process.Pid)
		if err := c.Wait(); err != nil {
			return nil, err
		}
		return numbers(out.String())
	}}
}

func numbers(s string) ([]int, error) {
	var list []int
	for _, field := range strings.Fields(s) {
		n, err := strconv.Atoi(field)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, nil
}

// load keeps every processor busy until ctx ends.
func load(ctx context.Context) {
	for range 2 * runtime.GOMAXPROCS(0) {
		go func() {
			for ctx.Err() == nil {
				for range 1000 {
					_ = ctx.Err()
				}
			}
		}()
	}
}

// holdUp stops the reader when the first chunk is due and lets it go on when all
// was sent: what does not wait for the reader is then read in one piece.
func holdUp(o *origin.Origin, pid <-chan int) (release func(*origin.Play)) {
	reader := 0
	o.Before = func([]byte) {
		defer GinkgoRecover()
		if reader == 0 {
			reader = <-pid
			Expect(syscall.Kill(reader, syscall.SIGSTOP)).To(Succeed())
		}
	}
	return func(p *origin.Play) {
		<-p.Played()
		Expect(syscall.Kill(reader, syscall.SIGCONT)).To(Succeed())
	}
}

// watch plays the chunks to r under load, and returns how many cuts it saw.
// Unconfirmed, the reader is held up.
func watch(ctx context.Context, r reader, unconfirmed bool) (seen int, cuts string) {
	GinkgoHelper()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	o := listen()
	o.Unconfirmed = unconfirmed
	o.TimeScale = 10 // a reader that gets no processor for seconds is still one that reads
	chunks := numbered()
	s := cases.One(chunks...)
	s.Connections[0].Framing = "until-close"
	pid, release := make(chan int, 1), func(*origin.Play) {}
	if unconfirmed {
		release = holdUp(o, pid)
	}
	p := o.Play(ctx, s)
	load(ctx)
	go func() {
		defer GinkgoRecover()
		release(p)
	}()
	sizes, err := r.read(ctx, p, func(n int) { pid <- n })
	Expect(err).NotTo(HaveOccurred())
	Eventually(p.Played()).Should(BeClosed())
	return apart(chunks, sizes), p.Cuts()
}

var _ = Describe("under load", Serial, func() {
	readers := []reader{
		program("a socket in Go", os.Args[0], readSocket),
		program("net/http", os.Args[0], readHTTP),
		program("a socket in Node", "node", "testdata/reader.mjs"),
		program("node:http", "node", "testdata/http-reader.mjs"),
		program("a socket in Python", "python3", "testdata/reader.py"),
	}
	for _, r := range readers {
		if r.why != "" {
			It("would be read by "+r.name, func() {
				AddReportEntry("NOT RUN: "+r.name, r.why)
				fmt.Fprintf(GinkgoWriter, "NOT RUN: %s: %s\n", r.name, r.why)
				Expect(os.Getenv("CI")).NotTo(Equal("true"), "a reader is missing in CI: "+r.why)
			})
			continue
		}
		It("has every cut seen by "+r.name, func(ctx SpecContext) {
			seen, cuts := watch(ctx, r, false)
			Expect(seen).To(Equal(wantedCuts))
			Expect(cuts).To(Equal(origin.Confirmed))
		}, SpecTimeout(5*time.Minute))

		It("does not have every cut seen, unconfirmed, by "+r.name, func(ctx SpecContext) {
			seen, cuts := watch(ctx, r, true)
			AddReportEntry("cuts seen unconfirmed by "+r.name, seen)
			Expect(seen).To(BeNumerically("<", wantedCuts))
			Expect(cuts).To(Equal(origin.Paced))
		}, SpecTimeout(5*time.Minute))
	}
})

var _ = Describe("a boundary", func() {
	It("is paced when the client does not read", func() {
		o := listen()
		o.TimeScale = 0.02
		s := cases.One([]byte("a"), []byte("b"), []byte("c"))
		p := o.Play(background, s)
		c := get(p, "/")
		Eventually(p.Played()).Should(BeClosed())
		Expect(p.Cuts()).To(Equal(origin.Paced))
		Expect(io.ReadAll(c)).NotTo(BeEmpty())
		for _, packet := range p.Wire() {
			Expect(packet.Cut).To(Or(Equal(origin.Paced), BeEmpty()))
		}
	})

	It("is waited for until the client reads", func() {
		o := listen()
		o.TimeScale = 1e4
		p := o.Play(background, cases.One([]byte("a"), []byte("b")))
		c := get(p, "/")
		upTo(c, len(chunkedHead)-1) // the last byte of the head is left
		Expect(p.Wire()).To(HaveLen(1))
		Expect(io.ReadAll(c)).To(HaveLen(1 + 6 + 6 + 5))
		Expect(p.Cuts()).To(Equal(origin.Confirmed))
	})

	It("is the end of a connection that the client has left", func() {
		o := listen()
		o.TimeScale = 1e4
		event := cases.Part{Unit: []byte("data: a\n\n")}
		p := o.Play(background, script(cases.Connection{Framing: "until-close", Body: []cases.Part{event, {Await: "dispatch"}, event}}))
		c := get(p, "/")
		upTo(c, len(plainHead)+2+len(event.Unit))
		Expect(c.Close()).To(Succeed())
		p.Observed(spec.Dispatch)
		Eventually(p.Wire).Should(ContainElement(HaveField("End", origin.Gone)))
		Expect(p.Wire()).To(HaveLen(3), "nothing is written to a client that has left")
		Expect(p.Played()).NotTo(BeClosed())
	})
})
