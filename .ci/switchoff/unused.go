package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// unused drops the variables and imports that the compiler would refuse.
func (p *plain) unused() {
	names, stale := map[token.Pos]bool{}, map[token.Pos]bool{}
	conf := types.Config{Importer: p.imports, Error: func(err error) {
		e := err.(types.Error)
		switch {
		case strings.HasPrefix(e.Msg, "declared and not used"), strings.HasSuffix(e.Msg, "imported and not used"), strings.Contains(e.Msg, "imported as") && strings.HasSuffix(e.Msg, "and not used"):
			names[e.Pos] = true
		case strings.HasPrefix(e.Msg, "no new variables"):
			stale[e.Pos] = true
		default:
			p.errs = append(p.errs, e.Error())
		}
	}}
	conf.Check("operators", p.fset, p.files, nil) //nolint:errcheck // told one by one above
	for _, file := range p.files {
		for _, imp := range slices.Clone(file.Imports) {
			if names[imp.Pos()] {
				astutil.DeleteImport(p.fset, file, strings.Trim(imp.Path.Value, `"`))
				p.changed = true
			}
		}
		astutil.Apply(file, nil, func(c *astutil.Cursor) bool {
			s, ok := c.Node().(*ast.AssignStmt)
			if !ok || s.Tok != token.DEFINE {
				return true
			}
			if stale[s.TokPos] {
				s.Tok, p.changed = token.ASSIGN, true
			}
			p.blank(c, s, func(e ast.Expr) bool { return names[e.Pos()] })
			return true
		})
	}
}

// blank assigns to nothing what nobody wants, and drops the statement where that
// is all.
func (p *plain) blank(c *astutil.Cursor, s *ast.AssignStmt, unwanted func(ast.Expr) bool) {
	left := 0
	for i, e := range s.Lhs {
		if unwanted(e) {
			s.Lhs[i] = ast.NewIdent("_")
			p.changed = true
		}
		if !is(s.Lhs[i], "_") {
			left++
		}
	}
	for i := len(s.Lhs) - 1; left > 0 && len(s.Lhs) == len(s.Rhs) && i >= 0; i-- {
		if is(s.Lhs[i], "_") && harmless(s.Rhs[i]) {
			s.Lhs, s.Rhs = slices.Delete(s.Lhs, i, i+1), slices.Delete(s.Rhs, i, i+1)
			p.changed = true
		}
	}
	switch {
	case left > 0:
	case c.Index() >= 0:
		p.drop(c)
	case s.Tok == token.DEFINE:
		s.Tok = token.ASSIGN
	}
}

// uncalled drops methods and functions that nobody names, and calls of those that
// do nothing.
func (p *plain) uncalled() {
	named, idle := map[string]int{}, map[string]bool{}
	p.each(func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Ident:
			named[n.Name]++
		case *ast.FuncDecl:
			named[n.Name.Name]-- // its own
			idle[n.Name.Name] = len(n.Body.List) == 0
		}
	})
	for _, file := range p.files {
		astutil.Apply(file, nil, func(c *astutil.Cursor) bool {
			switch n := c.Node().(type) {
			case *ast.FuncDecl:
				if !n.Name.IsExported() && named[n.Name.Name] == 0 {
					p.drop(c)
				}
			case *ast.ExprStmt:
				if call, ok := n.X.(*ast.CallExpr); ok {
					if s, ok := call.Fun.(*ast.SelectorExpr); ok && idle[s.Sel.Name] {
						p.drop(c)
					}
				}
			}
			return true
		})
	}
}
