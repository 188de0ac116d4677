package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/spf13/cobra"

	"github.com/ssespec/ssespec/cases"
)

// templates are what `ssespec init` writes. Their names end in .tmpl, so that
// no tool takes them for sources of this module.
//
//go:embed templates
var templates embed.FS

// A language is one row of what `ssespec init` can write.
type language struct {
	name   string
	files  []templateFile // the first one is the adapter
	start  []string       // the command of the adapter
	build  string         // the command before that, "" where there is none
	action string         // sets the runtime up in CI, "" where it is there
	option string         // of the action
}

// A templateFile is written to the path to; {kind} in from is client or parser.
type templateFile struct{ from, to string }

func languages() []language {
	return []language{
		{name: "js", files: []templateFile{{"js/{kind}.mjs", "adapter.mjs"}}, start: []string{"node", "adapter.mjs"},
			action: "actions/setup-node@v4", option: "node-version: lts/*"},
		{name: "python", files: []templateFile{{"python/{kind}.py", "adapter.py"}}, start: []string{"python3", "adapter.py"},
			action: "actions/setup-python@v5", option: "python-version: 3.x"},
		{name: "go", files: []templateFile{{"go/{kind}.go", "main.go"}, {"go/go.mod", "go.mod"}}, start: []string{"./ssespec-adapter"},
			build: "go build ."},
		{name: "rust", files: []templateFile{{"rust/{kind}.rs", "src/main.rs"}, {"rust/{kind}.Cargo.toml", "Cargo.toml"}},
			start: []string{"target/debug/ssespec-adapter"}, build: "cargo build"},
		{name: "java", files: []templateFile{{"java/{kind}.java", "Adapter.java"}}, start: []string{"java", "Adapter.java"},
			action: "actions/setup-java@v4", option: "{distribution: temurin, java-version: 17}"},
	}
}

// initFlags are the flags of `ssespec init`.
type initFlags struct {
	parser bool
	force  bool
	dir    string
}

func newInit() *cobra.Command {
	var f initFlags
	cmd := &cobra.Command{
		Use:   "init LANGUAGE",
		Short: "Write an adapter skeleton, a config and a CI job",
		Long: `Write an adapter of at most 40 lines, .ssespec.yaml and a GitHub Actions job into
the working directory. LANGUAGE is ` + strings.Join(languageNames(), ", ") + `. The adapter works as it
is, with a naive stand-in for your library; the line marked FILL IN is where your
library goes. A file that is there is never overwritten without --force: nothing
at all is written then.`,
		Example: `  ssespec init js
  ssespec init rust --parser --dir conformance`,
		Args:      cobra.ArbitraryArgs,
		ValidArgs: languageNames(),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("init wants one language of %s: ssespec init js", strings.Join(languageNames(), ", "))
			}
			l, err := languageByName(args[0])
			if err != nil {
				return err
			}
			return f.write(cmd.OutOrStdout(), l)
		},
	}
	cmd.Flags().BoolVar(&f.parser, "parser", false, "an adapter of a parser (bytes in), not of a client (URL in)")
	cmd.Flags().BoolVar(&f.force, "force", false, "overwrite files that are there")
	cmd.Flags().StringVar(&f.dir, "dir", ".", "write into this `folder`")
	return cmd
}

func languageNames() (names []string) {
	for _, l := range languages() {
		names = append(names, l.name)
	}
	return names
}

func languageByName(name string) (language, error) {
	for _, l := range languages() {
		if l.name == name {
			return l, nil
		}
	}
	near := cases.DidYouMean(name, languageNames())
	return language{}, usage("unknown language %q%s: init knows %s", name, near, strings.Join(languageNames(), ", "))
}

// A skeletonFile is one file that is to be written.
type skeletonFile struct {
	name string // with slashes, below the folder
	text []byte
}

