package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// commandLine returns what the user asked for as words: the verb, the flags
// that differ from their default, and the arguments.
func commandLine(cmd *cobra.Command) []string {
	words := strings.Fields(cmd.CommandPath())
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
			words = append(words, "--"+f.Name, one)
		}
		return words
	default:
		if v.Type() == "bool" {
			return []string{"--" + f.Name}
		}
		return []string{"--" + f.Name, v.String()}
	}
}
