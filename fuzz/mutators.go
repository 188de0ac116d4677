package fuzz

import (
	"bytes"
	"math/rand/v2"
)

// A mutator changes a stream at a place that r draws. It may change it in place,
// and never makes more than a few times of it.
type mutator struct {
	name   string
	change func(r *rand.Rand, stream, other []byte) []byte
}

// mutators are all of them; other is a second stream of the corpus.
var mutators = []mutator{ // never written to
	{"splice: this one's beginning, the other's end", splice},
	{"lines of the other are put in", crossOver},
	{"a line once more", repeatLine},
	{"a block once more", repeatBlock},
	{"a line is left out", dropLine},
	{"two lines change places", swapLines},
	{"all line ends are others", swapEnds},
	{"one line end is another", swapEnd},
	{"a token is put in", insertToken},
	{"a token in place of some bytes", replaceToken},
	{"some bytes are left out", dropBytes},
	{"a near miss of a field name", nearMiss},
	{"another separator", otherSeparator},
	{"another value", otherValue},
	{"a byte order mark in front", markFirst},
	{"NUL is put in", insertNUL},
	{"malformed UTF-8 is put in", insertMalformed},
	{"a bit is turned", turnBit},
	{"the end is cut off", truncate},
	{"a value is stretched", stretch},
	{"a capital becomes small or the other way", turnCase},
	{"two bytes change places", swapBytes},
}

const (
	mostChanges  = 4   // of one stream
	mostTimes    = 64  // that a byte is stretched, or mostStretch
	mostStretch  = 700 // beyond what a scanner reads in one stride
	mostDropped  = 8   // bytes that are left out at once
	mostRepeated = 3
)

// Mutate returns a changed stream of at most [Longest] bytes: a few mutators after
// each other, some of which take parts of other. Both stay as they are.
func Mutate(r *rand.Rand, stream, other []byte) []byte {
	stream = bytes.Clone(stream)
	for range 1 + r.IntN(mostChanges) {
		stream = mutators[r.IntN(len(mutators))].change(r, stream, other)
		stream = stream[:min(len(stream), Longest)]
	}
	return stream
}

// put returns stream with text at a place.
func put(stream []byte, at int, text string) []byte {
	all := make([]byte, 0, len(stream)+len(text))
	return append(append(append(all, stream[:at]...), text...), stream[at:]...)
}

// replaced returns stream with text in place of a part.
func replaced(stream []byte, s span, text string) []byte {
	return put(append(stream[:s.from:s.from], stream[s.to:]...), s.from, text)
}

func anyPlace(r *rand.Rand, stream []byte) int { return r.IntN(len(stream) + 1) }

// anyOf draws one of the parts; nothing of an empty stream.
func anyOf(r *rand.Rand, parts []span) span {
	if len(parts) == 0 {
		return span{}
	}
	return parts[r.IntN(len(parts))]
}

func splice(r *rand.Rand, stream, other []byte) []byte {
	return append(stream[:anyPlace(r, stream):len(stream)], other[anyPlace(r, other):]...)
}

func crossOver(r *rand.Rand, stream, other []byte) []byte {
	l := anyOf(r, lines(other))
	return put(stream, anyOf(r, lines(stream)).to, string(other[l.from:l.to]))
}

func repeatLine(r *rand.Rand, stream, _ []byte) []byte {
	return behind(r, stream, anyOf(r, lines(stream)))
}

func repeatBlock(r *rand.Rand, stream, _ []byte) []byte {
	return behind(r, stream, anyOf(r, blocks(stream)))
}

// behind puts a part behind itself, one to three times.
func behind(r *rand.Rand, stream []byte, s span) []byte {
	part := bytes.Repeat(stream[s.from:s.to], 1+r.IntN(mostRepeated))
	return put(stream, s.to, string(part))
}

func dropLine(r *rand.Rand, stream, _ []byte) []byte {
	return replaced(stream, anyOf(r, lines(stream)), "")
}

func swapLines(r *rand.Rand, stream, _ []byte) []byte {
	list := lines(stream)
	a, b := anyOf(r, list), anyOf(r, list)
	if a.from > b.from {
		a, b = b, a
	}
	if a.to > b.from {
		return stream
	}
	first, second := string(stream[a.from:a.to]), string(stream[b.from:b.to])
	return replaced(replaced(stream, b, first), a, second)
}

