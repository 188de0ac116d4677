package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commandLine returns what the user asked for as words: the verb, the flags
// that differ from their default, and the arguments.
func commandLine(cmd *cobra.Command) []string {
	words := []string{"ssespec"}
	if cmd.Name() != "ssespec" {
		words = append(words, cmd.Name())
	}
	cmd.Flags().Visit(func(f *pflag.Flag) { words = append(words, flagWords(f)...) })
	args, dash := cmd.Flags().Args(), cmd.ArgsLenAtDash()
	if dash < 0 {
		return append(words, args...)
	}
	return append(append(append(words, args[:dash]...), "--"), args[dash:]...)
}

func flagWords(f *pflag.Flag) (words []string) {
	switch {
	case f.Value.Type() == "bool" && f.Value.String() == "true":
		return []string{"--" + f.Name}
	case f.Value.Type() == "bool":
		return []string{"--" + f.Name + "=" + f.Value.String()}
	}
	for _, v := range valuesOf(f) {
		words = append(words, flagWord(f.Name, v)...)
	}
	return words
}

// flagWord returns a flag and its value, in one word where the value could be
// taken for a flag.
func flagWord(name, value string) []string {
	if strings.HasPrefix(value, "-") {
		return []string{"--" + name + "=" + value}
	}
	return []string{"--" + name, value}
}

// givenValues are the flags that were given or that the environment sets, one a
// row.
func givenValues(flags *pflag.FlagSet) (rows [][]string) {
	flags.Visit(func(f *pflag.Flag) {
		origin := "flag"
		if keys := f.Annotations[environment]; keys != nil {
			origin = "environment " + keys[0]
		}
		rows = append(rows, []string{"--" + f.Name, strings.Join(valuesOf(f), ", "), origin})
	})
	return rows
}

// environmentName returns the variable that stands in for a flag.
func environmentName(f *pflag.Flag) string {
	return "SSESPEC_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
}
