package stdio_test

import "testing"

// seed adds the seeds of a target. libFuzzer runs a target anew for each input:
// there this file is left out (.clusterfuzzlite/build.sh).
func seed(f *testing.F) {
	for _, text := range seeds()[f.Name()] {
		f.Add([]byte(text))
	}
}

func seeds() map[string][]string {
	return map[string][]string{
		"FuzzLine": {
			`{"run":"7","step":"announce"}`,
			`{"run":"7","step":"dispatch","chunk":1,"event":{"type":"message","data":"a\u00e9","lastEventId":"1"}}`,
			`{"run":"7","step":"dispatch","event":{"dataBase64":"/w==","typeBase64":"","lastEventIdBase64":"gA=="}}`,
			`{"run":"7","step":"reestablish","message":"closed"}`, `{"run":"7","step":"end"}`, `{"run":"7","comment":" a"}`,
			`{"run":"7","retry":3e3}`, `{"run":"7","retry":18446744073709551616}`, `{"run":"7","unimplemented":"no"}`, `{"run":"7","error":"x"}`,
			`{"run":"7","step":"dispatch","event":{"data":"\ud83d\ude00"}}`, `{"run":"7","step":"dispatch","event":{"data":"\ud83d"}}`,
			`{"run":"7","run":"8","step":"end"}`, `{"run":"7","Step":"end"}`, `{"run":null,"step":null}`, "{\"run\":\"\xff\"}", `[]`, `{}`, ``,
			"\ufeff{}", `{"run":"7","chunk":-0,"step":"fail"} `, `{"run":"7","event":{"data":"a","dataBase64":"YQ=="},"step":"dispatch"}`,
		},
		"FuzzHello": {
			`{"hello":{"protocol":1,"kind":"client","name":"a","version":"1","language":"Go","capabilities":["retry"],"steps":["dispatch"],"parallel":32}}`,
			`{"hello":{"protocol":1,"kind":"parser","name":"a"}}`, `{"hello":{"protocol":2}}`, `{"hello":{"protocol":"1"}}`, `{"hello":null}`, `{"hello":{"protocol":1,"kind":"x"}}`, `{`,
		},
		"FuzzOrders": {
			`{"parse":{"run":"8","chunks":["ZGF0YTogYQo=","Cg=="]}}` + "\n" + `{"close":{"run":"8"}}`,
			`{"subscribe":{"run":"7","url":"http://x","types":["add"],"closeOn":{"step":"dispatch","count":1}}}`,
			`{"parse":{"run":"","chunks":[]}}`, `{}`, "\n\n", `{"parse":null}`, `{"parse":{"run":"1","chunks":["*"]}}`,
		},
	}
}
