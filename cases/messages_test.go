package cases_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
)

// What other tables of this package do not have: see load_test.go and chunk_test.go
// for the rest of what can be wrong in a case file.
var _ = Describe("The message about", func() {
	DescribeTable("an escape for a byte above 0x7F says what it stands for", refuses,
		Entry("in a chunk", one("stream:", `  stream: ["data: \xff\n\n"]`),
			`:5:19: "\xff" is the character U+00FF, not the byte: write {hex: …} for bytes, \u00ff for the character`),
		Entry("in capitals", one("stream:", `  stream: ["a", "\xC3"]`),
			`:5:18: "\xC3" is the character U+00C3, not the byte: write {hex: …} for bytes, \u00C3 for the character`),
		Entry("in what is repeated", one("stream:", `  stream: [{repeat: "\x80", times: 3}]`),
			`:5:22: "\x80" is the character U+0080, not the byte: write {hex: …} for bytes, \u0080 for the character`),
		Entry("in an expectation", one("dispatch:", `  - dispatch: {data: "\xe9"}`),
			`:7:23: "\xe9" is the character U+00E9, not the byte: write {hex: …} for bytes, \u00e9 for the character`),
		Entry("after other escapes", one("stream:", `  stream: ["\\x\"\\\xff"]`),
			`:5:20: "\xff" is the character U+00FF, not the byte: write {hex: …} for bytes, \u00ff for the character`),
		Entry("behind other letters than ASCII", one("stream:", `  stream: ["äöü\xff"]`),
			`:5:16: "\xff" is the character U+00FF, not the byte: write {hex: …} for bytes, \u00ff for the character`),
		Entry("on a later line of the text", one("stream:", "  stream: [\"data: a\\\n    \\xff\"]"),
			`:6:5: "\xff" is the character U+00FF, not the byte: write {hex: …} for bytes, \u00ff for the character`),
		Entry("with a tag", one("stream:", `  stream: [!!str "\xff"]`),
			`:5:19: "\xff" is the character U+00FF, not the byte: write {hex: …} for bytes, \u00ff for the character`),
		Entry("in lines that end in CR LF", strings.ReplaceAll(one("stream:", `  stream: ["\xff"]`), "\n", "\r\n"),
			`:5:13: "\xff" is the character U+00FF, not the byte: write {hex: …} for bytes, \u00ff for the character`),
		Entry("behind a byte order mark", "\ufeff"+one("stream:", `  stream: ["\xff"]`),
			`:5:13: "\xff" is the character U+00FF, not the byte: write {hex: …} for bytes, \u00ff for the character`),
		Entry("below lines that only YAML breaks", "# a\u2028# b\u0085# c\u2029# d\r"+one("stream:", `  stream: ["\xff"]`),
			`:9:13: "\xff" is the character U+00FF, not the byte: write {hex: …} for bytes, \u00ff for the character`),
	)

	DescribeTable("an escape is not given where it says one thing only",
		func(line string) {
			_, err := load(one("stream:", line, "dispatch:", "", "expect:", "  expect: []"))
			Expect(err).NotTo(HaveOccurred())
		},
		Entry("ASCII", `  stream: [": \x41\x7f\x00"]`),
		Entry("a character by its number", `  stream: [": \u00ff"]`),
		Entry("a backslash before x", `  stream: [": \\xff"]`),
		Entry("outside of quotes", `  about: a \xff`+"\n"+`  stream: [""]`),
		Entry("in single quotes", `  about: '"\xff"'`+"\n"+`  stream: [""]`),
		Entry("in a comment", `  stream: [""] # "\xff"`),
	)

	It("what is long has its beginning", func() {
		long := strings.Repeat("z", 100_000)
		_, err := load(with("  requires: [" + long + "]"))
		Expect(err).To(MatchError(HaveSuffix(`:4:14: case "a": unknown capability "` + long[:500] + `…"`)))
	})

	DescribeTable("what a case demands has the nearest word", refuses,
		Entry("an unknown capability", with("  requires: [retry, comment]"), `:4:21: case "a": unknown capability "comment" (did you mean "comments"?)`),
		Entry("a capability near none", with("  requires: [zzzzzzzzzzzzzz]"), `:4:14: case "a": unknown capability "zzzzzzzzzzzzzz"`),
		Entry("a version to come", with(`  since: "99.1"`), `:4:10: case "a": since "99.1" is newer than this suite, `+cases.Version),
		Entry("a version that is none", with("  since: soon"), `:4:10: case "a": since is a version such as "`+cases.Version+`", found "soon"`),
		Entry("a version that YAML takes for a number", with("  since: 0.1"), `:4:10: want text, found "0.1": put it in quotes`),
		Entry("a chunk as block scalar", one("stream:", "  stream:\n  - |\n    data: a"),
			`:6:5: a chunk is text in double quotes, {hex: …}, {base64: …} or {repeat: …, times: N}, found "data: a\n"`),
		Entry("an unquoted chunk", one("stream:", "  stream: [data]"),
			`:5:12: a chunk is text in double quotes, {hex: …}, {base64: …} or {repeat: …, times: N}, found "data"`),
		Entry("a file of 2 MiB without an end of line", strings.Repeat("a", 2<<20), ":1:1: larger than 1 MiB"),
		Entry("a repeat of 10^12", one("stream:", `  stream: [{repeat: "a", times: 1000000000000}]`), ":5:21: repeat stands for more than 64 MiB"),
		Entry("an alias before its anchor", "about: *a\n", ":1:8: anchors and aliases are not allowed: write the value out"),
	)

	DescribeTable("every capability can be required", func(capability string) {
		_, err := load(with("  requires: [" + capability + "]"))
		Expect(err).NotTo(HaveOccurred())
	}, func() (entries []TableEntry) {
		for _, c := range cases.Capabilities() {
			entries = append(entries, Entry(c, c))
		}
		return entries
	}())

	It("what cannot be read names it", func() {
		dir := GinkgoT().TempDir()
		_, err := cases.Load(os.DirFS(filepath.Join(dir, "nowhere")))
		Expect(err).To(MatchError(fs.ErrNotExist), "a missing directory")

		Expect(os.WriteFile(filepath.Join(dir, "good.yaml"), []byte(one()), 0o600)).To(Succeed())
		Expect(os.Symlink("nowhere", filepath.Join(dir, "gone.yaml"))).To(Succeed())
		Expect(os.Symlink(".", filepath.Join(dir, "loop.yaml"))).To(Succeed())
		Expect(os.Mkdir(filepath.Join(dir, "folder.yaml"), 0o700)).To(Succeed())
		found, err := cases.Load(os.DirFS(dir))
		Expect(err).To(MatchError(And(ContainSubstring("gone.yaml: no such file"), ContainSubstring("loop.yaml: is a directory"))))
		Expect(err.Error()).NotTo(ContainSubstring("folder.yaml"), "a folder is looked into, whatever its name")
		Expect(cases.IDs(found)).To(Equal([]string{"good/a"}), "what can be read is")
	})

	It("a single file that cannot be read names it", func() {
		dir := GinkgoT().TempDir()
		_, err := cases.LoadFile(filepath.Join(dir, "no.yaml"))
		Expect(err).To(And(MatchError(fs.ErrNotExist), MatchError(ContainSubstring("no.yaml"))))
		_, err = cases.LoadFile(dir)
		Expect(err).To(MatchError(ContainSubstring("is a directory")))
	})
})
