package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/rogpeppe/go-internal/testscript"
)

// patience only makes a spec fail that would never end.
const patience = 30 * time.Second

// TestMain makes the test binary the program itself, and the adapters that the
// tests attach to it, when it is started under one of their names.
func TestMain(m *testing.M) {
	commands := adapters()
	commands["ssespec"] = main
	commands["bytes"] = decodeBytes
	os.Unsetenv("GITHUB_STEP_SUMMARY") // what the specs run is no summary of the step in which they run
	testscript.Main(m, commands)
}

// decodeBytes is `ssespec decode` of its argument, which has the escapes of Go.
func decodeBytes() {
	text, err := strconv.Unquote(`"` + os.Args[1] + `"`)
	if err != nil {
		leave(err.Error(), 8)
	}
	os.Exit(execute(context.Background(), []string{"decode"}, strings.NewReader(text), os.Stdout, os.Stderr))
}

func TestCommand(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "ssespec")
}

// TestScripts runs the program as users do, so it is built as they build it, without
// the race detector. Besides the commands of testscript there is `status N COMMAND
// ARG...`: the command ends with exactly that status.
func TestScripts(t *testing.T) {
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", bin+string(filepath.ListSeparator)+e.Getenv("PATH"))
			e.Setenv("GORACE", "atexit_sleep_ms=0") // else each adapter takes 1 s to exit under -race
			captures, err := filepath.Abs("../../runner/lint/testdata/curl")
			e.Setenv("CURL", captures)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"status": expectStatus},
	})
}

func expectStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got, err = exit.ExitCode(), nil
	}
	ts.Check(err)
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}
