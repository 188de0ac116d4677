package origin_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gleak"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/origin"
	"github.com/ssespec/ssespec/spec"
)

const (
	over    = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
	nothing = ""
)

func closing(body string) cases.Connection {
	return cases.Connection{Framing: "until-close", Body: text(body)}
}

var _ = Describe("requests and connections", func() {
	It("are matched by path, then in order, and 204 comes after the last", func() {
		second := closing("two")
		second.On = "/b"
		p := listen().Play(background, script(closing("one"), second, closing("three")))
		for _, row := range [][2]string{{"/b?x=/", "two"}, {"/b", over}, {"/", "one"}, {"", "three"}, {"/", over}} {
			b, err := io.ReadAll(get(p, row[0]))
			Expect(err).NotTo(HaveOccurred())
			Expect(string(b)).To(HaveSuffix(row[1]))
		}
		var answered []int
		for _, r := range p.Requests() {
			answered = append(answered, r.Connection)
		}
		Expect(answered).To(Equal([]int{1, -1, 0, 2, -1}))
		Expect(p.Requests()[0].Target).To(Equal("/b?x=/"))
		Expect(p.Requests()[0].Status).To(Equal(200))
		Expect(p.Requests()[1].Status).To(Equal(204))
		Eventually(p.Played()).Should(BeClosed())
	})

	It("are each other's neighbours only within one play", func() {
		o := listen()
		a, b := o.Play(background, script(closing("of a"))), o.Play(background, script(closing("of b")))
		Expect(a.URL()).To(MatchRegexp(`^http://127\.0\.0\.1:\d+/p/[0-9a-f]{32}/$`))
		Expect(answer(b)).To(HaveSuffix("of b"))
		Expect(answer(a)).To(HaveSuffix("of a"))
		Expect(a.Count()).To(Equal(1))
		Expect(b.Requests()).To(HaveLen(1))
	})

	It("are answered also under an absolute target", func() {
		p := listen().Play(background, script(closing("x")))
		b, err := io.ReadAll(dial(p, "GET "+p.URL()+" HTTP/1.1\r\n\r\n"))
		Expect(err).NotTo(HaveOccurred())
		Expect(string(b)).To(HaveSuffix("x"))
	})
})

var _ = DescribeTable("what is dropped without an answer", func(request func(*origin.Play) string) {
	p := listen().Play(background, cases.One())
	line := request(p)
	b, err := io.ReadAll(dial(p, line))
	Expect(err).NotTo(HaveOccurred())
	Expect(string(b)).To(Equal(nothing))
	Expect(p.Requests()).To(BeEmpty())
},
	Entry("a request after the end of its play", func(p *origin.Play) string {
		p.Close()
		return "GET " + path(p) + "/ HTTP/1.1\r\n\r\n"
	}),
	Entry("a token that is not in use", func(p *origin.Play) string {
		return "GET /p/" + strings.Repeat("0", 32) + "/ HTTP/1.1\r\n\r\n"
	}),
	Entry("a path outside of plays", func(*origin.Play) string { return "GET / HTTP/1.1\r\n\r\n" }),
	Entry("what is no HTTP", func(*origin.Play) string { return "\x16\x03\x01\n\n" }),
)

