package baseline_test

import "testing"

// seed adds the seeds of the target. libFuzzer runs a target anew for each
// input: there this file is left out (.clusterfuzzlite/build.sh).
func seed(f *testing.F) {
	for _, text := range []string{
		"target: {name: eventsource, versions: \">=5 <6\"}\nentries:\n- {case: \"reconnecting/**\", verdict: fail, rule: line-crlf, reason: known, issue: \"https://x\", until: \"2027-06-01\"}\n",
		"# why\nentries:\n  # this one\n  - case: a/b\n    reason: unexplained # later\n  - case: a/[b-\n    reason: x\n",
		"entries: []\n", "target: {}\n", "entries:\n- case: a/b\n  reason: |\n    two\n    lines\n",
	} {
		f.Add([]byte(text))
	}
}
