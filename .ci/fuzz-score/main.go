// Command fuzz-score says how many of the mutants `ssespec fuzz client` finds: each
// mutant of parsers as an adapter process, and pairs of them drawn from a seed. Each
// is searched twice with the same seed, and both must write the same files, byte for
// byte. It fails where fewer than 95 % are found with a case that is 1-minimal.
//
//	go run ./.ci/fuzz-score [-count 20000] [-pairs N] [-every N] [-seed 1]
package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/spec"
)

// A target is an adapter with these bugs, and what came of the search.
type target struct {
	bugs    []string
	found   bool // a case that is 1-minimal and that a client with the bugs fails
	named   int  // bugs that a finding names
	files   int
	same    bool
	problem string
}

// A score is how the targets of one kind fared.
type score struct{ targets, found, named, bugs, same, files int }

const wanted = 95 // of a hundred

func main() {
	count := flag.Int("count", 20_000, "streams for each search")
	pairs := flag.Int("pairs", 100, "pairs of mutants")
	every := flag.Int("every", 1, "only every so many mutants")
	seed := flag.Uint64("seed", 1, "of the searches, and of the pairs")
	flag.Parse()
	dir, err := os.MkdirTemp("", "fuzz-score-")
	if err == nil {
		err = run(dir, *count, *pairs, *every, *seed)
		os.RemoveAll(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "fuzz-score:", err)
		os.Exit(1)
	}
}

func run(dir string, count, pairs, every int, seed uint64) error {
	program := filepath.Join(dir, "ssespec")
	if out, err := exec.Command("go", "build", "-o", program, "./cmd/ssespec").CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	single, double := targets(pairs, every, seed)
	start := time.Now()
	put := func(list []*target) score {
		each(list, func(t *target) { t.search(dir, program, count, seed) })
		return sum(list)
	}
	ok := put(single).tell("mutants") && put(double).tell("pairs of mutants")
	fmt.Printf("%d streams each, twice, in %.0f s\n", count, time.Since(start).Seconds())
	if !ok {
		return fmt.Errorf("want %d %% found, and the same files twice", wanted)
	}
	return nil
}

// targets returns the mutants of parsers one by one, and pairs of them.
func targets(pairs, every int, seed uint64) (single, double []*target) {
	others := map[string]bool{}
	for _, m := range reference.ConnectionMutants() {
		others[m.Name] = true
	}
	var names []string
	for _, m := range reference.Mutants() {
		if !others[m.Name] {
			names = append(names, m.Name)
		}
	}
	for i := 0; i < len(names); i += every {
		single = append(single, &target{bugs: names[i : i+1]})
	}
	r := rand.New(rand.NewPCG(seed, 0))
	for range pairs {
		i := r.IntN(len(names))
		j := (i + 1 + r.IntN(len(names)-1)) % len(names)
		double = append(double, &target{bugs: []string{names[i], names[j]}})
	}
	return single, double
}

// each does it for every target, two at once.
func each(list []*target, do func(*target)) {
	var workers sync.WaitGroup
	next := make(chan *target)
	for range 2 {
		workers.Go(func() {
			for t := range next {
				do(t)
			}
		})
	}
	for _, t := range list {
		next <- t
	}
	close(next)
	workers.Wait()
}

// search searches the target twice.
func (t *target) search(dir, program string, count int, seed uint64) {
	name := strings.Join(t.bugs, "+")
	first, err := t.once(filepath.Join(dir, "first", name), program, count, seed)
	if err != nil {
		t.problem = err.Error()
		return
	}
	second, err := t.once(filepath.Join(dir, "second", name), program, count, seed)
	if err != nil {
		t.problem = err.Error()
		return
	}
	t.same = slices.Equal(first, second)
}

// once searches the target and returns the files that were written, name and text.
func (t *target) once(out, program string, count int, seed uint64) (files []string, err error) {
	args := []string{"fuzz", "client", "--count", strconv.Itoa(count), "--seed", strconv.FormatUint(seed, 10), "--out", out, "--", program, "adapter"}
	for _, b := range t.bugs {
		args = append(args, "--bug", b)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != 1 {
		return nil, fmt.Errorf("%w: %s", err, stderr.Bytes())
	}
	if strings.Contains(stdout.String(), "not as small as it gets") {
		t.problem = "a finding is not 1-minimal"
	}
	names, err := filepath.Glob(filepath.Join(out, "*.yaml"))
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files = append(files, filepath.Base(name), string(text))
	}
	t.files = len(names)
	return files, cmp.Or(err, t.judge(names))
}

// judge looks at the cases: one must be failed by a client with the bugs.
func (t *target) judge(files []string) error {
	named := map[string]bool{}
	for _, f := range files {
		found, err := cases.LoadFile(f)
		if err != nil {
			return err
		}
		for _, c := range found {
			got, right := reference.Plain{Bugs: t.bugs}.Trace(c.Script), c.Script.Trace()
			late := slices.EqualFunc(got, right, func(a, b spec.Step) bool { return a.Chunk == b.Chunk })
			t.found = t.found || t.problem == "" && (!got.Equal(right) || !late)
			for _, m := range c.Kills.Mutants {
				named[m] = named[m] || slices.Contains(t.bugs, m)
			}
		}
	}
	t.named = 0
	for _, yes := range named {
		if yes {
			t.named++
		}
	}
	return nil
}

func sum(list []*target) (s score) {
	for _, t := range list {
		s.targets++
		s.bugs += len(t.bugs)
		s.named += t.named
		s.files += t.files
		if t.found {
			s.found++
		}
		if t.same {
			s.same++
		}
		if !t.found || !t.same {
			fmt.Printf("%s: found %v, the same files twice %v %s\n", strings.Join(t.bugs, " and "), t.found, t.same, t.problem)
		}
	}
	return s
}

// tell prints the score and reports whether it is good enough.
func (s score) tell(what string) bool {
	fmt.Printf("%d %s: %d found with a 1-minimal case (%.1f %%), %d of %d bugs named, %d case files; %d wrote the same files twice\n",
		s.targets, what, s.found, 100*float64(s.found)/float64(s.targets), s.named, s.bugs, s.files, s.same)
	return 100*s.found >= wanted*s.targets && s.same == s.targets
}