// write writes the skeleton of l, all of it or nothing, and says what is next.
func (f initFlags) write(w io.Writer, l language) error {
	files, err := f.skeleton(l)
	if err != nil {
		return err
	}
	if err := f.vacant(files); err != nil {
		return err
	}
	for _, file := range files {
		if err := f.put(file); err != nil {
			return usage("%w", err)
		}
	}
	_, err = io.WriteString(w, f.nextSteps(l, files))
	return err
}

// skeleton returns the files of l, the adapter first.
func (f initFlags) skeleton(l language) (files []skeletonFile, err error) {
	kind := "client"
	if f.parser {
		kind = "parser"
	}
	for _, t := range l.files {
		text, err := templates.ReadFile(path.Join("templates", strings.ReplaceAll(t.from, "{kind}", kind)+".tmpl"))
		if err != nil {
			return nil, err
		}
		files = append(files, skeletonFile{t.to, text})
	}
	for _, t := range []templateFile{{"ssespec.yaml", configName}, {"workflow.yml", ".github/workflows/ssespec.yml"}} {
		text, err := f.fill(t.from, l)
		if err != nil {
			return nil, err
		}
		files = append(files, skeletonFile{t.to, text})
	}
	return files, nil
}

// fill executes the template of that name for l.
func (f initFlags) fill(name string, l language) ([]byte, error) {
	t, err := template.ParseFS(templates, "templates/"+name+".tmpl")
	if err != nil {
		return nil, err
	}
	type setup struct{ Action, Option string }
	values := struct {
		Start, Folder, Build string
		Setup                *setup
	}{Start: strings.Join(l.start, ", "), Folder: f.folder(), Build: l.build}
	if l.action != "" {
		values.Setup = &setup{l.action, l.option}
	}
	var b bytes.Buffer
	err = t.Execute(&b, values)
	return b.Bytes(), err
}

// folder is where CI finds the files: --dir as seen from the root of the
// repository, if that is the working directory.
func (f initFlags) folder() string {
	if !filepath.IsLocal(f.dir) {
		return "."
	}
	return fmt.Sprintf("%q", filepath.ToSlash(filepath.Clean(f.dir)))
}

// vacant refuses when one of the files is there.
func (f initFlags) vacant(files []skeletonFile) error {
	var taken []string
	for _, file := range files {
		name := f.below(file.name)
		_, err := os.Lstat(name)
		switch {
		case err == nil && !f.force:
			taken = append(taken, name)
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return usage("%w", err)
		}
	}
	if len(taken) > 0 {
		return usage("nothing was written, for there is %s already (--force overwrites, --dir writes elsewhere)", strings.Join(taken, ", "))
	}
	return nil
}

func (f initFlags) below(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

func (f initFlags) put(file skeletonFile) error {
	name := f.below(file.name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	how := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if !f.force {
		how |= os.O_EXCL // it may have come since we looked
	}
	out, err := os.OpenFile(name, how, 0o644)
	if err != nil {
		return err
	}
	_, err = out.Write(file.text)
	return errors.Join(err, out.Close())
}

// nextSteps says what was written and which commands come next.
func (f initFlags) nextSteps(l language, files []skeletonFile) string {
	var b strings.Builder
	for _, file := range files {
		fmt.Fprintf(&b, "wrote %s\n", f.below(file.name))
	}
	start := strings.Join(l.start, " ")
	b.WriteString("\nnext\n")
	if filepath.Clean(f.dir) != "." {
		fmt.Fprintf(&b, "  cd %s    # and move .github to the root of the repository\n", f.dir)
	}
	fmt.Fprintf(&b, "  1. put your library into %s, line %d (FILL IN), and delete the stand-in\n", files[0].name, markedLine(files[0].text))
	if l.build != "" {
		fmt.Fprintf(&b, "     %s\n", l.build)
	}
	fmt.Fprintf(&b, "  2. ssespec doctor -- %s\n  3. ssespec client -- %s\n", start, start)
	return b.String()
}

// markedLine is the number of the line that is to be filled in.
func markedLine(text []byte) int {
	before, _, _ := bytes.Cut(text, []byte("FILL IN"))
	return bytes.Count(before, []byte("\n")) + 1
}
