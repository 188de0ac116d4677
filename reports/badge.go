package reports

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"unicode/utf8"
)

// errNoTarget refuses to praise ourselves.
var errNoTarget = errors.New("a badge tells of a target, and the built-in one was checked")

// A badge is a verdict in a few words. Shields reads it as it is (its endpoint badge).
type badge struct {
	Version int    `json:"schemaVersion"`
	Label   string `json:"label"`
	Message string `json:"message"`
	Color   string `json:"color"`
	Error   bool   `json:"isError,omitempty"` // its colour cannot be replaced by the page that shows it
}

// badgeColors are those of Shields, and in hexadecimal where we draw: white on each
// has a contrast of at least 4.5.
var badgeColors = map[string]struct{ name, hex string }{ // never written to
	conforms: {"brightgreen", "#1a7f37"}, partly: {"yellow", "#8a6100"}, doesNotConform: {"red", "#cf222e"},
}

// newBadge names the verdict, the profile and the suite that it is of. Only a run that
// conforms is green.
func newBadge(run Run) (badge, error) {
	if run.BuiltIn {
		return badge{}, errNoTarget
	}
	p := newProfile(run)
	words := map[string]string{
		conforms: "conforms", doesNotConform: "does not conform", partly: fmt.Sprintf("partial, %d of %d pass", p.Passed, p.Applicable),
	}
	return badge{1, clean("SSE " + p.Name), fmt.Sprintf("%s (suite %s)", words[p.Verdict], clean(cmp.Or(run.Suite.HeldTo, run.Suite.Version))),
		badgeColors[p.Verdict].name, p.Verdict != conforms}, nil
}

// WriteBadgeJSON writes the run as the answer that an endpoint badge of Shields wants.
// A run on the built-in target is an error.
func WriteBadgeJSON(w io.Writer, run Run) error {
	b, err := newBadge(run)
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(b)
}

const (
	badgeLetter = 6.1 // pixels that a letter takes at 11 pixels; textLength holds the text to it
	badgeMargin = 6
)

// WriteBadgeSVG writes the run as a picture with a title for those who cannot see it. A
// run on the built-in target is an error.
func WriteBadgeSVG(w io.Writer, run Run) error {
	b, err := newBadge(run)
	if err != nil {
		return err
	}
	title := xmlText(fmt.Sprintf("%s: %s %s", targetWords(run.Target, titleBytes), b.Label, b.Message))
	label, message := textWidth(b.Label), textWidth(b.Message)
	left, all := label+2*badgeMargin, label+message+4*badgeMargin
	_, err = fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="20" role="img" aria-labelledby="title">
<title id="title">%s</title>
<clipPath id="round"><rect width="%[1]d" height="20" rx="3"/></clipPath>
<g clip-path="url(#round)"><rect width="%[3]d" height="20" fill="#444"/><rect x="%[3]d" width="%[4]d" height="20" fill="%[5]s"/></g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="%[6]d" y="14" textLength="%[7]d">%[8]s</text>
<text x="%[9]d" y="14" textLength="%[10]d">%[11]s</text>
</g>
</svg>
`, all, title, left, all-left, badgeColors[newProfile(run).Verdict].hex, badgeMargin, label, xmlText(b.Label), left+badgeMargin, message, xmlText(b.Message))
	return err
}

func textWidth(text string) int {
	return int(math.Ceil(float64(utf8.RuneCountInString(text)) * badgeLetter))
}

// xmlText is text in XML.
func xmlText(text string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return "" // a buffer takes everything
	}
	return b.String()
}
