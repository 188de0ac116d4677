package reports

import (
	"html"
	"strings"
)

// fenced is text as a block of code: no run of backticks in it is as long as its fence.
func fenced(text string) string {
	fence := strings.Repeat("`", max(3, longestRun(text)+1))
	return fence + "text\n" + text + "\n" + fence + "\n"
}

// codeSpan is one line of text as code in a line of Markdown. What begins or ends it is
// kept apart from the backticks by spaces, which are not shown.
func codeSpan(line string) string {
	ticks := strings.Repeat("`", longestRun(line)+1)
	if line == "" || strings.Trim(line, "` ") != line {
		line = " " + line + " "
	}
	return ticks + line + ticks
}

// longestRun is the length of the longest run of backticks.
func longestRun(text string) (longest int) {
	run := 0
	for _, c := range []byte(text) {
		if run++; c != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

// mdSyntax escapes what could begin a construct of Markdown, or a link, in a line.
var mdSyntax = strings.NewReplacer( // never written to
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "<", `\<`, "~", `\~`, "&", `\&`,
	"://", `\://`, "www.", `www\.`)

// github puts in code what GitHub takes for a name to call, and for mathematics.
var github = strings.NewReplacer("@", "<code>@</code>", "$", "<code>$</code>") // never written to

// mdText is one line of text as text in a line of Markdown that has begun.
func mdText(line string) string { return github.Replace(mdSyntax.Replace(clean(line))) }

// htmlText is one clean line of text as text in HTML.
func htmlText(line string) string { return github.Replace(html.EscapeString(line)) }
