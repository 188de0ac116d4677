package reference_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"go/format"
	"go/parser"
	"go/token"
	"hash"
	"hash/fnv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/spec"
)

// The matrix says which case kills which mutant. It takes minutes to find out,
// so it is kept, with the digest of all that it depends on. `make matrix` writes
// it.
const (
	matrixFile  = "../../cases/matrix.txt"
	matrixWrite = "SSESPEC_MATRIX" // set: write it
)

// A row is what the whole suite finds in one mutant.
type row struct {
	mutant  string
	rules   map[string]int // the rules named, and how often
	killers []string       // ids of the cases that it does not pass
}

// A matrix has a row for each mutant.
type matrix struct {
	digest string
	ids    []string // of the cases, in order
	rows   []row
}

// parserCases returns the cases on what one stream holds: those of its rules, not
// of what happens around it.
func parserCases() []cases.Case {
	GinkgoHelper()
	var list []cases.Case
	for _, c := range clientCases() {
		clause, known := spec.ClauseByID(c.Clauses[0])
		if _, plain := c.Script.Stream(); plain && (!c.AllSteps || len(c.Outcomes) > 0) && !slices.ContainsFunc(c.Requires, needsClient) && !(known && byConnection(clause)) {
			list = append(list, c)
		}
	}
	return list
}

func needsClient(capability string) bool { return capability != "comments" && capability != "retry" }

// streamMutants are those that one stream can show; the others meet the cases on
// connections.
func streamMutants() (list []reference.Mutant) {
	others := map[string]bool{}
	for _, m := range reference.ConnectionMutants() {
		others[m.Name] = true
	}
	return slices.DeleteFunc(reference.Mutants(), func(m reference.Mutant) bool { return others[m.Name] })
}

// kill puts the cases to the mutant: not in every single cut, which byte by byte
// has all at once, and what is longer than any mutant counts only where it says so.
func kill(m reference.Mutant, list []cases.Case) row {
	GinkgoHelper()
	r := row{mutant: m.Name, rules: map[string]int{}}
	list = slices.DeleteFunc(slices.Clone(list), func(c cases.Case) bool { return c.Script.Len() > 2<<20 && !slices.Contains(c.Kills.Mutants, m.Name) })
	deliveries := []string{cases.AsWritten, cases.Whole, cases.CutEOL, cases.Bytes, cases.Empty, "random-1"}
	for _, result := range judgedIn(deliveries, reference.Plain{Bugs: []string{m.Name}}, list) {
		Expect(result.Verdict).NotTo(Equal(runner.Error), "%s, %s: %s", m.Name, result.Case.ID, result.Reason)
		if result.Verdict == runner.Fail || result.Verdict == runner.Warn {
			if !isLong(result.Case) { // of a long stream no reading is tried: the rule is that of the case
				r.rules[result.Rule]++
			}
			r.killers = append(r.killers, result.Case.ID)
		}
	}
	return r
}

// whole runs everything.
func whole() matrix {
	GinkgoHelper()
	list := parserCases()
	m := matrix{digest: matrixDigest(list), ids: cases.IDs(list)}
	m.rows = rowsOf(func(reference.Mutant) []cases.Case { return list })
	return m
}

// rowsOf puts to each mutant its cases, to several mutants side by side.
func rowsOf(casesFor func(reference.Mutant) []cases.Case) []row {
	GinkgoHelper()
	mutants := streamMutants()
	rows := make([]row, len(mutants))
	var all sync.WaitGroup
	free := make(chan struct{}, 6)
	for i, m := range mutants {
		all.Go(func() {
			defer GinkgoRecover()
			free <- struct{}{}
			defer func() { <-free }()
			rows[i] = kill(m, casesFor(m))
		})
	}
	all.Wait()
	return rows
}

// String is the text of the file: the cases with a number each, and for each
// mutant the rules and the numbers of its killers.
func (m matrix) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Written by `make matrix`: which case kills which mutant, and the rules that were named.\ndigest %s\n\n", m.digest)
	for i, id := range m.ids {
		fmt.Fprintf(&b, "%d %s\n", i+1, id)
	}
	for _, r := range m.rows {
		fmt.Fprintf(&b, "\n%s", r.mutant)
		for _, rule := range slices.Sorted(maps.Keys(r.rules)) {
			fmt.Fprintf(&b, " %s:%d", rule, r.rules[rule])
		}
		fmt.Fprintf(&b, "\n%s\n", m.ranges(r.killers))
	}
	return b.String()
}

// ranges returns the numbers of the cases, as 1-3 7.
func (m matrix) ranges(ids []string) string {
	if len(ids) == 0 {
		return "none"
	}
	var words []string
	for i := 0; i < len(ids); {
		first, next := slices.Index(m.ids, ids[i]), i+1
		for next < len(ids) && slices.Index(m.ids, ids[next]) == first+next-i {
			next++
		}
		if word := strconv.Itoa(first + 1); next == i+1 {
			words = append(words, word)
		} else {
			words = append(words, fmt.Sprintf("%s-%d", word, first+next-i))
		}
		i = next
	}
	return strings.Join(words, " ")
}

