package reports_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ssespec/ssespec/reports"
)

// seed adds the seeds of a target. libFuzzer runs a target anew for each input:
// there this file is left out (.clusterfuzzlite/build.sh).
func seed(f *testing.F) {
	if f.Name() == "FuzzShard" {
		seedShard(f)
		return
	}
	f.Add("eventsource", "a step too many", "field-data-append", "stderr", []byte("data: a\n\n"), "a", uint8(0))
	f.Add("\x00\x1b[2J]]>", "\xff\xed\xa0\x80", "x\u2028</failure>", "&#0;", []byte("\xff\x00\r\r\n"), "\ufffe\uffff", uint8(4))
	f.Add("a/b", strings.Repeat("é", 300), "", "", []byte{}, strings.Repeat("\xe4", 9000), uint8(17))
}

func seedShard(f *testing.F) {
	var out bytes.Buffer
	for kind := range uint8(5) {
		out.Reset()
		if err := reports.WriteJSON(&out, reports.New(hostileRun("a", "b", "line-crlf", "c", []byte("data: a\n\n"), "d", kind))); err != nil {
			f.Fatal(err)
		}
		f.Add(bytes.Clone(out.Bytes()))
	}
	f.Add([]byte(`{"schema":"ssespec.report/v1","complete":true,"suite":{"cases":0},"totals":{},"results":[],"profile":{}}`))
}
