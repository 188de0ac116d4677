package reports

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ssespec/ssespec/runner"
)

// maxReport bounds one report that is read: twice what we write.
const maxReport = 32 << 20

// A Shard is one JSON report that was read, to be merged with others. Its
// results stay as they were written: a long text is there only as its summary.
type Shard struct {
	Name string // the file, for messages

	report  Report // without results
	results []shardResult
}

// shardResult is one result as it was written.
type shardResult struct {
	id     string
	breaks bool // it shows that the target does not conform
	raw    json.RawMessage
}

// UnmarshalJSON keeps the result as it is, its id, and what it says of the profile.
func (r *shardResult) UnmarshalJSON(text []byte) error {
	var head struct {
		Case        string `json:"case"`
		Verdict     string `json:"verdict"`
		Provisional bool   `json:"provisional"`
	}
	err := json.Unmarshal(text, &head)
	r.id, r.raw = head.Case, bytes.Clone(text)
	r.breaks = head.Verdict == string(runner.Fail) && !head.Provisional
	return err
}

// MarshalJSON returns what was read.
func (r shardResult) MarshalJSON() ([]byte, error) { return r.raw, nil }

// merged is a report whose results are those of shards.
type merged struct {
	Report
	Results []shardResult `json:"results"`
}

// ReadShard reads a JSON report. Anything else is an error that begins with name,
// and so is a report whose totals are not those of its results.
func ReadShard(name string, r io.Reader) (Shard, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxReport+1))
	if err != nil {
		return Shard{}, fmt.Errorf("%s: %w", name, err)
	}
	if len(text) > maxReport {
		return Shard{}, fmt.Errorf("%s: larger than %d MiB", name, maxReport>>20)
	}
	if !utf8.Valid(text) { // its results are written as they are
		return Shard{}, fmt.Errorf("%s: no JSON report: not all of it is UTF-8", name)
	}
	var m merged
	if err := json.Unmarshal(text, &m); err != nil {
		return Shard{}, fmt.Errorf("%s: no JSON report: %w", name, err)
	}
	if m.Schema != SchemaVersion {
		return Shard{}, fmt.Errorf("%s: the schema is %q, want %q", name, m.Schema, SchemaVersion)
	}
	if n := m.Totals.sum(); n != len(m.Results) {
		return Shard{}, fmt.Errorf("%s: the totals are of %d results, there are %d", name, n, len(m.Results))
	}
	return Shard{name, m.Report, m.Results}, nil
}

// A Merged is the report of several shards together.
type Merged struct {
	Missing int // cases of the suite that no shard has
	report  merged
}

// Merge puts the reports of shards of one suite, target and seed together: the results in
// the order of ids, totals and profile summed. It is complete when every shard
// is and together they have every case of the suite. A case that is there
// twice, and shards of different runs, are errors that name the file. Merge
// takes the shards over.
func Merge(shards []Shard) (Merged, error) {
	if len(shards) == 0 {
		return Merged{}, fmt.Errorf("no reports to merge")
	}
	results, err := together(shards)
	if err != nil {
		return Merged{}, err
	}
	m := Merged{report: merged{shards[0].report, results}}
	sum := &m.report
	for _, s := range shards[1:] {
		if err := same(shards[0], s); err != nil {
			return Merged{}, err
		}
		sum.add(s.report)
	}
	if m.Missing = sum.Suite.Cases - len(results); m.Missing < 0 {
		return Merged{}, fmt.Errorf("%d results of a suite of %d cases", len(results), sum.Suite.Cases)
	}
	sum.Complete = sum.Complete && m.Missing == 0
	sum.judge(m.Missing)
	for i := range sum.Results {
		if err := sum.Results[i].fit(shareOf(len(results))); err != nil {
			return Merged{}, err
		}
	}
	return m, nil
}

// WriteJSON writes m as one indented document, as [WriteJSON] does.
func (m Merged) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(m.report)
}

// Totals returns the totals of all shards.
func (m Merged) Totals() Totals { return m.report.Totals }

