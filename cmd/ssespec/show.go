package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

func newShow() *cobra.Command {
	return &cobra.Command{
		Use:     "show CASE",
		Short:   "Show a case: its bytes, expectation, clauses, and why it is there",
		Example: "  ssespec show interpreting/data/two-lines",
		Args:    cobra.ArbitraryArgs,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return caseIDs(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("show wants the id of one case: ssespec show interpreting/data/two-lines")
			}
			c, err := caseByID(args[0])
			if err != nil {
				return err
			}
			return showCase(cmd.OutOrStdout(), c)
		},
	}
}

func caseByID(id string) (cases.Case, error) {
	all, err := embedded()
	if err != nil {
		return cases.Case{}, err
	}
	for _, c := range all {
		if c.ID == id {
			return c, nil
		}
	}
	return cases.Case{}, usage("there is no case %q%s", id, cases.DidYouMean(id, cases.IDs(all)))
}

func showCase(w io.Writer, c cases.Case) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n\n", c.ID, c.Title)
	for _, id := range c.Clauses {
		clause, _ := spec.ClauseByID(id)
		fmt.Fprintf(&b, "clause   %s (%s, %s)\n         %s\n         %s\n", id, clause.Level, clause.Section, clause.Summary, clause.URL)
	}
	row(&b, "level", string(c.Level))
	row(&b, "about", c.About)
	row(&b, "seen", strings.Join(c.Seen, ", "))
	row(&b, "requires", strings.Join(c.Requires, ", "))
	row(&b, "since", c.Since)
	row(&b, "file", fmt.Sprintf("cases/%s:%d", c.File, c.Line))
	if c.Observed {
		b.WriteString("\nNothing is sent: ssespec server judges what a server answers by itself.\n")
		_, err := io.WriteString(w, b.String())
		return err
	}
	showBytes(&b, c)
	b.WriteString("\nexpect\n")
	for _, s := range c.Expect {
		fmt.Fprintf(&b, "  %s\n", s)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func row(b *strings.Builder, label, text string) {
	if text != "" {
		fmt.Fprintf(b, "%-8s %s\n", label, text)
	}
}

// hexBytes is up to where a chunk is shown in hex as well.
const hexBytes = 64

func showBytes(b *strings.Builder, c cases.Case) {
	for i, connection := range c.Script.Connections {
		fmt.Fprintf(b, "\nconnection %d\n", i+1)
		for _, chunk := range connection.Chunks() {
			fmt.Fprintf(b, "  %s\n", spec.Quote(string(chunk)))
			if len(chunk) <= hexBytes {
				fmt.Fprintf(b, "  % x\n", chunk)
			}
		}
	}
}
