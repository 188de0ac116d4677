package fuzz

// A Finding is a departure that is as small as it gets, and what is known of it.
type Finding struct {
	Departure
	Rule    string  // the clause that it breaks
	Offset  int     // the byte at which that shows
	Causes  []Model // each explains it by itself; nothing here tells them apart
	Looks   int     // scripts that were looked at to make it smaller
	Spare   string  // what could be left out: "" is 1-minimal
	Stopped bool    // it was not made as small as it gets: that took too many looks
}

// Minimal reports whether it is 1-minimal: no connection, block, line, byte or cut
// can be left out.
func (f Finding) Minimal() bool { return f.Spare == "" && !f.Stopped }
