package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
)

// adoptFlags are the flags of `ssespec cases adopt`.
type adoptFlags struct{ into, id, title string }

func newCasesAdopt() *cobra.Command {
	var f adoptFlags
	cmd := &cobra.Command{
		Use:   "adopt FILE --into FILE --id NAME",
		Short: "Take a finding into a file of cases",
		Long: `Take the case in FILE, as ssespec fuzz writes it, into another file of cases: a new
one where there is none. Its id says the fact and is stable for ever; a title that
says it too takes the place of the clause's.`,
		Example: `  ssespec cases adopt found/line-crlf-9cf09593.yaml --into cases/parsing/lines.yaml --id crlf-cut-after-data \
      --title 'A CR at the end of a chunk and the LF of the next are one line end'`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return f.adopt(cmd.OutOrStdout(), args[0]) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.into, "into", "", "the `file` that it is taken into")
	fl.StringVar(&f.id, "id", "", "its `name` there: small letters, digits, hyphens")
	fl.StringVar(&f.title, "title", "", "the fact, one `sentence` without a point (default the one in FILE)")
	return cmd
}

func (f *adoptFlags) adopt(w io.Writer, name string) error {
	if f.into == "" || f.id == "" {
		return usage("want --into FILE and --id NAME: where the case goes, and what it is called there")
	}
	found, err := cases.LoadFile(name)
	switch {
	case err != nil:
		return usage("%w", err)
	case len(found) != 1:
		return usage("%s has %d cases: adopt takes a file with one", name, len(found))
	}
	c := found[0]
	c.ID = strings.TrimSuffix(path.Base(f.into), ".yaml") + "/" + f.id
	c.Since = cases.Version
	if f.title != "" {
		c.Title = f.title
	}
	text, err := f.text(c)
	if err != nil {
		return usage("%w", err)
	}
	if err := writeFile(f.into, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return usage("--into: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s: %s\n", f.into, c.Title)
	return err
}

// text is that of the file with the case in it.
func (f *adoptFlags) text(c cases.Case) ([]byte, error) {
	before, err := os.ReadFile(f.into)
	if errors.Is(err, fs.ErrNotExist) {
		var b strings.Builder
		err := cases.Write(&b, "Taken from findings of ssespec fuzz.", c)
		return []byte(b.String()), err
	}
	if err != nil {
		return nil, err
	}
	return cases.Adopt(f.into, before, c)
}
