package reports_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A page is what a reader sees of Markdown.
type page struct {
	elements map[string]int
	links    []string
	text     string // without what is code
	code     string
}

// pageOf is the page that GitHub's dialect makes of Markdown, HTML as it stands there.
func pageOf(markdown []byte) (page, error) {
	p := page{elements: map[string]int{}}
	var b bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(html.WithUnsafe())).Convert(markdown, &b); err != nil {
		return p, err
	}
	root, err := nethtml.ParseFragment(&b, &nethtml.Node{Type: nethtml.ElementNode, Data: "body", DataAtom: atom.Body})
	for _, n := range root {
		p.read(n, false)
	}
	return p, err
}

func (p *page) read(n *nethtml.Node, code bool) {
	switch n.Type {
	case nethtml.TextNode:
		if code {
			p.code += n.Data
		} else {
			p.text += n.Data
		}
	case nethtml.CommentNode:
		p.elements["a comment"]++
	case nethtml.ElementNode:
		p.elements[n.Data]++
		code = code || n.Data == "code"
		for _, a := range n.Attr {
			switch a.Key {
			case "href":
				p.links = append(p.links, a.Val)
			case "class", "style", "align": // of code, of cells of the table
			default:
				p.elements[n.Data+" "+a.Key]++
			}
		}
	}
	for c := range n.ChildNodes() {
		p.read(c, code)
	}
}

// harmless are the elements that the report is made of.
var harmless = strings.Fields("h2 h3 h4 p table thead tbody tr th td ol ul li details summary b code pre a") // never written to

func harmlessOnly(t *testing.T, markdown []byte) {
	p, err := pageOf(markdown)
	if err != nil {
		t.Fatal(err)
	}
	for e := range p.elements {
		if !slices.Contains(harmless, e) {
			t.Fatalf("%s in %s", e, markdown)
		}
	}
	if strings.Contains(p.text, "@") {
		t.Fatalf("somebody is called by %s", markdown)
	}
}
