package reports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ssespec/ssespec/runner"
)

// Reproduce returns the command that puts one result again, alone: command with
// its selection replaced.
func Reproduce(command []string, r runner.Result) string {
	flags, target := command, []string(nil)
	if i := slices.Index(command, "--"); i >= 0 {
		flags, target = command[:i], command[i:]
	}
	again := append(without(flags), "--run", r.Case.ID)
	if r.Delivery != "" && r.Delivery != "as-written" {
		again = append(again, "--delivery", r.Delivery)
	}
	return ShellCommand(append(again, target...))
}

// selecting are the flags that one case replaces, or that want the whole run.
var selecting = []string{"--run", "--skip", "--clause", "--level", "--delivery", "--deliveries", "--report", "--shard", "--write-baseline", "--debug"} // never written to

// without drops those flags, with their values.
func without(flags []string) []string {
	var kept []string
	for i := 0; i < len(flags); i++ {
		name, _, inline := strings.Cut(flags[i], "=")
		switch {
		case slices.Contains(selecting, name) && !inline:
			i++
		case slices.Contains(selecting, name):
		default:
			kept = append(kept, flags[i])
		}
	}
	return kept
}

// ShellCommand returns words as one line for a shell, quoted where needed.
func ShellCommand(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = shellWord(w)
	}
	return strings.Join(quoted, " ")
}

func shellWord(w string) string {
	const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+,./:@%"
	if w != "" && strings.Trim(w, safe) == "" {
		return w
	}
	if clean(w) != w { // as octal: other bytes would not be the word, or not be safe to print
		return "$'" + octal(w) + "'"
	}
	return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
}

// octal escapes what stands between $' and ': each byte that is no printable
// ASCII, quotes and backslashes.
func octal(w string) string {
	var b strings.Builder
	for _, c := range []byte(w) {
		if c < ' ' || c > '~' || c == '\'' || c == '\\' {
			fmt.Fprintf(&b, `\%03o`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
