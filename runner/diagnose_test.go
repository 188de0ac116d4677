package runner_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/spec"
)

// A laboratory diagnoses clients whose defects are known. What a suspect shows of
// a script is kept from one run to the next.
type laboratory struct {
	suite []cases.Case
	shown map[string]spec.Trace
}

func newLaboratory() *laboratory {
	GinkgoHelper()
	all, err := cases.Load(cases.Files)
	Expect(err).NotTo(HaveOccurred())
	suite := (cases.Selection{Sides: []cases.Side{cases.Clients}}).Of(all)
	suite = slices.DeleteFunc(suite, func(c cases.Case) bool { return c.Script.Len() > 16<<10 }) // of which a diagnosis takes no notice, or little
	return &laboratory{suite, map[string]spec.Trace{}}
}

func (l *laboratory) suspects() runner.Suspects {
	var models []runner.Model
	for _, m := range reference.Mutants() {
		models = append(models, runner.Model{Name: m.Name, Clause: m.Clause, Text: m.Text, Trace: l.kept(m.Name)})
	}
	return runner.Suspects{Models: models, Combine: l.kept}
}

// kept is [reference.Plain] with those bugs, with a memory.
func (l *laboratory) kept(names ...string) func(cases.Script) spec.Trace {
	plain := reference.Plain{Bugs: names}
	return func(s cases.Script) spec.Trace {
		chunks, plainly := s.Stream()
		if !plainly || s.Len() > 1<<10 {
			return plain.Trace(s)
		}
		key := strings.Join(names, ",")
		for _, c := range chunks {
			key += "|" + string(c)
		}
		t, known := l.shown[key]
		if !known {
			t = plain.Trace(s)
			if len(names) < 2 {
				l.shown[key] = t
			}
		}
		return t
	}
}

// run puts the suite to a client with those bugs and diagnoses it.
func (l *laboratory) run(bugs ...string) ([]runner.Result, runner.Diagnosis) {
	return l.runIn([]string{cases.AsWritten, cases.Bytes}, bugs...)
}

// runIn does so with these deliveries; nil is all of them.
func (l *laboratory) runIn(deliveries []string, bugs ...string) ([]runner.Result, runner.Diagnosis) {
	GinkgoHelper()
	target := reference.Plain{Bugs: bugs}
	r := runner.Runner{All: true, Seed: 1, Deliveries: deliveries}
	results := slices.Collect(r.CheckClient(context.Background(), target, l.suite))
	hello, err := target.Hello(context.Background())
	Expect(err).NotTo(HaveOccurred())
	runner.Settle(results, hello.Kind)
	return results, runner.Diagnose(results, hello, l.suspects())
}

// visible returns the bugs without which the client would show something else.
func (l *laboratory) visible(bugs []string) (seen []string) {
	for _, bug := range bugs {
		rest := slices.DeleteFunc(slices.Clone(bugs), func(b string) bool { return b == bug })
		if slices.ContainsFunc(l.suite, func(c cases.Case) bool { return l.differ(c, bugs, rest) }) {
			seen = append(seen, bug)
		}
	}
	return seen
}

// differ reports whether clients with those bugs differ in what the case looks at.
func (l *laboratory) differ(c cases.Case, a, b []string) bool {
	kinds := []spec.Kind{spec.Dispatch, spec.Fail}
	if c.Comments {
		kinds = append(kinds, spec.Comment)
	}
	if c.Retries {
		kinds = append(kinds, spec.Retry)
	}
	if _, plain := c.Script.Stream(); !plain {
		return false
	}
	return slices.ContainsFunc(l.deliveries(c), func(s cases.Script) bool {
		return !slices.EqualFunc(reference.Plain{Bugs: a}.Trace(s).Only(kinds...), reference.Plain{Bugs: b}.Trace(s).Only(kinds...),
			func(x, y spec.Step) bool { return x.Equal(y) && x.Chunk == y.Chunk })
	})
}

func (l *laboratory) deliveries(c cases.Case) []cases.Script {
	if !c.Script.Cuttable() {
		return []cases.Script{c.Script}
	}
	bytes, err := c.Script.Deliver(cases.Bytes)
	Expect(err).NotTo(HaveOccurred())
	return []cases.Script{c.Script, bytes}
}

// names are those of a cause and of what cannot be told from it.
func names(c runner.Cause) []string {
	list := []string{c.Name}
	for _, m := range c.Or {
		list = append(list, m.Name)
	}
	return list
}

