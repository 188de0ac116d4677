package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/browser"
	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/reports"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/spec"
)

// A listing is one thing that `ssespec list` knows.
type listing struct {
	name, short string
	rows        func(all []cases.Case) (columns []string, rows [][]any)
}

// listings is the table of all.
var listings = []listing{ // never written to
	{"cases", "every case: id, level, first clause, title", listCases},
	{"clauses", "every normative clause, and how many cases cite it and mutants break it (json: which)", listClauses},
	{"mutants", "deliberately broken clients and servers, and the clause that each breaks", listMutants},
	{"deliveries", "the ways in which a stream can be cut", listDeliveries},
	{"hints", "the mistakes that lint knows by name", listHints},
	{"browsers", "the browsers that can be checked, and which are installed", listBrowsers},
}

// listNames returns all that can be listed or printed.
func listNames() (names []string) {
	for _, l := range listings {
		names = append(names, l.name)
	}
	return append(names, "case-schema", "config-schema", "report-schema")
}

func newList() *cobra.Command {
	var s selecting
	var format string
	names := listNames()
	cmd := &cobra.Command{
		Use:   "list [" + strings.Join(names, "|") + "]",
		Short: "List cases, clauses, mutants and more, or print a schema",
		Example: `  ssespec list
  ssespec list cases --clause dispatch-empty-data
  ssespec list clauses --format json
  ssespec list report-schema > report.schema.json`,
		ValidArgs: names,
		Args:      cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			what := "cases"
			if len(args) == 1 {
				what = args[0]
			}
			if format != "text" && format != "json" {
				return usage("--format is text or json, not %q", format)
			}
			return list(cmd.OutOrStdout(), what, format, names, &s)
		},
	}
	s.flags(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "text or json")
	return cmd
}

func list(w io.Writer, what, format string, names []string, s *selecting) error {
	switch what {
	case "report-schema":
		return listReportSchema(w)
	case "case-schema":
		return indented(w, cases.Schema())
	case "config-schema":
		return indented(w, configSchema())
	}
	_, all, err := s.load()
	if err != nil {
		return err
	}
	for _, l := range listings {
		if l.name == what {
			columns, rows := l.rows(all)
			return table(w, format, columns, rows)
		}
	}
	return usage("there is no list of %q%s", what, cases.DidYouMean(what, names))
}

// table writes rows as aligned text, or as a JSON list of objects.
func table[T any](w io.Writer, format string, columns []string, rows [][]T) error {
	if format == "json" {
		objects := make([]map[string]T, len(rows))
		for i, row := range rows {
			objects[i] = map[string]T{}
			for j, c := range columns {
				objects[i][c] = row[j]
			}
		}
		return indented(w, objects)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				fmt.Fprint(t, "\t")
			}
			fmt.Fprint(t, cell)
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

func indented(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func listCases(all []cases.Case) (columns []string, rows [][]any) {
	for _, c := range all {
		rows = append(rows, []any{c.ID, string(c.Level), c.Clauses[0], c.Title})
	}
	return []string{"id", "level", "clause", "title"}, rows
}

// names are a number in text and a list in JSON.
type names []string

func (n names) String() string { return strconv.Itoa(len(n)) }

func listClauses(all []cases.Case) (columns []string, rows [][]any) {
	citing, breaking := map[string]names{}, map[string]names{}
	for _, c := range all {
		for _, id := range c.Clauses {
			citing[id] = append(citing[id], c.ID)
		}
	}
	for _, m := range reference.Mutants() {
		breaking[m.Clause] = append(breaking[m.Clause], m.Name)
	}
	for _, m := range reference.ServerMutants() {
		if c, ok := caseOf(all, m); ok {
			for _, id := range c.Clauses {
				breaking[id] = append(breaking[id], serverPrefix+m.Name)
			}
		}
	}
	for c := range spec.Clauses() {
		rows = append(rows, []any{c.ID, c.Level, c.Binds, append(names{}, citing[c.ID]...), append(names{}, breaking[c.ID]...), c.Summary})
	}
	return []string{"id", "level", "binds", "cases", "mutants", "text"}, rows
}

func listDeliveries([]cases.Case) (columns []string, rows [][]any) {
	return []string{"name", "text"}, [][]any{
		{cases.AsWritten, "the chunks as the case has them"},
		{cases.Whole, "in one chunk"},
		{cases.Bytes, "byte by byte"},
		{cases.CutEOL, "cut after every CR and every LF"},
		{"cut-N", "one cut, after byte N"},
		{cases.Empty, "empty chunks before, between and after (parsers)"},
		{"random-SEED", "cut at places that the seed draws"},
		{cases.Cut16K, "cut every 16 KiB (streams above 64 KiB)"},
	}
}

func listBrowsers([]cases.Case) (columns []string, rows [][]any) {
	for _, e := range browser.Engines() {
		there := e.Program()
		if there == "" {
			there = "not installed: " + e.Install
		}
		rows = append(rows, []any{e.Name, e.Title, there})
	}
	return []string{"name", "title", "program"}, rows
}

func deliveryNames() []string {
	return []string{cases.AsWritten, cases.Whole, cases.Bytes, cases.CutEOL, cases.Empty, cases.Cut16K, "cut-1", "random-1"}
}

func listReportSchema(w io.Writer) error {
	schema, err := reports.Schema()
	if err != nil {
		return err
	}
	return indented(w, schema)
}
