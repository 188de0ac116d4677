package reference_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
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

// clientCases returns the embedded cases for clients.
func clientCases() []cases.Case {
	GinkgoHelper()
	all, err := cases.Load(cases.Files)
	Expect(err).NotTo(HaveOccurred())
	return cases.Selection{Sides: []cases.Side{cases.Clients}}.Of(all)
}

// isLong reports whether the stream is too long to be cut in every way.
func isLong(c cases.Case) bool { return c.Script.Len() > 64<<10 }

// judged puts cases to a target, in every way in which a stream can be delivered; a
// long one in pieces only.
func judged(c runner.Client, list []cases.Case) []runner.Result {
	return judgedIn(nil, c, list)
}

// judgedIn puts cases to a target in those deliveries; nil is every one.
func judgedIn(deliveries []string, c runner.Client, list []cases.Case) []runner.Result {
	GinkgoHelper()
	hello, err := c.Hello(context.Background())
	Expect(err).NotTo(HaveOccurred())
	ordinary := slices.DeleteFunc(slices.Clone(list), isLong)
	long := slices.DeleteFunc(slices.Clone(list), func(c cases.Case) bool { return !isLong(c) })
	results := put(runner.Runner{All: true, Seed: 1, Deliveries: deliveries}, c, ordinary)
	results = append(results, put(runner.Runner{Deliveries: []string{cases.Cut16K}}, c, long)...)
	slices.SortFunc(results, func(a, b runner.Result) int { return strings.Compare(a.Case.ID, b.Case.ID) })
	runner.Settle(results, hello.Kind)
	return results
}

// put returns what comes of each case.
func put(r runner.Runner, c runner.Client, list []cases.Case) []runner.Result {
	GinkgoHelper()
	results := slices.Collect(r.CheckClient(context.Background(), c, list))
	Expect(results).To(HaveLen(len(list)))
	return results
}

// passes asserts that a target has passed all that it was not skipped for.
func passes(results []runner.Result) {
	GinkgoHelper()
	passed := 0
	for _, r := range results {
		Expect(r.Verdict).To(BeElementOf(runner.Pass, runner.Skip), "%s: %s", r.Case.ID, r.Reason)
		if r.Verdict == runner.Pass {
			passed++
		}
	}
	Expect(passed).To(BeNumerically(">", 150))
}

var _ = Describe("The plain client", func() {
	It("passes every case that a parser can be given", Label("computes"), func() {
		passes(judged(reference.Plain{}, clientCases()))
	})

	It("passes every case over a network", func() {
		passes(put(runner.Runner{Seed: 1}, reference.PlainClient{}, clientCases()))
	})

	It("shows what the model shows of every stream", Label("computes"), func() {
		for _, c := range clientCases() {
			if c.OneStream() && c.Subscribe.LastEventID == "" {
				Expect(cases.Brief(reference.Plain{}.Trace(c.Script))).To(Equal(cases.Brief(c.Script.Trace())), c.ID)
			}
		}
	})
})

var _ = Describe("The mutants", Label("computes"), func() {
	It("have a name of their own, a clause and a sentence", func() {
		names := map[string]bool{}
		for _, m := range reference.Mutants() {
			Expect(names).NotTo(HaveKey(m.Name))
			names[m.Name] = true
			Expect(m.Name).To(MatchRegexp(`^[a-z0-9]+(-[a-z0-9]+)*$`))
			_, known := spec.ClauseByID(m.Clause)
			Expect(known).To(BeTrue(), "%s: clause %s", m.Name, m.Clause)
			Expect(m.Text).To(MatchRegexp(`^[A-Z].*\.$`), m.Name)
		}
	})

	It("are the switches of the plain client, each asked for somewhere", func() {
		var names []string
		for _, m := range reference.Mutants() {
			names = append(names, m.Name)
		}
		for _, v := range reference.ClientVariants() {
			names = append(names, v.Legal()...)
		}
		Expect(switches()).To(ConsistOf(append(names, "retry-empty-zero", "retry-empty-default"))) // and two of the variants
	})

	DescribeTable("are not alone: what is unusual and legal passes", func(v reference.Variant) {
		// How long a stream is makes no difference to them, and every byte alone is every cut.
		passes(judgedIn([]string{cases.AsWritten, cases.Whole, cases.CutEOL, cases.Bytes, cases.Empty}, v, slices.DeleteFunc(clientCases(), isLong)))
	}, variants())

	It("can be switched on together", func() {
		both := reference.Plain{Bugs: []string{"bom-kept", "space-kept"}}
		Expect(cases.Brief(both.Trace(cases.One([]byte("\uFEFFdata: a\n\ndata: b\n\n"))))).
			To(Equal(`announce; dispatch message " b"; reestablish`))
	})
})

// variants is one entry for each variant.
func variants() (entries []TableEntry) {
	for _, v := range reference.Variants() {
		entries = append(entries, Entry(v.Name, v))
	}
	return entries
}

// switches returns the names that the code asks for: the argument of every call
// of has, and the first string of the rows of otherEnds.
func switches() []string {
	GinkgoHelper()
	files, err := filepath.Glob("*.go")
	Expect(err).NotTo(HaveOccurred())
	asked := map[string]bool{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		Expect(err).NotTo(HaveOccurred())
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "has" {
					note(asked, n.Args)
				}
			case *ast.ValueSpec:
				if n.Names[0].Name == "otherEnds" {
					for _, row := range n.Values[0].(*ast.CompositeLit).Elts {
						note(asked, row.(*ast.CompositeLit).Elts)
					}
				}
			}
			return true
		})
	}
	return slices.Collect(maps.Keys(asked))
}

// note notes the first of args where it is a string.
func note(asked map[string]bool, args []ast.Expr) {
	if text, ok := args[0].(*ast.BasicLit); ok {
		name, err := strconv.Unquote(text.Value)
		Expect(err).NotTo(HaveOccurred())
		asked[name] = true
	}
}
