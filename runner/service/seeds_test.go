package service_test

import "testing"

// seed adds the seeds of the target. libFuzzer runs a target anew for each
// input: there this file is left out (.clusterfuzzlite/build.sh).
func seed(f *testing.F) {
	for _, text := range []string{
		`{"kind":"event","event":{"type":"t","data":"a\n\u00e9","id":"1"}}`, `{"kind":"comment","comment":" a"}`, `{"kind":"error","error":"x"}`,
		`{"kind":"event"}`, `{"kind":"event","event":{"data":"\ud800"}}`, `{"kind":"comment","comment":"a","comment":"b"}`, "{\"kind\":\"\xff\"}", `[]`, ``,
	} {
		f.Add([]byte(text), []byte(`{"kind":"comment","comment":"b"}`), len(text)%2 == 0)
	}
}
