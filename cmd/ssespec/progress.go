package main

import (
	"fmt"
	"io"

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
