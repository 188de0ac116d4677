package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/fuzz"
)

// A store is what a search keeps in folders: streams that others are made of, the
// number of the next case, and what it found.
type store struct {
	corpus, out string
	seed        uint64
	next        int
	found       []cases.Script // in out, from before
}

// resumption is what the file next.json in a corpus says.
type resumption struct {
	Seed uint64 `json:"seed"`
	Next int    `json:"next"`
}

const (
	nextFile   = "next.json"
	streamFile = "*.sse"
	mostStream = 64 << 10 // bytes of a file that is read as a stream
)

// openStore makes the folders where they are not there, and reads what is in them.
func openStore(corpus, out string, seed uint64) (*store, error) {
	s := &store{corpus: corpus, out: out, seed: seed}
	if err := errors.Join(folder("corpus", corpus), folder("out", out)); err != nil {
		return nil, &failure{exitUsage, err}
	}
	return s, errors.Join(s.recall(), s.resume())
}

// resume reads which case is next for this seed.
func (s *store) resume() error {
	if s.corpus == "" {
		return nil
	}
	name := filepath.Join(s.corpus, nextFile)
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var r resumption
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err == nil && r.Next < 0 {
		err = fmt.Errorf("cases are numbered from 0, not from %d", r.Next)
	}
	if err != nil {
		return usage("--corpus: %s says not which case is next (%v): remove it to begin anew", name, err)
	}
	if r.Seed == s.seed {
		s.next = r.Next
	}
	return nil
}

// remember writes which case is next.
func (s *store) remember(next int) error {
	if s.corpus == "" {
		return nil
	}
	return writeFile(filepath.Join(s.corpus, nextFile), func(w io.Writer) error {
		text, err := json.Marshal(resumption{s.seed, next})
		if err == nil {
			_, err = w.Write(append(text, '\n'))
		}
		return err
	})
}

// recall reads the findings that are there.
func (s *store) recall() error {
	if s.out == "" {
		return nil
	}
	files, err := filepath.Glob(filepath.Join(glob(s.out), "*.yaml"))
	if err != nil {
		return usage("--out: %w", err)
	}
	for _, name := range files {
		found, err := cases.LoadFile(name)
		if err != nil {
			return usage("--out: %w", err)
		}
		for _, c := range found {
			if c.OneStream() {
				s.found = append(s.found, c.Script)
			}
		}
	}
	return nil
}

// glob makes a name mean itself in a pattern.
func glob(name string) string {
	var b []rune
	for _, c := range name {
		if slices.Contains([]rune(`*?[\`), c) && filepath.Separator != '\\' {
			b = append(b, '\\')
		}
		b = append(b, c)
	}
	return string(b)
}

// seeds returns the streams of the embedded cases and those of the corpus.
func (s *store) seeds() (list [][]byte, err error) {
	all, err := embedded(cases.Clients)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if chunks, plain := c.Script.Stream(); plain {
			list = append(list, slices.Concat(chunks...))
		}
	}
	if s.corpus == "" {
		return list, nil
	}
	files, err := filepath.Glob(filepath.Join(glob(s.corpus), streamFile))
	for _, name := range files {
		stream, e := readStream(name)
		err = errors.Join(err, e)
		list = append(list, stream)
	}
	if err != nil {
		return nil, usage("--corpus: %w", err)
	}
	return list, nil
}

func readStream(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, mostStream))
}

// learn keeps a stream, by the number of its case.
func (s *store) learn(number int, stream []byte) error {
	if s.corpus == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(s.corpus, fmt.Sprintf("%d-%010d.sse", s.seed, number)), stream, 0o644)
}

// keep writes a finding as a case file, and what a target that broke down wrote to
// standard error beside it. It returns the file's name.
func (s *store) keep(f fuzz.Finding, c cases.Case) (string, error) {
	if s.out == "" {
		return "", nil
	}
	name := filepath.Join(s.out, f.Name()+".yaml")
	err := writeFile(name, func(w io.Writer) error { return cases.Write(w, "Found by ssespec fuzz.", c) })
	if err == nil && f.Broken != nil && f.Broken.Stderr != "" {
		err = os.WriteFile(filepath.Join(s.out, f.Name()+".stderr"), []byte(f.Broken.Stderr), 0o644)
	}
	return name, err
}
