package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/lint"
)

// mostOfURL is how much of a stream is read from a URL.
const mostOfURL = 16 << 20

// linting are the flags of lint.
type linting struct {
	format string
	strict bool
	time   time.Duration
	asking
}

func newLint() *cobra.Command {
	var f linting
	cmd := &cobra.Command{
		Use:   "lint [FILE|URL|-]",
		Short: "Say what is wrong with a captured or live stream, and what was probably meant",
		Long: `Lint an event stream: what breaks the grammar of the standard (error), what is
lost although it was surely meant (warning), what a client ignores (advice). Each
finding has line, column, clause, and what to do. The first line names the main
mistake. Without argument, or with -, standard input is read.

A file may be what curl -i or curl -v has written (with 2>&1: lines that begin
with "* ", "> " or "< " are then curl's); the head is judged as well, and lines
are counted as in the file. A URL is read for --for, up to 16 MiB.

Exit status: 0; 1 on errors (--strict: on warnings too); 2 wrong usage; 3 the URL
cannot be reached; 130 interrupted, after what was found so far.`,
		Example: `  ssespec lint capture.txt
  ssespec lint http://127.0.0.1:8080/events --for 3s
  curl -iN --max-time 5 https://example.org/events | ssespec lint
  curl -vN --max-time 5 https://example.org/events > capture.txt 2>&1; ssespec lint capture.txt
  ssespec lint --format github --strict capture.txt`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.run(cmd, args)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "text", "text, json or github (annotations of GitHub Actions)")
	flags.BoolVar(&f.strict, "strict", false, "a warning counts as an error")
	flags.DurationVar(&f.time, "for", 8*time.Second, "how long a URL is read")
	f.asking.flags(cmd)
	completeWith(cmd, "format", func() []string { return lintFormatNames() })
	return cmd
}

func (f *linting) run(cmd *cobra.Command, args []string) error {
	write, known := lintFormats[f.format]
	if !known {
		return usage("unknown format %q%s: there is %s", f.format, cases.DidYouMean(f.format, lintFormatNames()), strings.Join(lintFormatNames(), ", "))
	}
	isURL := len(args) == 1 && isHTTP(args[0])
	if err := f.valid(cmd, isURL); err != nil {
		return err
	}
	read := f.readFile
	if isURL {
		read = f.readURL
	}
	in, err := read(cmd, args)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := write(&text, in); err != nil {
		return err
	}
	f.secrets.Mask(text.Bytes()) // a stream may hold what it was asked with
	_, err = cmd.OutOrStdout().Write(text.Bytes())
	return errors.Join(err, f.status(in))
}

func isHTTP(arg string) bool {
	return strings.HasPrefix(arg, "http://") || strings.HasPrefix(arg, "https://")
}

func (f *linting) valid(cmd *cobra.Command, isURL bool) error {
	if f.time <= 0 {
		return usage("a time limit must be above 0, not %v", f.time)
	}
	for _, name := range []string{"for", "method", "header", "header-env", "body", "ca", "cert", "key", "insecure"} {
		if cmd.Flags().Changed(name) && !isURL {
			return usage("--%s belongs to a URL: ssespec lint http://127.0.0.1:8080/events", name)
		}
	}
	return f.asking.valid()
}

// linted is what was read, and found.
type linted struct {
	name        string // as it is shown
	file        string // its path, "" if it is none
	report      lint.Report
	note        string // why the reading stopped before the end
	interrupted bool
}

func (f *linting) status(in linted) error {
	switch {
	case in.interrupted:
		return status(exitInterrupted)
	case in.report.Count(lint.Error) > 0, f.strict && in.report.Count(lint.Warning) > 0:
		return status(exitDeparts)
	}
	return nil
}

// readFile lints a file or standard input.
func (f *linting) readFile(cmd *cobra.Command, args []string) (linted, error) {
	in := linted{name: "<stdin>"}
	if len(args) == 1 && args[0] != "-" {
		in.name, in.file = printable(args[0]), args[0]
		if err := noFile(args[0]); err != nil {
			return in, err
		}
	} else if stdin, ok := cmd.InOrStdin().(*os.File); ok && isTerminal(stdin) {
		fmt.Fprintln(cmd.ErrOrStderr(), "ssespec: reading the stream from this terminal; end it with Ctrl-D")
	}
	body, err := open(cmd.Context(), cmd.InOrStdin(), args)
	if err != nil {
		return in, err
	}
	defer body.Close()
	var c lint.Capture
	err = feed(cmd.Context(), body, c.Feed)
	switch {
	case cmd.Context().Err() != nil:
		in.interrupted, in.note, in.report = true, "interrupted", c.Cut()
	case err != nil:
		return in, usage("%s: %w", in.name, err)
	default:
		in.report = c.End()
	}
	return in, nil
}

// noFile says why an argument that is no URL is no file either.
func noFile(arg string) error {
	info, err := os.Stat(arg)
	switch {
	case arg == "":
		return usage("an empty argument is no file (is a variable unset?)")
	case err == nil && info.IsDir():
		return usage("%s is a directory: lint wants a file, a URL or -", printable(arg))
	case errors.Is(err, fs.ErrNotExist) && meantURL(arg) != "":
		return usage("there is no file %s (did you mean %s?)", printable(bare(arg)), printable(bare(meantURL(arg))))
	}
	return nil
}

// feed hands on what in holds, until its end or that of ctx. A read of standard
// input cannot be broken off: it is left to end with the process.
func feed(ctx context.Context, in io.Reader, take func([]byte)) error {
	chunks, done := make(chan []byte), make(chan error, 1)
	go func() { done <- readChunks(ctx, in, chunks) }()
	for {
		select {
		case chunk := <-chunks:
			take(chunk)
		case err := <-done:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func readChunks(ctx context.Context, in io.Reader, chunks chan<- []byte) error {
	for {
		chunk := make([]byte, 64<<10)
		n, err := in.Read(chunk)
		if n > 0 {
			select {
			case chunks <- chunk[:n]:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