// keptMatrix returns what the file says.
func keptMatrix() matrix {
	GinkgoHelper()
	text, err := os.ReadFile(matrixFile)
	Expect(err).NotTo(HaveOccurred())
	m := readMatrix(string(text))
	Expect(m.String()).To(Equal(string(text)))
	return m
}

// row returns that of the mutant, an empty one where there is none.
func (m matrix) row(mutant string) row {
	for _, r := range m.rows {
		if r.mutant == mutant {
			return r
		}
	}
	return row{}
}

// readMatrix reads the text of the file.
func readMatrix(text string) (m matrix) {
	GinkgoHelper()
	blocks := strings.Split(strings.TrimSpace(text), "\n\n")
	_, m.digest, _ = strings.Cut(blocks[0], "\ndigest ")
	for line := range strings.Lines(blocks[1]) {
		_, id, _ := strings.Cut(strings.TrimSpace(line), " ")
		m.ids = append(m.ids, id)
	}
	for _, block := range blocks[2:] {
		head, numbers, _ := strings.Cut(block, "\n")
		words := strings.Fields(head)
		r := row{mutant: words[0], rules: map[string]int{}}
		for _, word := range words[1:] {
			rule, n, _ := strings.Cut(word, ":")
			r.rules[rule] = number(n)
		}
		for _, word := range strings.Fields(strings.TrimPrefix(numbers, "none")) {
			first, last, isRange := strings.Cut(word, "-")
			if !isRange {
				last = first
			}
			r.killers = append(r.killers, m.ids[number(first)-1:number(last)]...)
		}
		m.rows = append(m.rows, r)
	}
	return m
}

func number(text string) int {
	GinkgoHelper()
	n, err := strconv.Atoi(text)
	Expect(err).NotTo(HaveOccurred())
	return n
}

