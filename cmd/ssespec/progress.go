package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner"
)

// progress is one line that is written again and again, on a terminal only.
type progress struct {
	w     io.Writer
	total int
	on    bool
}

func (p progress) show(results []runner.Result) {
	if p.on {
		n := reports.Count(results)
		fmt.Fprintf(p.w, "\r\x1b[K%d of %d cases, %d failed", len(results), p.total, n.Fail+n.Error)
	}
}

func (p progress) clear() {
	if p.on {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// writeFile writes a file whole or not at all: beside its place first.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // nothing is left there after the rename
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return err
	}
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
