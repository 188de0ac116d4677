package reports

import "io"

// A Format writes a run in one way.
type Format struct {
	Name  string
	Write func(io.Writer, Run) error
}

// Formats is every format that there is.
var Formats = []Format{ // never written to
	{"json", func(w io.Writer, run Run) error { return WriteJSON(w, New(run)) }},
	{"junit", WriteJUnit},
	{"markdown", WriteMarkdown},
	{"github", WriteGitHub},
	{"badge-json", WriteBadgeJSON},
	{"badge-svg", WriteBadgeSVG},
}

// FormatNamed returns the format of that name, and whether there is one.
func FormatNamed(name string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}
