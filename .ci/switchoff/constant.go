package main

import (
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
)

// each visits every node.
func (p *plain) each(visit func(ast.Node)) {
	for _, file := range p.files {
		ast.Inspect(file, func(n ast.Node) bool {
			visit(n)
			return true
		})
	}
}

// constant takes for false what is never anything else: fields that are only set
// to false, local variables, and functions that return a constant.
func (p *plain) constant() {
	never, returns := p.neverTrue(), p.constantFunctions()
	for _, file := range p.files {
		astutil.Apply(file, nil, func(c *astutil.Cursor) bool {
			if assigned(c) {
				return true
			}
			switch e := c.Node().(type) {
			case *ast.SelectorExpr:
				if never[e.Sel.Name] {
					c.Replace(ast.NewIdent("false"))
					p.changed = true
				}
			case *ast.CallExpr:
				if s, ok := e.Fun.(*ast.SelectorExpr); ok && returns[s.Sel.Name] != "" {
					c.Replace(ast.NewIdent(returns[s.Sel.Name]))
					p.changed = true
				}
			}
			return true
		})
	}
}

// assigned reports whether the node is what an assignment sets.
func assigned(c *astutil.Cursor) bool {
	a, ok := c.Parent().(*ast.AssignStmt)
	e, isExpr := c.Node().(ast.Expr)
	return ok && isExpr && slices.Contains(a.Lhs, e)
}

// locals takes for false the local variables that are never anything else.
func (p *plain) locals() {
	p.each(func(n ast.Node) {
		f, ok := n.(*ast.FuncDecl)
		if !ok {
			return
		}
		falsely, set := map[string]bool{}, map[string]int{}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.AssignStmt); ok {
				for _, e := range s.Lhs {
					if id, ok := e.(*ast.Ident); ok {
						set[id.Name]++
						falsely[id.Name] = s.Tok == token.DEFINE && len(s.Rhs) == 1 && is(s.Rhs[0], "false")
					}
				}
			}
			return true
		})
		astutil.Apply(f.Body, nil, func(c *astutil.Cursor) bool {
			id, ok := c.Node().(*ast.Ident)
			if _, selects := c.Parent().(*ast.SelectorExpr); ok && !selects && falsely[id.Name] && set[id.Name] == 1 && !assigned(c) {
				c.Replace(ast.NewIdent("false"))
				p.changed = true
			}
			return true
		})
	})
}

// falseAs reports whether e is false when the fields never are true.
func falseAs(e ast.Expr, never map[string]bool) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "false"
	case *ast.SelectorExpr:
		return never[e.Sel.Name]
	case *ast.BinaryExpr:
		return e.Op == token.LAND && (falseAs(e.X, never) || falseAs(e.Y, never))
	}
	return false
}

// neverTrue returns the boolean fields that are set to false only.
func (p *plain) neverTrue() map[string]bool {
	never := map[string]bool{}
	p.each(func(n ast.Node) {
		if f, ok := n.(*ast.Field); ok && f.Type != nil && is(f.Type, "bool") {
			for _, name := range f.Names {
				never[name.Name] = true
			}
		}
	})
	p.each(func(n ast.Node) {
		switch s := n.(type) {
		case *ast.AssignStmt:
			for i, e := range s.Lhs {
				if sel, ok := e.(*ast.SelectorExpr); ok && (len(s.Rhs) != len(s.Lhs) || !falseAs(s.Rhs[i], never)) {
					delete(never, sel.Sel.Name)
				}
			}
		case *ast.FuncType: // parameters and results are no fields
			for _, list := range []*ast.FieldList{s.Params, s.Results} {
				for i := 0; list != nil && i < len(list.List); i++ {
					for _, name := range list.List[i].Names {
						delete(never, name.Name)
					}
				}
			}
		}
	})
	return never
}

// constantFunctions returns the methods that do nothing but return a constant.
func (p *plain) constantFunctions() map[string]string {
	found := map[string]string{}
	p.each(func(n ast.Node) {
		f, ok := n.(*ast.FuncDecl)
		if !ok || f.Recv == nil || len(f.Body.List) != 1 {
			return
		}
		if r, ok := f.Body.List[0].(*ast.ReturnStmt); ok && len(r.Results) == 1 && (is(r.Results[0], "false") || is(r.Results[0], "true")) {
			found[f.Name.Name] = r.Results[0].(*ast.Ident).Name
		}
	})
	return found
}
