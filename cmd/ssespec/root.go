package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ssespec/ssespec/cases"
	"github.com/ssespec/ssespec/spec"
)

// newRoot builds the command line. Every verb is one file of this folder.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "ssespec",
		Short: "Conformance tests for Server-Sent Events (WHATWG HTML §9.2)",
		Long: `ssespec checks implementations of Server-Sent Events against the text of the
standard, WHATWG HTML §9.2, byte by byte.`,
		Example: `  ssespec client                            the built-in reference client
  ssespec client -- node adapter.mjs        your client or parser
  ssespec server http://127.0.0.1:8080/     your server
  ssespec show interpreting/data/two-lines  one case, and why it is there
  ssespec fuzz client -- node adapter.mjs   what no case knows
  ssespec lint capture.txt                  what is wrong with a stream
  curl -sN URL | ssespec decode             a stream as JSON lines`,
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := noneEmpty(cmd.Flags()); err != nil {
				return err
			}
			return fromEnvironment(cmd.Flags())
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("unknown verb %q%s", args[0], cases.DidYouMean(args[0], verbs(cmd)))
			}
			return cmd.Help()
		},
		Args: cobra.ArbitraryArgs,
	}
	root.SetFlagErrorFunc(wrongFlag)
	root.AddCommand(newClient(), newServer(), newList(), newShow(), newDecode(), newLint(), newDoctor(), newDemo(), newAdapter(), newInit(), newCases(), newRun(), newCompare(), newFuzz(), newServe(), newConfig(), newReport(), newVersion())
	root.AddCommand(newTopics()...)
	root.SetHelpCommand(newHelp(root))
	checkShells(root)
	return root
}

func verbs(root *cobra.Command) (names []string) {
	for _, c := range root.Commands() {
		names = append(names, c.Name())
	}
	return names
}

// wrongFlag is the error for a flag that is none of the verb, or not as it wants it.
func wrongFlag(cmd *cobra.Command, err error) error {
	if unfit := (*pflag.InvalidValueError)(nil); errors.As(err, &unfit) && strings.HasPrefix(unfit.GetFlag().Value.Type(), "uint") {
		return usage("--%s %s: want a number from 0 (see %s --help)", unfit.GetFlag().Name, spec.Quote(unfit.GetValue()), cmd.CommandPath())
	}
	return usage("%v%s (see %s --help)", err, nearFlag(cmd, err), cmd.CommandPath())
}

// nearFlag names the flag that an unknown one was probably meant to be.
func nearFlag(cmd *cobra.Command, err error) string {
	_, name, found := strings.Cut(err.Error(), "unknown flag: --")
	if !found {
		return ""
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	near := cases.DidYouMean(name, known)
	return strings.Replace(near, `"`, `"--`, 1)
}

// noneEmpty refuses a flag with an empty value: it would select everything, or
// be as if it was not there.
func noneEmpty(flags *pflag.FlagSet) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		if err == nil && slices.Contains(valuesOf(f), "") {
			err = usage("--%s is empty (is a variable unset?)", f.Name)
		}
	})
	return err
}

// valuesOf returns what a flag was set to: one empty value, when it was set to
// nothing.
func valuesOf(f *pflag.Flag) []string {
	many, ok := f.Value.(pflag.SliceValue)
	if ok && len(many.GetSlice()) > 0 {
		return many.GetSlice()
	} else if ok {
		return []string{""}
	}
	return []string{f.Value.String()}
}

// environment is the annotation of a flag that was set from its variable.
const environment = "environment"

// fromEnvironment sets each flag that was not given from SSESPEC_<FLAG>.
func fromEnvironment(flags *pflag.FlagSet) (err error) {
	flags.VisitAll(func(f *pflag.Flag) {
		key := environmentName(f)
		value, set := os.LookupEnv(key)
		if !set || f.Changed || f.Name == "help" || err != nil {
			return
		}
		if value == "" {
			err = usage("%s is empty: unset it, or give it a value", key)
		} else if e := flags.Set(f.Name, value); e != nil {
			err = usage("%s: %v", key, e)
		}
		f.Annotations = map[string][]string{environment: {key}}
	})
	return err
}

// version is what the build knows of itself.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the versions of the tool, the suite and the standard",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			suite, err := embedded()
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(cmd.OutOrStdout(), versionText(suite))
			return err
		},
	}
}
