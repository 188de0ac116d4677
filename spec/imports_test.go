package spec_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

const project = "github.com/ssespec/ssespec/"

// A direction is one of the architecture's rules: files of packages in which it
// holds must not import what it forbids.
type direction struct {
	rule    string
	holds   func(pkg string, test bool) bool
	forbids func(pkg, imported string) bool
}

// within reports whether pkg is one of the packages or below one.
func within(pkg string, packages ...string) bool {
	return slices.ContainsFunc(packages, func(p string) bool { return pkg == p || strings.HasPrefix(pkg, p+"/") })
}

// ours returns the package of this project that is imported, "" for another's.
func ours(imported string) string {
	pkg, found := strings.CutPrefix(imported, project)
	if !found {
		return ""
	}
	return pkg
}

// thirdParty reports whether the import is neither ours nor the standard library's.
func thirdParty(imported string) bool {
	host, _, _ := strings.Cut(imported, "/")
	return strings.Contains(host, ".") && ours(imported) == ""
}

// code makes a rule hold in what is built, not in tests, of these packages.
func code(packages ...string) func(string, bool) bool {
	return func(pkg string, test bool) bool { return !test && within(pkg, packages...) }
}

// targets are the packages that are put to the test, and not what tests them.
func targets() []string {
	return []string{"browser", "runner/stdio", "runner/service", "runner/reference"}
}

// except forbids every package of ours that is not allowed.
func except(allowed ...string) func(pkg, imported string) bool {
	return func(pkg, imported string) bool {
		p := ours(imported)
		return p != "" && !slices.Contains(allowed, p) && !within(p, pkg)
	}
}

// forbid forbids the packages of ours and those below them.
func forbid(packages ...string) func(pkg, imported string) bool {
	return func(_, imported string) bool { return within(ours(imported), packages...) }
}

// worldly are the packages of the standard library that touch the world.
func worldly(imported string) bool {
	return within(imported, "net", "os", "syscall", "io/ioutil", "log", "plugin", "runtime/debug", "testing") || imported == "C"
}

func directions() []direction {
	all := func(string, bool) bool { return true }
	return []direction{
		{"1: spec imports nothing of the project and touches nothing of the world", code("spec"), func(pkg, imported string) bool {
			return thirdParty(imported) || worldly(imported) || imported == "unsafe" || ours(imported) != "" && (pkg == "spec" || ours(imported) != "spec")
		}},
		{"1: only tests import spec/literal", func(_ string, test bool) bool { return !test }, forbid("spec/literal")},
		{"2: of this project cases imports only spec", code("cases"), except("spec")},
		{"2: YAML is for cases and the readers of baseline and config", func(pkg string, test bool) bool {
			return !test && !within(pkg, "cases", "runner/baseline", "cmd/ssespec")
		}, func(_, imported string) bool {
			return within(imported, "go.yaml.in", "gopkg.in", "github.com/goccy/go-yaml")
		}},
		{"3: targets import neither the runner nor each other", code(targets()...), func(pkg, imported string) bool {
			p := ours(imported)
			return p == "runner" || within(p, "runner/origin") || within(p, targets()...) && !sameTarget(pkg, p)
		}},
		{"3: of the targets only runner/reference imports cases", code("browser", "runner/stdio", "runner/service", "runner/target"), forbid("cases")},
		{"3: runner/target imports only spec", code("runner/target"), except("spec")},
		{"3: runner/origin imports cases and what is below", code("runner/origin"), except("cases", "spec")},
		{"3: runner/lint imports only spec", code("runner/lint"), except("spec")},
		{"3: runner/probe and runner/secret import nothing of the project", code("runner/probe", "runner/secret"), except()},
		{"3: runner/observe judges what was recorded", code("runner/observe"), except("runner/lint", "runner/probe", "spec")},
		{"3: runner/observe touches nothing of the world", code("runner/observe"), func(_, imported string) bool {
			return worldly(imported) && imported != "net/http"
		}},
		{"3: runner/survey sends what runner/observe needs", code("runner/survey"), except("runner/observe", "runner/probe", "runner/secret", "runner/target", "spec")},
		{"3: runner/launch starts servers", code("runner/launch"), except("runner/group", "runner/target")},
		{"4: fuzz imports neither the runner nor what is above", code("fuzz"), except("cases", "spec")},
		{"5: nothing below reports knows them", func(pkg string, test bool) bool { return !test && !within(pkg, "cmd", "reports") }, forbid("reports")},
		{"5: nobody imports cmd", func(pkg string, _ bool) bool { return !within(pkg, "cmd") }, forbid("cmd")},
		{"6: the runner sees no target", func(pkg string, test bool) bool { return !test && pkg == "runner" }, forbid(targets()...)},
		{"6: reports see no target", code("reports"), forbid(targets()...)},
		{"8: Ginkgo and Gomega are for tests and runner/ssespecginkgo", func(pkg string, test bool) bool {
			return !test && !within(pkg, "runner/ssespecginkgo")
		}, func(_, imported string) bool { return within(imported, "github.com/onsi") }},
		{"8: the command does not reach Ginkgo by way of runner/ssespecginkgo", func(_ string, test bool) bool { return !test }, forbid("runner/ssespecginkgo")},
		{"7: no package is called util, common or types", all, func(pkg, imported string) bool {
			return ours(imported) != "" && vague(ours(imported)) || vague(pkg)
		}},
	}
}

