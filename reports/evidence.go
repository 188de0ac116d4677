package reports

import "encoding/base64"

// window is how many bytes are kept at the start, and around the divergence.
const window = 4 << 10

// evidence bounds what a report keeps of one result: the first 4 KiB, and 4 KiB
// around the byte where the trace diverged.
type evidence struct {
	around int // -1: nowhere
	at     int // bytes seen so far
}

// keep returns the bytes of b that are worth keeping, in base64. What is kept
// of one packet is one piece.
func (e *evidence) keep(b []byte) string {
	start, end := e.at, e.at+len(b)
	e.at = end
	from, to := start, min(end, window)
	if e.around >= 0 && to < end {
		if lo, hi := max(start, e.around-window/2), min(end, e.around+window/2); lo < hi {
			if to <= start {
				from = lo
			}
			to = max(to, hi)
		}
	}
	if to <= from {
		return ""
	}
	return base64.StdEncoding.EncodeToString(b[from-start : min(to-start, from-start+2*window)])
}
