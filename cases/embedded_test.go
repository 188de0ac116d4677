package cases_test

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
	"github.com/ssespec/ssespec/spec/literal"
)

var _ = Describe("The embedded suite", func() {
	It("has at least 60 cases in the order of their ids, each once", func() {
		ids := cases.IDs(embedded())
		Expect(len(ids)).To(BeNumerically(">=", 60))
		Expect(slices.IsSorted(ids)).To(BeTrue())
		Expect(slices.Compact(slices.Clone(ids))).To(HaveLen(len(ids)))
	})

	It("has as many cases on parsing as the README's report counts, of which each came to one end", func() {
		text, err := os.ReadFile("../README.md")
		Expect(err).NotTo(HaveOccurred())
		counts := regexp.MustCompile(`(?m)^(\d+) cases: (\d+) passed, (\d+) failed, (\d+) skipped$`).FindStringSubmatch(string(text))
		Expect(counts).NotTo(BeNil())
		var n [5]int
		for i, word := range counts[1:] {
			n[i], err = strconv.Atoi(word)
			Expect(err).NotTo(HaveOccurred())
		}
		parsing, err := cases.Load(cases.Files, "parsing", "interpreting")
		Expect(err).NotTo(HaveOccurred())
		Expect(parsing).To(HaveLen(n[0]))
		Expect(n[1] + n[2] + n[3]).To(Equal(n[0]))
	})

	It("says of every case since when it is there", func() {
		for _, c := range embedded() {
			Expect(c.Since).To(MatchRegexp(`^\d+\.\d+$`), c.ID)
		}
	})

	It("keeps the cases of servers, and nothing else, in a folder of their own", func() {
		for _, c := range embedded() {
			Expect(strings.HasPrefix(c.ID, "serving/")).To(Equal(c.Side() == cases.Servers), c.ID)
		}
	})

	It("expects what the model observes", func() {
		for _, c := range embedded() {
			if c.Observed || c.Subscribe.LastEventID != "" || c.Subscribe.CloseOn != "" {
				continue // the script alone does not say what follows
			}
			for _, kind := range kinds(c) {
				Expect(cases.Brief(c.Expect.Only(kind))).To(Equal(cases.Brief(c.Played().Trace.Only(kind))), c.ID)
			}
		}
	})

	It("expects what the second opinion reads in the bytes of each stream", func() {
		read := 0
		for _, c := range embedded() {
			chunks, plain := c.Script.Stream()
			if !plain || c.Observed || c.Subscribe.CloseOn != "" { // what comes after close is left out
				continue
			}
			read++
			agrees(c, literal.ParseFrom(slices.Concat(chunks...), c.Subscribe.LastEventID))
		}
		Expect(read).To(BeNumerically(">=", 60))
	})

	It("has a digest that follows its names and its bytes", func() {
		first, err := cases.Digest(files("a.yaml", "1", "b.yaml", "2"))
		Expect(err).NotTo(HaveOccurred())
		Expect(first).To(MatchRegexp(`^[0-9a-f]{64}$`))
		Expect(cases.Digest(files("a.yaml", "1", "b.yaml", "2"))).To(Equal(first))
		Expect(cases.Digest(files("a.yaml", "1", "b.yaml", "3"))).NotTo(Equal(first))
		Expect(cases.Digest(files("a.yaml", "1", "c.yaml", "2"))).NotTo(Equal(first))
	})
})

// kinds returns the kinds of steps that c is about.
func kinds(c cases.Case) []spec.Kind {
	list := []spec.Kind{spec.Announce, spec.Dispatch, spec.Reestablish, spec.Fail}
	if c.Comments {
		list = append(list, spec.Comment)
	}
	if c.Retries {
		list = append(list, spec.Retry)
	}
	return list
}

// agrees asserts that the expectation of c is the second opinion.
func agrees(c cases.Case, second literal.Result) {
	GinkgoHelper()
	var events, comments, retries []string
	for _, e := range second.Events {
		events = append(events, spec.DispatchStep(e).String())
	}
	for _, text := range second.Comments {
		comments = append(comments, spec.Step{Kind: spec.Comment, Text: text}.String())
	}
	for _, digits := range second.Retries {
		retries = append(retries, spec.Step{Kind: spec.Retry, Text: spec.Canonical(digits)}.String())
	}
	Expect(lines(c.Expect.Only(spec.Dispatch))).To(Equal(events), c.ID)
	if c.Comments {
		Expect(lines(c.Expect.Only(spec.Comment))).To(Equal(comments), c.ID)
	}
	if c.Retries {
		Expect(lines(c.Expect.Only(spec.Retry))).To(Equal(retries), c.ID)
	}
}

func lines(t spec.Trace) (list []string) {
	for _, s := range t {
		list = append(list, s.String())
	}
	return list
}