// sameTarget reports whether two packages belong to one target.
func sameTarget(a, b string) bool {
	return slices.ContainsFunc(targets(), func(t string) bool { return within(a, t) && within(b, t) })
}

func vague(pkg string) bool {
	return slices.Contains([]string{"util", "utils", "common", "types"}, path.Base(pkg))
}

// violations returns the rules that a file breaks. src is its text.
func violations(name string, src []byte) (broken []string, err error) {
	file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	pkg, test := path.Dir(name), strings.HasSuffix(name, "_test.go")
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		for _, d := range directions() {
			if d.holds(pkg, test) && d.forbids(pkg, imported) {
				broken = append(broken, fmt.Sprintf("%s: imports %s (rule %s)", name, imported, d.rule))
			}
		}
	}
	return broken, nil
}

// sources yields the name and text of each Go file of the module.
func sources(root fs.FS, visit func(name string, src []byte)) error {
	return fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && foreign(root, name):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		src, err := fs.ReadFile(root, name)
		if err == nil {
			visit(name, src)
		}
		return err
	})
}

// foreign reports whether a directory is no part of this module.
func foreign(root fs.FS, dir string) bool {
	base := path.Base(dir)
	_, err := fs.Stat(root, dir+"/go.mod")
	return err == nil || base == "testdata" || base == "node_modules" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")
}

// moduleRoot returns the directory of go.mod, upwards from the package's own.
func moduleRoot() string {
	dir := "."
	for range 8 {
		if _, err := os.Stat(dir + "/go.mod"); err == nil {
			return dir
		}
		dir += "/.."
	}
	Fail("there is no go.mod above this package")
	return ""
}

