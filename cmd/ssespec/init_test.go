package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// skeletons is a row for each skeleton: language and flag.
func skeletons() (rows []TableEntry) {
	for _, l := range languages() {
		rows = append(rows, Entry("of a client in "+l.name, l, false), Entry("of a parser in "+l.name, l, true))
	}
	return rows
}

// installed is a row for each skeleton whose runtime is on this machine.
func installed() (rows []TableEntry, missing []string) {
	for _, l := range languages() {
		if _, err := exec.LookPath(l.runtime()); err != nil {
			missing = append(missing, l.runtime())
			continue
		}
		rows = append(rows, Entry("of a client in "+l.name, l, false), Entry("of a parser in "+l.name, l, true))
	}
	return rows, missing
}

// runtime is the program that the skeleton cannot do without.
func (l language) runtime() string {
	word, _, _ := strings.Cut(l.build, " ")
	if word == "" {
		return l.start[0]
	}
	return word
}

// program runs the command line in this process.
func program(args ...string) (status int, stdout, stderr string) {
	var out, err bytes.Buffer
	status = execute(context.Background(), args, strings.NewReader(""), &out, &err)
	return status, out.String(), err.String()
}

// skeletonIn writes the skeleton into a new folder.
func skeletonIn(l language, parser bool) string {
	GinkgoHelper()
	dir := GinkgoT().TempDir()
	args := []string{"init", l.name, "--dir", dir}
	if parser {
		args = append(args, "--parser")
	}
	status, _, stderr := program(args...)
	Expect(status).To(Equal(exitOK), stderr)
	return dir
}

// startOf builds the skeleton in dir and returns the command that starts it
// from any folder.
func startOf(l language, dir string) []string {
	GinkgoHelper()
	target := filepath.Join(dir, "target")
	if l.build != "" {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
		defer cancel()
		words := strings.Fields(l.build)
		build := exec.CommandContext(ctx, words[0], words[1:]...)
		build.Dir = dir
		build.Env = append(os.Environ(), "CARGO_TARGET_DIR="+target, "GOWORK=off", "GOFLAGS=")
		out, err := build.CombinedOutput()
		Expect(err).NotTo(HaveOccurred(), string(out))
	}
	start := append([]string{}, l.start...)
	last := len(start) - 1
	start[last] = filepath.Join(dir, filepath.FromSlash(start[last]))
	return start
}

var _ = Describe("the skeletons of init", func() {
	rows, missing := installed()

	It("are run wherever their runtime is", func() {
		AddReportEntry("runtimes that are not installed", strings.Join(missing, " "))
		if os.Getenv("CI") == "true" {
			Expect(missing).To(BeEmpty())
		}
	})

	DescribeTable("have 40 lines at most, one of them to fill in", func(l language, parser bool) {
		text, err := os.ReadFile(filepath.Join(skeletonIn(l, parser), filepath.FromSlash(l.files[0].to)))
		Expect(err).NotTo(HaveOccurred())
		Expect(strings.Count(string(text), "\n")).To(BeNumerically("<=", 40))
		Expect(text).To(HaveSuffix("\n"))
		Expect(strings.Count(string(text), "FILL IN")).To(Equal(1))
	}, skeletons())

	DescribeTable("have a config that names the adapter's command", func(l language, parser bool) {
		c, err := readConfig(filepath.Join(skeletonIn(l, parser), configName))
		Expect(err).NotTo(HaveOccurred())
		Expect(c.Targets).To(HaveLen(1))
		Expect(c.Targets[0].Client).To(Equal(l.start))
	}, skeletons())

	DescribeTable("pass doctor and an ordinary case as they are written", func(l language, parser bool) {
		start := startOf(l, skeletonIn(l, parser))
		status, stdout, stderr := program(append([]string{"doctor", "--start-timeout", "60s", "--patience", "60s", "--"}, start...)...)
		Expect(status).To(Equal(exitOK), stdout+stderr)
		Expect(stdout).To(HaveSuffix("the adapter is fine\n"))
		status, stdout, stderr = program(append([]string{"client", "--start-timeout", "60s", "--delivery", "as-written",
			"--run", "interpreting/data/two-lines", "--"}, start...)...)
		Expect(status).To(Equal(exitOK), stdout+stderr)
		Expect(stdout).To(ContainSubstring("1 cases: 1 passed"))
	}, rows)
})

var _ = Describe("init", func() {
	js, err := languageByName("js")
	It("knows js", func() { Expect(err).NotTo(HaveOccurred()) })

	It("writes nothing at all when one of the files is there, and names it", func() {
		dir := GinkgoT().TempDir()
		there := filepath.Join(dir, configName)
		Expect(os.WriteFile(there, []byte("mine"), 0o600)).To(Succeed())
		status, stdout, stderr := program("init", "js", "--dir", dir)
		Expect(status).To(Equal(exitUsage))
		Expect(stdout).To(BeEmpty())
		Expect(stderr).To(ContainSubstring("there is %s already", there))
		Expect(filesIn(dir)).To(ConsistOf(configName))
		Expect(os.ReadFile(there)).To(BeEquivalentTo("mine"))
	})

	It("overwrites with --force", func() {
		dir := skeletonIn(js, false)
		status, _, stderr := program("init", "js", "--parser", "--force", "--dir", dir)
		Expect(status).To(Equal(exitOK), stderr)
		Expect(os.ReadFile(filepath.Join(dir, "adapter.mjs"))).To(ContainSubstring("kind: 'parser'"))
	})

	It("writes into the folder of --dir, which it makes", func() {
		dir := filepath.Join(GinkgoT().TempDir(), "a", "b")
		status, stdout, stderr := program("init", "rust", "--dir", dir)
		Expect(status).To(Equal(exitOK), stderr)
		Expect(filesIn(dir)).To(ConsistOf("src/main.rs", "Cargo.toml", configName, ".github/workflows/ssespec.yml"))
		for _, name := range []string{"src/main.rs", "Cargo.toml"} {
			Expect(stdout).To(ContainSubstring("wrote %s\n", filepath.Join(dir, filepath.FromSlash(name))))
		}
	})

	DescribeTable("refuses with status 2", func(words string, args ...string) {
		status, stdout, stderr := program(append([]string{"init"}, args...)...)
		Expect(status).To(Equal(exitUsage))
		Expect(stdout).To(BeEmpty())
		Expect(stderr).To(ContainSubstring("%s", words))
	},
		Entry("an unknown language, with the nearest word", `unknown language "pyton" (did you mean "python"?)`, "pyton"),
		Entry("no language", "init wants one language of js, python, go, rust, java"),
		Entry("two languages", "init wants one language of js, python, go, rust, java", "js", "go"),
		Entry("an empty folder", "--dir is empty", "js", "--dir="),
	)
})

// filesIn lists the files below dir, with slashes.
func filesIn(dir string) (names []string) {
	GinkgoHelper()
	Expect(fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})).To(Succeed())
	return names
}
