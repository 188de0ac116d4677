package secret_test

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/runner/secret"
)

func TestSecret(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "secret")
}

const canary = `can"ary/+&<7>ä`

var _ = Describe("A secret", func() {
	DescribeTable("is masked however it is written", func(text string) {
		var s secret.Set
		s.Add(canary)
		got := s.String("before " + text + " after")
		Expect(got).To(Equal("before " + strings.Repeat("*", len(text)) + " after"))
	},
		Entry("as it is", canary),
		Entry("in JSON", `can\"ary/+\u0026\u003c7\u003eä`),
		Entry("in a query", url.QueryEscape(canary)),
		Entry("in a path", url.PathEscape(canary)),
		Entry("in HTML", "can&#34;ary/+&amp;&lt;7&gt;ä"),
		Entry("in base64", base64.StdEncoding.EncodeToString([]byte(canary))),
		Entry("in base64 without padding", base64.RawURLEncoding.EncodeToString([]byte(canary))),
		Entry("in hex", hex.EncodeToString([]byte(canary))),
		Entry("in HEX", strings.ToUpper(hex.EncodeToString([]byte(canary)))),
	)

	It("is masked every time, and nothing else is", func() {
		var s secret.Set
		s.Add("abcd")
		Expect(s.String("abcdabcd abc ABCD abcde")).To(Equal("******** abc ABCD ****e"))
	})

	It("that holds another leaves no rest of it", func() {
		var s secret.Set
		s.Add("abcd")
		s.Add("xxabcdyy")
		Expect(s.String("xxabcdyy")).To(Equal("********"))
	})

	It("is masked across the edges of pieces, whose lengths stay", func() {
		var s secret.Set
		s.Add("abcdef")
		pieces := [][]byte{[]byte("1ab"), []byte("c"), {}, []byte("def2")}
		s.MaskAll(pieces)
		Expect(pieces).To(Equal([][]byte{[]byte("1**"), []byte("*"), {}, []byte("***2")}))
	})

	DescribeTable("in a header", func(name, value string, text, want string) {
		var s secret.Set
		s.AddHeader(name, value)
		Expect(s.String(text)).To(Equal(want))
	},
		Entry("Authorization: the credentials", "Authorization", "Bearer tok-1", "got tok-1", "got *****"),
		Entry("Authorization: the password in Basic", "authorization", "Basic dXNlcjpwYXNzd29yZA==", "user password dXNlcjpwYXNzd29yZA==", "user ******** "+strings.Repeat("*", 20)),
		Entry("Cookie: each value", "Cookie", "a=first; b=second", "first second a=", "***** ****** a="),
		Entry("Set-Cookie: the value, not its attributes", "Set-Cookie", "sid=abcdefgh; Path=/events; Max-Age=3600", "abcdefgh /events 3600", "******** /events 3600"),
		Entry("X-Api-Key", "X-Api-Key", "k-123456", "k-123456", "********"),
		Entry("another one is no secret", "Accept", "text/html", "text/html", "text/html"),
		Entry("one of three letters would mask too much", "X-Token", "abc", "abc", "abc"),
	)

	DescribeTable("in a URL", func(text, shown, want string) {
		u, err := url.Parse(text)
		Expect(err).NotTo(HaveOccurred())
		var s secret.Set
		s.AddURL(u)
		Expect(s.String(shown)).To(Equal(want))
	},
		Entry("the password", "http://user:p%40ssw@h/", "p@ssw p%40ssw user", "***** ******* user"),
		Entry("a user alone is a token", "http://token99@h/", "token99", "*******"),
		Entry("a token in the query", "http://h/?access_token=a%2Fbcd&x=plain", "a%2Fbcd a/bcd plain", "******* ***** plain"),
		Entry("a value that looks drawn", "http://h/?x=8f14e45fceea167a5a36", "8f14e45fceea167a5a36", "********************"),
		Entry("a value that does not", "http://h/?topic=all-events", "all-events", "all-events"),
	)

	It("in a file is the whole text, and what looks like one in it", func() {
		var s secret.Set
		s.AddText(`{"key": "sk-12345678", "model": "small"}` + "\n")
		Expect(s.String(`sk-12345678 small`)).To(Equal(`*********** small`))
		Expect(s.String(`{"key": "sk-12345678", "model": "small"}`)).To(Equal(strings.Repeat("*", 40)))
	})
})
