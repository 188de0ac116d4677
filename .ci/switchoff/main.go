// Command switchoff copies the plain parser of runner/reference with every switch
// off: what is only there for bugs goes, and what is left is the parser that its
// operator mutants are made of.
//
//	switchoff FROM TO FILE...
package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"

	"golang.org/x/tools/go/ast/astutil"
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, "switchoff:", err)
		os.Exit(1)
	}
}

func run(from, to string, names []string) error {
	p := &plain{fset: token.NewFileSet()}
	p.imports = importer.ForCompiler(p.fset, "source", nil)
	for _, name := range names {
		file, err := parser.ParseFile(p.fset, filepath.Join(from, name+".go"), nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		file.Name.Name = filepath.Base(to)
		p.files = append(p.files, file)
	}
	for n := 0; p.pass(); n++ {
		if n == 50 {
			return errors.New("it does not come to an end")
		}
	}
	p.unswitch()
	if len(p.errs) > 0 {
		return fmt.Errorf("what is left does not compile: %v", p.errs)
	}
	for i, file := range p.files {
		var text bytes.Buffer
		if err := format.Node(&text, p.fset, file); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, names[i]+".go"), text.Bytes(), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// plain is the code on its way.
type plain struct {
	fset    *token.FileSet
	imports types.Importer
	files   []*ast.File
	errs    []string // what the compiler says of it, and no pass can mend
	changed bool
}

// pass simplifies once more, and reports whether there may be more to do.
func (p *plain) pass() bool {
	p.changed, p.errs = false, nil
	for _, file := range p.files {
		astutil.Apply(file, nil, func(c *astutil.Cursor) bool {
			p.expression(c)
			p.statement(c)
			return true
		})
	}
	p.constant()
	p.locals()
	p.uncalled()
	p.unused()
	p.unread()
	return p.changed
}
