package fuzz_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/fuzz"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/spec"
)

// suspected are all mutants of parsers.
func suspected() fuzz.Suspects {
	others := map[string]bool{}
	for _, m := range reference.ConnectionMutants() {
		others[m.Name] = true
	}
	var models []fuzz.Model
	for _, m := range reference.Mutants() {
		if !others[m.Name] {
			models = append(models, fuzz.Model{Name: m.Name, Clause: m.Clause, Text: m.Text, Trace: m.Trace})
		}
	}
	return fuzz.Suspects{Models: models, Combine: func(names ...string) func(cases.Script) spec.Trace { return reference.Plain{Bugs: names}.Trace }}
}

// parsing is the batch form of a parser with those bugs.
func parsing(bugs ...string) func(context.Context, [][][]byte) ([]fuzz.Observed, error) {
	return func(_ context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
		list := make([]fuzz.Observed, len(streams))
		for i, chunks := range streams {
			list[i].Trace = parsed(chunks, bugs)
		}
		return list, nil
	}
}

func parsed(chunks [][]byte, bugs []string) (t spec.Trace) {
	s := reference.Plain{Bugs: bugs}.Stream(func(step spec.Step) { t = append(t, step) })
	for _, c := range chunks {
		s.Feed(c)
	}
	s.End()
	return t
}

// broken is a search of a parser with those bugs that shows all that there is.
func broken(count int, bugs ...string) *fuzz.Search {
	return &fuzz.Search{Seed: 1, Count: count, Parse: parsing(bugs...), Suspects: suspected(),
		View: fuzz.View{Kinds: []spec.Kind{spec.Dispatch, spec.Comment, spec.Retry}, Timed: true}}
}

// run returns all that is found, and the tally.
func run(s *fuzz.Search) (found []fuzz.Finding, tally fuzz.Tally) {
	GinkgoHelper()
	for f, err := range s.Run(context.Background(), &tally) {
		Expect(err).NotTo(HaveOccurred())
		found = append(found, f)
	}
	return found, tally
}

