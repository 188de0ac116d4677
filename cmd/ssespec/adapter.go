package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/runner/reference"
	"github.com/ssespec/ssespec/runner/stdio"
	"github.com/ssespec/ssespec/runner/target"
)

func newAdapter() *cobra.Command {
	var switched bugs
	var kind string
	cmd := &cobra.Command{
		Use:   "adapter [--bug NAME]... [--kind parser|client]",
		Short: "Be an adapter: a plain implementation, with bugs on demand",
		Long: `Speak the adapter protocol on standard input and output, for a small
implementation that is built in. It conforms; each --bug bends one line of it
(ssespec list mutants). To see what your tools, your CI or your baseline make of
a target that departs, and how the protocol looks from the other side.`,
		Example: `  ssespec client -- ssespec adapter
  ssespec client -- ssespec adapter --bug crlf-cut --bug bom-kept
  ssespec doctor -- ssespec adapter --kind client`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			it, err := builtIn(kind, switched)
			if err != nil {
				return err
			}
			return serve(cmd.Context(), it, cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
	switched.flag(cmd)
	cmd.Flags().StringVar(&kind, "kind", "parser", "what it presents itself as: parser or client")
	completeWith(cmd, "kind", func() []string { return []string{"parser", "client"} })
	return cmd
}

// builtIn returns the plain implementation of that kind with the bugs switched on.
func builtIn(kind string, b bugs) (stdio.Served, error) {
	if err := b.valid(); err != nil {
		return nil, err
	}
	switch target.Profile(kind) {
	case target.Parser:
		return reference.Plain{Bugs: b}, nil
	case target.Client:
		return reference.PlainClient{Bugs: b}, nil
	}
	return nil, usage("--kind is parser or client, not %q%s", kind, cases.DidYouMean(kind, []string{"parser", "client"}))
}

// serve serves until the input or ctx ends. A read of standard input cannot be
// broken off: it is left to end with the process.
func serve(ctx context.Context, it stdio.Served, in io.Reader, out io.Writer) error {
	done := make(chan error, 1)
	go func() { done <- stdio.Serve(ctx, it, in, out) }()
	select {
	case err := <-done:
		if ctx.Err() == nil {
			return err
		}
	case <-ctx.Done():
	}
	return status(exitInterrupted)
}
