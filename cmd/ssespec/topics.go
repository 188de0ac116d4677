package main

import (
	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
)

// newHelp is the verb that explains others. Unlike cobra's own it does not
// take a word that nobody knows for success.
func newHelp(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [TOPIC]",
		Short: "Explain a verb or a topic",
		RunE: func(_ *cobra.Command, args []string) error {
			about, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return usage("no help on %q%s", args[0], cases.DidYouMean(args[0], verbs(root)))
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}

// checkShells makes a shell that nobody knows a mistake.
func checkShells(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	completion, _, err := root.Find([]string{"completion"})
	if err != nil {
		return // there are no completions
	}
	completion.Args = cobra.ArbitraryArgs
	completion.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usage("no completion for %q: there is bash, zsh, fish and powershell", args[0])
		}
		return cmd.Help()
	}
}

// topics is the table of all.
var topics = []struct{ name, short, text string }{ // never written to
	{"exit-status", "What the exit status says", exitstatusText},
	{"verdicts", "What became of a case", verdictsText},
	{"baselines", "Departures that are known", baselinesText},
	{"adapters", "How to attach an implementation", adaptersText},
}

// newTopics returns the help topics: commands that only explain.
func newTopics() []*cobra.Command {
	var commands []*cobra.Command
	for _, t := range topics {
		commands = append(commands, &cobra.Command{Use: t.name, Short: t.short, Long: t.text})
	}
	return commands
}

const exitstatusText = `The first that applies:

  130  interrupted: partial reports were written and say so
  2    wrong usage, a bad case file, nothing selected, or everything was skipped
  3    the target could not be started or reached, or a verdict is "error"
  1    the target departs from the standard (a "fail"; with --strict a "warn")
  4    an entry of the baseline is stale or matches nothing
  0    none of these

Under "go run" every failure becomes 1: in CI install the binary.
`

const verdictsText = `  pass   the whole trace is right: no step too few, none too many
  fail   a MUST is broken
  warn   a SHOULD is not met, or a departure that the standard leaves open
  skip   not put, for the reason given (a capability that is not declared)
  error  the adapter, this machine or ssespec broke: never the target's fault

A case has the level of its first clause. A case of level "may" never fails or
warns: it reports an outcome. "rule" is the clause at which the bytes went wrong,
the case's clauses say why the case exists.
`

const baselinesText = `A baseline lists what is known to fail, so that CI is red for news only:

  target: {name: eventsource, versions: ">=5 <6"}
  entries:
  - {case: "interpreting/id/*", verdict: fail, rule: dispatch-id-sticky, reason: "reported", issue: "https://…", until: "2027-06-01"}

  ssespec client --write-baseline known.yaml -- node adapter.mjs   writes one, keeping reasons
  ssespec client --baseline known.yaml -- node adapter.mjs         uses it

Its cases still run. An entry whose cases pass is stale, one that matches no case
an orphan: exit 4. After its day (until) an entry has expired and the failure
counts; another rule or verdict than recorded is a change and counts as well.
`

const adaptersText = `An adapter is a process. It reads JSON lines on standard input and writes JSON
lines on standard output, each flushed at once:

  <- {"hello":{"protocol":1,"kind":"parser","name":"mine","version":"1.0","parallel":8}}
  -> {"parse":{"run":"1","chunks":["ZGF0YTogYQo=","Cg=="]}}
  <- {"run":"1","step":"dispatch","event":{"type":"message","data":"a","lastEventId":""}}
  <- {"run":"1","step":"end"}

kind is parser (bytes in, events out), client (URL in, an EventSource) or
stream-reader (URL in, one connection). A client gets
{"subscribe":{"run":"2","url":"http://127.0.0.1:…","types":["message"]}} and
{"close":{"run":"2"}}, and reports announce, dispatch, reestablish, fail and end.

A test service written for LaunchDarkly's SSE contract tests is one too, unchanged:

  ssespec client --service http://127.0.0.1:8000/

It is asked for GET /, told by POST / {"streamUrl","callbackUrl","tag",…} to open a
stream, posts {"kind":"event","event":{"type","data","id"}} to <callbackUrl>/1, /2
and so on, and is told by DELETE of the stream's Location to end it.

The page runner/adapters/README.md has a skeleton and the usual mistakes.
`
