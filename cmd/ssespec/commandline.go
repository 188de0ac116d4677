package main

import (
	"os"
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
	switch v := f.Value.(type) {
	case pflag.SliceValue:
		for _, one := range v.GetSlice() {
			words = append(words, flagWord(f.Name, one)...)
		}
		return words
	default:
		switch {
		case v.Type() == "bool" && v.String() == "true":
			return []string{"--" + f.Name}
		case v.Type() == "bool":
			return []string{"--" + f.Name + "=" + v.String()}
		}
		return flagWord(f.Name, v.String())
	}
}

// flagWord returns a flag and its value, in one word where the value could be
// taken for a flag.
func flagWord(name, value string) []string {
	if strings.HasPrefix(value, "-") {
		return []string{"--" + name + "=" + value}
	}
	return []string{"--" + name, value}
}

// environmentValues are the flags of cmd that the environment sets, one a row.
func environmentValues(cmd *cobra.Command) (rows [][]string) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if value, set := os.LookupEnv(environmentName(f)); set {
			rows = append(rows, []string{"--" + f.Name, value, "environment " + environmentName(f)})
		}
	})
	return rows
}

// environmentName returns the variable that stands in for a flag.
func environmentName(f *pflag.Flag) string {
	return "SSESPEC_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
}