var _ = Describe("the end of a play", func() {
	It("comes with the end of its context", func() {
		ctx, cancel := context.WithCancel(background)
		p := listen().Play(ctx, script(cases.Connection{End: "hang"}))
		c := get(p, "/")
		Expect(upTo(c, len(chunkedHead))).To(Equal(chunkedHead))
		cancel()
		Expect(io.ReadAll(c)).To(BeEmpty())
		Eventually(func() string { return answer(p) }).Should(Equal(nothing))
	})

	It("breaks off a pause", func() {
		p := listen().Play(background, script(cases.Connection{Body: []cases.Part{{Pause: time.Hour}}}))
		c := get(p, "/")
		Expect(upTo(c, len(chunkedHead))).To(Equal(chunkedHead))
		p.Close()
		Expect(io.ReadAll(c)).To(BeEmpty())
		Eventually(p.Wire).Should(ContainElement(HaveField("End", origin.Gone)))
		Expect(p.Played()).NotTo(BeClosed())
	})

	It("is where a play on a closed origin begins", func() {
		o := listen()
		Expect(o.Close()).To(Succeed())
		p := o.Play(background, cases.One())
		p.Close()
		Expect(p.Count()).To(BeZero())
		Expect(o.Close()).To(Succeed())
	})

	It("leaves no goroutine when the origin is closed, and waits for no client", Serial, func() {
		before := gleak.Goroutines()
		o, err := origin.Listen("127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		var log bytes.Buffer
		o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		p := o.Play(background, script(cases.Connection{End: "hang"}, cases.Connection{Body: []cases.Part{{Pause: time.Hour}}}))
		dial(p, "GET ") // never completes its head; accepted before the next ones
		upTo(get(p, "/"), len(chunkedHead))
		upTo(get(p, "/"), len(chunkedHead))
		Expect(o.Close()).To(Succeed())
		Eventually(gleak.Goroutines).ShouldNot(gleak.HaveLeaked(before))
		Expect(log.String()).To(ContainSubstring("use of closed network connection"))
		Expect(log.String()).NotTo(ContainSubstring("i/o timeout"))
	})
})

var _ = Describe("the places of a play", func() {
	It("are its URL, the same on another origin, and a port that refuses", func() {
		o := listen()
		p := o.Play(background, script(cases.Connection{On: "/b", Framing: "until-close", Body: text("b")}))
		own, other, refused := p.Place("{url:/b}"), p.Place("{other:/b}"), p.Place("{refused:/b}")
		Expect(p.Place("{url}")).To(Equal(p.URL()))
		Expect(p.Place("a {url}, {url:/b?c#d}.")).To(Equal("a " + p.URL() + ", " + p.URL() + "b?c#d."))
		Expect(own).To(Equal(p.URL() + "b"))
		Expect(other).To(Equal(strings.Replace(own, "127.0.0.1", "localhost", 1)))
		Expect(refused).To(HavePrefix("http://127.0.0.1:"))
		u, err := url.Parse(refused)
		Expect(err).NotTo(HaveOccurred())
		Expect(u.Host).NotTo(Equal(o.Addr().String()))
		for range 3 {
			_, err = net.Dial("tcp", u.Host)
			Expect(err).To(MatchError(syscall.ECONNREFUSED))
		}
		Expect(p.Place("{refused}")).To(HavePrefix("http://" + u.Host + "/"))
	})

	It("have, once, what comes after the script, on any path", func() {
		p := listen().Play(background, script(closing("one")))
		p.Then(closing("two"))
		for _, row := range [][2]string{{"/", "one"}, {"/c", "two"}, {"/c", over}} {
			b, err := io.ReadAll(get(p, row[0]))
			Expect(err).NotTo(HaveOccurred())
			Expect(string(b)).To(HaveSuffix(row[1]))
		}
		Expect(p.Requests()[1]).To(And(HaveField("Connection", -1), HaveField("Status", 200)))
		Eventually(p.Played()).Should(BeClosed())
	})
})

var _ = Describe("a connection left hanging", func() {
	It("is counted until the client leaves", func() {
		p := listen().Play(background, script(cases.Connection{End: "hang"}, closing("x")))
		c := get(p, "/")
		upTo(c, len(chunkedHead))
		hanging := func() int { n, _ := p.Hanging(); return n }
		Eventually(hanging).Should(Equal(1))
		_, changed := p.Hanging()
		Consistently(changed, "20ms").ShouldNot(BeClosed())
		Expect(c.Close()).To(Succeed())
		Eventually(changed).Should(BeClosed())
		Expect(hanging()).To(BeZero())
	})
})

var _ = Describe("a storm", func() {
	It("of requests is told of, counted on, and not answered beyond 200 more than the script does", func() {
		p := listen().Play(background, script(closing("one"), closing("two")))
		for range 52 {
			answer(p)
		}
		Expect(p.Storm()).NotTo(BeClosed())
		for range 150 {
			Expect(answer(p)).To(Equal(over))
			Expect(p.Storm()).To(BeClosed())
		}
		Expect(answer(p)).To(Equal(nothing))
		Expect(answer(p)).To(Equal(nothing))
		Expect(p.Requests()).To(HaveLen(202))
		Expect(p.Count()).To(Equal(204))
	})

	It("of requests that name no play leaves room for those that do", func() {
		o := listen()
		p := o.Play(background, script(closing("x")))
		late := o.Play(background, cases.One())
		line := "GET " + path(late) + "/ HTTP/1.1\r\n\r\n"
		late.Close()
		var storm []net.Conn
		for range 300 {
			storm = append(storm, dial(p, line))
		}
		Expect(answer(p)).To(HaveSuffix("x"))
		for _, c := range storm {
			Expect(io.ReadAll(c)).To(BeEmpty())
		}
	})

	It("of open connections ends at 64", func() {
		var s cases.Script
		for range 70 {
			s.Connections = append(s.Connections, cases.Connection{End: "hang"})
		}
		p := listen().Play(background, s)
		for range 64 {
			upTo(get(p, "/"), len(chunkedHead))
		}
		Expect(answer(p)).To(Equal(nothing))
		Expect(p.Requests()).To(HaveLen(64))
		Expect(p.Count()).To(Equal(65))
	})

	It("gives places back when clients leave", func() {
		var s cases.Script
		for range 70 {
			s.Connections = append(s.Connections, cases.Connection{End: "hang"})
		}
		p := listen().Play(background, s)
		for range 64 {
			c := get(p, "/")
			upTo(c, len(chunkedHead))
			c.Close()
		}
		Eventually(func() int { c := get(p, "/"); b := make([]byte, 1); n, _ := c.Read(b); return n }).Should(Equal(1))
	})
})

var _ = Describe("an await", func() {
	waiting := func(parts ...cases.Part) cases.Connection {
		return cases.Connection{Framing: "until-close", Body: parts}
	}
	await, event := cases.Part{Await: "dispatch"}, cases.Part{Unit: []byte("data: a\n\n")}
	begin := len(plainHead) + 2

	It("goes on when the due events were observed", func() {
		o := listen()
		o.TimeScale = 1e4 // nothing but the events ends it
		p := o.Play(background, script(waiting(event, await, event, await, cases.Part{Unit: []byte("x")})))
		c := get(p, "/")
		upTo(c, begin+9)
		p.Observed(spec.Dispatch)
		upTo(c, 9)
		p.Observed(spec.Dispatch)
		Expect(io.ReadAll(c)).To(Equal([]byte("x")))
		Expect(p.Held()).To(BeEmpty())
	})

	It("for announce goes on when each head that is due one was observed", func() {
		o := listen()
		o.TimeScale = 1e4
		await := cases.Part{Await: "announce"}
		refused := waiting()
		refused.Status = 500
		p := o.Play(background, script(waiting(await, event), refused, waiting(await, event)))
		for range 2 {
			c := get(p, "/")
			upTo(c, begin)
			p.Observed(spec.Announce)
			Expect(io.ReadAll(c)).To(Equal(event.Unit))
			get(p, "/").Close()
		}
		Expect(p.Held()).To(BeEmpty())
	})

	It("that ran out is named by its connection and its part", func() {
		o := listen()
		o.TimeScale = 0.05
		p := o.Play(background, script(waiting(event), waiting(event, event, await)))
		answer(p)
		answer(p)
		Expect(p.Held()).To(Equal([]origin.Hold{{Connection: 1, Part: 2}}))
	})

	It("counts the events of the connections before it", func() {
		o := listen()
		o.TimeScale = 1e4
		p := o.Play(background, script(waiting(event), waiting(event, await, event)))
		answer(p)
		p.Observed(spec.Dispatch)
		c := get(p, "/")
		upTo(c, begin+9)
		p.Observed(spec.Dispatch)
		Expect(io.ReadAll(c)).To(Equal(event.Unit))
	})

	DescribeTable("runs out", func(observed int, c cases.Connection, held int) {
		o := listen()
		o.TimeScale = 0.05
		p := o.Play(background, script(c))
		for range observed {
			p.Observed(spec.Dispatch)
		}
		Expect(answer(p)).To(HaveSuffix("x"))
		Expect(p.Held()).To(HaveLen(held))
	},
		Entry("when nothing was observed", 0, waiting(event, await, cases.Part{Unit: []byte("x")}), 1),
		Entry("when one of two was observed", 1, waiting(event, event, await, cases.Part{Unit: []byte("x")}), 1),
		Entry("not when nothing is due", 0, waiting(cases.Part{Unit: []byte("data: a\n")}, await, cases.Part{Unit: []byte("x")}), 0),
		Entry("not when the body is no event stream", 0, cases.Connection{Status: 500, Framing: "until-close",
			Body: []cases.Part{event, await, {Unit: []byte("x")}}}, 0),
		Entry("in raw bytes, when no event more was observed", 3, cases.Connection{Raw: []cases.Part{event, await, {Unit: []byte("x")}}}, 1),
	)
})