func swapEnds(r *rand.Rand, stream, _ []byte) []byte {
	plain := bytes.ReplaceAll(bytes.ReplaceAll(stream, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	return bytes.ReplaceAll(plain, []byte("\n"), []byte(pick(r, ends[:])))
}

func swapEnd(r *rand.Rand, stream, _ []byte) []byte {
	l := anyOf(r, lines(stream))
	text := bytes.TrimRight(stream[l.from:l.to], "\r\n")
	return replaced(stream, span{l.from + len(text), l.to}, pick(r, ends[:]))
}

// token returns what may stand in a stream: a line, an end, a name, a separator,
// a value.
func token(r *rand.Rand) string {
	switch r.IntN(8) {
	case 0:
		return pick(r, names[:]) + pick(r, separators[:])
	case 1:
		return pick(r, ends[:])
	case 2:
		return pick(r, names[:])
	case 3:
		return pick(r, separators[:])
	case 4:
		return pick(r, retries[:])
	case 5:
		return pick(r, types[:])
	case 6:
		return pick(r, ends[:]) + pick(r, ends[:])
	default:
		return string(appendAtom(r, nil))
	}
}

func insertToken(r *rand.Rand, stream, _ []byte) []byte {
	return put(stream, anyPlace(r, stream), token(r))
}

// some draws a few bytes that follow each other.
func some(r *rand.Rand, stream []byte) span {
	from := anyPlace(r, stream)
	return span{from, min(from+1+r.IntN(mostDropped), len(stream))}
}

func replaceToken(r *rand.Rand, stream, _ []byte) []byte {
	return replaced(stream, some(r, stream), token(r))
}

func dropBytes(r *rand.Rand, stream, _ []byte) []byte { return replaced(stream, some(r, stream), "") }

// field draws a line and returns where its name, separator and value are.
func field(r *rand.Rand, stream []byte) (name, separator, value span) {
	l := anyOf(r, lines(stream))
	end := l.from + len(bytes.TrimRight(stream[l.from:l.to], "\r\n"))
	colon := bytes.IndexByte(stream[l.from:end], ':')
	if colon < 0 {
		return span{l.from, end}, span{end, end}, span{end, end}
	}
	at := l.from + colon
	after := at + 1
	if after < end && stream[after] == ' ' {
		after++
	}
	return span{l.from, at}, span{at, after}, span{after, end}
}

func nearMiss(r *rand.Rand, stream, _ []byte) []byte {
	name, _, _ := field(r, stream)
	return replaced(stream, name, pick(r, names[:]))
}

func otherSeparator(r *rand.Rand, stream, _ []byte) []byte {
	_, separator, _ := field(r, stream)
	return replaced(stream, separator, pick(r, separators[:]))
}

func otherValue(r *rand.Rand, stream, _ []byte) []byte {
	name, _, value := field(r, stream)
	switch string(stream[name.from:name.to]) {
	case "retry":
		return replaced(stream, value, pick(r, retries[:]))
	case "event":
		return replaced(stream, value, pick(r, types[:]))
	}
	return replaced(stream, value, string(appendValue(r, nil)))
}

func markFirst(r *rand.Rand, stream, _ []byte) []byte { return put(stream, 0, pick(r, starts[:])) }

func insertNUL(r *rand.Rand, stream, _ []byte) []byte {
	return put(stream, anyPlace(r, stream), "\x00")
}

func insertMalformed(r *rand.Rand, stream, _ []byte) []byte {
	return put(stream, anyPlace(r, stream), pick(r, malformed[:]))
}

func turnBit(r *rand.Rand, stream, _ []byte) []byte {
	if len(stream) > 0 {
		stream[r.IntN(len(stream))] ^= 1 << r.IntN(8)
	}
	return stream
}

func truncate(r *rand.Rand, stream, _ []byte) []byte { return stream[:anyPlace(r, stream)] }

func stretch(r *rand.Rand, stream, _ []byte) []byte {
	_, _, value := field(r, stream)
	if value.from == value.to {
		return stream
	}
	times := 1 + r.IntN(mostTimes)
	if oneIn(r, oneLongIn) {
		times = mostStretch
	}
	return put(stream, value.to, string(bytes.Repeat(stream[value.to-1:value.to], times)))
}

func turnCase(r *rand.Rand, stream, _ []byte) []byte {
	const small = 'a' - 'A'
	at := anyPlace(r, stream)
	for i, c := range stream[at:] {
		if c |= small; c >= 'a' && c <= 'z' {
			stream[at+i] ^= small
			break
		}
	}
	return stream
}

func swapBytes(r *rand.Rand, stream, _ []byte) []byte {
	if len(stream) > 1 {
		i := r.IntN(len(stream) - 1)
		stream[i], stream[i+1] = stream[i+1], stream[i]
	}
	return stream
}
