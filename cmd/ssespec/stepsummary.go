package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/ssespec/ssespec/reports"
)

// summarize appends the Markdown report to the summary of the step, where GitHub
// Actions runs us and the user wants it. What others wrote there stays: GitHub takes
// the file only up to a size, and drops all of one that is longer.
func (o *output) summarize(run reports.Run) error {
	name := os.Getenv("GITHUB_STEP_SUMMARY")
	if !o.stepSummary || os.Getenv("GITHUB_ACTIONS") != "true" || name == "" {
		return nil
	}
	taken, err := sizeOf(name)
	if err != nil {
		return err
	}
	text := reports.Markdown(run, reports.MaxMarkdown-taken-len("\n"))
	if len(text) == 0 {
		return fmt.Errorf("%s has %d bytes already, and GitHub takes %d: nothing was added", name, taken, reports.MaxMarkdown)
	}
	if taken > 0 {
		text = append([]byte("\n"), text...)
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// sizeOf is the size of a file, 0 where there is none.
func sizeOf(name string) (int, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 0, nil
	case err != nil:
		return 0, err
	}
	return int(info.Size()), nil
}