// streamBugs are those that a parser can have: of one stream.
func streamBugs() (bugs []string) {
	others := reference.ConnectionMutants()
	for _, m := range reference.Mutants() {
		if !slices.ContainsFunc(others, func(o reference.Mutant) bool { return o.Name == m.Name }) {
			bugs = append(bugs, m.Name)
		}
	}
	return bugs
}

// draw returns two to four bugs.
func draw(r *rand.Rand) (bugs []string) {
	all := streamBugs()
	for n := 2 + r.IntN(3); len(bugs) < n; {
		if bug := all[r.IntN(len(all))]; !slices.Contains(bugs, bug) {
			bugs = append(bugs, bug)
		}
	}
	return bugs
}

func anyOf(list, of []string) bool {
	return slices.ContainsFunc(list, func(name string) bool { return slices.Contains(of, name) })
}

var _ = Describe("A diagnosis of clients whose bugs it is not told", Label("computes"), func() {
	It("names the bugs of at least 80 in 100, and in at least 95 none that is not there", func() {
		l := newLaboratory()
		n := 4 // each takes seconds: make blind puts 200
		if all := os.Getenv("SSESPEC_BLIND"); all != "" {
			var err error
			n, err = strconv.Atoi(all)
			Expect(err).NotTo(HaveOccurred())
		}
		r := rand.New(rand.NewPCG(5, 200))
		exact, clean := 0, 0
		for range n {
			bugs := draw(r)
			_, d := l.run(bugs...)
			real := l.visible(bugs)
			invented := slices.ContainsFunc(d.Causes, func(c runner.Cause) bool { return !anyOf(names(c), bugs) })
			missed := slices.ContainsFunc(real, func(bug string) bool {
				return !slices.ContainsFunc(d.Causes, func(c runner.Cause) bool { return slices.Contains(names(c), bug) })
			})
			if !invented {
				clean++
			}
			if !invented && !missed && len(d.Causes) == len(real) {
				exact++
				continue
			}
			line := fmt.Sprintf("%v (to be seen: %v) are named", bugs, real)
			for _, c := range d.Causes {
				line += fmt.Sprintf(" %v", names(c))
			}
			AddReportEntry(fmt.Sprintf("%s, %d of %d departures unexplained", line, len(d.Unexplained), d.Departures))
		}
		AddReportEntry(fmt.Sprintf("%d combinations: %d named exactly, %d without a false cause", n, exact, clean))
		Expect(exact * 100).To(BeNumerically(">=", 80*n))
		Expect(clean * 100).To(BeNumerically(">=", 95*n))
	})
})

var _ = Describe("A diagnosis of a client with a single bug", Label("computes"), func() {
	DescribeTable("names it also where it is",
		func(bug string) {
			_, d := newLaboratory().run(bug)
			Expect(d.Causes).To(HaveLen(1))
			Expect(names(d.Causes[0])).To(ContainElement(bug))
			Expect(d.Unexplained).To(BeEmpty())
			Expect(d.Causes[0].Explains).To(HaveLen(d.Departures))
		},
		Entry("in when the events come", "events-at-end"),
		Entry("in events that come too early", "crlf-cut"),
		Entry("in what a dispute only warns of", "cr-held"),
		Entry("in a type that the judge lets pass elsewhere", "default-type-empty"),
		Entry("in a step that nothing asks for", "invalid-fails"),
		Entry("in a reconnection time", "retry-in-seconds"),
		Entry("in what few cases are about", "nel-ends"),
	)
})

// demonstrated are the bugs of a stream that `ssespec demo` can show: all of them
// where SSESPEC_BLIND is set, else the default and one in forty.
func demonstrated() (bugs []string) {
	for i, bug := range streamBugs() {
		if os.Getenv("SSESPEC_BLIND") != "" || i%40 == 0 || bug == "crlf-cut" {
			bugs = append(bugs, bug)
		}
	}
	return bugs
}

var _ = Describe("A diagnosis of a demonstration", Label("computes"), func() {
	It("leaves no failure of a bug unexplained, and names the bug", func() {
		l := newLaboratory()
		for _, bug := range demonstrated() {
			_, d := l.runIn(nil, bug)
			Expect(d.Unexplained).To(BeEmpty(), bug)
			if d.Departures == 0 { // only long streams show it
				continue
			}
			Expect(d.Causes).To(HaveLen(1), bug)
			Expect(names(d.Causes[0])).To(ContainElement(bug))
		}
	})
})
