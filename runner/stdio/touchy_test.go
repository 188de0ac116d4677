package stdio_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// touchy is a parser that dispatches each chunk, and does what the words in
// it say. Of WAIT runs it answers none before all are open, and then says how
// many there are.
func (f *fake) touchy() int {
	wait, _ := strconv.Atoi(variable("WAIT"))
	var open []order
	for o, more := f.next(); more; o, more = f.next() {
		if o.Parse == nil {
			say(fmt.Sprintf(`{"run":%q,"step":"end"}`+"\n", o.opens()))
			continue
		}
		if open = append(open, o); len(open) < wait {
			continue
		}
		for _, o := range open {
			f.react(o, len(open))
		}
		open = nil
	}
	return 0
}

// react answers one run; for "hang" it never comes back.
func (f *fake) react(o order, open int) {
	run := o.Parse.Run
	for i, chunk := range o.Parse.Chunks {
		fmt.Fprintf(os.Stderr, "%q\n", chunk)
		switch word, _, _ := strings.Cut(string(chunk), " "); word {
		case "crash":
			f.fall(string(chunk))
		case "hang":
			f.deaf()
		case "garbage":
			say("<html>\n")
		case "error", "unimplemented":
			say(fmt.Sprintf(`{"run":%q,%q:"not this"}`+"\n", run, word))
			if word == "unimplemented" {
				return
			}
		case "surrogate":
			say(fmt.Sprintf(`{"run":%q,"step":"dispatch","event":{"data":"\uD800"}}`+"\n", run))
		case "twice":
			say(fmt.Sprintf(`{"run":%q,"step":"dispatch","step":"fail"}`+"\n", run))
		default:
			if open > 1 {
				chunk = fmt.Appendf(chunk, " open %d", open)
			}
			say(fmt.Sprintf(`{"run":%q,"step":"dispatch","chunk":%d,"event":{"dataBase64":%q}}`+"\n", run, i, base64.StdEncoding.EncodeToString(chunk)))
		}
	}
	say(fmt.Sprintf(`{"run":%q,"step":"end"}`+"\n", run))
}

// fall exits with status 7: at "crash once" only where MARK is not there yet.
func (f *fake) fall(chunk string) {
	mark := variable("MARK")
	if _, err := os.Stat(mark); chunk == "crash once" && err == nil {
		return
	}
	if mark != "" && os.WriteFile(mark, nil, 0o600) != nil {
		os.Exit(9)
	}
	os.Exit(7)
}
