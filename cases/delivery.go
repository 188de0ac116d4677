package cases

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// A delivery is a way to cut a stream into chunks. All deliveries of a stream
// mean the same events.
const (
	AsWritten = "as-written"
	Whole     = "whole"
	Bytes     = "bytes"
	CutEOL    = "cut-eol" // after every CR and every LF
	Empty     = "empty"   // an empty chunk before, between and after
	Cut16K    = "cut-16k" // for streams too long for the others
	cutN      = "cut-"    // one cut after byte N
	random    = "random-" // cuts drawn from a seed
	large     = 64 << 10  // a longer stream is put whole and in cuts of 16 KiB
	manyCuts  = 512       // up to here every single cut is tried, and so many cuts are made in one stream over TCP
	drawnCuts = 256       // about so many cuts are drawn at most
	bytewise  = 256       // up to here a stream goes over TCP byte by byte by default
)

// Reach says which deliveries a target gets.
type Reach int

// Over TCP every cut costs a round trip, so the default is a selection.
const (
	Network    Reach = iota // as written, whole, at line ends, one random, bytes up to 256
	NetworkAll              // and bytes up to 512, every single cut
	Direct                  // all, with empty chunks: parsers
)

// Deliveries returns the names of the ways to deliver s within reach; seed
// picks the random one. Scripts that are not one plain stream, and those with a
// pause or an await, are delivered as written only.
func (s Script) Deliveries(reach Reach, seed uint64) []string {
	if !s.Cuttable() {
		return []string{AsWritten}
	}
	n := s.Len()
	if n > large {
		return []string{AsWritten, Whole, Cut16K}
	}
	names := []string{AsWritten, Whole}
	if reach == Direct || s.lineEnds() <= manyCuts {
		names = append(names, CutEOL)
	}
	names = append(names, random+strconv.FormatUint(seed, 10))
	if n <= bytewise || n <= manyCuts && reach == NetworkAll || reach == Direct {
		names = append(names, Bytes)
	}
	if reach == Direct {
		names = append(names, Empty)
	}
	if reach != Network && n <= manyCuts {
		for i := 1; i < n; i++ {
			names = append(names, cutN+strconv.Itoa(i))
		}
	}
	return names
}

// Bearable returns those of names that do not cut s into more chunks than it can
// be put in: a long stream is put in cuts of 16 KiB where no other is left.
func (s Script) Bearable(names []string) []string {
	if s.Len() <= large {
		return names
	}
	few := []string{AsWritten, Whole, Cut16K}
	names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !slices.Contains(few, n) })
	if len(names) == 0 {
		return []string{Cut16K}
	}
	return names
}

// Cuttable reports whether s is one plain stream without a pause or an await:
// what is not is delivered as written only.
func (s Script) Cuttable() bool {
	_, plain := s.Stream()
	return plain && !s.timed()
}

// IsDelivery reports whether name could be the name of a delivery.
func IsDelivery(name string) bool {
	if slices.Contains([]string{AsWritten, Whole, Bytes, CutEOL, Empty, Cut16K}, name) {
		return true
	}
	if seed, ok := strings.CutPrefix(name, random); ok {
		_, err := strconv.ParseUint(seed, 10, 64)
		return err == nil
	}
	n, ok := strings.CutPrefix(name, cutN)
	_, err := strconv.ParseUint(n, 10, 31)
	return ok && err == nil
}

// Deliver returns s cut as the delivery says. An unknown name is an error, and
// so is a cut of what is delivered as written only.
func (s Script) Deliver(name string) (Script, error) {
	switch {
	case name == AsWritten:
		return s, nil
	case !IsDelivery(name):
		return s, fmt.Errorf("unknown delivery %q%s", name, DidYouMean(name, []string{AsWritten, Whole, Bytes, CutEOL, Empty, Cut16K}))
	case !s.Cuttable():
		return s, fmt.Errorf("delivery %q wants one plain stream without pauses", name)
	}
	chunks, _ := s.Stream()
	if name == Empty {
		return One(interleave(chunks)...), nil
	}
	stream := slices.Concat(chunks...)
	return One(cutAt(stream, cuts(stream, name))...), nil
}

// cuts returns the positions at which the delivery cuts the stream, ascending.
func cuts(stream []byte, name string) (at []int) {
	switch name {
	case Whole:
		return nil
	case Bytes:
		return every(1, len(stream))
	case Cut16K:
		return every(16<<10, len(stream))
	case CutEOL:
		for i, c := range stream {
			if c == '\n' || c == '\r' {
				at = append(at, i+1)
			}
		}
		return at
	}
	if seed, ok := strings.CutPrefix(name, random); ok {
		return drawn(stream, seed)
	}
	n, _ := strconv.Atoi(strings.TrimPrefix(name, cutN)) // IsDelivery has read it
	return []int{n}
}

func every(step, n int) (at []int) {
	for i := step; i < n; i += step {
		at = append(at, i)
	}
	return at
}

// drawn draws about one cut in five bytes, in longer streams about 256 in all;
// the stream is part of the seed.
func drawn(stream []byte, seed string) (at []int) {
	h := fnv.New64a()
	h.Write(stream)
	n, _ := strconv.ParseUint(seed, 10, 64) // IsDelivery has read it
	r := rand.New(rand.NewPCG(n, h.Sum64()))
	one := max(5, len(stream)/drawnCuts)
	for i := 1; i < len(stream); i++ {
		if r.IntN(one) == 0 {
			at = append(at, i)
		}
	}
	return at
}

func cutAt(stream []byte, at []int) [][]byte {
	var chunks [][]byte
	last := 0
	for _, i := range append(at, len(stream)) {
		if i = min(i, len(stream)); i > last {
			chunks = append(chunks, stream[last:i])
			last = i
		}
	}
	return chunks
}

func interleave(chunks [][]byte) [][]byte {
	out := [][]byte{{}}
	for _, c := range chunks {
		out = append(out, c, []byte{})
	}
	return out
}

// timed reports whether a body pauses or awaits.
func (s Script) timed() bool {
	return slices.ContainsFunc(s.Connections[0].Body, func(p Part) bool { return !p.IsChunk() })
}

// lineEnds counts the CRs and LFs of a stream.
func (s Script) lineEnds() (n int) {
	chunks, _ := s.Stream()
	for _, c := range chunks {
		n += bytes.Count(c, []byte("\n")) + bytes.Count(c, []byte("\r"))
	}
	return n
}

// Len is the number of bytes in all bodies.
func (s Script) Len() (n int) {
	for _, c := range s.Connections {
		for _, p := range c.Body {
			n += p.Len()
		}
	}
	return n
}
