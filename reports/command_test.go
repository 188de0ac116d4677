package reports_test

import (
	"os/exec"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
)

var _ = DescribeTable("a command line for a shell",
	func(want string, words ...string) {
		Expect(reports.ShellCommand(words)).To(Equal(want))
	},
	Entry("leaves plain words alone", "node adapter.mjs --port=1 a@b:c,d+e/%f_g-h", "node", "adapter.mjs", "--port=1", "a@b:c,d+e/%f_g-h"),
	Entry("of no word is empty", ""),
	Entry("keeps an empty word", "x ''", "x", ""),
	Entry("quotes spaces", "'a b'", "a b"),
	Entry("quotes a substitution", "'$(reboot)'", "$(reboot)"),
	Entry("quotes backquotes", "'`reboot`'", "`reboot`"),
	Entry("quotes a variable", "'$HOME'", "$HOME"),
	Entry("quotes a quote", `'it'\''s'`, "it's"),
	Entry("quotes double quotes", `'"'`, `"`),
	Entry("quotes a backslash", `'\'`, `\`),
	Entry("quotes globs and braces", "'interpreting/**' '{a,b}' '?' '[a]'", "interpreting/**", "{a,b}", "?", "[a]"),
	Entry("quotes what ends or joins commands", "'a;b' 'a&' 'a|b' '#' '!' '~' '<' '>' '(' '*'", "a;b", "a&", "a|b", "#", "!", "~", "<", ">", "(", "*"),
	Entry("keeps letters of any script", "'café 日本'", "café 日本"),
	Entry("escapes a line feed, and stays one line", `$'a\012b'`, "a\nb"),
	Entry("escapes a CR and a tab", `$'a\015\011'`, "a\r\t"),
	Entry("escapes an escape sequence", `$'\033[2J'`, "\x1b[2J"),
	Entry("escapes bytes that are no UTF-8 as they are", `$'a\377'`, "a\xff"),
	Entry("escapes bidi controls", `$'\342\200\256x'`, "\u202ex"),
	Entry("escapes C1 controls", `$'\302\233'`, "\u009b"),
	Entry("escapes a digit after an octal escape unmistakably", `$'\0011'`, "\x011"),
	Entry("escapes quotes and backslashes among controls", `$'\012\047\134'`, "\n'\\"),
)

var _ = DescribeTable("a shell reads back the words that were quoted",
	func(word string) {
		shell, err := exec.LookPath("bash")
		if err != nil {
			return // the table above says what is written
		}
		out, err := exec.Command(shell, "-c", "printf %s "+reports.ShellCommand([]string{word})).Output()
		Expect(err).NotTo(HaveOccurred())
		Expect(string(out)).To(Equal(word))
	},
	Entry("quotes", `it's "so" \n`),
	Entry("a substitution", "$(exit 7)`exit 7`$HOME"),
	Entry("line feeds, escapes and no UTF-8", "a\nb\r\x1b[31m\xff\u202e\u009b'\\1"),
	Entry("every byte but NUL", everyByte()),
)

// everyByte returns all that a word of a command line can hold.
func everyByte() string {
	var b strings.Builder
	for c := 1; c < 256; c++ {
		b.WriteByte(byte(c))
	}
	return b.String()
}

var _ = DescribeTable("the command that repeats a result",
	func(want, delivery string, command ...string) {
		r := resultOf(runner.Fail)
		r.Delivery = delivery
		Expect(reports.Reproduce(command, r)).To(Equal(want))
	},
	Entry("names the case before the target", "ssespec client --run interpreting/data/one -- node adapter.mjs",
		"as-written", "ssespec", "client", "--", "node", "adapter.mjs"),
	Entry("writes no baseline, which wants the whole run", "ssespec client --strict --run interpreting/data/one -- a",
		"as-written", "ssespec", "client", "--strict", "--write-baseline", "b.yaml", "--", "a"),
	Entry("steps through nothing", "ssespec client --run interpreting/data/one -- a",
		"as-written", "ssespec", "client", "--debug", "interpreting/data/one", "--", "a"),
	Entry("names the delivery", "ssespec client --run interpreting/data/one --delivery cut-eol -- a",
		"cut-eol", "ssespec", "client", "--", "a"),
	Entry("of the built-in target has no target", "ssespec client --run interpreting/data/one", "", "ssespec", "client"),
	Entry("replaces what selected", "ssespec client --run interpreting/data/one -- a", "",
		"ssespec", "client", "--run", "x/**", "--skip", "y", "--clause", "z", "--level", "must", "--run", "w", "--", "a"),
	Entry("replaces it with an equals sign", "ssespec client --run interpreting/data/one -- a", "",
		"ssespec", "client", "--run=x/**", "--skip=y", "--clause=z", "--level=must", "--shard=1/2", "--", "a"),
	Entry("replaces deliveries", "ssespec client --run interpreting/data/one --delivery bytes -- a", "bytes",
		"ssespec", "client", "--deliveries", "all", "--delivery", "whole", "--", "a"),
	Entry("writes no report", "ssespec client --run interpreting/data/one -- a", "",
		"ssespec", "client", "--report", "json=r.json", "--report=json=-", "--", "a"),
	Entry("keeps the other flags", "ssespec client --strict --seed 7 --name=--run --run interpreting/data/one -- a", "",
		"ssespec", "client", "--strict", "--seed", "7", "--name=--run", "--", "a"),
	Entry("keeps the target's own flags", "ssespec client --run interpreting/data/one -- a --run x -- --report y", "",
		"ssespec", "client", "--run", "z", "--", "a", "--run", "x", "--", "--report", "y"),
	Entry("quotes the target's words", "ssespec client --run interpreting/data/one -- sh -c 'a; b' ''", "",
		"ssespec", "client", "--", "sh", "-c", "a; b", ""),
)

var _ = Describe("the command that repeats a result", func() {
	It("leaves the user's command as it was", func() {
		command := append(make([]string, 0, 20), "ssespec", "client", "--", "a")
		reports.Reproduce(command, resultOf(runner.Fail))
		Expect(command[:4]).To(Equal([]string{"ssespec", "client", "--", "a"}))
	})
})
