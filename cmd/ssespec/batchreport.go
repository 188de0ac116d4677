package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/ssespec/ssespec/browser"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/spec"
)

// A batchReport tells what one engine made of a batch.
type batchReport struct {
	flags   *batchFlags
	engine  browser.Engine
	version string
	tally   browser.Tally
}

// mostShown is how many departures are shown in full.
const mostShown = 20

func (r batchReport) write(w io.Writer) error {
	var b strings.Builder
	for _, d := range r.tally.New[:min(mostShown, len(r.tally.New))] {
		r.departure(&b, d)
	}
	if more := len(r.tally.New) - mostShown; more > 0 {
		fmt.Fprintf(&b, "… %d more\n\n", more)
	}
	r.causes(&b)
	r.summary(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// departure shows one that nothing explains.
func (r batchReport) departure(b *strings.Builder, d browser.Departure) {
	got, note := d.Again, ""
	switch {
	case d.Broken != "":
		note = "alone the browser breaks down over it: " + spec.Quote(d.Broken)
	case !d.Repeats():
		got, note = d.Got, "alone it is as the model: put with others it was not"
	}
	fmt.Fprintf(b, "NEW   stream %d of seed %d in %s %s\n", r.flags.first+d.Number, r.flags.seed, r.engine.Title, r.version)
	if act, differs := spec.Divergence(d.Stream, d.Want, got); differs && d.Broken == "" {
		clause, _ := spec.ClauseByID(act.Clause)
		labelled(b, "rule", fmt.Sprintf("%s, diverged at byte %d   %s", act.Clause, act.Offset, clause.URL))
	}
	labelled(b, "sent", spec.Quote(string(d.Stream)))
	at := d.Want.CommonPrefix(got)
	labelled(b, "want", about(d.Want, at)...)
	labelled(b, "got", about(got, at)...)
	if note != "" {
		labelled(b, "note", note)
	}
	labelled(b, "again", reports.ShellCommand(r.command(d.Number)))
	b.WriteByte('\n')
}

// command puts one stream of the batch again.
func (r batchReport) command(number int) []string {
	return []string{"ssespec", "compare", "--browser", r.engine.Name, "--batch", "1", "--first", strconv.Itoa(r.flags.first + number), "--seed", strconv.FormatUint(r.flags.seed, 10)}
}

// labelled writes lines under one label.
func labelled(b *strings.Builder, label string, lines ...string) {
	for _, l := range lines {
		fmt.Fprintf(b, "      %-6s %s\n", label, l)
		label = ""
	}
}

// about shows the steps of a trace around number at.
func about(t spec.Trace, at int) (lines []string) {
	const before, after = 2, 6
	for i, s := range t {
		if i >= at-before && i <= at+after {
			lines = append(lines, s.String())
		}
	}
	if hidden := len(t) - len(lines); hidden > 0 {
		lines = append(lines, fmt.Sprintf("(%d steps more before and after)", hidden))
	}
	if len(lines) == 0 {
		return []string{"nothing"}
	}
	return lines
}

// causes names each known cause with the number of streams that it explains.
func (r batchReport) causes(b *strings.Builder) {
	known := r.tally.Known
	for _, cause := range slices.Sorted(maps.Keys(known)) {
		fmt.Fprintf(b, "known  %s %s: %s (%d streams; the first: --first %d --batch 1)\n",
			r.engine.Title, r.version, cause, len(known[cause]), r.flags.first+known[cause][0])
	}
}

func (r batchReport) summary(b *strings.Builder) {
	t := r.tally
	explained := map[int]bool{}
	for _, numbers := range t.Known {
		for _, n := range numbers {
			explained[n] = true
		}
	}
	fmt.Fprintf(b, "%s %s: %d streams in %.1f s, %.0f a second (%d of them on a connection with others): %d as the model, %d with known causes, %d NEW\n",
		r.engine.Title, r.version, t.Streams, t.Elapsed.Seconds(), float64(t.Streams)/t.Elapsed.Seconds(), t.Together,
		t.Streams-len(explained)-len(t.New), len(explained), len(t.New))
	if t.Stopped {
		fmt.Fprintf(b, "stopped: too many of the first %d streams depart or are more than the browser takes\n", t.Streams)
	}
}
