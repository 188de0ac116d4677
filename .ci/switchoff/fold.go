package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
)

// expression takes every switch for off, and what follows from that.
func (p *plain) expression(c *astutil.Cursor) {
	with := func(e ast.Expr) {
		c.Replace(e)
		p.changed = true
	}
	switch e := c.Node().(type) {
	case *ast.CallExpr:
		if s, ok := e.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "has" && len(e.Args) == 1 {
			with(ast.NewIdent("false"))
		}
	case *ast.ParenExpr:
		switch e.X.(type) {
		case *ast.Ident, *ast.SelectorExpr, *ast.CallExpr, *ast.ParenExpr:
			with(e.X)
		}
	case *ast.UnaryExpr:
		if e.Op == token.NOT && (is(e.X, "false") || is(e.X, "true")) {
			with(ast.NewIdent(fmt.Sprint(is(e.X, "false"))))
		}
	case *ast.BinaryExpr:
		if rest := simpler(e); rest != nil {
			with(rest)
		}
	}
}

// simpler returns what is left of a && or || with a constant, nil if it has none.
func simpler(e *ast.BinaryExpr) ast.Expr {
	neutral, absorbing := "true", "false"
	switch e.Op {
	case token.LAND:
	case token.LOR:
		neutral, absorbing = absorbing, neutral
	default:
		return nil
	}
	switch {
	case is(e.X, absorbing), is(e.Y, absorbing):
		return ast.NewIdent(absorbing)
	case is(e.X, neutral):
		return e.Y
	case is(e.Y, neutral):
		return e.X
	}
	return nil
}

func is(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

// statement drops what cannot happen, and what does nothing.
func (p *plain) statement(c *astutil.Cursor) {
	switch s := c.Node().(type) {
	case *ast.IfStmt:
		if other, ok := s.Else.(*ast.BlockStmt); ok && len(other.List) == 0 {
			s.Else, p.changed = nil, true
		}
		switch {
		case is(s.Cond, "true") && s.Init == nil && c.Index() >= 0:
			for _, stmt := range s.Body.List {
				c.InsertBefore(stmt)
			}
			p.drop(c)
		case is(s.Cond, "false") && s.Else == nil && s.Init != nil && c.Index() >= 0: // what it begins with is done all the same
			c.Replace(s.Init)
			p.changed = true
		case is(s.Cond, "false") && s.Else == nil, len(s.Body.List) == 0 && s.Else == nil:
			p.drop(c)
		case is(s.Cond, "false"):
			c.Replace(s.Else)
			p.changed = true
		}
	case *ast.CaseClause:
		n := len(s.List)
		s.List = slices.DeleteFunc(s.List, func(e ast.Expr) bool { return is(e, "false") })
		if n > 0 && len(s.List) == 0 {
			p.drop(c)
		}
	case *ast.SwitchStmt:
		if s.Tag == nil && !slices.ContainsFunc(s.Body.List, func(c ast.Stmt) bool { return len(c.(*ast.CaseClause).Body) > 0 }) {
			p.drop(c)
		} else if only, ok := s.Body.List[0].(*ast.CaseClause); ok && len(s.Body.List) == 1 && len(only.List) == 0 && s.Tag == nil && c.Index() >= 0 {
			for _, stmt := range only.Body {
				c.InsertBefore(stmt)
			}
			p.drop(c)
		}
	case *ast.BlockStmt:
		if c.Index() >= 0 && len(s.List) == 0 {
			p.drop(c)
		}
	case *ast.RangeStmt:
		if len(s.Body.List) == 0 && c.Index() >= 0 {
			p.drop(c)
		}
	}
}

func (p *plain) drop(c *astutil.Cursor) {
	if c.Index() >= 0 {
		c.Delete()
		p.changed = true
	}
}