var _ = Describe("The direction of imports", func() {
	It("is kept by every file of the repository", func() {
		packages := map[string]int{}
		var broken []string
		Expect(sources(os.DirFS(moduleRoot()), func(name string, src []byte) {
			packages[path.Dir(name)]++
			found, err := violations(name, src)
			Expect(err).NotTo(HaveOccurred())
			broken = append(broken, found...)
		})).To(Succeed())
		Expect(broken).To(BeEmpty())
		files := 0
		for _, n := range packages {
			files += n
		}
		Expect(files).To(BeNumerically(">", 100), "files seen")
		for _, pkg := range []string{"spec", "spec/literal", "cases", "fuzz", "runner", "runner/target", "runner/origin", "runner/stdio", "runner/lint", "reports", "cmd/ssespec"} {
			Expect(packages).To(HaveKey(pkg))
		}
	})

	DescribeTable("is reported when broken", func(name, imported string, rule any) {
		found, err := violations(name, fmt.Appendf(nil, "package p\n\nimport %q\n", imported))
		Expect(err).NotTo(HaveOccurred())
		if rule == nil {
			Expect(found).To(BeEmpty())
			return
		}
		Expect(found).To(ContainElement(And(HavePrefix(name+": imports "+imported), ContainSubstring(rule.(string)))))
	},
		Entry("spec to cases", "spec/a.go", project+"cases", "rule 1"),
		Entry("spec to the network", "spec/a.go", "net/http", "rule 1"),
		Entry("spec to files", "spec/a.go", "os", "rule 1"),
		Entry("spec to YAML", "spec/a.go", "go.yaml.in/yaml/v3", "rule 1"),
		Entry("spec to literal", "spec/a.go", project+"spec/literal", "rule 1"),
		Entry("literal to spec is right", "spec/literal/a.go", project+"spec", nil),
		Entry("a test to literal is right", "cases/a_test.go", project+"spec/literal", nil),
		Entry("code to literal", "runner/a.go", project+"spec/literal", "rule 1"),
		Entry("cases to the runner", "cases/a.go", project+"runner", "rule 2"),
		Entry("YAML in reports", "reports/a.go", "go.yaml.in/yaml/v3", "rule 2"),
		Entry("YAML in cases is right", "cases/a.go", "go.yaml.in/yaml/v3", nil),
		Entry("a target to the runner", "runner/stdio/a.go", project+"runner", "rule 3"),
		Entry("a target to another", "browser/a.go", project+"runner/stdio", "rule 3"),
		Entry("a target to cases", "runner/service/a.go", project+"cases", "rule 3"),
		Entry("the reference to cases is right", "runner/reference/a.go", project+"cases", nil),
		Entry("a target to its words is right", "runner/stdio/a.go", project+"runner/target", nil),
		Entry("the linter to the runner", "runner/lint/a.go", project+"runner/target", "rule 3"),
		Entry("the linter to the model is right", "runner/lint/a.go", project+"spec", nil),
		Entry("the probe to what judges", "runner/probe/a.go", project+"spec", "rule 3"),
		Entry("the judge to the network", "runner/observe/a.go", "net", "rule 3"),
		Entry("the judge to the names of statuses is right", "runner/observe/a.go", "net/http", nil),
		Entry("the judge to what asks", "runner/observe/a.go", project+"runner/survey", "rule 3"),
		Entry("the survey to the runner", "runner/survey/a.go", project+"runner", "rule 3"),
		Entry("the launcher to the survey", "runner/launch/a.go", project+"runner/survey", "rule 3"),
		Entry("fuzz to the runner", "fuzz/a.go", project+"runner/origin", "rule 4"),
		Entry("the runner to reports", "runner/a.go", project+"reports", "rule 5"),
		Entry("reports to the runner is right", "reports/a.go", project+"runner", nil),
		Entry("anybody to cmd", "reports/a.go", project+"cmd/ssespec", "rule 5"),
		Entry("the runner to a target", "runner/a.go", project+"runner/reference", "rule 6"),
		Entry("a test to a target and the runner is right", "runner/a_test.go", project+"runner/reference", nil),
		Entry("anything to util", "runner/a.go", project+"runner/util", "rule 7"),
		Entry("a package named types", "cases/types/a.go", "strings", "rule 7"),
		Entry("code to Ginkgo", "runner/a.go", "github.com/onsi/ginkgo/v2", "rule 8"),
		Entry("code to Gomega", "cmd/ssespec/a.go", "github.com/onsi/gomega", "rule 8"),
		Entry("a test to Ginkgo is right", "spec/a_test.go", "github.com/onsi/ginkgo/v2", nil),
		Entry("the Ginkgo front to Gomega is right", "runner/ssespecginkgo/a.go", "github.com/onsi/gomega", nil),
	)
})
