package adapters_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

func TestAdapters(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "adapters")
}

// A repair is one row of fixed.txt, which .ci/fixed proves.
type repair struct{ bug, language, library, before, after, adapter, id, rule, what string }

// lines returns the lines of a file that are neither empty nor comments.
func lines(name string) []string {
	GinkgoHelper()
	text, err := os.ReadFile(name)
	Expect(err).NotTo(HaveOccurred())
	return slices.DeleteFunc(strings.Split(string(text), "\n"), func(line string) bool {
		return line == "" || strings.HasPrefix(line, "#")
	})
}

func repairs() []repair {
	GinkgoHelper()
	var all []repair
	for _, line := range lines("fixed.txt") {
		f := strings.Fields(line)
		Expect(len(f)).To(BeNumerically(">", 8), "columns of %q", line)
		all = append(all, repair{f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], strings.Join(f[8:], " ")})
	}
	return all
}

// distinct counts the values that of gives.
func distinct(all []repair, of func(repair) string) int {
	seen := map[string]bool{}
	for _, r := range all {
		seen[of(r)] = true
	}
	return len(seen)
}

var _ = Describe("The table of bugs that a release repaired", func() {
	It("has ten bugs and more, of three languages and more", func() {
		all := repairs()
		Expect(distinct(all, func(r repair) string { return r.bug })).To(And(BeNumerically(">=", 10), Equal(len(all))))
		Expect(distinct(all, func(r repair) string { return r.language })).To(BeNumerically(">=", 3))
	})

	It("names cases of the suite that have seen the bug, and rules that are clauses", func() {
		suite, err := cases.Load(cases.Files)
		Expect(err).NotTo(HaveOccurred())
		for _, r := range repairs() {
			at := slices.IndexFunc(suite, func(c cases.Case) bool { return c.ID == r.id })
			Expect(at).NotTo(Equal(-1), "no case %s (%s)", r.id, r.bug)
			Expect(suite[at].Seen).To(ContainElement(r.bug), r.id)
			_, known := spec.ClauseByID(r.rule)
			Expect(known).To(BeTrue(), "no clause %s (%s)", r.rule, r.bug)
		}
	})

	It("names adapters of this folder and two versions", func() {
		for _, r := range repairs() {
			Expect(r.adapter).To(BeAnExistingFile())
			Expect(r.before).NotTo(Equal(r.after), r.bug)
		}
	})

	It("has the place in the library that was wrong", func() {
		for _, r := range repairs() {
			Expect(r.what).To(MatchRegexp(`\(\S+\.\w+:\d+\)$`), r.bug)
		}
	})

	It("has a checksum for each version, and fixed.sum none besides", func() {
		var wanted, have []string
		for _, r := range repairs() {
			wanted = append(wanted, r.library+" "+r.before, r.library+" "+r.after)
		}
		for _, line := range lines("fixed.sum") {
			library, sum, found := strings.Cut(line, " ")
			Expect(found).To(BeTrue(), line)
			version, sum, found := strings.Cut(sum, " ")
			Expect(found).To(BeTrue(), line)
			Expect(len(sum)).To(BeNumerically(">", 40), line)
			have = append(have, library+" "+version)
		}
		Expect(have).To(ConsistOf(wanted))
	})

	It("is the one in the README", func() {
		var wanted []string
		for _, r := range repairs() {
			wanted = append(wanted, "| "+strings.Join([]string{r.bug, r.library, r.before, r.after, r.id, r.rule, r.what}, " | ")+" |")
		}
		var have []string
		for _, line := range lines("README.md") {
			if strings.HasPrefix(line, "| SSE-") {
				have = append(have, line)
			}
		}
		Expect(have).To(Equal(wanted), "bash .ci/fixed table prints what README.md has to say")
	})
})
