package runner

// Settle gives each result whose trace has several exact explanations the one
// that explains most results of the run: a single trace cannot tell a lost id
// from one that a NUL took away, a whole run can. results is changed.
func Settle(results []Result) {
	explains := map[string]int{}
	for _, r := range results {
		for _, a := range r.Explanations {
			explains[a.Reading]++
		}
	}
	for i := range results {
		r := &results[i]
		best := -1
		for j, a := range r.Explanations {
			if best < 0 || explains[a.Reading] > explains[r.Explanations[best].Reading] {
				best = j
			}
		}
		if best > 0 {
			r.Rule, r.Offset = r.Explanations[best].Clause, r.Explanations[best].Offset
		}
	}
}