// told is what is found on one line each.
func told(found []fuzz.Finding) (lines []string) {
	for _, f := range found {
		var causes []string
		for _, c := range f.Causes {
			causes = append(causes, c.Name)
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %v", chunksOf(f.Script), f.Rule, f.Departure.String(), causes))
	}
	return lines
}

func byCause(found []fuzz.Finding, name string) []fuzz.Finding {
	return slices.DeleteFunc(slices.Clone(found), func(f fuzz.Finding) bool {
		return !slices.ContainsFunc(f.Causes, func(m fuzz.Model) bool { return m.Name == name })
	})
}

var _ = DescribeTable("Of a thousand departures a search makes as many findings as there are bugs", Label("computes"), func(bugs ...string) {
	found, tally := run(broken(4000, bugs...))
	Expect(tally.Departures).To(BeNumerically(">", len(found)))
	Expect(found).To(HaveLen(len(bugs)), "%s", strings.Join(told(found), "\n"))
	for _, bug := range bugs {
		Expect(byCause(found, bug)).NotTo(BeEmpty(), "%s is not named: %s", bug, strings.Join(told(found), "\n"))
	}
	for _, f := range found {
		Expect(f.Minimal()).To(BeTrue())
		Expect(departs(bugs...)(f.Script)).To(BeTrue())
		Expect(f.Script.Len()).To(BeNumerically("<", 40))
	}
},
	Entry("one", "crlf-cut"),
	Entry("one of decoding", "invalid-per-byte"),
	Entry("one of time", "events-at-end"),
	Entry("one that fails", "no-colon-fails"),
	Entry("one that only the type shows", "default-type-empty"),
	Entry("two", "data-joined", "id-ignored"),
	Entry("two that meet in one value", "space-kept", "data-trimmed"),
	Entry("three that look like others together", "retry-empty-fails", "unknown-is-data", "value-trimmed-right"),
	Entry("three, of which two meet in one value", "invalid-kept", "id-number", "reserved-dropped"),
	Entry("four of a real decoder", "field-dispatches", "default-type-empty", "invalid-kept", "bom-kept"),
	Entry("four", "name-folded", "comment-is-data", "bom-kept", "retry-signed"),
)

var _ = Describe("A search", func() {
	It("finds the same for the same seed, however it is scheduled", func() {
		slow := broken(1500, "second-colon", "id-not-sticky")
		inner := slow.Parse
		var calls atomic.Int64
		slow.Parse = func(ctx context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
			for range calls.Add(1) % 7 * 100 {
				runtime.Gosched()
			}
			return inner(ctx, streams)
		}
		first, tally := run(broken(1500, "second-colon", "id-not-sticky"))
		again, other := run(slow)
		Expect(told(again)).To(Equal(told(first)))
		tally.Elapsed, other.Elapsed = 0, 0
		Expect(other).To(Equal(tally))
		Expect(first).NotTo(BeEmpty())
	})

	It("finds the same with one script at a time", Label("computes"), func() {
		s := broken(1000, "second-colon")
		s.Parse, s.Observe = nil, func(_ context.Context, s cases.Script) (spec.Trace, error) {
			chunks, _ := s.Stream()
			return parsed(chunks, []string{"second-colon"}), nil
		}
		first, _ := run(broken(1000, "second-colon"))
		again, _ := run(s)
		Expect(told(again)).To(Equal(told(first)))
		Expect(first).To(HaveLen(1))
	})

	It("finds nothing where the target conforms", Label("computes"), func() {
		found, tally := run(broken(20_000))
		Expect(found).To(BeEmpty())
		tally.Elapsed, tally.Clauses, tally.Corpus = 0, nil, 0
		Expect(tally).To(Equal(fuzz.Tally{Cases: 20_000, Next: 20_000}))
	})

	It("takes comments with and without the space that they may begin with", Label("computes"), func() {
		s := broken(5000)
		inner := s.Parse
		s.Parse = func(ctx context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
			list, err := inner(ctx, streams)
			for _, o := range list {
				for i, step := range o.Trace {
					if step.Kind == spec.Comment {
						o.Trace[i].Text = strings.TrimPrefix(step.Text, " ")
					}
				}
			}
			return list, err
		}
		found, tally := run(s)
		Expect(told(found)).To(BeEmpty())
		Expect(tally.Departures).To(BeZero())
	})

	DescribeTable("asks of a target with doubles for no time that no double holds", Label("computes"), func(longest int, departs bool) {
		s := broken(30_000)
		var dropped atomic.Int64
		s.Parse = func(_ context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
			list := make([]fuzz.Observed, len(streams))
			for i, chunks := range streams {
				all := parsed(chunks, nil)
				n := len(all)
				list[i].Trace = slices.DeleteFunc(all, func(s spec.Step) bool { return s.Kind == spec.Retry && len(s.Text) > longest })
				dropped.Add(int64(n - len(list[i].Trace)))
			}
			return list, nil
		}
		found, _ := run(s)
		Expect(dropped.Load()).To(BeNumerically(">", 0))
		Expect(len(found) > 0).To(Equal(departs), "%s", strings.Join(told(found), "\n"))
	},
		Entry("which those of more than 309 digits are", 309, false),
		Entry("which those of 13 digits are not", 12, true),
	)

	It("puts exactly the cases that it is asked for, and says which is next", func() {
		var put atomic.Int64
		s := broken(1000)
		s.First = 300
		inner := s.Parse
		s.Parse = func(ctx context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
			put.Add(int64(len(streams)))
			return inner(ctx, streams)
		}
		_, tally := run(s)
		Expect(put.Load()).To(BeEquivalentTo(1000))
		Expect(tally.Cases).To(Equal(1000))
		Expect(tally.Next).To(Equal(1300))
	})

	It("has nothing new where it goes on with what was found before", Label("computes"), func() {
		first, tally := run(broken(2000, "data-joined"))
		Expect(first).To(HaveLen(1))
		s := broken(2000, "data-joined")
		s.First = tally.Next
		for _, f := range first {
			s.Found = append(s.Found, f.Script)
		}
		again, tally := run(s)
		Expect(again).To(BeEmpty())
		Expect(tally.Explained).To(Equal(tally.Departures))
		Expect(tally.Departures).To(BeNumerically(">", 0))
	})

	It("learns the streams that do something new to the model, and counts the clauses", Label("computes"), func() {
		s := broken(2000)
		var learned []int
		s.Learned = func(n int, stream []byte) error {
			learned = append(learned, n)
			return nil
		}
		_, tally := run(s)
		Expect(learned).To(HaveLen(tally.Corpus))
		Expect(slices.IsSorted(learned)).To(BeTrue())
		Expect(len(tally.Clauses)).To(BeNumerically(">", 30))
		Expect(tally.Clauses).To(ContainElements("line-cr", "parse-bom-double", "field-id-nul", "parse-chunk-boundaries"))
	})

	It("tells departures that no suspect explains apart by rule and shape", Label("computes"), func() {
		s := broken(4000, "data-joined", "id-ignored")
		s.Suspects = fuzz.Suspects{}
		found, _ := run(s)
		var kinds []string
		for _, f := range found {
			Expect(f.Causes).To(BeEmpty())
			Expect(f.Minimal()).To(BeTrue())
			kinds = append(kinds, f.Rule+": "+string(f.Shape))
		}
		Expect(kinds).To(ContainElements("field-data-append: other data", "field-id: another last event ID"))
		Expect(kinds).To(HaveLen(len(slices.Compact(slices.Sorted(slices.Values(kinds))))))
	})

	DescribeTable("takes an event that the end of the stream brings for no other, also where no suspect does that", Label("computes"), func(bug string) {
		s := broken(4000, bug)
		s.Suspects.Models = slices.DeleteFunc(s.Suspects.Models, func(m fuzz.Model) bool { return m.Clause == "eof-discard" || m.Clause == "line-unterminated" })
		found, _ := run(s)
		Expect(found).To(HaveLen(1), "%s", strings.Join(told(found), "\n"))
		Expect(found[0].Shape).To(Equal(fuzz.AtEnd))
		Expect(found[0].Rule).To(Equal("eof-discard"))
		Expect(found[0].Offset).To(Equal(found[0].Script.Len()))
		Expect(found[0].Causes).To(BeEmpty())
	},
		Entry("of complete lines", "end-dispatches-lines"),
		Entry("of all lines", "end-dispatches"),
	)

	It("takes a target that does not say with which chunk a step came for what explains the rest", Label("computes"), func() {
		s := broken(4000, "end-dispatches-lines")
		inner := s.Parse
		s.Parse = func(ctx context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
			list, err := inner(ctx, streams)
			for _, o := range list {
				for i := range o.Trace {
					o.Trace[i].Chunk = -1
				}
			}
			return list, err
		}
		found, _ := run(s)
		Expect(byCause(found, "end-dispatches-lines")).To(HaveLen(1), "%s", strings.Join(told(found), "\n"))
	})

	It("says that a target is not stable, and calls nothing of that a finding", func() {
		s := broken(2000)
		var n atomic.Int64
		s.Parse = func(_ context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
			list := make([]fuzz.Observed, len(streams))
			for i, chunks := range streams {
				list[i].Trace = parsed(chunks, nil)
				if n.Add(1)%50 == 0 {
					list[i].Trace = append(list[i].Trace, spec.DispatchStep(spec.Event{Type: "message", Data: "ghost"}))
				}
			}
			return list, nil
		}
		found, tally := run(s)
		Expect(found).To(BeEmpty())
		Expect(len(tally.Unstable)).To(BeNumerically(">", 5))
		for _, u := range tally.Unstable {
			Expect(u.Departs).To(BeNumerically("<", u.Times))
		}
	})

	DescribeTable("makes a finding of a breakdown, as small as what brings it about",
		func(how string) {
			s := broken(3000)
			inner := s.Parse
			s.Parse = func(ctx context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
				list, err := inner(ctx, streams)
				for i, chunks := range streams {
					if strings.Contains(marked(chunks), "id: ") {
						list[i] = fuzz.Observed{Err: &fuzz.Breakdown{How: how, Detail: "exit status 2", Stderr: "panic: oh"}}
					}
				}
				return list, err
			}
			found, tally := run(s)
			Expect(found).To(HaveLen(1), "%v", told(found))
			Expect(chunksOf(found[0].Script)).To(Equal(`"id: "`))
			Expect(found[0].Broken).To(Equal(&fuzz.Breakdown{How: how, Detail: "exit status 2", Stderr: "panic: oh"}))
			Expect(tally.Departures).To(BeNumerically(">", 10))
		},
		Entry("a crash", "crashed"),
		Entry("a hang", "hung"),
		Entry("garbage", "garbage"),
	)

	It("names no clause for a breakdown, and says what happened", func() {
		s := broken(300)
		s.Parse = func(_ context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
			return slices.Repeat([]fuzz.Observed{{Err: &fuzz.Breakdown{How: "hung"}}}, len(streams)), nil
		}
		found, _ := run(s)
		Expect(found).To(HaveLen(1))
		Expect(found[0].Rule).To(BeEmpty())
		Expect(found[0].Name()).To(HavePrefix("hung-"))
		c := found[0].Case("mine 1")
		Expect(c.Title).To(Equal("The target hung"))
		Expect(c.Clauses).To(Equal([]string{"delivery"}))
	})

	It("tells of the first breakdown after eight cases", func() {
		var put atomic.Int64
		s := broken(0)
		s.Parse = func(_ context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
			put.Add(int64(len(streams)))
			list := slices.Repeat([]fuzz.Observed{{Err: fuzz.ErrNotPut}}, len(streams))
			list[0].Err = &fuzz.Breakdown{How: "crashed"}
			return list, nil
		}
		var tally fuzz.Tally
		for f, err := range s.Run(context.Background(), &tally) {
			Expect(err).NotTo(HaveOccurred())
			Expect(f.Broken.How).To(Equal("crashed"))
			break
		}
		Expect(put.Load()).To(BeNumerically("<", 200), "a batch of 256 was not waited for")
	})

	It("puts again what a breakdown kept from being looked at", func() {
		s := broken(2000, "data-joined")
		inner := s.Parse
		s.Parse = func(ctx context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
			list, err := inner(ctx, streams)
			for i := 1; i < len(list) && len(list) <= s.Window; i++ {
				list[i] = fuzz.Observed{Err: fuzz.ErrNotPut}
			}
			return list, err
		}
		s.Window = 4
		found, tally := run(s)
		Expect(found).To(HaveLen(1))
		Expect(found[0].Minimal()).To(BeTrue())
		Expect(tally.Unstable).To(BeEmpty())
	})

	It("counts neither as right nor as wrong what nobody knows", func() {
		s := broken(1000)
		inner := s.Parse
		s.Parse = func(ctx context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
			list, err := inner(ctx, streams)
			for i := range list {
				if i%2 == 1 {
					list[i] = fuzz.Observed{Err: &fuzz.Unknown{Reason: "a bug of the adapter"}}
				}
			}
			return list, err
		}
		found, tally := run(s)
		Expect(found).To(BeEmpty())
		Expect(tally.Unstable).To(BeEmpty())
		Expect(tally.Cases).To(Equal(500))
		Expect(tally.Unknown).To(Equal(500))
		Expect(tally.Stopped).To(BeEmpty())
	})

	It("gives up where nothing is known of any stream", func() {
		s := broken(0)
		s.Parse = func(_ context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
			return slices.Repeat([]fuzz.Observed{{Err: &fuzz.Unknown{Reason: "not this"}}}, len(streams)), nil
		}
		_, tally := run(s)
		Expect(tally.Cases).To(BeZero())
		Expect(tally.Stopped).To(ContainSubstring("of no stream it is known"))
	})

	It("settles what is known when its time is over, and goes on behind that", func() {
		s := broken(0)
		s.For = 100 * time.Millisecond
		s.Parse = func(ctx context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
			list := slices.Repeat([]fuzz.Observed{{Err: fuzz.ErrNotPut}}, len(streams))
			if ctx.Done() != nil && len(streams) == 8 {
				<-ctx.Done()
			}
			for i := range min(5, len(list)) {
				ghost := spec.DispatchStep(spec.Event{Type: "message", Data: "ghost"})
				list[i] = fuzz.Observed{Trace: append(parsed(streams[i], nil), ghost)}
			}
			return list, ctx.Err()
		}
		found, tally := run(s)
		Expect(found).To(HaveLen(1), "the first is enough then")
		Expect(tally.Cases).To(Equal(5))
		Expect(tally.Next).To(Equal(5))
	})

	It("gives up on a target that breaks down over everything", func() {
		s := broken(0)
		s.Parse = func(_ context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
			return slices.Repeat([]fuzz.Observed{{Err: &fuzz.Breakdown{How: "crashed"}}}, len(streams)), nil
		}
		found, tally := run(s)
		Expect(found).To(HaveLen(1))
		Expect(found[0].Script.Len()).To(BeZero())
		Expect(tally.Stopped).To(ContainSubstring("breaks down again and again"))
	})

	DescribeTable("ends with any other error", func(inList bool) {
		gone := errors.New("the target is gone")
		s := broken(0)
		s.Parse = func(_ context.Context, streams [][][]byte) ([]fuzz.Observed, error) {
			if inList {
				return slices.Repeat([]fuzz.Observed{{Err: gone}}, len(streams)), nil
			}
			return nil, gone
		}
		var tally fuzz.Tally
		var errs []error
		for _, err := range s.Run(context.Background(), &tally) {
			errs = append(errs, err)
		}
		Expect(errs).To(Equal([]error{gone}))
	},
		Entry("of a call", false),
		Entry("of one stream", true),
	)

	It("ends with the context, and says how far it came", func() {
		ctx, cancel := context.WithCancel(context.Background())
		s := broken(0)
		s.Seen = func(t fuzz.Tally) {
			if t.Cases >= 1000 {
				cancel()
			}
		}
		var tally fuzz.Tally
		var last error
		for _, err := range s.Run(ctx, &tally) {
			last = err
		}
		Expect(last).To(MatchError(context.Canceled))
		Expect(tally.Next).To(Equal(tally.Cases))
		Expect(tally.Cases).To(BeNumerically(">=", 1000))
	})

	It("ends with the context also while it works out what explains a departure", func() {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		s := broken(300, "data-joined")
		traced := 0
		for i, m := range s.Suspects.Models {
			s.Suspects.Models[i].Trace = func(script cases.Script) spec.Trace {
				traced++
				cancel()
				return m.Trace(script)
			}
		}
		var tally fuzz.Tally
		var last error
		for _, err := range s.Run(ctx, &tally) {
			last = err
		}
		Expect(last).To(MatchError(context.Canceled))
		Expect(traced).To(Equal(1))
	})

	It("stops where nobody wants more", func() {
		n := 0
		var tally fuzz.Tally
		for _, err := range broken(0, "crlf-only").Run(context.Background(), &tally) {
			Expect(err).NotTo(HaveOccurred())
			n++
			break
		}
		Expect(n).To(Equal(1))
	})

	It("wants something to observe scripts with", func() {
		var tally fuzz.Tally
		var last error
		for _, err := range (&fuzz.Search{Count: 1}).Run(context.Background(), &tally) {
			last = err
		}
		Expect(last).To(MatchError(ContainSubstring("nothing to observe")))
	})
})
