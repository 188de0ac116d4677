package fuzz_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ssespec/ssespec/cases"
)

// seed adds the seeds of a target. libFuzzer runs a target anew for each input:
// there this file is left out (.clusterfuzzlite/build.sh).
func seed(f *testing.F) {
	if f.Name() == "FuzzEncoder" {
		seedEncoder(f)
		return
	}
	for i, stream := range append(byHand(), caseStreams(f)...) {
		f.Add([]byte(stream), uint64(i))
	}
}

func seedEncoder(f *testing.F) {
	f.Add("a", "b\nc", "1", "3000", "hi", uint8(0x1F))
	f.Add("", "", "", "", "", uint8(0x1F))
	f.Add("a\x00", " \r\n\n", "\uFEFF", "007", "\r", uint8(0x3F))
	f.Add("\xff", "\xE4\xBD\n\xF0\x9F", "\x00", "5s", "data: x\n\n", uint8(0x2A))
}

// byHand are streams that have told parsers apart.
func byHand() []string {
	return []string{
		"data: a\n\n",
		"data\n\nevent: e\nid: 1\n\ndata: b\n\n",
		"\xEF\xBB\xBF\xEF\xBB\xBFdata: a\r\ndata: b\r\n\r\n",
		"\xEF\xBBdata: a\r\r\ndata: b\n\r",
		"id: 1\rid: a\x00b\rdata:\r\rid\rdata\r\r",
		"data: \xE4\xBD\ndata: \xF0\x9F\x92\r\ndata: \xED\xA0\x80\xC0\x80\xF4\x90\x80\x80\n\n",
		"retry: 007\nretry:\nretry: +1\nretry: 99999999999999999999\nretry: 5",
		": a\n:\n::b\n:\xFF\r\n:c",
		"Data: a\ndata : b\n data: c\ndatab: d\nda: e\n\n",
		"data:  a\ndata:\tb\ndata::c\ndata: d \n\n",
		"event: add\ndata: 1\n\nevent: add\ndata: 2\n\nevent\ndata: 3\n\n",
		"data: " + strings.Repeat("x", 509) + "\r\n\r\ndata: " + strings.Repeat("y", 4090) + "\xE2\x80\xA8\r\r",
		strings.Repeat("data: z\r", 600) + "\r",
		"id: 1\ndata: a\n\nid: 2\ndata: lost\n",
	}
}

// caseStreams returns the streams of the cases that one try need not be long about.
func caseStreams(f *testing.F) (streams []string) {
	all, err := cases.Load(cases.Files)
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range all {
		for _, connection := range c.Script.Connections {
			if stream := bytes.Join(connection.Chunks(), nil); len(stream) > 0 && len(stream) < 2<<10 {
				streams = append(streams, string(stream))
			}
		}
	}
	return streams
}
