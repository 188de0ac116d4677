package main

import (
	"go/ast"
	"go/token"
	"maps"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
)

// fields are the names of those of structs that nobody reads, unless to set
// another one of them.
type fields map[string]bool

// unread drops what is assigned to fields that nobody reads.
func (p *plain) unread() {
	idle := p.idle()
	for _, file := range p.files {
		astutil.Apply(file, nil, func(c *astutil.Cursor) bool {
			switch s := c.Node().(type) {
			case *ast.IncDecStmt:
				if idle.has(s.X) {
					p.drop(c)
				}
			case *ast.AssignStmt:
				if s.Tok != token.DEFINE {
					p.blank(c, s, idle.has)
				}
			}
			return true
		})
	}
}

// idle returns the fields that are left when each that is read, other than for
// one of them, was taken out.
func (p *plain) idle() fields {
	idle := fields{}
	p.each(func(n ast.Node) {
		if t, ok := n.(*ast.StructType); ok {
			for _, f := range t.Fields.List {
				for _, name := range f.Names {
					idle[name.Name] = true
				}
			}
		}
	})
	for before := -1; before != len(idle); {
		before = len(idle)
		read := fields{}
		for _, file := range p.files {
			ast.Inspect(file, idle.reads(read))
		}
		maps.DeleteFunc(idle, func(name string, _ bool) bool { return read[name] })
	}
	return idle
}

func (f fields) has(e ast.Expr) bool {
	s, ok := e.(*ast.SelectorExpr)
	return ok && f[s.Sel.Name]
}

// reads is a visitor that notes in read what is read outside the statements that
// only set fields of f.
func (f fields) reads(read fields) func(ast.Node) bool {
	written := map[ast.Node]bool{}
	return func(n ast.Node) bool {
		switch s := n.(type) {
		case ast.Stmt:
			if f.only(s) {
				return false
			}
			if a, ok := s.(*ast.AssignStmt); ok {
				for i, e := range a.Lhs {
					written[e] = a.Tok == token.ASSIGN
					if len(a.Lhs) == len(a.Rhs) && f.unwanted(e) && harmless(a.Rhs[i]) {
						written[a.Rhs[i]] = true
					}
				}
			}
		case *ast.SelectorExpr:
			if !written[s] {
				read[s.Sel.Name] = true
			}
		}
		return true
	}
}

// only reports whether all that the statement does is to set fields of f.
func (f fields) only(s ast.Stmt) bool {
	all := func(list []ast.Stmt) bool {
		return !slices.ContainsFunc(list, func(s ast.Stmt) bool { return !f.only(s) })
	}
	switch s := s.(type) {
	case *ast.IncDecStmt:
		return f.has(s.X)
	case *ast.AssignStmt:
		return !slices.ContainsFunc(s.Lhs, func(e ast.Expr) bool { return !f.unwanted(e) }) && !slices.ContainsFunc(s.Rhs, func(e ast.Expr) bool { return !harmless(e) })
	case *ast.BlockStmt:
		return all(s.List)
	case *ast.IfStmt:
		return s.Init == nil && harmless(s.Cond) && all(s.Body.List) && (s.Else == nil || f.only(s.Else))
	}
	return false
}

func (f fields) unwanted(e ast.Expr) bool { return is(e, "_") || f.has(e) }

// harmless reports whether an expression does nothing but have a value.
func harmless(e ast.Expr) bool {
	calls := false
	ast.Inspect(e, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && !is(call.Fun, "len") && !is(call.Fun, "string") {
			calls = true
		}
		return !calls
	})
	return !calls
}