// matrixDigest follows the cases, the mutants, and what judges them; comments do
// not count.
func matrixDigest(list []cases.Case) string {
	GinkgoHelper()
	h := sha256.New()
	for _, c := range list {
		fmt.Fprintln(h, c.ID, c.Level, c.Clauses[0], c.Comments, c.Retries, cases.Brief(c.Expect))
		for _, part := range c.Script.Connections[0].Body {
			fmt.Fprintf(h, "%q %d %v %s\n", part.Unit, part.Times, part.Pause, part.Await)
		}
	}
	for _, m := range streamMutants() {
		fmt.Fprintln(h, m.Name)
	}
	judge := []string{"../judge.go", "../settle.go"}
	plain := []string{"chunks.go", "decoder.go", "dispatcher.go", "fields.go", "interpreter.go", "plain.go", "retry.go", "splitter.go", "stream.go", "wide.go"}
	model, err := filepath.Glob("../../spec/[de-r]*.go") // without the clauses and the trace
	Expect(err).NotTo(HaveOccurred())
	for _, name := range slices.Concat(judge, plain, model) {
		if !strings.HasSuffix(name, "_test.go") {
			hashCode(h, name)
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// hashCode takes in a Go file without its comments.
func hashCode(h hash.Hash, name string) {
	GinkgoHelper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
	Expect(err).NotTo(HaveOccurred())
	var text bytes.Buffer
	Expect(format.Node(&text, files, file)).To(Succeed())
	h.Write(text.Bytes())
}

// hashed returns 20 of the cases, by a hash of their ids and the mutant's name.
func hashed(mutant string, list []cases.Case) []cases.Case {
	sum := func(c cases.Case) uint64 {
		h := fnv.New64a()
		h.Write([]byte(mutant + " " + c.ID))
		return h.Sum64()
	}
	sorted := slices.SortedFunc(slices.Values(list), func(a, b cases.Case) int {
		if sum(a) < sum(b) {
			return -1
		}
		return 1
	})
	return sorted[:20]
}

// sample returns the cases that name the mutant, and 20 others that are not long.
func sample(mutant string, list []cases.Case) []cases.Case {
	some := hashed(mutant, slices.DeleteFunc(slices.Clone(list), isLong))
	for _, c := range list {
		if slices.Contains(c.Kills.Mutants, mutant) && !slices.ContainsFunc(some, func(o cases.Case) bool { return o.ID == c.ID }) {
			some = append(some, c)
		}
	}
	slices.SortFunc(some, func(a, b cases.Case) int { return strings.Compare(a.ID, b.ID) })
	return some
}

// killersAmong returns those of some cases that the matrix says kill the mutant.
func (m matrix) killersAmong(some []cases.Case, mutant string) (ids []string) {
	killers := m.row(mutant).killers
	for _, c := range some {
		if slices.Contains(killers, c.ID) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

var _ = Describe("The matrix of mutants and cases", Label("computes"), Ordered, ContinueOnFailure, func() {
	var m matrix
	BeforeAll(func() {
		if os.Getenv(matrixWrite) != "" {
			Expect(os.WriteFile(matrixFile, []byte(whole().String()), 0o644)).To(Succeed())
		}
		m = keptMatrix()
	})

	It("is that of these cases, these mutants and this judge", func() {
		Expect(m.digest).To(Equal(matrixDigest(parserCases())), "cases/matrix.txt is old: run `make matrix`")
	})

	It("has every mutant and every case", func() {
		var names []string
		for _, r := range m.rows {
			names = append(names, r.mutant)
		}
		var mutants []string
		for _, mutant := range streamMutants() {
			mutants = append(mutants, mutant.Name)
		}
		Expect(names).To(Equal(mutants))
		Expect(m.ids).To(Equal(cases.IDs(parserCases())))
	})

	It("has a case that kills each mutant", func() {
		for _, r := range m.rows {
			Expect(r.killers).NotTo(BeEmpty(), r.mutant)
		}
	})

	It("names the clause that the mutant breaks, and no other", func() {
		for _, r := range m.rows {
			mutant, _ := mutantNamed(r.mutant)
			right := append(alike(mutant.Name), mutant.Clause)
			for rule, n := range r.rules {
				Expect(rule).To(BeElementOf(right), "%s, %d times", r.mutant, n)
			}
			Expect(r.rules).To(Or(HaveKey(mutant.Clause), HaveLen(0), WithTransform(func(map[string]int) bool { return twins[mutant.Name] != "" }, BeTrue())), r.mutant)
		}
	})

	It("has the same row for twins, which no stream can tell apart", func() {
		rows := map[string]row{}
		for _, r := range m.rows {
			rows[r.mutant] = r
		}
		for one, other := range twins {
			Expect(rows[one].killers).To(Equal(rows[other].killers), "%s and %s", one, other)
			Expect(rows[one].rules).To(Equal(rows[other].rules), "%s and %s", one, other)
		}
	})

	It("is what running shows, for the killers that cases name and 20 cases more of each mutant", func() {
		list := parserCases()
		for _, shown := range rowsOf(func(mutant reference.Mutant) []cases.Case { return sample(mutant.Name, list) }) {
			Expect(shown.killers).To(Equal(m.killersAmong(sample(shown.mutant, list), shown.mutant)), shown.mutant)
		}
	})
})

func mutantNamed(name string) (reference.Mutant, bool) {
	for _, m := range streamMutants() {
		if m.Name == name {
			return m, true
		}
	}
	return reference.Mutant{}, false
}

// sameFact are the clauses that may be named besides the mutant's own, because
// with that mutant the two are one fact.
var sameFact = []struct { // never written to
	clause, why string
	mutants     []string
}{
	{"format-buffering", "a line end that is only known with its LF, or with the byte after it, comes late where it is cut there",
		[]string{"crlf-only", "cr-ignored", "style-first", "blank-same-ends", "blank-bytes", "blank-at-lf", "cr-at-end-lost", "last-event-lost", "blank-cr-pairs"}},
	{"response-incremental", "what waits for the next byte comes late where a chunk ends before it",
		[]string{"cr-held", "lfcr-one", "blank-same-ends", "blank-bytes", "blank-at-lf", "last-event-lost"}},
	{"parse-invalid-utf8-subparts", "the bytes of such a sequence are counted together also where one of them is missing", []string{"overlong-taken"}},
	{"parse-bom", "a mark that is taken off the parts of fields only is left on a comment", []string{"bom-per-part"}},
	{"parse-bom-double", "a second mark at the beginning stands at the beginning of a line as well", []string{"bom-per-line"}},
	{"eof-discard", "in one piece the end of the chunk is that of the stream", []string{"chunk-is-event"}},
	{"line-unterminated", "in one piece the end of the chunk is that of the stream", []string{"line-per-chunk", "end-dispatches"}},
	{"field-data-append", "where the stream is written as one line a chunk, each data field is an event", []string{"chunk-is-event"}},
	{"parse-chunk-boundaries", "in one piece it takes CRLF for what it is", []string{"crlf-cut-kept"}},
	{"field-id", "a parser shows the last event ID in its events only", []string{"id-not-shown"}},
	{"field-data-append", "a case with several outcomes is put down to its own clause: that of a line of 4 KiB",
		[]string{"chunk-apart", "line-rest-lost", "blank-cut", "empty-chunk-ends", "crlf-only"}},
	{"line-crlf", "the chunk that makes the difference begins with the LF of a CRLF", []string{"chunk-is-event", "line-rest-lost"}},
	{"parse-chunk-boundaries", "of the outcomes of a line of 4 KiB the nearest is the one without it", []string{"events-reversed"}},
	{"parse-chunk-boundaries", "chunk by chunk it does not look at what is behind the last event", []string{"blank-rest-fails"}},
	{"field-event", "a type that is not read and one that is not used look the same", []string{"type-always-message"}},
}

// twins are mutants whose own clause is never named: in every case they show what
// another mutant shows, which breaks the clause that is named.
var twins = map[string]string{"id-not-shown": "id-ignored", "type-always-message": "event-ignored"} // never written to

// alike returns the clauses that are one fact with the mutant's own.
func alike(mutant string) (clauses []string) {
	for _, s := range sameFact {
		if slices.Contains(s.mutants, mutant) {
			clauses = append(clauses, s.clause)
		}
	}
	return clauses
}
