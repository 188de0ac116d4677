package origin_test

import (
	"io"
	"net"
	"net/url"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/origin"
)

// listenAt returns an origin at addr that is closed after the spec.
func listenAt(addr string) *origin.Origin {
	GinkgoHelper()
	o, err := origin.Listen(addr)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(o.Close)
	return o
}

// portOf returns the port that o listens at.
func portOf(o *origin.Origin) string {
	GinkgoHelper()
	_, port, err := net.SplitHostPort(o.Addr().String())
	Expect(err).NotTo(HaveOccurred())
	return port
}

var _ = Describe("The URL of a play", func() {
	DescribeTable("has the host that the origin listens at, and its real port",
		func(addr, host string) {
			o := listenAt(addr)
			Expect(o.Play(background, script()).URL()).To(MatchRegexp(`^http://%s:%s/p/[0-9a-f]{32}/$`, host, portOf(o)))
		},
		Entry("loopback", "127.0.0.1:0", `127\.0\.0\.1`),
		Entry("another address of loopback", "127.0.0.2:0", `127\.0\.0\.2`),
		Entry("every address: that of this machine", "0.0.0.0:0", `127\.0\.0\.1`),
		Entry("no address: that of this machine", ":0", `127\.0\.0\.1`),
	)

	DescribeTable("is below what is advertised",
		func(advertised, want string) {
			o := listen()
			o.Advertise = advertised
			Expect(o.Play(background, script()).URL()).To(MatchRegexp(`^%s/p/[0-9a-f]{32}/$`, want))
		},
		Entry("a host and a port", "http://192.0.2.1:8080", `http://192\.0\.2\.1:8080`),
		Entry("a slash at its end", "http://192.0.2.1:8080/", `http://192\.0\.2\.1:8080`),
		Entry("a name without a port", "http://host.docker.internal", `http://host\.docker\.internal`),
		Entry("an address of IPv6", "http://[2001:db8::1]:80", `http://\[2001:db8::1\]:80`),
	)

	It("has a token of 128 bits of its own", func() {
		o, seen := listen(), map[string]bool{}
		for range 100 {
			seen[o.Play(background, script()).URL()] = true
		}
		Expect(seen).To(HaveLen(100))
	})

	It("is advertised in headers as well, and served under the listener's own address", func() {
		o := listen()
		o.Advertise = "http://192.0.2.1:8080"
		p := o.Play(background, script(cases.Connection{Status: 301, Headers: [][2]string{{"Location", "{url:/b}"}}, Body: text("")}))
		c, err := net.Dial("tcp", o.Addr().String())
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { c.Close() })
		u, err := url.Parse(p.URL())
		Expect(err).NotTo(HaveOccurred())
		_, err = io.WriteString(c, "GET "+u.Path+" HTTP/1.1\r\nHost: 192.0.2.1:8080\r\n\r\n")
		Expect(err).NotTo(HaveOccurred())
		all, err := io.ReadAll(c)
		Expect(err).NotTo(HaveOccurred())
		Expect(string(all)).To(HavePrefix("HTTP/1.1 301 "))
		Expect(string(all)).To(ContainSubstring("Location: " + strings.TrimSuffix(p.URL(), "/") + "/b\r\n"))
	})

	It("leads nowhere from an address that is listened at without its token", func() {
		o := listenAt("0.0.0.0:0")
		o.Play(background, script(cases.Connection{Body: text("data: a\n\n")}))
		c, err := net.Dial("tcp", "127.0.0.1:"+portOf(o))
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { c.Close() })
		_, err = io.WriteString(c, "GET /p/"+strings.Repeat("0", 32)+"/ HTTP/1.1\r\nHost: a\r\n\r\n")
		Expect(err).NotTo(HaveOccurred())
		all, _ := io.ReadAll(c) // a reset is as good as an end
		Expect(all).To(BeEmpty())
	})
})
