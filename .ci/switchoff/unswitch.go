package main

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ast/astutil"
)

// unswitch writes switches over conditions as chains of ifs: the coverage of Go, by
// which gremlins knows what to bend, does not see the conditions of a case.
func (p *plain) unswitch() {
	for _, file := range p.files {
		astutil.Apply(file, nil, func(c *astutil.Cursor) bool {
			s, ok := c.Node().(*ast.SwitchStmt)
			if !ok || s.Tag != nil || s.Init != nil || c.Index() < 0 {
				return true
			}
			if chain := chainOf(s.Body.List); chain != nil {
				c.Replace(chain)
			}
			return true
		})
	}
}

// chainOf returns the clauses as ifs, the default last; nil where there is none.
func chainOf(clauses []ast.Stmt) (chain ast.Stmt) {
	var last *ast.CaseClause
	for i := len(clauses) - 1; i >= 0; i-- {
		clause := clauses[i].(*ast.CaseClause)
		if clause.List == nil {
			last = clause
		}
	}
	if last != nil {
		chain = &ast.BlockStmt{List: last.Body}
	}
	for i := len(clauses) - 1; i >= 0; i-- {
		if clause := clauses[i].(*ast.CaseClause); clause != last {
			chain = &ast.IfStmt{Cond: anyOf(clause.List), Body: &ast.BlockStmt{List: clause.Body}, Else: chain}
		}
	}
	return chain
}

// anyOf joins conditions by ||.
func anyOf(list []ast.Expr) ast.Expr {
	e := list[0]
	for _, other := range list[1:] {
		e = &ast.BinaryExpr{X: e, Op: token.LOR, Y: other}
	}
	return e
}
