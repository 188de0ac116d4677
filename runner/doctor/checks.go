package doctor

import "github.com/ssespec/ssespec/runner/target"

// A check looks at one thing, on a process of its own.
type check struct {
	name     string
	about    string           // what it looks at
	kinds    []target.Profile // nil is all
	together bool             // needs runs that are open at the same time
	after    string           // says nothing of its own when that check is not right
	look     func(*visit) Finding
}

// checks are those that follow once the hello and one run are right.
func checks() []check {
	parser := []target.Profile{target.Parser}
	urls := []target.Profile{target.Client, target.StreamReader}
	return []check{
		{name: "type", about: "an event has a type, and an ordinary one the type message", look: types},
		{name: "last-event-id", about: "an event has the last event ID, also when its block has none", look: lastEventID},
		{name: "unicode", about: "characters travel as they are", look: unicode},
		{name: "invalid-bytes", about: "bytes that are no UTF-8 are not repaired on the way", after: "unicode", look: invalidBytes},
		{name: "cut-character", about: "chunks are bytes: a character may lie across two of them", kinds: parser, after: "unicode", look: cutCharacter},
		{name: "empty-chunks", about: "an empty chunk, and no chunk at all", kinds: parser, after: "close", look: emptyChunks},
		{name: "long-lines", about: "lines of 200 KiB and 2 MiB, in and out", after: "close", look: longLines},
		{name: "parallel", about: "as many runs at once as hello says, each with its own events", together: true, look: parallel},
		{name: "close", about: "a close ends its own run alone, and is answered", look: closing},
		{name: "connecting", about: "a close while the server has not answered", kinds: urls, look: connecting},
		{name: "over", about: "a run that is over by itself ends by itself", kinds: urls, look: over},
		{name: "capabilities", about: "what hello declares is served", after: "close", look: served},
	}
}

// fine is the finding of a check that found nothing.
func fine(name string) Finding {
	for _, c := range checks() {
		if c.name == name {
			return ok(c.about)
		}
	}
	return ok("")
}

// unasked is the finding of a run that could not be asked for.
func (v *visit) unasked(err error) Finding {
	return bad("", "standard input is not read: "+safe(err), v.state(), "read standard input line by line, to its end")
}

// eventless is the finding of a run that was given an event and reports none.
func (a *asked) eventless(given string) Finding {
	if a.misread() {
		return Finding{Class: Skipped, What: "its line could not be read: see lines"}
	}
	return bad("", "no event came for "+quoted(given), a.evidence(), "report each event that the library hands out, in each run")
}

// misread reports whether a line of the run was not what the contract says:
// that is told by the check of the lines.
func (a *asked) misread() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, l := range a.heard.lines {
		if l.err != nil || l.said.Run == a.run && faulty(l) {
			return true
		}
	}
	return false
}