// Complete reports whether every case of the suite is there and every shard ran to its end.
func (m Merged) Complete() bool { return m.report.Complete }

// together returns the results of all shards in the order of their ids.
func together(shards []Shard) (all []shardResult, err error) {
	in := map[string]string{} // the file of each case
	all = []shardResult{}
	for _, s := range shards {
		for _, r := range s.results {
			if r.id == "" {
				return nil, fmt.Errorf("%s: a result has no case", s.Name)
			}
			if other, there := in[r.id]; there {
				return nil, fmt.Errorf("%s: the case %q is in %s already", s.Name, r.id, other)
			}
			in[r.id] = s.Name
		}
		all = append(all, s.results...)
	}
	slices.SortFunc(all, func(a, b shardResult) int { return cmp.Compare(a.id, b.id) })
	return all, nil
}

// same refuses shards that are not of one run.
func same(a, b Shard) error {
	for _, of := range []struct {
		what string
		a, b any
	}{
		{"suite", a.report.Suite, b.report.Suite},
		{"target", a.report.Target, b.report.Target},
		{"tool", a.report.Tool, b.report.Tool},
		{"standard", a.report.Standard, b.report.Standard},
		{"seed", a.report.Run.Seed, b.report.Run.Seed},
	} {
		x, errX := json.Marshal(of.a)
		y, errY := json.Marshal(of.b)
		if err := cmp.Or(errX, errY); err != nil {
			return fmt.Errorf("%s: %w", b.Name, err)
		}
		if !bytes.Equal(x, y) {
			return fmt.Errorf("%s: the %s is %s, that of %s is %s", b.Name, of.what, y, a.Name, x)
		}
	}
	return nil
}

// add counts another shard in.
func (m *merged) add(r Report) {
	m.Complete = m.Complete && r.Complete
	m.Totals = m.Totals.plus(r.Totals)
	m.Causes = mergedCauses(append(m.Causes, r.Causes...))
	m.Unexplained = slices.Sorted(slices.Values(slices.Concat(m.Unexplained, r.Unexplained)))
	for _, n := range r.Notes {
		if !slices.Contains(m.Notes, n) {
			m.Notes = append(m.Notes, n)
		}
	}
	m.Run.Started = min(m.Run.Started, r.Run.Started)
	m.Run.ElapsedMs += r.Run.ElapsedMs
	m.Run.Command += "; " + r.Run.Command
	if !slices.Contains(strings.Split(m.Run.Platform, ", "), r.Run.Platform) {
		m.Run.Platform += ", " + r.Run.Platform
	}
	switch {
	case m.Profile == nil:
		m.Profile = r.Profile
	case r.Profile != nil:
		p := *m.Profile
		p.Passed, p.Applicable, p.Skipped = p.Passed+r.Profile.Passed, p.Applicable+r.Profile.Applicable, p.Skipped+r.Profile.Skipped
		m.Profile = &p
	}
}

// judge says what the sums come to: a shard alone is never more than partial.
func (m *merged) judge(missing int) {
	if missing > 0 {
		m.Notes = append(m.Notes, fmt.Sprintf("merged: %d of %d cases of the suite are missing", missing, m.Suite.Cases))
	}
	if m.Profile == nil {
		return
	}
	p := *m.Profile
	switch {
	case slices.ContainsFunc(m.Results, func(r shardResult) bool { return r.breaks }):
		p.Verdict = doesNotConform
	case !m.Complete, p.Applicable == 0, m.Totals.Error+m.Totals.Known+p.Skipped > 0:
		p.Verdict = partly
	default:
		p.Verdict = conforms
	}
	m.Profile = &p
}

func (t Totals) sum() int {
	return t.Pass + t.Fail + t.Warn + t.Skip + t.Error + t.Known + t.Provisional
}

func (t Totals) plus(o Totals) Totals {
	return Totals{t.Pass + o.Pass, t.Fail + o.Fail, t.Warn + o.Warn, t.Skip + o.Skip, t.Error + o.Error, t.Known + o.Known, t.Provisional + o.Provisional}
}
