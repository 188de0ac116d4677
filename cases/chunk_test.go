package cases_test

import (
	"errors"
	"io/fs"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// broken is a file system that cannot be read.
type broken struct{}

func (broken) Open(string) (fs.File, error) { return nil, errors.New("no such directory") }

var _ = Describe("A chunk", func() {
	DescribeTable("stands for bytes",
		func(chunk string, want ...string) {
			found, err := load(one("stream:", "  stream: ["+chunk+", \"\\n\\ndata: a\\n\\n\"]"))
			Expect(err).NotTo(HaveOccurred())
			chunks, plain := found[0].Script.Stream()
			Expect(plain).To(BeTrue())
			Expect(written(chunks)).To(Equal(append(want, "\n\ndata: a\n\n")))
		},
		Entry("text", `"\u00e9\r"`, "é\r"),
		Entry("text with nothing in it", `""`, ""),
		Entry("hex with spaces", `{hex: "EF bb BF"}`, "\xEF\xBB\xBF"),
		Entry("base64", `{base64: "/w=="}`, "\xff"),
		Entry("a repeat", `{repeat: "ab", times: 3}`, "ababab"),
		Entry("a repeat of hex, keys the other way round", `{times: 2, repeat: {hex: "FF"}}`, "\xff\xff"),
		Entry("a pause is none", `{pause: 50ms}`),
		Entry("an await is none", `{await: dispatch}`),
	)

	DescribeTable("that is none is refused",
		func(chunk, message string) { refuses(one("stream:", "  stream: ["+chunk+"]"), message) },
		Entry("plain text", `a`, `:5:12: a chunk is text in double quotes, {hex: …}, {base64: …} or {repeat: …, times: N}, found "a"`),
		Entry("text in single quotes", `'a'`, `:5:12: a chunk is text in double quotes, {hex: …}, {base64: …} or {repeat: …, times: N}, found "a"`),
		Entry("nothing", `~`, `:5:12: a chunk is text in double quotes, {hex: …}, {base64: …} or {repeat: …, times: N}, found nothing`),
		Entry("a list", `["a"]`, `:5:12: want keys and values, found a list`),
		Entry("no keys", `{}`, `:5:12: want one of hex, base64, pause, await, or repeat with times`),
		Entry("two kinds", `{hex: "61", pause: 5ms}`, `:5:12: want one of hex, base64, pause, await, or repeat with times`),
		Entry("a repeat beside hex", `{repeat: "a", times: 2, hex: "61"}`, `:5:12: want one of hex, base64, pause, await, or repeat with times`),
		Entry("an unknown key", `{zzzzz: "61"}`, `:5:13: unknown key "zzzzz"`),
		Entry("a line that is not quoted", `data: a`, `:5:12: a chunk is text in double quotes, as "data: …\n"`),
		Entry("an unknown key near a known one", `{bas64: "61"}`, `:5:13: unknown key "bas64" (did you mean "base64"?)`),
		Entry("odd hex", `{hex: "616"}`, `:5:18: hex wants pairs of hexadecimal digits, found "616"`),
		Entry("no hex", `{hex: "xy"}`, `:5:18: hex wants pairs of hexadecimal digits, found "xy"`),
		Entry("hex of a list", `{hex: ["61"]}`, `:5:18: hex wants pairs of hexadecimal digits, found a list`),
		Entry("hex of nothing", `{hex: ~}`, `:5:18: hex wants pairs of hexadecimal digits, found nothing`),
		Entry("bad base64", `{base64: "/w"}`, `:5:21: base64 wants padded base64, found "/w"`),
		Entry("times without repeat", `{times: 3}`, `:5:12: times without repeat`),
		Entry("times beside hex", `{hex: "61", times: 3}`, `:5:12: times without repeat`),
		Entry("repeat without times", `{repeat: "a"}`, `:5:12: repeat without times`),
		Entry("times of 0", `{repeat: "a", times: 0}`, `:5:33: times wants a whole number from 1, found "0"`),
		Entry("times below 0", `{repeat: "a", times: -1}`, `:5:33: times wants a whole number from 1, found "-1"`),
		Entry("times in quotes", `{repeat: "a", times: "3"}`, `:5:33: times wants a whole number from 1, found "3"`),
		Entry("times with a fraction", `{repeat: "a", times: 2.5}`, `:5:33: times wants a whole number from 1, found "2.5"`),
		Entry("times beyond all numbers", `{repeat: "a", times: 1`+strings.Repeat("0", 30)+`}`, `:5:33: times wants a whole number from 1, found "1`+strings.Repeat("0", 30)+`"`),
		Entry("a repeat of 10^12", `{repeat: "a", times: 1000000000000}`, `:5:21: repeat stands for more than 64 MiB`),
		Entry("10^12 times nothing", `{repeat: "", times: 1000000000000}`, `:5:21: repeat stands for more than 64 MiB`),
		Entry("a repeat of a repeat", `{repeat: {repeat: "a", times: 60000000}, times: 1}`, `:5:21: repeat wants text in double quotes, {hex: …} or {base64: …}`),
		Entry("a repeat of a pause", `{repeat: {pause: 1ms}, times: 2}`, `:5:21: repeat wants text in double quotes, {hex: …} or {base64: …}`),
		Entry("two repeats of more than 64 MiB together", `{repeat: "a", times: 60000000}, {repeat: "a", times: 60000000}`, `:2:3: a case stands for more than 64 MiB`),
		Entry("a pause without a unit", `{pause: 50}`, `:5:20: a pause is a time such as "50ms", at most one minute, found "50"`),
		Entry("a pause of nothing", `{pause: 0s}`, `:5:20: a pause is a time such as "50ms", at most one minute, found "0s"`),
		Entry("a pause back", `{pause: -1s}`, `:5:20: a pause is a time such as "50ms", at most one minute, found "-1s"`),
		Entry("a pause of more than a minute", `{pause: 61s}`, `:5:20: a pause is a time such as "50ms", at most one minute, found "61s"`),
		Entry("an await of what cannot be awaited", `{await: close}`, `:5:20: await knows "dispatch", "announce" and "reestablish", found "close"`),
		Entry("an await of nothing", `{await: }`, `:5:20: await knows "dispatch", "announce" and "reestablish", found nothing`),
	)

	It("in a block scalar is refused", func() {
		refuses(one("stream:", "  stream:\n  - |\n    data: a\n"), `:6:5: a chunk is text in double quotes, {hex: …}, {base64: …} or {repeat: …, times: N}, found "data: a\n"`)
	})

	It("may be repeated in an expectation as well", func() {
		found, err := load(one("stream:", `  stream: ["data: ", {repeat: "x", times: 1000}, "\n\n"]`, "dispatch:", `  - dispatch: {data: {repeat: "x", times: 1000}}`))
		Expect(err).NotTo(HaveOccurred())
		Expect(found[0].Expect[1].Event.Data).To(Equal(strings.Repeat("x", 1000)))
	})
})
