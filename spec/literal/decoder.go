package literal

// utf8Decode is "UTF-8 decode" (Encoding §6.1), which §9.2.6 names as the way
// to decode a stream: it strips one leading byte order mark, if any.
func utf8Decode(stream []byte) []rune {
	q := ioQueue{items: stream}
	if string(q.peek(3)) == "\xEF\xBB\xBF" {
		q.at += 3
	}
	return processQueue(&q)
}

// processQueue is "process a queue" with the error mode "replacement"
// (Encoding §4.1): an error pushes U+FFFD.
func processQueue(q *ioQueue) []rune {
	var output []rune
	d := newDecoder()
	for {
		switch result, codePoint := d.handle(q); result {
		case finished:
			return output
		case codePoints:
			output = append(output, codePoint)
		case failed:
			output = append(output, '\uFFFD')
		}
	}
}

// ioQueue is an I/O queue of bytes (Encoding §3). What follows its items is
// end-of-queue, however often one reads.
type ioQueue struct {
	items []byte
	at    int
}

// peek is "peek n items": fewer where the queue ends before.
func (q *ioQueue) peek(n int) []byte {
	return q.items[q.at:min(q.at+n, len(q.items))]
}

// read is "read an item"; ok is false for end-of-queue.
func (q *ioQueue) read() (item byte, ok bool) {
	if q.at == len(q.items) {
		return 0, false
	}
	q.at++
	return q.items[q.at-1], true
}

// restore is "restore an item": the one that was read last is the next again.
func (q *ioQueue) restore() { q.at-- }

// handlerResult is what a decoder's handler may return (Encoding §4.1).
type handlerResult int

const (
	finished   handlerResult = iota
	codePoints               // one or more code points; UTF-8's decoder gives one
	failed                   // the standard's "error"
	continued                // the standard's "continue"
)

// decoder is UTF-8's decoder (Encoding §8.1.1) with its five variables.
type decoder struct {
	codePoint     rune
	bytesSeen     int
	bytesNeeded   int
	lowerBoundary byte
	upperBoundary byte
}

// newDecoder returns the variables as they are initially.
func newDecoder() decoder {
	return decoder{lowerBoundary: 0x80, upperBoundary: 0xBF}
}

// handle is the handler, its steps numbered as in Encoding §8.1.1. The rune
// counts only together with codePoints.
func (d *decoder) handle(q *ioQueue) (handlerResult, rune) {
	item, ok := q.read()
	if !ok && d.bytesNeeded != 0 { // 1
		d.bytesNeeded = 0
		return failed, 0
	}
	if !ok { // 2
		return finished, 0
	}
	if d.bytesNeeded == 0 { // 3
		return d.lead(item)
	}
	if item < d.lowerBoundary || item > d.upperBoundary { // 4
		*d = newDecoder()
		q.restore()
		return failed, 0
	}
	d.lowerBoundary, d.upperBoundary = 0x80, 0xBF  // 5
	d.codePoint = d.codePoint<<6 | rune(item&0x3F) // 6
	d.bytesSeen++                                  // 7
	if d.bytesSeen != d.bytesNeeded {              // 8
		return continued, 0
	}
	codePoint := d.codePoint     // 9
	*d = newDecoder()            // 10
	return codePoints, codePoint // 11
}

// lead is step 3 of the handler: UTF-8 bytes needed is 0, and item decides how
// many bytes are needed and how far the first of them may reach.
func (d *decoder) lead(item byte) (handlerResult, rune) {
	switch {
	case item <= 0x7F:
		return codePoints, rune(item)
	case 0xC2 <= item && item <= 0xDF:
		d.bytesNeeded = 1
		d.codePoint = rune(item & 0x1F)
	case 0xE0 <= item && item <= 0xEF:
		if item == 0xE0 {
			d.lowerBoundary = 0xA0
		}
		if item == 0xED {
			d.upperBoundary = 0x9F
		}
		d.bytesNeeded = 2
		d.codePoint = rune(item & 0xF)
	case 0xF0 <= item && item <= 0xF4:
		if item == 0xF0 {
			d.lowerBoundary = 0x90
		}
		if item == 0xF4 {
			d.upperBoundary = 0x8F
		}
		d.bytesNeeded = 3
		d.codePoint = rune(item & 0x7)
	default:
		return failed, 0
	}
	return continued, 0
}
